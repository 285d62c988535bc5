package org.gatun.testkit.onnx;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.runtime.Engine;
import org.gatun.testkit.onnx.OnnxReport.Outcome;
import org.gatun.testkit.onnx.OnnxReport.Status;
import org.jspecify.annotations.Nullable;

/**
 * Runs ONNX's backend tests on an engine.
 *
 * <p>A result passes by the tolerance of ONNX's own runner: {@code |actual - expected| <= 1e-7 +
 * 1e-3 |expected|}; integers and booleans are equal, NaN is NaN and an infinity itself.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/onnx/backend/test/runner">ONNX, the
 * test runner</a>.
 */
public final class OnnxConformance {
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  private OnnxConformance() {}

  /** Is told how far the tests are. */
  public interface Watcher {
    /** A test is about to run. */
    void begins(String test, int index, int count);

    /** It has run. */
    void ended(Outcome outcome);
  }

  /**
   * Returns how the tests at a path go on an engine; see {@link #run(Path, Predicate, Engine,
   * Watcher)}.
   */
  public static OnnxReport run(Path path, Predicate<String> wanted, Engine engine)
      throws IOException {
    return run(path, wanted, engine, null);
  }

  /**
   * Returns how the tests at a path go on an engine. Each runs three times in one session: node by
   * node, as the first run was recorded, and into tensors that are given.
   *
   * @param path a zip file or a folder of tests
   * @param wanted the names of the tests to run
   * @param watcher is told of each test
   * @throws java.nio.file.NoSuchFileException if there are no tests
   * @throws IOException if they cannot be read
   */
  public static OnnxReport run(
      Path path, Predicate<String> wanted, Engine engine, @Nullable Watcher watcher)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    try (OnnxTests tests = OnnxTests.open(path)) {
      List<OnnxTests.Test> chosen =
          tests.tests().stream().filter(test -> wanted.test(test.name())).toList();
      for (int i = 0; i < chosen.size(); i++) {
        OnnxTests.Test test = chosen.get(i);
        if (watcher != null) {
          watcher.begins(test.name(), i, chosen.size());
        }
        Outcome outcome = engine.with(() -> outcome(test));
        outcomes.add(outcome);
        if (watcher != null) {
          watcher.ended(outcome);
        }
      }
    }
    return new OnnxReport(engine.backend().name(), outcomes);
  }

  private static Outcome outcome(OnnxTests.Test test) {
    try (Scope scope = Scope.open()) {
      OnnxModel model = load(test.model());
      String skip = OnnxSkips.reason(model);
      if (skip != null) {
        return new Outcome(test.name(), Status.SKIPPED, skip);
      }
      try (OnnxSession session = model.session()) {
        for (OnnxTests.DataSet set : test.dataSets()) {
          String problem = problem(model, session, set);
          if (problem != null) {
            return new Outcome(test.name(), Status.FAILED, problem);
          }
        }
      }
      String note = RandomOutputs.drawnBy(model) ? RandomOutputs.REASON : "";
      return new Outcome(test.name(), Status.PASSED, note);
    } catch (RuntimeException | IOException | StackOverflowError | AssertionError e) {
      return new Outcome(test.name(), Status.FAILED, String.valueOf(e));
    }
  }

  /** A file of its own is mapped, and may have others beside it; one in a zip file is read. */
  private static OnnxModel load(Path model) throws IOException {
    return model.getFileSystem() == FileSystems.getDefault()
        ? OnnxModel.load(model)
        : OnnxModel.load(Files.readAllBytes(model));
  }

  private static @Nullable String problem(
      OnnxModel model, OnnxSession session, OnnxTests.DataSet set) throws IOException {
    Map<String, Value> inputs = set.inputs().isEmpty() ? MadeInputs.of(model) : read(model, set);
    String problem = problem(model, session.runValues(inputs), set);
    if (problem != null) {
      return problem;
    }
    Map<String, Value> outputs = session.runValues(inputs);
    problem = problem(model, outputs, set);
    if (problem != null) {
      return "run again: " + problem;
    }
    Map<String, Tensor> given = tensors(inputs);
    Map<String, Tensor> into = tensors(outputs);
    if (given.size() < inputs.size() || into.size() < outputs.size()) {
      return null; // Sequences and the like have no such form.
    }
    into.values().forEach(tensor -> tensor.fill(1));
    session.run(given, into);
    problem = problem(model, outputs, set);
    return problem == null ? null : "run into given tensors: " + problem;
  }

  /** The values that are tensors of Gatun's own types. */
  private static Map<String, Tensor> tensors(Map<String, Value> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (value instanceof Value.Dense dense && dense.type().isNative()) {
            tensors.put(name, dense.tensor());
          }
        });
    return tensors;
  }

  private static Map<String, Value> read(OnnxModel model, OnnxTests.DataSet set)
      throws IOException {
    Map<String, Value> inputs = new LinkedHashMap<>();
    List<ValueInfo> declared = model.inputs();
    for (int i = 0; i < set.inputs().size(); i++) {
      byte[] bytes = Files.readAllBytes(set.inputs().get(i));
      inputs.put(declared.get(i).name(), Value.read(bytes, declared.get(i).type()));
    }
    return inputs;
  }

  private static @Nullable String problem(
      OnnxModel model, Map<String, Value> outputs, OnnxTests.DataSet set) throws IOException {
    for (int i = 0; i < set.outputs().size(); i++) {
      ValueInfo output = model.outputs().get(i);
      Value expected = Value.read(Files.readAllBytes(set.outputs().get(i)), output.type());
      Value actual = outputs.get(output.name());
      String problem = actual == null ? "it is missing" : difference(model, expected, actual);
      if (problem != null) {
        return "output " + output.name() + ": " + problem;
      }
    }
    return null;
  }

  private static @Nullable String difference(OnnxModel model, Value expected, Value actual) {
    if (expected instanceof Value.Dense dense
        && actual instanceof Value.Dense other
        && RandomOutputs.drawnBy(model)) {
      String problem = typeDifference(dense, other);
      return problem != null
          ? problem
          : RandomOutputs.problem(model, doubles(dense.tensor()), doubles(other.tensor()));
    }
    return difference(expected, actual, rounding(model));
  }

  /**
   * The share of an output's largest element by which others may be off. The expected values of
   * Fourier transforms are rounded to f32 as their largest terms are: test_dft_inverse has 1.9e-7
   * where 0 is right.
   */
  private static double rounding(OnnxModel model) {
    boolean transforms =
        model.definition().graph().nodes().stream()
            .anyMatch(node -> node.operator().equals("DFT") || node.operator().equals("STFT"));
    return transforms ? 0x1p-23 : 0;
  }

  private static @Nullable String difference(Value expected, Value actual, double rounding) {
    return switch (expected) {
      case Value.Dense dense when actual instanceof Value.Dense other ->
          difference(dense, other, rounding);
      case Value.Sequence sequence when actual instanceof Value.Sequence other -> {
        if (sequence.elements().size() != other.elements().size()) {
          yield other.elements().size() + " elements, expected " + sequence.elements().size();
        }
        for (int i = 0; i < sequence.elements().size(); i++) {
          String problem =
              difference(sequence.elements().get(i), other.elements().get(i), rounding);
          if (problem != null) {
            yield "element " + i + ": " + problem;
          }
        }
        yield null;
      }
      case Value.Optional optional when actual instanceof Value.Optional other -> {
        Value inner = optional.value();
        Value otherInner = other.value();
        if (inner == null || otherInner == null) {
          yield inner == otherInner ? null : "it is " + actual + ", expected " + expected;
        }
        yield difference(inner, otherInner, rounding);
      }
      default ->
          "it is "
              + actual.getClass().getSimpleName()
              + ", expected "
              + expected.getClass().getSimpleName();
    };
  }

  private static @Nullable String typeDifference(Value.Dense expected, Value.Dense actual) {
    return expected.type() == actual.type()
            && expected.tensor().shape().equals(actual.tensor().shape())
        ? null
        : "it is "
            + actual.type()
            + actual.tensor().shape()
            + ", expected "
            + expected.type()
            + expected.tensor().shape();
  }

  private static @Nullable String difference(
      Value.Dense expected, Value.Dense actual, double rounding) {
    String problem = typeDifference(expected, actual);
    if (problem != null) {
      return problem;
    }
    if (expected.tensor().dtype() == DType.I64) {
      return integers(expected.tensor().toLongArray(), actual.tensor().toLongArray());
    }
    double[] want = doubles(expected.tensor());
    double[] have = doubles(actual.tensor());
    boolean floating = expected.tensor().dtype().isFloating();
    double absolute = 0;
    if (floating) {
      double largest =
          DoubleStream.of(want).map(Math::abs).filter(Double::isFinite).max().orElse(0);
      absolute = Math.max(ABSOLUTE, rounding * largest);
    }
    for (int i = 0; i < want.length; i++) {
      if (floating ? !close(want[i], have[i], absolute) : want[i] != have[i]) {
        return "element " + i + " is " + have[i] + ", expected " + want[i];
      }
    }
    return null;
  }

  /** Returns whether a number is within the tolerance of the one expected. */
  static boolean close(double want, double have) {
    return close(want, have, ABSOLUTE);
  }

  private static boolean close(double want, double have, double absolute) {
    return Double.compare(have, want) == 0
        || have == want
        || Math.abs(have - want) <= absolute + RELATIVE * Math.abs(want);
  }

  private static double[] doubles(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }

  private static @Nullable String integers(long[] want, long[] have) {
    for (int i = 0; i < want.length; i++) {
      if (want[i] != have[i]) {
        return "element " + i + " is " + have[i] + ", expected " + want[i];
      }
    }
    return null;
  }
}
