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

  /** Returns the shape of the single losses, for inputs that {@link #infer} takes. */
  Shape losses(List<Layout> inputs);

  /** Returns whether the target's elements are differentiable numbers, not classes. */
  default boolean hasTargetGradient(List<Layout> inputs) {
    return inputs.get(1).dtype().isFloating();
  }
}
