package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;

/** How tests hold what was computed against what was expected. */
public final class Agreement {
  private Agreement() {}

  /** Returns the elements, row by row. */
  public static double[] doubles(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }

  /** Fails unless numbers are equal within a part of each, or of 1. */
  public static void assertClose(double[] expected, double[] actual, double tolerance) {
    assertClose("result", expected, actual, tolerance);
  }

  /** Fails, with the name, unless numbers are equal within a part of each, or of 1. */
  public static void assertClose(
      String name, double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, name);
    for (int i = 0; i < expected.length; i++) {
      boolean close =
          Double.compare(expected[i], actual[i]) == 0
              || expected[i] == actual[i]
              || Math.abs(expected[i] - actual[i])
                  <= tolerance * Math.max(1, Math.abs(expected[i]));
      if (!close) {
        fail(name + ": element " + i + " is " + actual[i] + ", expected " + expected[i]);
      }
    }
  }

  /** Fails unless the tensor has these elements, within a part of each, or of 1. */
  public static void assertClose(double[] expected, Tensor actual, double tolerance) {
    assertClose(expected, doubles(actual), tolerance);
  }

  /** Fails unless shapes are equal, and elements within a part of each, or of 1. */
  public static void assertClose(Tensor expected, Tensor actual, double tolerance) {
    assertEquals(expected.shape(), actual.shape());
    assertClose(doubles(expected), doubles(actual), tolerance);
  }

  /** Fails unless the tensor has these elements, but for the rounding of {@code f32}. */
  public static void assertElements(Tensor actual, double... expected) {
    assertClose(expected, actual, 1e-5);
  }

  /** Fails unless two tensors are the same but for rounding. */
  public static void assertSame(Tensor expected, Tensor actual) {
    assertClose(expected, actual, tolerance(expected.dtype()));
  }

  /** Fails unless two values are the same to the last bit of each element. */
  public static void assertIdentical(String name, Value expected, Value actual) {
    assertSame(name, expected, actual, 0);
  }

  /** Fails unless two values are the same but for rounding. */
  public static void assertSame(String name, Value expected, Value actual) {
    assertSame(name, expected, actual, 1);
  }

  private static void assertSame(String name, Value expected, Value actual, double scale) {
    if (expected instanceof Value.Dense dense && actual instanceof Value.Dense other) {
      assertEquals(dense.type(), other.type(), name);
      assertEquals(dense.tensor().shape(), other.tensor().shape(), name);
      double tolerance = scale * tolerance(dense.tensor().dtype());
      assertClose(name, doubles(dense.tensor()), doubles(other.tensor()), tolerance);
      return;
    }
    List<Value> parts = parts(expected);
    List<Value> others = parts(actual);
    if (expected.getClass() != actual.getClass() || parts.size() != others.size()) {
      fail(name + ": " + actual + ", expected " + expected);
    }
    for (int i = 0; i < parts.size(); i++) {
      assertSame(name, parts.get(i), others.get(i), scale);
    }
  }

  private static List<Value> parts(Value value) {
    return switch (value) {
      case Value.Dense dense -> List.of(dense);
      case Value.Sequence sequence -> sequence.elements();
      case Value.Optional optional -> {
        Value present = optional.value();
        yield present == null ? List.of() : List.of(present);
      }
    };
  }

  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-12;
      case F32 -> 1e-5;
      case F16 -> 2e-3;
      case BF16 -> 2e-2;
      default -> 0;
    };
  }
}
