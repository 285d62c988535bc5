package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The gradient of a loss in its input or in its target, times a cotangent.
 *
 * <p>Inputs: the cotangent, of the loss' shape and dtype; then those of the loss. Where a loss has
 * a kink the gradient is 0, or that of the side which PyTorch takes.
 *
 * @param loss the loss
 * @param ofTarget whether the gradient is that in the target, which must not be classes then
 */
public record LossGradient(Loss loss, boolean ofTarget) implements Op {
  /** Checks that nothing is null. */
  public LossGradient {
    Objects.requireNonNull(loss, "loss_gradient: loss is null");
  }

  @Override
  public String name() {
    return loss.name() + (ofTarget ? "_target_gradient" : "_gradient");
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.check(
        inputs.size() > 2, this, inputs.size() + " inputs, expected a cotangent and the loss's");
    List<Layout> of = inputs.subList(1, inputs.size());
    Layout result = loss.infer(of).getFirst();
    Layout cotangent = inputs.getFirst();
    Checks.sameDType(this, inputs, 0, result.dtype());
    Checks.check(
        cotangent.shape().equals(result.shape()),
        this,
        "cotangent has shape " + cotangent.shape() + ", expected the loss's " + result.shape());
    Checks.check(
        !ofTarget || loss.hasTargetGradient(of),
        this,
        "target of classes, expected probabilities, which have a gradient");
    Layout x = of.get(ofTarget ? 1 : 0);
    Shape full = loss instanceof ElementLoss ? loss.losses(of) : x.shape();
    Checks.check(
        full.equals(x.shape()),
        this,
        (ofTarget ? "target" : "input")
            + " of shape "
            + x.shape()
            + " broadcast to "
            + full
            + ", expected one that is not broadcast");
    return List.of(Layout.like(x, x.dtype(), x.shape()));
  }
}
