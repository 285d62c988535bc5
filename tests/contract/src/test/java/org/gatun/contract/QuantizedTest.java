package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Quantized;
import org.gatun.nn.QuantizedTensor;
import org.gatun.op.Conv;
import org.gatun.op.IntegerRange;
import org.gatun.op.Ints;
import org.junit.jupiter.api.Test;

/** The methods of {@link Quantized}, on numbers that can be checked by hand. */
class QuantizedTest {
  private static final Conv TWO_BY_TWO =
      new Conv(Ints.of(1, 1), Ints.of(1, 0), Ints.of(0, 0), Ints.of(1, 1), 1, false);

  private static Tensor u8(int value) {
    return Tensor.full(DType.U8, value);
  }

  private static Tensor i8(int value) {
    return Tensor.full(DType.I8, value);
  }

  private static float[] floats(Tensor x) {
    return x.to(DType.F32).toFloatArray();
  }

  @Test
  void roundTripKeepsWhatTheScaleCanHold() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {-1, 0.25f, 0.26f, 0.75f, 40});
      Tensor scale = Tensor.scalar(0.5f);
      Tensor q = Quantized.quantize(x, scale, u8(10), IntegerRange.U8);
      // 0.25 / 0.5 is half-way between 0 and 1: even is 0.
      assertArrayEquals(new float[] {8, 10, 11, 12, 90}, floats(q));
      assertArrayEquals(
          new float[] {-1, 0, 0.5f, 1, 40}, floats(Quantized.dequantize(q, scale, u8(10))));
    }
  }

  @Test
  void rangeOfDynamicQuantizationHoldsZero() {
    try (Scope scope = Scope.open()) {
      QuantizedTensor q = QuantizedTensor.of(Tensor.of(new float[] {51, 102, 255}));
      assertEquals(1, q.scale().item());
      assertEquals(0, q.zeroPoint().to(DType.F32).item());
      assertArrayEquals(new float[] {51, 102, 255}, floats(q.values()));
      assertArrayEquals(new float[] {51, 102, 255}, floats(q.dequantize()));
    }
  }

  @Test
  void productsOfSumsNumbersAndIntegers() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.of(new float[] {1, 2, 3, 4}).reshape(2, 2).to(DType.U8);
      Tensor b = Tensor.of(new float[] {1, -1, 2, 0}).reshape(2, 2).to(DType.I8);
      // a - 1 = [[0, 1], [2, 3]], times b.
      assertArrayEquals(new float[] {2, 0, 8, -2}, floats(Quantized.matmul(a, u8(1), b, i8(0))));
      QuantizedTensor qa = new QuantizedTensor(a, Tensor.scalar(0.5f), u8(1));
      QuantizedTensor qb = new QuantizedTensor(b, Tensor.of(new float[] {2, 4}), i8(0));
      Tensor bias = Tensor.of(new float[] {0.5f, 1});
      assertArrayEquals(new float[] {2.5f, 1, 8.5f, -3}, floats(Quantized.matmul(qa, qb, bias)));
      assertArrayEquals(
          new float[] {5, 4, 11, 0},
          floats(Quantized.matmul(qa, qb, bias, Tensor.scalar(1f), u8(3))));
    }
  }

  @Test
  void paddingOfImagesStandsForZero() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {5, 6, 7, 8}).reshape(1, 1, 2, 2).to(DType.U8);
      Tensor w = Tensor.of(new float[] {1, 2, 3, 4}).reshape(1, 1, 2, 2).to(DType.I8);
      // x - 5 = [[0, 1], [2, 3]] below a row of zeros.
      assertArrayEquals(
          new float[] {4, 20}, floats(Quantized.conv(x, u8(5), w, i8(0), TWO_BY_TWO)));
      QuantizedTensor qx = new QuantizedTensor(x, Tensor.scalar(0.5f), u8(5));
      QuantizedTensor qw = new QuantizedTensor(w, Tensor.scalar(0.5f), i8(0));
      assertArrayEquals(new float[] {1, 5}, floats(Quantized.conv(qx, qw, null, TWO_BY_TWO)));
      assertArrayEquals(
          new float[] {-98, -90},
          floats(Quantized.conv(qx, qw, null, TWO_BY_TWO, Tensor.scalar(0.5f), i8(-100))));
    }
  }
}
