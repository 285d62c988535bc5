package org.gatun.testkit.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.runtime.Engine;
import org.gatun.testkit.torch.ConformanceReport.Outcome;
import org.gatun.testkit.torch.ConformanceReport.Status;
import org.jspecify.annotations.Nullable;

/**
 * Runs PyTorch's samples on an engine.
 *
 * <p>A result passes by the tolerance of PyTorch's own tests: {@code |actual - expected| <= atol +
 * rtol |expected|}, rtol 1.3e-6 and atol 1e-5 for {@code f32}, both 1e-7 for {@code f64}; integers
 * and booleans are equal, NaN is NaN and an infinity itself. Where a sum's terms cancel, PyTorch's
 * own result is further from the exact one than that: for matrix products, convolutions, sums and
 * means one epsilon of the sum of the terms' absolute values comes on top, and for attention what
 * one epsilon of each product of a query and a key makes of the result.
 *
 * <p>Where Gatun has the gradient of an operator with one result, a sample passes only if the
 * gradients that it gives are PyTorch's too, by the same tolerance.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/testing.html">PyTorch, assert_close</a>.
 */
public final class TorchConformance {
  private TorchConformance() {}

  /**
   * Returns how the samples at a path go on an engine.
   *
   * @param path a zip file, a folder of samples, or a folder of these
   * @throws java.nio.file.NoSuchFileException if there are no samples
   * @throws IOException if they cannot be read
   */
  public static ConformanceReport run(Path path, Engine engine) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (Path set : TorchSamples.find(path)) {
      try (TorchSamples samples = TorchSamples.open(set)) {
        for (int i = 0; i < samples.samples().size(); i++) {
          TorchSample sample = samples.samples().get(i);
          String source = set.getFileName() + "#" + i;
          try {
            outcomes.add(engine.with(() -> outcome(source, sample, samples)));
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        }
      }
    }
    return new ConformanceReport(engine.backend().name(), outcomes);
  }

  private static Outcome outcome(String source, TorchSample sample, TorchSamples samples) {
    String problem;
    int gradients = 0;
    try {
      problem = problem(sample, samples);
      TorchSample.Gradient gradient = sample.gradient();
      if (problem == null && gradient != null && TorchGradients.has(sample.op())) {
        gradients = gradient.inputs().size();
        problem = gradientProblem(sample, gradient, samples);
      }
    } catch (TorchArguments.Unmapped e) {
      return new Outcome(
          source,
          sample.name(),
          sample.call(),
          Status.SKIPPED,
          sample.name() + ": " + e.getMessage(),
          0);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      problem = e.toString();
    }
    Status status = problem == null ? Status.PASSED : Status.FAILED;
    return new Outcome(
        source, sample.name(), sample.call(), status, problem == null ? "" : problem, gradients);
  }

  private static @Nullable String gradientProblem(
      TorchSample sample, TorchSample.Gradient gradient, TorchSamples samples) {
    try (Scope scope = Scope.open()) {
      TorchArguments arguments =
          new TorchArguments(sample, array -> Elements.tensor(read(samples, array)));
      Tensor cotangent =
          Elements.tensor(read(samples, array("cotangent", gradient.cotangents().getFirst())));
      List<Tensor> gradients = TorchGradients.call(sample.op(), cotangent, arguments);
      return compare(
          "gradient",
          samples,
          gradient.inputs(),
          gradients.subList(0, Math.min(gradients.size(), gradient.inputs().size())),
          null);
    }
  }

  private static @Nullable String problem(TorchSample sample, TorchSamples samples) {
    try (Scope scope = Scope.open()) {
      TorchArguments arguments =
          new TorchArguments(sample, array -> Elements.tensor(read(samples, array)));
      List<Tensor> outputs = TorchOperators.call(sample.op(), arguments);
      arguments.checkAllRead();
      String problem = compare("output", samples, sample.outputs(), outputs, null);
      List<Tensor> magnitudes = problem == null ? null : magnitudes(sample, samples);
      if (magnitudes != null) {
        problem = compare("output", samples, sample.outputs(), outputs, magnitudes);
      }
      return problem == null
          ? compare("running statistic", samples, sample.runningAfter(), arguments.running(), null)
          : problem;
    }
  }

