package org.gatun.safety.models;

import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;

/** Whether two runs of a model gave the same. */
final class Results {
  /** The tolerance of ONNX's own test runner; more where elements have fewer bits. */
  private static final double RELATIVE = 1e-3;

  private Results() {}

  /** Returns what differs between results that are to be the same to the last bit, or null. */
  static String notIdentical(Map<String, Value> expected, Map<String, Value> actual) {
    return difference(expected, actual, 0);
  }

  /** Returns what differs between results but for rounding, or null. */
  static String notClose(Map<String, Value> expected, Map<String, Value> actual) {
    return difference(expected, actual, RELATIVE);
  }

  private static String difference(
      Map<String, Value> expected, Map<String, Value> actual, double tolerance) {
    if (!expected.keySet().equals(actual.keySet())) {
      return "outputs " + actual.keySet() + ", expected " + expected.keySet();
    }
    for (Map.Entry<String, Value> entry : expected.entrySet()) {
      String problem = difference(entry.getValue(), actual.get(entry.getKey()), tolerance);
      if (problem != null) {
        return "output '" + entry.getKey() + "': " + problem;
      }
    }
    return null;
  }

  private static String difference(Value expected, Value actual, double tolerance) {
    return switch (expected) {
      case Value.Dense(ElementType type, Tensor want)
          when actual instanceof Value.Dense(ElementType other, Tensor have) ->
          type != other || !want.shape().equals(have.shape())
              ? "it is " + other + have.shape() + ", expected " + type + want.shape()
              : difference(want, have, tolerance);
      case Value.Sequence(List<Value> want)
          when actual instanceof Value.Sequence(List<Value> have) && want.size() == have.size() -> {
        for (int i = 0; i < want.size(); i++) {
          String problem = difference(want.get(i), have.get(i), tolerance);
          if (problem != null) {
            yield "element " + i + ": " + problem;
          }
        }
        yield null;
      }
      case Value.Optional(Value want) when actual instanceof Value.Optional(Value have) ->
          want == null || have == null
              ? want == have ? null : "one of the values is absent"
              : difference(want, have, tolerance);
      default -> "it is " + actual + ", expected " + expected;
    };
  }

  private static String difference(Tensor expected, Tensor actual, double tolerance) {
    if (expected.dtype() == DType.I64) {
      long[] want = expected.toLongArray();
      long[] have = actual.toLongArray();
      for (int i = 0; i < want.length; i++) {
        if (want[i] != have[i]) {
          return "element " + i + " is " + have[i] + ", expected " + want[i];
        }
      }
      return null;
    }
    double[] want = doubles(expected);
    double[] have = doubles(actual);
    double largest = 0;
    for (double value : want) {
      if (Double.isFinite(value)) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    for (int i = 0; i < want.length; i++) {
      boolean same = Double.compare(want[i], have[i]) == 0 || (tolerance > 0 && want[i] == have[i]);
      if (!same && !(Math.abs(want[i] - have[i]) <= tolerance * (1e-3 + largest))) {
        return "element " + i + " is " + have[i] + ", expected " + want[i];
      }
    }
    return null;
  }

  private static double[] doubles(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }
}
