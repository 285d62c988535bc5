package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * {@code x W^T + b} over the last dimension.
 *
 * <p>Inputs: x of shape (..., in), weights (out, in) or (in) for one output without its dimension,
 * and the bias (out) where there is one. Result: (..., out).
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html">PyTorch,
 * linear</a>; ONNX Gemm with transB=1.
 *
 * @param bias whether there is a third input, the bias
 */
public record Linear(boolean bias) implements Contraction {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, bias ? 3 : 2);
    Layout x = inputs.get(0);
    Layout weights = inputs.get(1);
    Checks.floating(this, x, "input");
    Checks.sameDType(this, inputs, 1, x.dtype());
    Checks.check(x.rank() >= 1, this, "input is a scalar, expected one dimension or more");
    Checks.check(
        weights.rank() == 1 || weights.rank() == 2,
        this,
        "weights have shape " + weights.shape() + ", expected (out, in) or (in)");
    Checks.check(
        x.dim(-1) == weights.dim(-1),
        this,
        "input of shape "
            + x.shape()
            + " with weights of shape "
            + weights.shape()
            + ", last dimensions "
            + x.dim(-1)
            + " and "
            + weights.dim(-1)
            + " differ");
    Shape out = weights.shape().range(0, weights.rank() - 1);
    if (bias) {
      Checks.sameDType(this, inputs, 2, x.dtype());
      Checks.check(
          inputs.get(2).shape().equals(out),
          this,
          "bias has shape " + inputs.get(2).shape() + ", expected " + out);
    }
    Shape shape = x.shape().range(0, x.rank() - 1).concat(out);
    return List.of(Layout.of(x.dtype(), shape));
  }
}
