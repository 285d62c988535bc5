package org.gatun.testkit.onnx;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of a set of tests.
 *
 * @param backend the name of the backend that computed
 * @param outcomes one for each test, in order
 */
public record OnnxReport(String backend, List<Outcome> outcomes) {
  /** How a test went. */
  public enum Status {
    /** The outputs are those expected. */
    PASSED,
    /** They are not, or running threw. */
    FAILED,
    /** It needs what Gatun leaves out. */
    SKIPPED
  }

  /**
   * How one test went.
   *
   * @param test its name
   * @param status how it went
   * @param reason what was wrong, or why it was skipped; where it passed mostly empty, else what
   *     was not compared
   */
  public record Outcome(String test, Status status, String reason) {}

  /** Copies the list. */
  public OnnxReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Returns the tests that went so. */
  public List<Outcome> with(Status status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).toList();
  }

  /** Returns the number of tests for each reason to skip them. */
  public Map<String, Long> skips() {
    return reasons(Status.SKIPPED);
  }

  private Map<String, Long> reasons(Status status) {
    return with(status).stream()
        .filter(outcome -> !outcome.reason().isEmpty())
        .collect(Collectors.groupingBy(Outcome::reason, TreeMap::new, Collectors.counting()));
  }

  /** Returns {@code N passed, N failed, N skipped}. */
  public String closingLine() {
    return "%d passed, %d failed, %d skipped"
        .formatted(
            with(Status.PASSED).size(), with(Status.FAILED).size(), with(Status.SKIPPED).size());
  }

  /** Returns the failures one by one, the skips by reason, and the closing line. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    for (Outcome failure : with(Status.FAILED)) {
      text.append("FAILED %s\n    %s\n".formatted(failure.test(), failure.reason()));
    }
    reasons(Status.PASSED)
        .forEach((reason, count) -> text.append("passed %4d: %s\n".formatted(count, reason)));
    skips().forEach((reason, count) -> text.append("skipped %4d: %s\n".formatted(count, reason)));
    return text.append(closingLine()).append('\n').toString();
  }

  /** Returns everything as a JSON object. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("backend", backend);
      json.writeNumberField("passed", with(Status.PASSED).size());
      json.writeNumberField("failed", with(Status.FAILED).size());
      json.writeNumberField("skipped", with(Status.SKIPPED).size());
      json.writeArrayFieldStart("tests");
      for (Outcome outcome : outcomes) {
        json.writeStartObject();
        json.writeStringField("test", outcome.test());
        json.writeStringField("status", outcome.status().name().toLowerCase(Locale.ROOT));
        json.writeStringField("reason", outcome.reason());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer throws nothing", e);
    }
    return text.toString();
  }
}
