package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The negative of the target class' element, times the class' weight: the negative log-likelihood,
 * where x are logarithms of probabilities.
 *
 * <p>Inputs: x of shape (C), (N, C) or (N, C, ...); the target, {@code i32} or {@code i64}, a class
 * for each line of x along C; the weight of each class, of shape (C), if {@code weighted}.
 *
 * <p>The mean is divided by the sum of the weights of the target classes. Targets that are {@code
 * ignoreIndex} count for nothing. A target class that is out of range is an {@link
 * IllegalArgumentException} when the operator runs, before anything is written.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html">PyTorch,
 * nll_loss</a>; ONNX NegativeLogLikelihoodLoss.
 *
 * @param weighted whether the classes have weights
 * @param ignoreIndex the target class that counts for nothing
 * @param reduction what becomes of the losses of the lines
 */
public record NllLoss(boolean weighted, long ignoreIndex, LossReduction reduction) implements Loss {
  /** Checks that nothing is null. */
  public NllLoss {
    Objects.requireNonNull(reduction, "nll_loss: reduction is null");
  }

  @Override
  public String name() {
    return "nll_loss";
  }

  @Override
  public Shape losses(List<Layout> inputs) {
    Checks.check(inputs.size() > 1, this, inputs.size() + " inputs, expected 2 or more");
    return ClassTargets.lines(inputs.getFirst().shape());
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    ClassTargets.check(this, inputs, weighted, false);
    return List.of(ClassTargets.result(this, inputs));
  }
}
