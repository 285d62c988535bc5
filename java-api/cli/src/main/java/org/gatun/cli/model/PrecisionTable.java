package org.gatun.cli.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.Value;
import org.gatun.runtime.Engine;
import org.gatun.testkit.onnx.PrecisionLoss;

/** Models in bf16 beside the models as they are, as a table in Markdown. */
public final class PrecisionTable {
  private PrecisionTable() {}

  /** Returns the head of the table. */
  public static String head() {
    return """
    | model | inputs | f32 | bf16 | ratio | largest difference | cosine | top-1 | top-5 |
    |---|---|---:|---:|---:|---:|---:|---:|---:|
    """;
  }

  /**
   * Runs a model both ways in turn, and returns its line of the table.
   *
   * @throws InputException if the processor multiplies no bf16
   */
  public static String line(ModelTable.Entry entry, int repeat, Engine engine) throws IOException {
    try (Scope _ = Scope.open()) {
      OnnxModel model = OnnxModel.load(entry.file());
      Map<String, Value> inputs = new LinkedHashMap<>();
      for (ModelInput input : ModelInputs.of(model, ModelTable.inputs(entry))) {
        inputs.put(input.name(), input.value());
      }
      SessionOptions options = SessionOptions.defaults();
      try (OnnxSession exact = engine.with(() -> model.session(options));
          OnnxSession rounded =
              engine.with(() -> model.session(options.withPrecision(Precision.BF16)))) {
        if (rounded.precision() != Precision.BF16) {
          throw new InputException("--precision bf16: this processor has no products of bf16");
        }
        PrecisionLoss loss = PrecisionLoss.of(exact.runValues(inputs), rounded.runValues(inputs));
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < repeat; i++) {
          before.add(time(exact, inputs));
          after.add(time(rounded, inputs));
        }
        return line(entry, inputs, median(before), median(after), loss);
      }
    }
  }

  private static String line(
      ModelTable.Entry entry,
      Map<String, Value> inputs,
      double before,
      double after,
      PrecisionLoss loss) {
    String shapes =
        inputs.values().stream()
            .map(value -> value instanceof Value.Dense(_, var x) ? x.shape().toString() : "")
            .distinct()
            .collect(Collectors.joining(", "));
    return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n"
        .formatted(
            entry.name(),
            shapes,
            RunResult.duration(before),
            RunResult.duration(after),
            number("%.2f", after / before),
            number("%.2g", loss.largest()),
            number("%.6f", loss.cosine()),
            percent(loss.first()),
            percent(loss.five()));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "\u2013" : number("%.0f %%", 100 * share);
  }

  private static long time(OnnxSession session, Map<String, Value> inputs) {
    try (Scope _ = Scope.open()) {
      long start = System.nanoTime();
      session.runValues(inputs);
      return System.nanoTime() - start;
    }
  }

  private static double median(List<Long> nanos) {
    return nanos.stream().sorted().toList().get(nanos.size() / 2);
  }
}
