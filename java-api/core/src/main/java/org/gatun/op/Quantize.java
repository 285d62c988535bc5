package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * Real numbers as integers: {@code y = saturate(round(x / scale) + zero point)}, rounded half to
 * even.
 *
 * <p>Inputs: x, floating-point or {@code i32} (which is converted to {@code f32}); the scale, of
 * x's dtype, {@code f32} for {@code i32}: one number, one for each index of the axis, or one for
 * each block along it (x's shape, the axis divided by the block and rounded up); and the zero point
 * of the same shape where there is one, of the result's dtype. Result: x's shape.
 *
 * <p>A quotient that is not a number gives the zero point. Numbers of {@code f16} and {@code bf16}
 * are divided in {@code f32}.
 *
 * <p>Source: ONNX QuantizeLinear.
 *
 * @param range the integers and their dtype
 * @param axis the axis that has scales of its own; negative ones count from the last
 * @param block how many elements along the axis share a scale, 0 for one or for all
 * @param zeroPoint whether there is a third input, the zero point; it is 0 otherwise
 */
public record Quantize(IntegerRange range, int axis, long block, boolean zeroPoint)
    implements Quantization {
  /** Checks the size of blocks. */
  public Quantize {
    Objects.requireNonNull(range, "quantize: range is null");
    QuantizationArguments.block("quantize", block);
  }

  @Override
  public String name() {
    return "quantize";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    QuantizationArguments.scales(this, inputs, axis, block, zeroPoint);
    Layout x = inputs.get(0);
    Checks.check(
        x.dtype().isFloating() || x.dtype() == DType.I32,
        this,
        "input has dtype " + x.dtype().spelling() + ", expected a floating-point one or i32");
    QuantizationArguments.dtype(
        this, inputs.get(1), "scale", x.dtype() == DType.I32 ? DType.F32 : x.dtype());
    if (zeroPoint) {
      QuantizationArguments.dtype(this, inputs.get(2), "zero point", range.dtype());
    }
    return List.of(Layout.like(x, range.dtype(), x.shape()));
  }
}
