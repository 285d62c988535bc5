package org.gatun.cli.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import org.gatun.runtime.Libraries;
import org.gatun.testkit.bench.Contender;

/**
 * Writes results as JSON, for programs.
 *
 * <pre>
 * format           1; changes when a field changes its meaning
 * gatun            Gatun's version
 * started          when, ISO 8601 in UTC
 * seconds          how long the whole run took
 * threads          how many threads operators ran on
 * load             how many processors other programs kept busy meanwhile; negative where unknown
 * machine          cpu, processors, memory_bytes, os, jdk
 * libraries        name, version, path of each library that was loaded
 * instructions     what oneDNN uses of the processor
 * openblas_core    the processor that OpenBLAS's kernels were written for
 * wrong            the number of results that differed from the reference
 * rows             one for each case and layout:
 *   case           its name
 *   family         its operator family
 *   dtype          f32, ...
 *   layout         nchw, channels-last, or "" where there is only one
 *   flops, bytes   of one run; flops is 0 where bytes say more
 *   native_over_vector, native_over_scalar, native_over_reference
 *                  how many times faster the faster of native and bound is; null where either is not there
 *   contenders     native, bound, vector, scalar, reference, each with
 *     status       measured, wrong or absent
 *     message      what was wrong or why it is absent
 *     median_ns, lower_quartile_ns, upper_quartile_ns, runs, implementation
 *                  of those that were measured
 * </pre>
 */
public final class JsonReport {
  private static final int FORMAT = 1;

  private JsonReport() {}

  /** Returns the results as a JSON text. */
  public static String of(Results results) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      write(results, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private static void write(Results results, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("format", FORMAT);
    json.writeStringField("gatun", results.version());
    json.writeStringField("started", results.started().toString());
    json.writeNumberField("seconds", results.seconds());
    json.writeNumberField("threads", results.threads());
    json.writeNumberField("load", results.load());
    json.writeObjectFieldStart("machine");
    json.writeStringField("cpu", results.machine().cpu());
    json.writeNumberField("processors", results.machine().processors());
    json.writeNumberField("memory_bytes", results.machine().memoryBytes());
    json.writeStringField("os", results.machine().os());
    json.writeStringField("jdk", results.machine().jdk());
    json.writeEndObject();
    json.writeArrayFieldStart("libraries");
    for (Libraries.Loaded library : results.libraries().libraries()) {
      json.writeStartObject();
      json.writeStringField("name", library.name());
      json.writeStringField("version", library.version());
      json.writeStringField("path", library.path().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("instructions", results.libraries().oneDnnInstructions());
    json.writeStringField("openblas_core", results.libraries().openBlasCore());
    json.writeNumberField("wrong", results.wrong());
    json.writeArrayFieldStart("rows");
    for (Row row : results.rows()) {
      write(row, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(Row row, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("case", row.name());
    json.writeStringField("family", row.family());
    json.writeStringField("dtype", row.dtype());
    json.writeStringField("layout", row.layout());
    json.writeNumberField("flops", row.flops());
    json.writeNumberField("bytes", row.bytes());
    write("native_over_vector", row.speedUpOver(Contender.VECTOR), json);
    write("native_over_scalar", row.speedUpOver(Contender.SCALAR), json);
    write("native_over_reference", row.speedUpOver(Contender.REFERENCE), json);
    json.writeObjectFieldStart("contenders");
    for (Contender contender : Contender.values()) {
      json.writeObjectFieldStart(contender.key());
      write(row.outcome(contender), json);
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(String field, OptionalDouble value, JsonGenerator json)
      throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(field, value.getAsDouble());
    } else {
      json.writeNullField(field);
    }
  }

  private static void write(Outcome outcome, JsonGenerator json) throws IOException {
    switch (outcome) {
      case Outcome.Measured(Timing timing, String implementation) -> {
        json.writeStringField("status", "measured");
        json.writeNumberField("median_ns", timing.median());
        json.writeNumberField("lower_quartile_ns", timing.lower());
        json.writeNumberField("upper_quartile_ns", timing.upper());
        json.writeNumberField("runs", timing.runs());
        json.writeStringField("implementation", implementation);
      }
      case Outcome.Wrong(String message) -> {
        json.writeStringField("status", "wrong");
        json.writeStringField("message", message);
      }
      case Outcome.Absent(String reason) -> {
        json.writeStringField("status", "absent");
        json.writeStringField("message", reason);
      }
    }
  }
}
