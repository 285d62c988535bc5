package org.gatun.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Conv;
import org.gatun.op.Dequantize;
import org.gatun.op.IntegerRange;
import org.gatun.op.Quantize;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Functions of tensors of integers that stand for numbers, {@link QuantizedTensor}.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public final class Quantized {
  private Quantized() {}

  /**
   * Returns numbers as integers, with one scale and one zero point; see {@link Quantize}.
   *
   * @param range the integers, of the zero point's dtype
   */
  public static Tensor quantize(Tensor x, Tensor scale, Tensor zeroPoint, IntegerRange range) {
    return quantize(x, scale, zeroPoint, range, 0, 0);
  }

  /**
   * Returns numbers as integers; see {@link Quantize}.
   *
   * @param zeroPoint of the integers' dtype and the scale's shape, or null for 0
   * @param axis the axis that the scales go along
   * @param block how many elements along it share a scale, 0 for one or for all
   */
  public static Tensor quantize(
      Tensor x,
      Tensor scale,
      @Nullable Tensor zeroPoint,
      IntegerRange range,
      int axis,
      long block) {
    return Engine.current()
        .run(
            new Quantize(range, axis, block, zeroPoint != null),
            present(x, scale, zeroPoint).toArray(Tensor[]::new));
  }

  /** Returns the numbers that integers with one scale stand for; see {@link Dequantize}. */
  public static Tensor dequantize(Tensor x, Tensor scale, @Nullable Tensor zeroPoint) {
    return dequantize(x, scale, zeroPoint, 0, 0);
  }

  /**
   * Returns the numbers that integers stand for; see {@link Dequantize}.
   *
   * @param zeroPoint of the integers' dtype and the scale's shape, or null for 0
   * @param axis the axis that the scales go along
   * @param block how many elements along it share a scale, 0 for one or for all
   */
  public static Tensor dequantize(
      Tensor x, Tensor scale, @Nullable Tensor zeroPoint, int axis, long block) {
    return Engine.current()
        .run(
            new Dequantize(axis, block, zeroPoint != null),
            present(x, scale, zeroPoint).toArray(Tensor[]::new));
  }

  private static Stream<Tensor> present(@Nullable Tensor... tensors) {
    return Stream.of(tensors).filter(Objects::nonNull);
  }

  /**
   * Returns the {@code i32} product of matrices of integers less their zero points; see {@link
   * QuantizedMatMul}.
   */
  public static Tensor matmul(Tensor a, Tensor zeroPointA, Tensor b, Tensor zeroPointB) {
    return Engine.current()
        .run(new QuantizedMatMul(DType.I32, false), a, zeroPointA, b, zeroPointB);
  }

  /**
   * Returns the {@code f32} product of matrices; see {@link QuantizedMatMul}.
   *
   * @param bias of shape (n), {@code f32} or {@code i32}, or null
   */
  public static Tensor matmul(QuantizedTensor a, QuantizedTensor b, @Nullable Tensor bias) {
    QuantizedMatMul op = new QuantizedMatMul(DType.F32, bias != null);
    return Engine.current().run(op, inputs(a, b, bias, null, null));
  }

  /**
   * Returns the product of matrices, quantized; see {@link QuantizedMatMul}.
   *
   * @param bias of shape (n), {@code i32} or {@code f32}, or null
   * @param scale the result's scale, one number
   * @param zeroPoint the result's zero point, of its dtype
   */
  public static Tensor matmul(
      QuantizedTensor a, QuantizedTensor b, @Nullable Tensor bias, Tensor scale, Tensor zeroPoint) {
    QuantizedMatMul op = new QuantizedMatMul(zeroPoint.dtype(), bias != null);
    return Engine.current().run(op, inputs(a, b, bias, scale, zeroPoint));
  }

  /**
   * Returns the {@code i32} convolution of integers less their zero points; see {@link
   * QuantizedConv}.
   *
   * @param conv the convolution, without a bias
   */
  public static Tensor conv(
      Tensor x, Tensor zeroPointX, Tensor weights, Tensor zeroPointWeights, Conv conv) {
    return Engine.current()
        .run(new QuantizedConv(conv, DType.I32), x, zeroPointX, weights, zeroPointWeights);
  }

  /**
   * Returns the {@code f32} convolution; see {@link QuantizedConv}.
   *
   * @param bias of shape (out), {@code f32} or {@code i32}, or null where {@code conv} has none
   */
  public static Tensor conv(
      QuantizedTensor x, QuantizedTensor weights, @Nullable Tensor bias, Conv conv) {
    return Engine.current()
        .run(new QuantizedConv(conv, DType.F32), inputs(x, weights, bias, null, null));
  }

  /**
   * Returns the convolution, quantized; see {@link QuantizedConv}.
   *
   * @param bias of shape (out), {@code i32} or {@code f32}, or null where {@code conv} has none
   * @param scale the result's scale, one number
   * @param zeroPoint the result's zero point, of its dtype
   */
  public static Tensor conv(
      QuantizedTensor x,
      QuantizedTensor weights,
      @Nullable Tensor bias,
      Conv conv,
      Tensor scale,
      Tensor zeroPoint) {
    return Engine.current()
        .run(
            new QuantizedConv(conv, zeroPoint.dtype()), inputs(x, weights, bias, scale, zeroPoint));
  }

  private static Tensor[] inputs(
      QuantizedTensor a,
      QuantizedTensor b,
      @Nullable Tensor bias,
      @Nullable Tensor scale,
      @Nullable Tensor zeroPoint) {
    List<Tensor> inputs = new ArrayList<>();
    inputs.addAll(List.of(a.values(), a.scale(), a.zeroPoint()));
    inputs.addAll(List.of(b.values(), b.scale(), b.zeroPoint()));
    present(bias, scale, zeroPoint).forEach(inputs::add);
    return inputs.toArray(Tensor[]::new);
  }
}
