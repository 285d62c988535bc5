package org.gatun.kernel.java;

import org.gatun.op.LossFunction;

/**
 * What is computed of an element and its target.
 *
 * @param function the loss
 * @param part the loss itself or one of its slopes
 */
record LossTerm(LossFunction function, Part part) {
  /** A loss or a slope. */
  enum Part {
    LOSS,
    SLOPE,
    TARGET_SLOPE
  }

  /** Returns the number of operands: the element, the target, and where there is one a weight. */
  int operands() {
    return function == LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS ? 3 : 2;
  }
}
