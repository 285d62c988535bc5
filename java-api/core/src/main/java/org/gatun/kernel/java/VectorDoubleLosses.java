package org.gatun.kernel.java;

import static org.gatun.kernel.java.VectorDoubleActivations.all;
import static org.gatun.kernel.java.VectorDoubleActivations.softplus;
import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** The losses of many {@code double}s and their targets at a time, and their slopes in both. */
final class VectorDoubleLosses {
  private VectorDoubleLosses() {}

  static VectorExpression<DoubleVector, ?> of(LossTerm term) {
    return switch (term.part()) {
      case LOSS ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two(VectorDoubleLosses::binaryCrossEntropy);
            case BINARY_CROSS_ENTROPY_WITH_LOGITS -> three(VectorDoubleLosses::withLogits);
            case HUBER_LOSS -> three((x, t, delta) -> huber(x.sub(t).abs(), delta));
            case KL_DIV -> two(VectorDoubleLosses::divergence);
            case KL_DIV_LOG_TARGET -> two((x, t) -> VectorDoubleMath.exp(t).mul(t.sub(x)));
            case L1_LOSS -> two((x, t) -> x.sub(t).abs());
            case MSE_LOSS -> two((x, t) -> square(x.sub(t)));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smooth(x.sub(t).abs(), beta));
          };
      case SLOPE ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two(VectorDoubleLosses::binaryCrossEntropySlope);
            case BINARY_CROSS_ENTROPY_WITH_LOGITS -> three(VectorDoubleLosses::withLogitsSlope);
            case HUBER_LOSS -> three((x, t, delta) -> clamp(x.sub(t), delta));
            case KL_DIV -> two((_, t) -> t.neg());
            case KL_DIV_LOG_TARGET -> two((_, t) -> VectorDoubleMath.exp(t).neg());
            case L1_LOSS -> two((x, t) -> VectorDoubleMath.sign(x.sub(t)));
            case MSE_LOSS -> two((x, t) -> x.sub(t).mul(2));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(x.sub(t), beta));
          };
      case TARGET_SLOPE ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two((x, _) -> log1p(x.neg()).sub(log(x)));
            case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
                three((x, _, p) -> p.sub(1).mul(softplus(x.neg())).sub(x));
            case HUBER_LOSS -> three((x, t, delta) -> clamp(t.sub(x), delta));
            case KL_DIV -> two((x, t) -> log(t).add(1).sub(x));
            case KL_DIV_LOG_TARGET -> two((x, t) -> VectorDoubleMath.exp(t).mul(t.sub(x).add(1)));
            case L1_LOSS -> two((x, t) -> VectorDoubleMath.sign(t.sub(x)));
            case MSE_LOSS -> two((x, t) -> t.sub(x).mul(2));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(t.sub(x), beta));
          };
    };
  }

  private static DoubleVector log(DoubleVector x) {
    return x.lanewise(VectorOperators.LOG);
  }

  private static DoubleVector log1p(DoubleVector x) {
    return x.lanewise(VectorOperators.LOG1P);
  }

  private static DoubleVector square(DoubleVector d) {
    return d.mul(d);
  }

  private static DoubleVector binaryCrossEntropy(DoubleVector x, DoubleVector t) {
    DoubleVector least = all(DoubleLosses.LEAST_LOG);
    DoubleVector ofZero = VectorDoubleMath.max(log1p(x.neg()), least);
    DoubleVector ofOne = VectorDoubleMath.max(log(x), least);
    return t.sub(1).mul(ofZero).sub(t.mul(ofOne));
  }

  private static DoubleVector binaryCrossEntropySlope(DoubleVector x, DoubleVector t) {
    DoubleVector variance = all(1).sub(x).mul(x);
    return x.sub(t).div(VectorDoubleMath.max(variance, all(DoubleLosses.LEAST_VARIANCE)));
  }

  /** Returns {@code 1 + (p - 1) t}. */
  private static DoubleVector positive(DoubleVector t, DoubleVector p) {
    return p.sub(1).fma(t, all(1));
  }

  private static DoubleVector withLogits(DoubleVector x, DoubleVector t, DoubleVector p) {
    return positive(t, p).fma(softplus(x.neg()), all(1).sub(t).mul(x));
  }

  private static DoubleVector withLogitsSlope(DoubleVector x, DoubleVector t, DoubleVector p) {
    return all(1).sub(t).sub(positive(t, p).mul(VectorDoubleMath.sigmoid(x.neg())));
  }

  private static DoubleVector divergence(DoubleVector x, DoubleVector t) {
    DoubleVector entropy = t.mul(log(t));
    return entropy.blend(0, t.compare(VectorOperators.EQ, 0)).sub(t.mul(x));
  }

  private static DoubleVector huber(DoubleVector d, DoubleVector delta) {
    DoubleVector far = delta.mul(d.sub(delta.mul(all(0.5))));
    return far.blend(square(d).mul(all(0.5)), d.compare(VectorOperators.LT, delta));
  }

  private static DoubleVector smooth(DoubleVector d, DoubleVector beta) {
    DoubleVector far = d.sub(beta.mul(all(0.5)));
    return far.blend(square(d).div(beta.mul(2)), d.compare(VectorOperators.LT, beta));
  }

  private static DoubleVector smoothSlope(DoubleVector d, DoubleVector beta) {
    DoubleVector near = d.div(beta);
    return near.blend(VectorDoubleMath.sign(d), d.abs().compare(VectorOperators.GE, beta));
  }

  private static DoubleVector clamp(DoubleVector d, DoubleVector bound) {
    DoubleVector low = bound.neg();
    DoubleVector below = d.blend(bound, d.compare(VectorOperators.GT, bound));
    return below.blend(low, d.compare(VectorOperators.LT, low));
  }
}
