package org.gatun.kernel.java;

import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;
import static org.gatun.kernel.java.VectorFloatActivations.all;
import static org.gatun.kernel.java.VectorFloatActivations.softplus;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** The losses of many {@code float}s and their targets at a time, and their slopes in both. */
final class VectorFloatLosses {
  private VectorFloatLosses() {}

  static VectorExpression<FloatVector, ?> of(LossTerm term) {
    return switch (term.part()) {
      case LOSS ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two(VectorFloatLosses::binaryCrossEntropy);
            case BINARY_CROSS_ENTROPY_WITH_LOGITS -> three(VectorFloatLosses::withLogits);
            case HUBER_LOSS -> three((x, t, delta) -> huber(x.sub(t).abs(), delta));
            case KL_DIV -> two(VectorFloatLosses::divergence);
            case KL_DIV_LOG_TARGET -> two((x, t) -> VectorFloatMath.exp(t).mul(t.sub(x)));
            case L1_LOSS -> two((x, t) -> x.sub(t).abs());
            case MSE_LOSS -> two((x, t) -> square(x.sub(t)));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smooth(x.sub(t).abs(), beta));
          };
      case SLOPE ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two(VectorFloatLosses::binaryCrossEntropySlope);
            case BINARY_CROSS_ENTROPY_WITH_LOGITS -> three(VectorFloatLosses::withLogitsSlope);
            case HUBER_LOSS -> three((x, t, delta) -> clamp(x.sub(t), delta));
            case KL_DIV -> two((_, t) -> t.neg());
            case KL_DIV_LOG_TARGET -> two((_, t) -> VectorFloatMath.exp(t).neg());
            case L1_LOSS -> two((x, t) -> VectorFloatMath.sign(x.sub(t)));
            case MSE_LOSS -> two((x, t) -> x.sub(t).mul(2));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(x.sub(t), beta));
          };
      case TARGET_SLOPE ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY ->
                two((x, _) -> VectorFloatMath.log1p(x.neg()).sub(VectorFloatMath.log(x)));
            case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
                three((x, _, p) -> p.sub(1).mul(softplus(x.neg())).sub(x));
            case HUBER_LOSS -> three((x, t, delta) -> clamp(t.sub(x), delta));
            case KL_DIV -> two((x, t) -> VectorFloatMath.log(t).add(1).sub(x));
            case KL_DIV_LOG_TARGET -> two((x, t) -> VectorFloatMath.exp(t).mul(t.sub(x).add(1)));
            case L1_LOSS -> two((x, t) -> VectorFloatMath.sign(t.sub(x)));
            case MSE_LOSS -> two((x, t) -> t.sub(x).mul(2));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(t.sub(x), beta));
          };
    };
  }

  private static FloatVector square(FloatVector d) {
    return d.mul(d);
  }

  private static FloatVector binaryCrossEntropy(FloatVector x, FloatVector t) {
    FloatVector least = all(DoubleLosses.LEAST_LOG);
    FloatVector ofZero = VectorFloatMath.max(VectorFloatMath.log1p(x.neg()), least);
    FloatVector ofOne = VectorFloatMath.max(VectorFloatMath.log(x), least);
    return t.sub(1).mul(ofZero).sub(t.mul(ofOne));
  }

  private static FloatVector binaryCrossEntropySlope(FloatVector x, FloatVector t) {
    FloatVector variance = all(1).sub(x).mul(x);
    return x.sub(t).div(VectorFloatMath.max(variance, all(DoubleLosses.LEAST_VARIANCE)));
  }

  /** Returns {@code 1 + (p - 1) t}. */
  private static FloatVector positive(FloatVector t, FloatVector p) {
    return p.sub(1).fma(t, all(1));
  }

  private static FloatVector withLogits(FloatVector x, FloatVector t, FloatVector p) {
    return positive(t, p).fma(softplus(x.neg()), all(1).sub(t).mul(x));
  }

  private static FloatVector withLogitsSlope(FloatVector x, FloatVector t, FloatVector p) {
    return all(1).sub(t).sub(positive(t, p).mul(VectorFloatMath.sigmoid(x.neg())));
  }

  private static FloatVector divergence(FloatVector x, FloatVector t) {
    FloatVector entropy = t.mul(VectorFloatMath.log(t));
    return entropy.blend(0, t.compare(VectorOperators.EQ, 0)).sub(t.mul(x));
  }

  private static FloatVector huber(FloatVector d, FloatVector delta) {
    FloatVector far = delta.mul(d.sub(delta.mul(all(0.5))));
    return far.blend(square(d).mul(all(0.5)), d.compare(VectorOperators.LT, delta));
  }

  private static FloatVector smooth(FloatVector d, FloatVector beta) {
    FloatVector far = d.sub(beta.mul(all(0.5)));
    return far.blend(square(d).div(beta.mul(2)), d.compare(VectorOperators.LT, beta));
  }

  private static FloatVector smoothSlope(FloatVector d, FloatVector beta) {
    FloatVector near = d.div(beta);
    return near.blend(VectorFloatMath.sign(d), d.abs().compare(VectorOperators.GE, beta));
  }

  private static FloatVector clamp(FloatVector d, FloatVector bound) {
    FloatVector low = bound.neg();
    FloatVector below = d.blend(bound, d.compare(VectorOperators.GT, bound));
    return below.blend(low, d.compare(VectorOperators.LT, low));
  }
}
