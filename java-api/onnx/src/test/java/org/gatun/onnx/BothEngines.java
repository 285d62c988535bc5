package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/**
 * Runs models on the native engine, twice, so that the second run is the recorded one if there is
 * such, and on the reference engine. All three have to agree.
 */
public final class BothEngines {
  private static final double TOLERANCE = 1e-5;

  private BothEngines() {}

  /** Returns the outputs of the native engine. */
  public static Map<String, Value> run(GraphBuilder graph, Map<String, Value> inputs) {
    OnnxModel model = graph.model();
    Map<String, Value> first = runTwice(graph, inputs);
    Map<String, Value> reference =
        Engine.of(new ReferenceBackend())
            .with(
                () -> {
                  try (OnnxSession session = model.session()) {
                    return session.runValues(inputs);
                  }
                });
    first.forEach((name, value) -> assertSame(name, value, reference.get(name)));
    return first;
  }

  /**
   * Returns the outputs of the native engine alone, for integers that the reference engine, which
   * computes in {@code double}, does not hold.
   */
  public static Map<String, Value> runTwice(GraphBuilder graph, Map<String, Value> inputs) {
    try (OnnxSession session = graph.model().session()) {
      Map<String, Value> first = session.runValues(inputs);
      Map<String, Value> second = session.runValues(inputs);
      first.forEach((name, value) -> assertSame(name, value, second.get(name)));
      return first;
    }
  }

  /** Returns the only output, or the first. */
  public static Tensor tensor(GraphBuilder graph, Map<String, Tensor> inputs) {
    Map<String, Value> values = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> values.put(name, Value.of(tensor)));
    Value value = run(graph, values).values().iterator().next();
    return ((Value.Dense) value).tensor();
  }

  /** Fails unless the values are equal, but for rounding. */
  public static void assertSame(String name, Value expected, Value actual) {
    if (expected instanceof Value.Dense dense && actual instanceof Value.Dense other) {
      assertEquals(dense.type(), other.type(), name);
      assertEquals(dense.tensor().shape(), other.tensor().shape(), name);
      assertClose(name, doubles(dense.tensor()), doubles(other.tensor()), TOLERANCE);
      return;
    }
    List<Value> parts = parts(expected);
    List<Value> others = parts(actual);
    if (expected.getClass() != actual.getClass() || parts.size() != others.size()) {
      fail(name + ": " + actual + ", expected " + expected);
    }
    for (int i = 0; i < parts.size(); i++) {
      assertSame(name, parts.get(i), others.get(i));
    }
  }

  private static List<Value> parts(Value value) {
    return switch (value) {
      case Value.Dense dense -> List.of(dense);
      case Value.Sequence sequence -> sequence.elements();
      case Value.Optional optional -> {
        List<Value> inner = new ArrayList<>();
        Value present = optional.value();
        if (present != null) {
          inner.add(present);
        }
        yield inner;
      }
    };
  }

  /** Fails unless numbers are equal within a part of the largest of them. */
  public static void assertClose(
      String name, double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, name);
    double largest = 1;
    for (double value : expected) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - actual[i]) <= tolerance * largest)
          && Double.compare(expected[i], actual[i]) != 0) {
        fail(name + ": element " + i + " is " + actual[i] + ", expected " + expected[i]);
      }
    }
  }

  /** Returns the elements, row by row. */
  public static double[] doubles(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }
}
