package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.UINT16;
import static org.gatun.onnx.model.ElementType.UINT32;
import static org.gatun.onnx.model.ElementType.UINT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArithmeticFamilyTest {
  private static final long TOP = Long.MIN_VALUE;

  private static Tensor longs(long... values) {
    return Tensor.of(values);
  }

  private static Tensor ints(int... values) {
    return Tensor.of(values);
  }

  private static Tensor floats(float... values) {
    return Tensor.of(values);
  }

  /** Operands and result as unsigned numbers, computed by Java. */
  @ParameterizedTest
  @CsvSource({
    "Add, 18446744073709551615, 2",
    "Add, 9223372036854775807, 9223372036854775807",
    "Sub, 1, 3",
    "Mul, 18446744073709551615, 18446744073709551615",
    "Div, 18446744073709551615, 10",
    "Div, 18446744073709551615, 18446744073709551614",
    "Div, 9223372036854775807, 9223372036854775808",
    "Div, 12297829382473034410, 3",
    "Mod, 18446744073709551615, 10",
    "Mod, 9223372036854775809, 9223372036854775808",
    "Max, 18446744073709551615, 1",
    "Max, 5, 7",
    "Min, 9223372036854775808, 9223372036854775807",
    "Min, 18446744073709551615, 18446744073709551614"
  })
  void unsignedLongsOverflowAndCompareAsSuch(String operator, String left, String right) {
    long a = Long.parseUnsignedLong(left);
    long b = Long.parseUnsignedLong(right);
    long expected =
        switch (operator) {
          case "Add" -> a + b;
          case "Sub" -> a - b;
          case "Mul" -> a * b;
          case "Div" -> Long.divideUnsigned(a, b);
          case "Mod" -> Long.remainderUnsigned(a, b);
          case "Max" -> Long.compareUnsigned(a, b) > 0 ? a : b;
          default -> Long.compareUnsigned(a, b) < 0 ? a : b;
        };
    Value.Dense result =
        NodeCheck.of(operator, 14).in(UINT64, longs(a)).in(UINT64, longs(b)).nativeOnly().result();
    assertEquals(UINT64, result.type());
    assertArrayEquals(new long[] {expected}, result.tensor().toLongArray());
  }

  @ParameterizedTest
  @CsvSource({
    "Add, 65535, 2, 1",
    "Sub, 1, 2, 65535",
    "Mul, 65535, 65535, 1",
    "Div, 65535, 2, 32767",
    "Mod, 65535, 7, 1",
    "Max, 65535, 1, 65535"
  })
  void shortsOverflowAtTheirWidth(String operator, int a, int b, int expected) {
    Value.Dense result =
        NodeCheck.of(operator, 14).in(UINT16, ints(a)).in(UINT16, ints(b)).result();
    assertEquals(UINT16, result.type());
    assertArrayEquals(new int[] {expected}, result.tensor().toIntArray());
  }

  @Test
  void unsignedIntsOverflowAtTheirWidth() {
    double[] product =
        NodeCheck.of("Mul", 14)
            .in(UINT32, longs(0xFFFFFFFFL, 65536))
            .in(UINT32, longs(0xFFFFFFFFL, 65536))
            .nativeOnly()
            .values();
    assertArrayEquals(new double[] {1, 0}, product);
  }

  @Test
  void bytesOverflow() {
    Tensor a = Tensor.of(new byte[] {100, -100}).to(DType.I8);
    assertArrayEquals(new double[] {-56, 56}, NodeCheck.of("Add", 14).in(a).in(a).values());
  }

  @Test
  void wholeQuotientsAreTruncated() {
    assertArrayEquals(
        new double[] {-3, -3, 3},
        NodeCheck.of("Div", 14).in(ints(-7, 7, -7)).in(ints(2, -2, -2)).values());
  }

  @Test
  void remaindersHaveTheSignOfTheDivisorOrOfTheDividend() {
    Tensor a = ints(-4, 7, 5, 4, -7, 8);
    Tensor b = ints(2, -3, 8, -2, 3, 5);
    assertArrayEquals(
        new double[] {0, -2, 5, 0, 2, 3}, NodeCheck.of("Mod", 13).in(a).in(b).values());
    assertArrayEquals(
        new double[] {0, 1, 5, 0, -1, 3},
        NodeCheck.of("Mod", 13).with("fmod", 1).in(a).in(b).values());
    Agreement.assertClose(
        new double[] {-0.3f, 0.5},
        NodeCheck.of("Mod", 13).with("fmod", 1).in(floats(-4.3f, 5)).in(floats(2, -1.5f)).values(),
        1e-6);
  }

  @Test
  void powersHaveTheTypeOfTheBase() {
    assertArrayEquals(
        new double[] {1, 8, 81},
        NodeCheck.of("Pow", 15).in(ints(1, 2, 3)).in(floats(5, 3, 4)).values());
    assertArrayEquals(
        new double[] {1, 32, 729},
        NodeCheck.of("Pow", 15).in(floats(1, 2, 3)).in(longs(4, 5, 6)).values());
    assertArrayEquals(
        new double[] {8}, NodeCheck.of("Pow", 15).in(floats(2)).in(UINT64, longs(3)).values());
    Value.Dense half =
        NodeCheck.of("Pow", 15).in(floats(4).to(DType.F16)).in(Tensor.scalar(0.5)).result();
    assertEquals(ElementType.FLOAT16, half.type());
    assertArrayEquals(
        new double[] {9, 27}, NodeCheck.of("Pow", 12).in(longs(3, 3)).in(ints(2, 3)).values());
  }

  @Test
  void clipsBetweenOptionalBounds() {
    Tensor x = floats(-3, 0, 3);
    Tensor low = Tensor.scalar(-1f);
    Tensor high = Tensor.scalar(1f);
    assertArrayEquals(
        new double[] {-1, 0, 1}, NodeCheck.of("Clip", 13).in(x).in(low).in(high).values());
    assertArrayEquals(new double[] {-1, 0, 3}, NodeCheck.of("Clip", 13).in(x).in(low).values());
    assertArrayEquals(
        new double[] {-3, 0, 1}, NodeCheck.of("Clip", 13).in(x).none().in(high).values());
    assertArrayEquals(new double[] {-3, 0, 3}, NodeCheck.of("Clip", 13).in(x).values());
    assertArrayEquals(
        new double[] {-1, -1, -1}, NodeCheck.of("Clip", 13).in(x).in(high).in(low).values());
    assertArrayEquals(
        new double[] {-2, 0, 3}, NodeCheck.of("Clip", 6).with("min", -2f).in(x).values());
  }

  @Test
  void clipsUnsignedLongs() {
    Value.Dense y =
        NodeCheck.of("Clip", 13)
            .in(UINT64, longs(1, TOP, -1))
            .in(UINT64, Tensor.of(new long[] {2}, new long[0]))
            .in(UINT64, Tensor.of(new long[] {TOP + 5}, new long[0]))
            .nativeOnly()
            .result();
    assertArrayEquals(new long[] {2, TOP, TOP + 5}, y.tensor().toLongArray());
  }

  @Test
  void unsignedNumbersAreTheirOwnMagnitude() {
    assertArrayEquals(
        new long[] {-1, 3},
        NodeCheck.of("Abs", 13)
            .in(UINT64, longs(-1, 3))
            .nativeOnly()
            .result()
            .tensor()
            .toLongArray());
    assertArrayEquals(
        new double[] {1, 0, 1}, NodeCheck.of("Sign", 13).in(UINT64, longs(TOP, 0, 3)).values());
  }

  @Test
  void manyInputsBroadcast() {
    Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor b = floats(2, 3);
    Tensor c = Tensor.scalar(2.5f);
    assertArrayEquals(
        new double[] {2.5, 3, 3, 4}, NodeCheck.of("Max", 13).in(a).in(b).in(c).values());
    assertArrayEquals(
        new double[] {1, 2, 2, 2.5}, NodeCheck.of("Min", 13).in(a).in(b).in(c).values());
    assertArrayEquals(
        new double[] {5.5, 7.5, 7.5, 9.5}, NodeCheck.of("Sum", 13).in(a).in(b).in(c).values());
    Agreement.assertClose(
        new double[] {5.5 / 3, 2.5, 2.5, 9.5 / 3},
        NodeCheck.of("Mean", 13).in(a).in(b).in(c).values(),
        1e-6);
    assertArrayEquals(new double[] {2, 3}, NodeCheck.of("Max", 13).in(b).values());
  }

  @Test
  void earlyVersionsSayWhereTheyBroadcast() {
    Tensor a = Tensor.zeros(DType.F32, 2, 3, 2);
    Value.Dense y =
        NodeCheck.of("Add", 6)
            .with("broadcast", 1)
            .with("axis", 1)
            .in(a)
            .in(floats(1, 2, 3))
            .result();
    assertEquals(Shape.of(2, 3, 2), y.tensor().shape());
    assertEquals(3, y.tensor().get(1, 2, 0));
    NodeCheck.of("Add", 6)
        .with("broadcast", 1)
        .with("axis", 2)
        .in(a)
        .in(Tensor.zeros(DType.F32, 3, 2))
        .refuses("Add", "axis 2");
  }

  @Test
  void refusesDifferentTypes() {
    NodeCheck.of("Add", 14).in(floats(1)).in(ints(1)).refuses("Add", "int32", "float");
    NodeCheck.of("Add", 14)
        .in(ElementType.FLOAT8E5M2, floats(1))
        .in(ElementType.FLOAT8E5M2, floats(1))
        .refuses("Add", "float8e5m2");
    NodeCheck.of("Clip", 13).in(floats(1)).in(floats(1, 2)).refuses("Clip", "[2]");
  }
}
