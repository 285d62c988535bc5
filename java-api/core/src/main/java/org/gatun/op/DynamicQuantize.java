package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Real numbers as {@code u8}, with the scale and the zero point that their range asks for.
 *
 * <p>With {@code low = min(0, min x)} and {@code high = max(0, max x)} the scale is {@code (high -
 * low) / 255}, or 1 where that is 0; the zero point {@code saturate(round(-low / scale))}; and
 * {@code y = saturate(round(x / scale) + zero point)}, all rounded half to even.
 *
 * <p>Input: x, floating-point. Results: y of x's shape, the scale, a scalar of x's dtype, and the
 * zero point, a {@code u8} scalar. Without elements the scale is 1. NaN among them makes the scale
 * NaN, and all the rest 0.
 *
 * <p>Source: ONNX DynamicQuantizeLinear.
 */
public record DynamicQuantize() implements Quantization {
  @Override
  public String name() {
    return "dynamic_quantize";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    return List.of(
        Layout.like(x, DType.U8, x.shape()),
        Layout.of(x.dtype(), Shape.scalar()),
        Layout.of(DType.U8, Shape.scalar()));
  }
}
