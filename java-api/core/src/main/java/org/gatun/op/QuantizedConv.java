package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The convolution of an image, a signal or a volume of integers that stand for numbers: {@link
 * Conv} of {@code x - zero point of x} with {@code w - zero point of w}, so that padding stands for
 * 0.
 *
 * <p>The result is, by its dtype, the sums (computed exactly and wrapping around in {@code i32}),
 * what they stand for, or that quantized again, by the formulas of {@link QuantizedMatMul} and with
 * its inputs, of which x is a and w is b: what goes with x is a single number, what goes with w is
 * one, or one for each channel of the result.
 *
 * <p>x and w are each of {@code u8} or {@code i8}. A channels-last input has a channels-last
 * result.
 *
 * <p>Source: ONNX ConvInteger, QLinearConv.
 *
 * @param conv the convolution, with its bias where there is one
 * @param dtype the dtype of the result: {@code i32}, {@code f32}, {@code u8} or {@code i8}
 */
public record QuantizedConv(Conv conv, DType dtype) implements Quantization {
  /** Checks that there is such a result. */
  public QuantizedConv {
    QuantizedResult.check("quantized_" + conv.name(), dtype, conv.bias());
  }

  @Override
  public String name() {
    return "quantized_" + conv.name();
  }

  /** Returns which input is which. */
  public QuantizedResult result() {
    return new QuantizedResult(dtype, conv.bias());
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    QuantizedResult result = result();
    result.inputs(this, inputs, "x", "w");
    Layout x = inputs.get(0);
    Layout w = inputs.get(result.weights());
    List<Layout> numbers = new ArrayList<>();
    numbers.add(x.withDType(DType.F32));
    numbers.add(w.withDType(DType.F32));
    if (conv.bias()) {
      numbers.add(inputs.get(result.biasIndex()).withDType(DType.F32));
    }
    Layout y = conv.infer(numbers).getFirst().withDType(dtype);
    QuantizationArguments.single(this, inputs.get(result.zeroPoint()), "zero point of x");
    channels(inputs.get(result.weightsZeroPoint()), "zero point of w", w.dim(0));
    if (result.isScaled()) {
      QuantizationArguments.single(this, inputs.get(result.scale()), "scale of x");
      channels(inputs.get(result.weightsScale()), "scale of w", w.dim(0));
    }
    return List.of(y);
  }

  private void channels(Layout given, String argument, long channels) {
    Shape shape = given.shape();
    Checks.check(
        shape.equals(Shape.scalar())
            || shape.equals(Shape.of(1))
            || shape.equals(Shape.of(channels)),
        this,
        argument + " has shape " + shape + ", expected a scalar or [" + channels + "]");
  }
}
