package org.gatun.kernel.java;

import static org.gatun.kernel.java.DoubleExpression.three;
import static org.gatun.kernel.java.DoubleExpression.two;

/** The losses of one {@code double} x and its target t, and their slopes in both. */
final class DoubleLosses {
  /** The smallest logarithm in a binary cross entropy, and the smallest divisor in its slope. */
  static final double LEAST_LOG = -100;

  static final double LEAST_VARIANCE = 1e-12;

  private DoubleLosses() {}

  static DoubleExpression of(LossTerm term) {
    return switch (term.part()) {
      case LOSS ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two(DoubleLosses::binaryCrossEntropy);
            case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
                three((x, t, p) -> (1 - t) * x + (1 + (p - 1) * t) * softplus(-x));
            case HUBER_LOSS -> three((x, t, delta) -> huber(Math.abs(x - t), delta));
            case KL_DIV -> two((x, t) -> (t == 0 ? 0 : t * Math.log(t)) - t * x);
            case KL_DIV_LOG_TARGET -> two((x, t) -> Math.exp(t) * (t - x));
            case L1_LOSS -> two((x, t) -> Math.abs(x - t));
            case MSE_LOSS -> two((x, t) -> (x - t) * (x - t));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smooth(Math.abs(x - t), beta));
          };
      case SLOPE ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY ->
                two((x, t) -> (x - t) / Math.max((1 - x) * x, LEAST_VARIANCE));
            case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
                three((x, t, p) -> 1 - t - (1 + (p - 1) * t) * DoubleMath.sigmoid(-x));
            case HUBER_LOSS -> three((x, t, delta) -> clamp(x - t, delta));
            case KL_DIV -> two((_, t) -> -t);
            case KL_DIV_LOG_TARGET -> two((_, t) -> -Math.exp(t));
            case L1_LOSS -> two((x, t) -> sign(x - t));
            case MSE_LOSS -> two((x, t) -> 2 * (x - t));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(x - t, beta));
          };
      case TARGET_SLOPE ->
          switch (term.function()) {
            case BINARY_CROSS_ENTROPY -> two((x, _) -> Math.log1p(-x) - Math.log(x));
            case BINARY_CROSS_ENTROPY_WITH_LOGITS -> three((x, _, p) -> (p - 1) * softplus(-x) - x);
            case HUBER_LOSS -> three((x, t, delta) -> clamp(t - x, delta));
            case KL_DIV -> two((x, t) -> Math.log(t) + 1 - x);
            case KL_DIV_LOG_TARGET -> two((x, t) -> Math.exp(t) * (t - x + 1));
            case L1_LOSS -> two((x, t) -> sign(t - x));
            case MSE_LOSS -> two((x, t) -> 2 * (t - x));
            case SMOOTH_L1_LOSS -> three((x, t, beta) -> smoothSlope(t - x, beta));
          };
    };
  }

  private static double binaryCrossEntropy(double x, double t) {
    return (t - 1) * Math.max(Math.log1p(-x), LEAST_LOG) - t * Math.max(Math.log(x), LEAST_LOG);
  }

  /** Returns {@code log(1 + exp(x))}. */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double huber(double d, double delta) {
    return d < delta ? d * d / 2 : delta * (d - delta / 2);
  }

  private static double smooth(double d, double beta) {
    return d < beta ? d * d / (2 * beta) : d - beta / 2;
  }

  private static double smoothSlope(double d, double beta) {
    return Math.abs(d) >= beta ? sign(d) : d / beta;
  }

  private static double clamp(double d, double bound) {
    return d > bound ? bound : d < -bound ? -bound : d;
  }

  private static double sign(double d) {
    return d > 0 ? 1 : d < 0 ? -1 : 0;
  }
}
