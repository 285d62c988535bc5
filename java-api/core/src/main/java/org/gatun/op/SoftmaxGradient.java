package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The gradient of {@link Softmax} or {@link LogSoftmax} in its input: the product of the cotangent
 * g and the Jacobian at the result y, {@code y (g - sum(g y))} of the one and {@code g - exp(y)
 * sum(g)} of the other, with sums along the axis.
 *
 * <p>Inputs: g and y, of one shape and dtype.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html">PyTorch</a>'s
 * {@code _softmax_backward_data} and {@code _log_softmax_backward_data}.
 *
 * @param axis the axis; negative counts from the last
 * @param log whether the function is the log-softmax
 */
public record SoftmaxGradient(int axis, boolean log) implements Probability {
  @Override
  public String name() {
    return log ? "log_softmax_gradient" : "softmax_gradient";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout cotangent = inputs.getFirst();
    Layout result = inputs.getLast();
    Checks.floating(this, cotangent, "cotangent");
    Checks.sameDType(this, inputs, 1, cotangent.dtype());
    Checks.check(
        cotangent.shape().equals(result.shape()),
        this,
        "cotangent has shape " + cotangent.shape() + ", expected the result's " + result.shape());
    Checks.axis(this, axis, result.shape());
    return List.of(Layout.like(result, result.dtype(), result.shape()));
  }
}
