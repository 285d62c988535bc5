package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * The real numbers that integers stand for: {@code y = (x - zero point) * scale}.
 *
 * <p>Inputs: x, of {@code u8}, {@code i8}, {@code i16} or {@code i32}; the scale, floating-point:
 * one number, one for each index of the axis, or one for each block along it (x's shape, the axis
 * divided by the block and rounded up); and the zero point of the same shape where there is one, of
 * x's dtype. Result: x's shape, of the scale's dtype. Differences of {@code i32} wrap around.
 *
 * <p>Source: ONNX DequantizeLinear.
 *
 * @param axis the axis that has scales of its own; negative ones count from the last
 * @param block how many elements along the axis share a scale, 0 for one or for all
 * @param zeroPoint whether there is a third input, the zero point; it is 0 otherwise
 */
public record Dequantize(int axis, long block, boolean zeroPoint) implements Quantization {
  /** Checks the size of blocks. */
  public Dequantize {
    QuantizationArguments.block("dequantize", block);
  }

  @Override
  public String name() {
    return "dequantize";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    QuantizationArguments.scales(this, inputs, axis, block, zeroPoint);
    Layout x = inputs.get(0);
    QuantizationArguments.oneOf(this, x, "input", DType.U8, DType.I8, DType.I16, DType.I32);
    Checks.floating(this, inputs.get(1), "scale");
    if (zeroPoint) {
      QuantizationArguments.dtype(this, inputs.get(2), "zero point", x.dtype());
    }
    return List.of(Layout.like(x, inputs.get(1).dtype(), x.shape()));
  }
}
