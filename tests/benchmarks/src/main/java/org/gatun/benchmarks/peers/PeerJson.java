package org.gatun.benchmarks.peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.OptionalDouble;
import org.gatun.benchmarks.peers.PeerRow.Outcome;

/**
 * Writes results as JSON, for programs.
 *
 * <pre>
 * format      1; changes when a field changes its meaning
 * started     when, ISO 8601 in UTC
 * machine     cpu, processors, memory_bytes, os, jdk
 * peers       who took part: gatun, ort, torch, onednn, reference, each with its version
 * rows        one for each case or model, layout and number of threads:
 *   name, layout, threads
 *   flops, bytes   of one run; 0 where they are not known
 *   cores_apart    whether the cores were far from each other meanwhile
 *   ratio          Gatun's time over that of the faster of ort and torch, or null
 *   peers          by peer: status measured, wrong or absent; median_ns, lower_quartile_ns,
 *                  upper_quartile_ns, implementation, peak_rss_bytes (models); message
 * </pre>
 */
final class PeerJson {
  private static final int FORMAT = 1;

  private PeerJson() {}

  /** Returns the results as a JSON text. */
  static String of(PeerResults results) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("started", results.started().toString());
      json.writeObjectFieldStart("machine");
      json.writeStringField("cpu", results.machine().cpu());
      json.writeNumberField("processors", results.machine().processors());
      json.writeNumberField("memory_bytes", results.machine().memoryBytes());
      json.writeStringField("os", results.machine().os());
      json.writeStringField("jdk", results.machine().jdk());
      json.writeEndObject();
      json.writeObjectFieldStart("peers");
      for (Map.Entry<PeerKind, String> peer : results.versions().entrySet()) {
        json.writeStringField(peer.getKey().key(), peer.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("rows");
      for (PeerRow row : results.rows()) {
        write(row, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private static void write(PeerRow row, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", row.name());
    json.writeStringField("layout", row.layout().key());
    json.writeNumberField("threads", row.threads());
    json.writeNumberField("flops", row.flops());
    json.writeNumberField("bytes", row.bytes());
    json.writeBooleanField("cores_apart", row.apart());
    OptionalDouble ratio = row.ratio();
    if (ratio.isPresent()) {
      json.writeNumberField("ratio", ratio.getAsDouble());
    } else {
      json.writeNullField("ratio");
    }
    json.writeObjectFieldStart("peers");
    for (Map.Entry<PeerKind, Outcome> entry : row.outcomes().entrySet()) {
      json.writeObjectFieldStart(entry.getKey().key());
      switch (entry.getValue()) {
        case Outcome.Measured measured -> {
          json.writeStringField("status", "measured");
          json.writeNumberField("median_ns", measured.median());
          json.writeNumberField("lower_quartile_ns", measured.lower());
          json.writeNumberField("upper_quartile_ns", measured.upper());
          json.writeStringField("implementation", measured.implementation());
          json.writeNumberField("peak_rss_bytes", measured.peakBytes());
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
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