  /**
   * The sums of the absolute values of the terms, null for other operators: of one that is such a
   * sum the same call with the inputs' magnitudes.
   */
  private static @Nullable List<Tensor> magnitudes(TorchSample sample, TorchSamples samples) {
    if (!TorchOperators.isSum(sample.op())) {
      return TorchOperators.magnitudes(
          sample.op(), new TorchArguments(sample, array -> Elements.tensor(read(samples, array))));
    }
    return TorchOperators.call(
        sample.op(),
        new TorchArguments(
            sample,
            array -> {
              NdArray x = read(samples, array);
              Arrays.setAll(x.values(), i -> Math.abs(x.values()[i]));
              return Elements.tensor(x);
            }));
  }

  private static TorchValue.Array array(String role, TorchValue value) {
    if (value instanceof TorchValue.Array array) {
      return array;
    }
    throw new TorchArguments.Unmapped(role + " is " + value);
  }

  private static NdArray read(TorchSamples samples, TorchValue.Array array) {
    try {
      return samples.read(array);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String compare(
      String role,
      TorchSamples samples,
      List<TorchValue> expected,
      List<Tensor> actual,
      @Nullable List<Tensor> magnitudes) {
    if (actual.size() != expected.size()) {
      return actual.size() + " tensors as " + role + ", expected " + expected.size();
    }
    for (int i = 0; i < actual.size(); i++) {
      String problem =
          compare(
              role + " " + i,
              read(samples, array(role, expected.get(i))),
              Elements.read(actual.get(i)),
              magnitudes == null ? null : Elements.read(magnitudes.get(i)));
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static @Nullable String compare(
      String role, NdArray expected, NdArray actual, @Nullable NdArray magnitude) {
    if (expected.dtype() != actual.dtype() || !expected.shape().equals(actual.shape())) {
      return "%s is %s%s, expected %s%s"
          .formatted(
              role,
              actual.dtype().spelling(),
              actual.shape(),
              expected.dtype().spelling(),
              expected.shape());
    }
    int wrong = 0;
    int worstAt = 0;
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      double error =
          error(
              expected.dtype(),
              expected.values()[i],
              actual.values()[i],
              magnitude == null ? 0 : magnitude.values()[i]);
      wrong += error > 1 ? 1 : 0;
      if (error > worst) {
        worst = error;
        worstAt = i;
      }
    }
    return wrong == 0
        ? null
        : "%s: %d of %d elements are wrong, worst at %s %s, expected %s, %.3g of the tolerance"
            .formatted(
                role,
                wrong,
                expected.size(),
                Arrays.toString(expected.index(worstAt)),
                actual.values()[worstAt],
                expected.values()[worstAt],
                worst);
  }

  /** The error in units of the tolerance. */
  private static double error(DType dtype, double expected, double actual, double magnitude) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return 0;
    }
    if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
      return Double.POSITIVE_INFINITY;
    }
    double difference = Math.abs(expected - actual);
    double size = Math.abs(expected);
    return switch (dtype) {
      case F64 -> difference / (1e-7 + 1e-7 * size + 0x1p-52 * magnitude);
      case F32 -> difference / (1e-5 + 1.3e-6 * size + 0x1p-23 * magnitude);
      case F16 -> difference / (1e-5 + 1e-3 * size + 0x1p-10 * magnitude);
      case BF16 -> difference / (1e-5 + 1.6e-2 * size + 0x1p-7 * magnitude);
      case I8, U8, I16, I32, I64, BOOL -> Double.POSITIVE_INFINITY;
    };
  }
}
