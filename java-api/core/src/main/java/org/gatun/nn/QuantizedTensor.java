package org.gatun.nn;

import java.util.List;
import java.util.Objects;
import org.gatun.Tensor;
import org.gatun.op.DynamicQuantize;
import org.gatun.runtime.Engine;

/**
 * Integers and the numbers that they stand for: {@code (values - zeroPoint) * scale}.
 *
 * @param values of {@code u8} or {@code i8}
 * @param scale of {@code f32}, one number or what the operator says
 * @param zeroPoint of the values' dtype, likewise
 */
public record QuantizedTensor(Tensor values, Tensor scale, Tensor zeroPoint)
    implements AutoCloseable {
  /** Checks that nothing is null. */
  public QuantizedTensor {
    Objects.requireNonNull(values, "quantized tensor: values is null");
    Objects.requireNonNull(scale, "quantized tensor: scale is null");
    Objects.requireNonNull(zeroPoint, "quantized tensor: zeroPoint is null");
  }

  /**
   * Returns a tensor with the scale and the zero point that its range asks for, as {@code u8}; see
   * {@link org.gatun.op.DynamicQuantize}.
   *
   * @param x of {@code f32}
   */
  public static QuantizedTensor of(Tensor x) {
    List<Tensor> results = Engine.current().runAll(new DynamicQuantize(), x);
    return new QuantizedTensor(results.get(0), results.get(1), results.get(2));
  }

  /** Returns the numbers that the values stand for, with one scale and one zero point. */
  public Tensor dequantize() {
    return Quantized.dequantize(values, scale, zeroPoint);
  }

  /** Closes the three tensors. */
  @Override
  public void close() {
    values.close();
    scale.close();
    zeroPoint.close();
  }
}
