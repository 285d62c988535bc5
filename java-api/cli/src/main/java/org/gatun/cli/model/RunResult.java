package org.gatun.cli.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gatun.Precision;
import org.gatun.onnx.model.Model;
import org.gatun.testkit.onnx.PrecisionLoss;
import org.jspecify.annotations.Nullable;

/**
 * What came of running a model.
 *
 * @param file the model's
 * @param model what it says
 * @param nodes how many there are after the rewrites
 * @param threads how many were used
 * @param inputs what it ran on
 * @param origins where each input comes from
 * @param outputs what it gave
 * @param loadNanos reading the file and making the session
 * @param firstNanos the first run
 * @param repeatNanos the further runs
 * @param peakBytes the most that a run takes beside inputs, outputs and weights; 0 where it is not
 *     planned
 * @param packedBytes what packed weights take
 * @param interpreted why it runs node by node, or null
 * @param precision what products were computed in
 * @param loss how far the outputs are from those of the model as it is, or null where it is so
 * @param profile what took how long, empty where nobody asked
 */
public record RunResult(
    String file,
    Model model,
    int nodes,
    int threads,
    List<ValueSummary> inputs,
    Map<String, String> origins,
    List<ValueSummary> outputs,
    long loadNanos,
    long firstNanos,
    List<Long> repeatNanos,
    long peakBytes,
    long packedBytes,
    @Nullable String interpreted,
    Precision precision,
    @Nullable PrecisionLoss loss,
    RunProfile profile) {
  /** Copies the lists and the map. */
  public RunResult {
    inputs = List.copyOf(inputs);
    origins = Map.copyOf(origins);
    outputs = List.copyOf(outputs);
    repeatNanos = List.copyOf(repeatNanos);
  }

  /** Returns the median of the further runs; 0 where there were none. */
  public double medianNanos() {
    long[] sorted = repeatNanos.stream().mapToLong(Long::longValue).sorted().toArray();
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return 0;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
  }

  /** Writes everything for people. */
  public void writeText(PrintWriter out) {
    out.printf(
        "%s: ONNX %s, format %d%s; %,d nodes, %,d of them after rewrites%n",
        file,
        opsets(),
        model.irVersion(),
        model.producer().isBlank() ? "" : ", by " + model.producer(),
        model.graph().nodes().size(),
        nodes);
    out.println("inputs");
    for (ValueSummary input : inputs) {
      out.printf("  %-24s %-24s %s%n", input.name(), input.layout(), origins.get(input.name()));
    }
    out.println("outputs");
    for (ValueSummary output : outputs) {
      out.printf("  %-24s %-24s %s%n", output.name(), output.layout(), output.numbers());
    }
    out.printf(
        "loaded in %s, first run %s", duration((double) loadNanos), duration((double) firstNanos));
    if (!repeatNanos.isEmpty()) {
      out.printf(
          ", then %d: median %s (%s to %s)",
          repeatNanos.size(),
          duration(medianNanos()),
          duration((double) repeatNanos.stream().mapToLong(Long::longValue).min().orElse(0)),
          duration((double) repeatNanos.stream().mapToLong(Long::longValue).max().orElse(0)));
    }
    out.printf("; %d thread%s%n", threads, threads == 1 ? "" : "s");
    if (loss != null) {
      out.printf("in %s, against the model as it is: %s%n", spelling(), loss);
    }
    if (interpreted != null) {
      out.println("it runs node by node, since " + interpreted);
    } else {
      out.printf(
          "memory: %s between inputs and outputs, %s for packed weights%n",
          size(peakBytes), size(packedBytes));
    }
    profile.writeText(out);
  }

  private String spelling() {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20));
  }

  private String opsets() {
    StringBuilder text = new StringBuilder("opset " + model.opsets().getOrDefault("", 0L));
    model.opsets().entrySet().stream()
        .filter(entry -> !entry.getKey().isEmpty())
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> text.append(", " + entry.getKey() + " " + entry.getValue()));
    return text.toString();
  }

  static String duration(double nanos) {
    double value = nanos < 1e6 ? nanos / 1e3 : nanos < 1e9 ? nanos / 1e6 : nanos / 1e9;
    String unit = nanos < 1e6 ? "us" : nanos < 1e9 ? "ms" : "s";
    String format = value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s";
    return String.format(Locale.ROOT, format, value, unit);
  }

  /** Returns everything as a JSON object; times are in milliseconds. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("model", file);
      json.writeNumberField("opset", model.opsets().getOrDefault("", 0L));
      json.writeNumberField("nodes", model.graph().nodes().size());
      json.writeNumberField("nodes_after_rewrites", nodes);
      json.writeNumberField("threads", threads);
      json.writeStringField("precision", spelling());
      if (loss != null) {
        json.writeNumberField("loss_max", loss.largest());
        json.writeNumberField("loss_cosine", loss.cosine());
        if (!Double.isNaN(loss.first())) {
          json.writeNumberField("top1_agreement", loss.first());
          json.writeNumberField("top5_agreement", loss.five());
        }
      }
      json.writeNumberField("load_ms", loadNanos / 1e6);
      json.writeNumberField("first_ms", firstNanos / 1e6);
      if (!repeatNanos.isEmpty()) {
        json.writeNumberField("median_ms", medianNanos() / 1e6);
      }
      json.writeFieldName("repeats_ms");
      double[] repeats = repeatNanos.stream().mapToDouble(nanos -> nanos / 1e6).toArray();
      json.writeArray(repeats, 0, repeats.length);
      json.writeNumberField("peak_bytes", peakBytes);
      json.writeNumberField("packed_bytes", packedBytes);
      if (interpreted != null) {
        json.writeStringField("interpreted_because", interpreted);
      }
      values(json, "inputs", inputs);
      values(json, "outputs", outputs);
      profile.writeJson(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer throws nothing", e);
    }
    return text.toString();
  }

  private void values(JsonGenerator json, String field, List<ValueSummary> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (ValueSummary value : values) {
      json.writeStartObject();
      json.writeStringField("name", value.name());
      json.writeStringField("type", value.type().toString());
      json.writeFieldName("shape");
      long[] shape = value.shape().stream().mapToLong(Long::longValue).toArray();
      json.writeArray(shape, 0, shape.length);
      if (origins.containsKey(value.name()) && field.equals("inputs")) {
        json.writeStringField("origin", origins.get(value.name()));
      }
      // JSON has no NaN.
      if (!Double.isNaN(value.mean())) {
        json.writeNumberField("min", value.min());
        json.writeNumberField("mean", value.mean());
        json.writeNumberField("max", value.max());
      }
      json.writeNumberField("nan_or_infinite", value.unusual());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
