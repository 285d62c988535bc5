package org.gatun.nn;

import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's losses, under its names in Java's spelling: how far x is from a target, as one number
 * or, with {@link LossReduction#NONE}, as one for each element or line.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the loss and
 * what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed then.
 */
public final class Losses {
  /** The target class that counts for nothing unless another one is given: PyTorch's. */
  public static final long NO_CLASS = -100;

  private Losses() {}

  /** Returns the mean binary cross entropy of probabilities x and a target. */
  public static Tensor binaryCrossEntropy(Tensor x, Tensor target) {
    return binaryCrossEntropy(x, target, null, LossReduction.MEAN);
  }

  /**
   * Returns the binary cross entropy of probabilities x and a target; see {@link
   * LossFunction#BINARY_CROSS_ENTROPY}.
   *
   * @param weight what losses are multiplied by, broadcast to x; or null
   * @throws IllegalArgumentException if an element of x is not from 0 to 1
   */
  public static Tensor binaryCrossEntropy(
      Tensor x, Tensor target, @Nullable Tensor weight, LossReduction reduction) {
    return run(
        new ElementLoss(LossFunction.BINARY_CROSS_ENTROPY, 0, weight != null, false, reduction),
        x,
        target,
        weight,
        null);
  }

  /** Returns the mean binary cross entropy of the sigmoid of x and a target. */
  public static Tensor binaryCrossEntropyWithLogits(Tensor x, Tensor target) {
    return binaryCrossEntropyWithLogits(x, target, null, null, LossReduction.MEAN);
  }

  /**
   * Returns the binary cross entropy of the sigmoid of x and a target; see {@link
   * LossFunction#BINARY_CROSS_ENTROPY_WITH_LOGITS}.
   *
   * @param weight what losses are multiplied by, broadcast to x; or null
   * @param positiveWeight what the part of positive targets is multiplied by, broadcast to x; or
   *     null
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight,
      LossReduction reduction) {
    return run(withLogits(weight, positiveWeight, reduction), x, target, weight, positiveWeight);
  }

  static ElementLoss withLogits(
      @Nullable Tensor weight, @Nullable Tensor positiveWeight, LossReduction reduction) {
    return new ElementLoss(
        LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS,
        0,
        weight != null,
        positiveWeight != null,
        reduction);
  }

  /** Returns the mean cross entropy of x and a target of classes or of probabilities. */
  public static Tensor crossEntropy(Tensor x, Tensor target) {
    return crossEntropy(x, target, null, NO_CLASS, 0, LossReduction.MEAN);
  }

  /**
   * Returns the cross entropy of x and a target of classes or of probabilities; see {@link
   * CrossEntropy}.
   *
   * @param weight of each class, or null
   * @param ignoreIndex the target class that counts for nothing, such as {@link #NO_CLASS}
   * @param labelSmoothing the share of the target that is spread over all classes
   * @throws IllegalArgumentException if a target class is out of range
   */
  public static Tensor crossEntropy(
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      double labelSmoothing,
      LossReduction reduction) {
    return run(
        new CrossEntropy(weight != null, ignoreIndex, labelSmoothing, reduction),
        x,
        target,
        weight,
        null);
  }

  /** Returns the mean Huber loss with a delta of 1. */
  public static Tensor huberLoss(Tensor x, Tensor target) {
    return huberLoss(x, target, 1, LossReduction.MEAN);
  }

  /** Returns the Huber loss; see {@link LossFunction#HUBER_LOSS}. */
  public static Tensor huberLoss(Tensor x, Tensor target, double delta, LossReduction reduction) {
    return run(element(LossFunction.HUBER_LOSS, delta, reduction), x, target, null, null);
  }

  /**
   * Returns the divergence of x, which are logarithms, from a target; see {@link
   * LossFunction#KL_DIV}.
   *
   * @param logTarget whether the target too are logarithms
   */
  public static Tensor klDiv(Tensor x, Tensor target, boolean logTarget, LossReduction reduction) {
    return run(klDiv(logTarget, reduction), x, target, null, null);
  }

  static ElementLoss klDiv(boolean logTarget, LossReduction reduction) {
    return element(logTarget ? LossFunction.KL_DIV_LOG_TARGET : LossFunction.KL_DIV, 0, reduction);
  }

  /** Returns the mean of the absolute differences. */
  public static Tensor l1Loss(Tensor x, Tensor target) {
    return l1Loss(x, target, LossReduction.MEAN);
  }

  /** Returns the absolute differences; see {@link LossFunction#L1_LOSS}. */
  public static Tensor l1Loss(Tensor x, Tensor target, LossReduction reduction) {
    return run(element(LossFunction.L1_LOSS, 0, reduction), x, target, null, null);
  }

  /** Returns the mean of the squared differences. */
  public static Tensor mseLoss(Tensor x, Tensor target) {
    return mseLoss(x, target, LossReduction.MEAN);
  }

  /** Returns the squared differences; see {@link LossFunction#MSE_LOSS}. */
  public static Tensor mseLoss(Tensor x, Tensor target, LossReduction reduction) {
    return run(element(LossFunction.MSE_LOSS, 0, reduction), x, target, null, null);
  }

  /** Returns the mean of minus the target class' element of each line of x. */
  public static Tensor nllLoss(Tensor x, Tensor target) {
    return nllLoss(x, target, null, NO_CLASS, LossReduction.MEAN);
  }

  /**
   * Returns minus the target class' element of each line of x; see {@link NllLoss}.
   *
   * @param weight of each class, or null
   * @param ignoreIndex the target class that counts for nothing, such as {@link #NO_CLASS}
   * @throws IllegalArgumentException if a target class is out of range
   */
  public static Tensor nllLoss(
      Tensor x, Tensor target, @Nullable Tensor weight, long ignoreIndex, LossReduction reduction) {
    return run(new NllLoss(weight != null, ignoreIndex, reduction), x, target, weight, null);
  }

  /** Returns the mean of the smooth absolute differences with a beta of 1. */
  public static Tensor smoothL1Loss(Tensor x, Tensor target) {
    return smoothL1Loss(x, target, 1, LossReduction.MEAN);
  }

  /** Returns the smooth absolute differences; see {@link LossFunction#SMOOTH_L1_LOSS}. */
  public static Tensor smoothL1Loss(Tensor x, Tensor target, double beta, LossReduction reduction) {
    return run(element(LossFunction.SMOOTH_L1_LOSS, beta, reduction), x, target, null, null);
  }

  static ElementLoss element(LossFunction function, double parameter, LossReduction reduction) {
    return new ElementLoss(function, parameter, false, false, reduction);
  }

  private static Tensor run(
      Loss loss,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight) {
    Tensor[] inputs =
        Stream.of(x, target, weight, positiveWeight)
            .filter(Objects::nonNull)
            .toArray(Tensor[]::new);
    return Engine.current().run(loss, inputs);
  }
}
