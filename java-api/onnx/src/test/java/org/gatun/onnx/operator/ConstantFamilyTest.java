package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstantFamilyTest {
  private static TensorData tensor(ElementType type, Object elements, long... shape) {
    MemorySegment segment =
        switch (elements) {
          case float[] array -> MemorySegment.ofArray(array);
          case long[] array -> MemorySegment.ofArray(array);
          case byte[] array -> MemorySegment.ofArray(array);
          default -> throw new AssertionError("elements of " + elements.getClass());
        };
    return GraphBuilder.tensor("t", type, segment, shape);
  }

  @Test
  void constantsAreGivenInManyWays() {
    assertArrayEquals(
        new double[] {1.5, 2},
        NodeCheck.of("Constant", 13)
            .with("value", tensor(ElementType.FLOAT, new float[] {1.5f, 2}, 2))
            .values());
    assertArrayEquals(new double[] {3}, NodeCheck.of("Constant", 13).with("value_int", 3).values());
    assertArrayEquals(
        new double[] {3, 4},
        NodeCheck.of("Constant", 13).with("value_ints", new long[] {3, 4}).values());
    assertArrayEquals(
        new double[] {0.5}, NodeCheck.of("Constant", 13).with("value_float", 0.5f).values());
    Value.Dense floats =
        NodeCheck.of("Constant", 13).with("value_floats", new float[] {0.5f, 1}).result();
    assertEquals(Shape.of(2), floats.tensor().shape());
    assertArrayEquals(
        new double[] {0, 7, 0},
        NodeCheck.of("Constant", 13)
            .with(
                "sparse_value",
                new Attribute.OfSparseTensor(
                    new SparseTensorData(
                        tensor(ElementType.FLOAT, new float[] {7}, 1),
                        tensor(ElementType.INT64, new long[] {1}, 1),
                        List.of(3L))))
            .values());
    NodeCheck.of("Constant", 13).with("value_string", "a").refuses("Constant", "value_string");
    NodeCheck.of("Constant", 13).refuses("Constant", "one value");
  }

  @Test
  void constantsOfShapeHaveTheTypeOfTheValue() {
    Tensor shape = Tensor.of(new long[] {2, 1});
    assertArrayEquals(new double[] {0, 0}, NodeCheck.of("ConstantOfShape", 9).in(shape).values());
    Value.Dense large =
        NodeCheck.of("ConstantOfShape", 20)
            .with("value", tensor(ElementType.INT64, new long[] {Long.MAX_VALUE}, 1))
            .in(shape)
            .nativeOnly()
            .result();
    assertArrayEquals(new long[] {Long.MAX_VALUE, Long.MAX_VALUE}, large.tensor().toLongArray());
    Value.Dense nibbles =
        NodeCheck.of("ConstantOfShape", 21)
            .with("value", tensor(ElementType.INT4, new byte[] {0xf}, 1))
            .in(Tensor.of(new long[] {0}))
            .result();
    assertEquals(ElementType.INT4, nibbles.type());
    assertEquals(Shape.of(0), nibbles.tensor().shape());
    assertEquals(
        Shape.of(),
        NodeCheck.of("ConstantOfShape", 9)
            .in(Tensor.zeros(DType.I64, 0))
            .result()
            .tensor()
            .shape());
    NodeCheck.of("ConstantOfShape", 9)
        .in(Tensor.of(new long[] {-1}))
        .refuses("ConstantOfShape", "-1");
  }

  @Test
  void onesStandOnADiagonal() {
    Tensor x = Tensor.zeros(DType.I32, 2, 3);
    assertArrayEquals(
        new double[] {0, 1, 0, 0, 0, 1}, NodeCheck.of("EyeLike", 9).with("k", 1).in(x).values());
    assertArrayEquals(
        new double[] {0, 0, 0, 1, 0, 0}, NodeCheck.of("EyeLike", 9).with("k", -1).in(x).values());
    Value.Dense unsigned =
        NodeCheck.of("EyeLike", 22).with("dtype", ElementType.UINT16.code()).in(x).result();
    assertEquals(ElementType.UINT16, unsigned.type());
    NodeCheck.of("EyeLike", 9).in(Tensor.zeros(DType.F32, 2)).refuses("EyeLike", "[2]");
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 1, 5, 2, 1 3",
    "F64, 1, 0, -0.25, 1 0.75 0.5 0.25",
    "I32, 10, 6, -3, 10 7",
    "I64, 0, 0, 1, ''",
    "I64, 5, 0, 1, ''",
    "I16, 1, 4, 1, 1 2 3",
    "F16, 0, 1, 0.5, 0 0.5",
    "BF16, 1, 5, 2, 1 3"
  })
  void rangesEndBeforeTheirLimit(
      DType dtype, double start, double limit, double delta, String expected) {
    Value.Dense y =
        NodeCheck.of("Range", 27)
            .in(Tensor.full(dtype, start))
            .in(Tensor.full(dtype, limit))
            .in(Tensor.full(dtype, delta))
            .result();
    assertEquals(dtype, y.tensor().dtype());
    String[] words = expected.isEmpty() ? new String[0] : expected.split(" ");
    double[] values = y.tensor().to(DType.F64).toDoubleArray();
    assertEquals(words.length, values.length);
    for (int i = 0; i < words.length; i++) {
      assertEquals(Double.parseDouble(words[i]), values[i]);
    }
  }

  @Test
  void rangesOfLongsAreExact() {
    long start = (1L << 60) + 1;
    Value.Dense y =
        NodeCheck.of("Range", 11)
            .in(Tensor.of(new long[] {start}, new long[0]))
            .in(Tensor.of(new long[] {start + 2000}, new long[0]))
            .in(Tensor.of(new long[] {1000}, new long[0]))
            .nativeOnly()
            .result();
    assertArrayEquals(new long[] {start, start + 1000}, y.tensor().toLongArray());
  }

  @Test
  void rangesWithoutAnEndAreRefused() {
    Tensor zero = Tensor.scalar(0f);
    Tensor one = Tensor.scalar(1f);
    NodeCheck.of("Range", 11).in(zero).in(one).in(zero).refuses("Range", "steps of 0");
    NodeCheck.of("Range", 11)
        .in(zero)
        .in(Tensor.scalar(Float.POSITIVE_INFINITY))
        .in(one)
        .refuses("Range", "Infinity");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 9, 2 3 4",
    "1, 9, 3 4",
    "-1, 9, 4",
    "0, -1, 2 3",
    "1, 2, 3",
    "2, 1, ''",
    "-9, -2, 2"
  })
  void shapesCanBeCut(long start, long end, String expected) {
    Value.Dense y =
        NodeCheck.of("Shape", 15)
            .with("start", start)
            .with("end", end)
            .in(ElementType.FLOAT8E5M2, Tensor.zeros(DType.F32, 2, 3, 4))
            .result();
    long[] dims = y.tensor().toLongArray();
    String[] words = expected.isEmpty() ? new String[0] : expected.split(" ");
    assertEquals(words.length, dims.length);
    for (int i = 0; i < dims.length; i++) {
      assertEquals(Long.parseLong(words[i]), dims[i]);
    }
  }

  @Test
  void sizesAreNumbers() {
    Value.Dense y =
        NodeCheck.of("Size", 13).in(ElementType.UINT4, Tensor.zeros(DType.U8, 2, 3)).result();
    assertEquals(Shape.of(), y.tensor().shape());
    assertEquals(6, y.tensor().item());
  }
}
