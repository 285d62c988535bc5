package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.SoftmaxGradient;
import org.gatun.runtime.Engine;

/**
 * The gradients of {@link Functional}'s activations and losses: each method has the name of the
 * function, and returns the gradient in the function's input of the sum of its results, each
 * weighted by an element of the cotangent. This is what a backward pass multiplies step by step.
 *
 * <p>Methods take the cotangent, which has the result's shape, then what the function took, or its
 * result where that is all that is needed. Where a function has a kink they give what PyTorch
 * gives. Errors are those of the functions.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * Returns the gradient of {@link Functional#logSoftmax}; see {@link SoftmaxGradient}.
   *
   * @param result what the function returned
   */
  public static Tensor logSoftmax(Tensor cotangent, Tensor result, int axis) {
    return Engine.current().run(new SoftmaxGradient(axis, true), cotangent, result);
  }

  /**
   * Returns the gradient of {@link Functional#softmax}; see {@link SoftmaxGradient}.
   *
   * @param result what the function returned
   */
  public static Tensor softmax(Tensor cotangent, Tensor result, int axis) {
    return Engine.current().run(new SoftmaxGradient(axis, false), cotangent, result);
  }

  /**
   * Returns the gradient of {@link Functional#softmin}.
   *
   * @param result what the function returned
   */
  public static Tensor softmin(Tensor cotangent, Tensor result, int axis) {
    try (Tensor gradient = softmax(cotangent, result, axis)) {
      return gradient.mul(-1);
    }
  }
}
