package org.gatun.testkit.torch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of a set of samples.
 *
 * @param backend the name of the backend that computed
 * @param outcomes one for each sample, in order
 */
public record ConformanceReport(String backend, List<Outcome> outcomes) {
  /** How a sample went. */
  public enum Status {
    /** The results are PyTorch's. */
    PASSED,
    /** They are not, or the call threw. */
    FAILED,
    /** Gatun does not have what the sample calls. */
    SKIPPED
  }

  /**
   * How one sample went.
   *
   * @param source the set and the sample's number in it, such as {@code opinfo-0.zip#12}
   * @param op PyTorch's name of the operator, with its variant
   * @param call the call
   * @param status how it went
   * @param message what was wrong, or why it was skipped; empty where it passed
   * @param gradients how many gradients were compared too
   */
  public record Outcome(
      String source, String op, String call, Status status, String message, int gradients) {}

  /** Makes the list unmodifiable. */
  public ConformanceReport {
    outcomes = List.copyOf(outcomes);
  }

  /** Returns the samples that went so. */
  public List<Outcome> with(Status status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).toList();
  }

  /** Returns the number of samples for each reason to skip them. */
  public Map<String, Long> skips() {
    return with(Status.SKIPPED).stream()
        .collect(Collectors.groupingBy(Outcome::message, TreeMap::new, Collectors.counting()));
  }

  /** Returns the number of gradients that were compared with PyTorch's. */
  public int gradients() {
    return outcomes.stream().mapToInt(Outcome::gradients).sum();
  }

  /** Returns {@code N passed, N failed, N skipped}. */
  public String closingLine() {
    return "%d passed, %d failed, %d skipped"
        .formatted(
            with(Status.PASSED).size(), with(Status.FAILED).size(), with(Status.SKIPPED).size());
  }

  /**
   * Returns the failures one by one, the skips by reason, the number of gradients, and the closing
   * line.
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    for (Outcome failure : with(Status.FAILED)) {
      text.append(
          "FAILED %s %s\n    %s\n".formatted(failure.source(), failure.call(), failure.message()));
    }
    skips().forEach((reason, count) -> text.append("skipped %4d: %s\n".formatted(count, reason)));
    text.append("%d gradients compared\n".formatted(gradients()));
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
      json.writeNumberField("gradients", gradients());
      json.writeObjectFieldStart("skips");
      for (Map.Entry<String, Long> skip : skips().entrySet()) {
        json.writeNumberField(skip.getKey(), skip.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("samples");
      for (Outcome outcome : outcomes) {
        json.writeStartObject();
        json.writeStringField("source", outcome.source());
        json.writeStringField("op", outcome.op());
        json.writeStringField("call", outcome.call());
        json.writeStringField("status", outcome.status().name().toLowerCase(java.util.Locale.ROOT));
        json.writeStringField("message", outcome.message());
        json.writeNumberField("gradients", outcome.gradients());
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
