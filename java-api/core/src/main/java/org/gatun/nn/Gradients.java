package org.gatun.nn;

import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.gatun.op.SoftmaxGradient;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link Functional}'s activations and of {@link Losses}: each method has the name
 * of the function, and returns the gradient in the function's input of the sum of its results, each
 * weighted by an element of the cotangent. This is what a backward pass multiplies step by step.
 *
 * <p>Methods take the cotangent, which has the result's shape, then what the function took, or its
 * result where that is all that is needed. Where a function has a kink they give what PyTorch
 * gives. Errors are those of the functions.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * Returns the gradient of {@link Losses#binaryCrossEntropy(Tensor, Tensor, Tensor,
   * LossReduction)}.
   */
  public static Tensor binaryCrossEntropy(
      Tensor cotangent, Tensor x, Tensor target, @Nullable Tensor weight, LossReduction reduction) {
    ElementLoss loss =
        new ElementLoss(LossFunction.BINARY_CROSS_ENTROPY, 0, weight != null, false, reduction);
    return loss(loss, cotangent, x, target, weight, null);
  }

  /**
   * Returns the gradient of {@link Losses#binaryCrossEntropyWithLogits(Tensor, Tensor, Tensor,
   * Tensor, LossReduction)}.
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight,
      LossReduction reduction) {
    ElementLoss loss = Losses.withLogits(weight, positiveWeight, reduction);
    return loss(loss, cotangent, x, target, weight, positiveWeight);
  }

  /**
   * Returns the gradient of {@link Losses#crossEntropy(Tensor, Tensor, Tensor, long, double,
   * LossReduction)}.
   */
  public static Tensor crossEntropy(
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      double labelSmoothing,
      LossReduction reduction) {
    CrossEntropy loss = new CrossEntropy(weight != null, ignoreIndex, labelSmoothing, reduction);
    return loss(loss, cotangent, x, target, weight, null);
  }

  /** Returns the gradient of {@link Losses#huberLoss}. */
  public static Tensor huberLoss(
      Tensor cotangent, Tensor x, Tensor target, double delta, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.HUBER_LOSS, delta, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /** Returns the gradient of {@link Losses#klDiv}. */
  public static Tensor klDiv(
      Tensor cotangent, Tensor x, Tensor target, boolean logTarget, LossReduction reduction) {
    return loss(Losses.klDiv(logTarget, reduction), cotangent, x, target, null, null);
  }

  /** Returns the gradient of {@link Losses#l1Loss}; 0 where x is the target. */
  public static Tensor l1Loss(Tensor cotangent, Tensor x, Tensor target, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.L1_LOSS, 0, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /**
   * Returns the gradient of {@link Functional#logSoftmax}; see {@link SoftmaxGradient}.
   *
   * @param result what the function returned
   */
  public static Tensor logSoftmax(Tensor cotangent, Tensor result, int axis) {
    return Engine.current().run(new SoftmaxGradient(axis, true), cotangent, result);
  }

  /**
   * Returns the gradient of a loss in what it calls x.
   *
   * @param inputs what the loss took: x, the target, its weights
   */
  public static Tensor loss(Loss loss, Tensor cotangent, Tensor... inputs) {
    return loss(new LossGradient(loss, false), cotangent, Stream.of(inputs));
  }

  /**
   * Returns the gradient of a loss in its target, which is not one of classes.
   *
   * @param inputs what the loss took: x, the target, its weights
   */
  public static Tensor lossTarget(Loss loss, Tensor cotangent, Tensor... inputs) {
    return loss(new LossGradient(loss, true), cotangent, Stream.of(inputs));
  }

  private static Tensor loss(
      Loss loss,
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight) {
    Stream<Tensor> weights = Stream.of(weight, positiveWeight).filter(Objects::nonNull);
    Stream<Tensor> inputs = Stream.concat(Stream.of(x, target), weights);
    return loss(new LossGradient(loss, false), cotangent, inputs);
  }

  private static Tensor loss(LossGradient op, Tensor cotangent, Stream<Tensor> inputs) {
    return Engine.current()
        .run(op, Stream.concat(Stream.of(cotangent), inputs).toArray(Tensor[]::new));
  }

  /** Returns the gradient of {@link Losses#mseLoss}. */
  public static Tensor mseLoss(Tensor cotangent, Tensor x, Tensor target, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.MSE_LOSS, 0, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /**
   * Returns the gradient of {@link Losses#nllLoss(Tensor, Tensor, Tensor, long, LossReduction)}.
   */
  public static Tensor nllLoss(
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      LossReduction reduction) {
    NllLoss loss = new NllLoss(weight != null, ignoreIndex, reduction);
    return loss(loss, cotangent, x, target, weight, null);
  }

  /** Returns the gradient of {@link Losses#smoothL1Loss}. */
  public static Tensor smoothL1Loss(
      Tensor cotangent, Tensor x, Tensor target, double beta, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.SMOOTH_L1_LOSS, beta, reduction);
    return loss(loss, cotangent, x, target, null, null);
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
