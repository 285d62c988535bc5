package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Operators that tell how far an input is from a target.
 *
 * <p>Inputs: x, the target, then the weights that the operator says it has.
 */
public sealed interface Loss extends Op permits CrossEntropy, ElementLoss, NllLoss {
  /** Returns what becomes of the single losses. */
  LossReduction reduction();

  /**
   * Returns the shape of the single losses, for inputs that {@link #infer} takes.
   *
   * @throws IllegalArgumentException if there are fewer than two inputs
   */
  Shape losses(List<Layout> inputs);

  /** Returns whether the target's elements are differentiable numbers, not classes. */
  default boolean hasTargetGradient(List<Layout> inputs) {
    Checks.check(inputs.size() > 1, this, inputs.size() + " inputs, expected 2 or more");
    return inputs.get(1).dtype().isFloating();
  }
}
