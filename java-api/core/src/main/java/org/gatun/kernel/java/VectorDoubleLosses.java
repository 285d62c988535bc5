package org.gatun.kernel.java;

import static org.gatun.kernel.java.VectorDoubleActivations.all;
import static org.gatun.kernel.java.VectorExpression.three;
import static org.gatun.kernel.java.VectorExpression.two;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The losses of many {@code double}s and their targets at a time, and their slopes in both; null
 * where they need a function that {@link LibraryFunctions} tells of.
 */
final class VectorDoubleLosses {
  private VectorDoubleLosses() {}

  static @Nullable VectorExpression<DoubleVector, ?> of(LossTerm term) {
    return switch (term.part()) {
      case LOSS ->
          switch (term.function()) {
            case HUBER_LOSS -> three((x, t, delta) -> huber(x.sub(t).abs(), delta));
            case L1_LOSS -> two((x, t) -> x.sub(t).abs());
            case MSE_LOSS -> two((x, t) -> square(x.sub(t)));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smooth(x.sub(t).abs(), beta));
            default -> null;
          };
      case SLOPE ->
          switch (term.function()) {
            case HUBER_LOSS -> three((x, t, delta) -> clamp(x.sub(t), delta));
            case L1_LOSS -> two((x, t) -> VectorDoubleMath.sign(x.sub(t)));
            case MSE_LOSS -> two((x, t) -> x.sub(t).mul(2));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(x.sub(t), beta));
            default -> null;
          };
      case TARGET_SLOPE ->
          switch (term.function()) {
            case HUBER_LOSS -> three((x, t, delta) -> clamp(t.sub(x), delta));
            case L1_LOSS -> two((x, t) -> VectorDoubleMath.sign(t.sub(x)));
            case MSE_LOSS -> two((x, t) -> t.sub(x).mul(2));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(t.sub(x), beta));
            default -> null;
          };
    };
  }

  private static DoubleVector square(DoubleVector d) {
    return d.mul(d);
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
