package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.ElementLoss;
import org.gatun.op.LossReduction;

/** The losses of single elements. */
final class ElementLossReference {
  /** The smallest logarithm in a binary cross entropy. */
  private static final double LEAST_LOG = -100;

  private ElementLossReference() {}

  static LossReference.Losses losses(ElementLoss op, List<NdArray> inputs) {
    Shape shape = op.losses(inputs.stream().map(x -> Layout.of(x.dtype(), x.shape())).toList());
    NdArray grid = NdArray.zeros(inputs.getFirst().dtype(), shape);
    double[] absolute = new double[grid.size()];
    for (int i = 0; i < grid.size(); i++) {
      int[] index = grid.index(i);
      double x = Broadcast.get(inputs.get(0), index);
      double t = Broadcast.get(inputs.get(1), index);
      double w = op.weighted() ? Broadcast.get(inputs.get(2), index) : 1;
      double p = op.positiveWeighted() ? Broadcast.get(inputs.getLast(), index) : 1;
      grid.values()[i] = w * loss(op, x, t, p);
      absolute[i] = Math.abs(w) * size(op, x, t, p);
    }
    int batch = shape.rank() == 0 ? 1 : grid.dim(0);
    int terms = op.reduction() == LossReduction.NONE ? 1 : grid.size();
    return new LossReference.Losses(grid.values(), absolute, terms, grid.size(), batch);
  }

  static void gradient(
      ElementLoss op, boolean ofTarget, NdArray cotangent, List<NdArray> inputs, NdArray result) {
    int batch = result.rank() == 0 ? 1 : result.dim(0);
    double divisor = LossReference.divisor(op.reduction(), result.size(), batch);
    for (int i = 0; i < result.size(); i++) {
      int[] index = result.index(i);
      double g = cotangent.values()[cotangent.rank() == 0 ? 0 : i] / divisor;
      double x = Broadcast.get(inputs.get(0), index);
      double t = Broadcast.get(inputs.get(1), index);
      double w = op.weighted() ? Broadcast.get(inputs.get(2), index) : 1;
      double p = op.positiveWeighted() ? Broadcast.get(inputs.getLast(), index) : 1;
      double slope = ofTarget ? targetSlope(op, x, t, p) : slope(op, x, t, p);
      double size = Math.abs(g * w) * slopeSize(op, ofTarget, x, t, p, slope);
      result.store(i, g * w * slope, 1, size);
    }
  }

  private static double loss(ElementLoss op, double x, double t, double p) {
    double d = Math.abs(x - t);
    double parameter = op.parameter();
    return switch (op.function()) {
      case BINARY_CROSS_ENTROPY -> {
        checkProbability(op, x);
        yield -(t * Math.max(Math.log(x), LEAST_LOG)
            + (1 - t) * Math.max(Math.log1p(-x), LEAST_LOG));
      }
      case BINARY_CROSS_ENTROPY_WITH_LOGITS -> (1 - t) * x + (1 + (p - 1) * t) * softplus(-x);
      case HUBER_LOSS -> d < parameter ? d * d / 2 : parameter * (d - parameter / 2);
      case KL_DIV -> (t == 0 ? 0 : t * Math.log(t)) - t * x;
      case KL_DIV_LOG_TARGET -> Math.exp(t) * (t - x);
      case L1_LOSS -> d;
      case MSE_LOSS -> d * d;
      case SMOOTH_L1_LOSS -> d < parameter ? d * d / (2 * parameter) : d - parameter / 2;
    };
  }

  /** What the rounding error of a loss is relative to. */
  private static double size(ElementLoss op, double x, double t, double p) {
    return switch (op.function()) {
      case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
          Math.abs((1 - t) * x) + Math.abs(1 + (p - 1) * t) * softplus(-x);
      case KL_DIV -> (t == 0 ? 0 : Math.abs(t * Math.log(t))) + Math.abs(t * x);
      case BINARY_CROSS_ENTROPY, HUBER_LOSS, KL_DIV_LOG_TARGET, L1_LOSS, MSE_LOSS, SMOOTH_L1_LOSS ->
          Math.abs(loss(op, x, t, p));
    };
  }

  private static double slope(ElementLoss op, double x, double t, double p) {
    double d = x - t;
    double parameter = op.parameter();
    return switch (op.function()) {
      case BINARY_CROSS_ENTROPY -> {
        checkProbability(op, x);
        yield d / Math.max((1 - x) * x, 1e-12);
      }
      case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
          (1 - t) - (1 + (p - 1) * t) * (1 / (1 + Math.exp(x)));
      case HUBER_LOSS -> Math.abs(d) < parameter ? d : parameter * Math.signum(d);
      case KL_DIV -> -t;
      case KL_DIV_LOG_TARGET -> -Math.exp(t);
      case L1_LOSS -> d > 0 ? 1 : d < 0 ? -1 : 0; // Of NaN, as PyTorch has it.
      case MSE_LOSS -> 2 * d;
      case SMOOTH_L1_LOSS -> Math.abs(d) >= parameter ? Math.signum(d) : d / parameter;
    };
  }

  private static double targetSlope(ElementLoss op, double x, double t, double p) {
    return switch (op.function()) {
      case BINARY_CROSS_ENTROPY -> {
        checkProbability(op, x);
        yield Math.log1p(-x) - Math.log(x);
      }
      case BINARY_CROSS_ENTROPY_WITH_LOGITS -> (p - 1) * softplus(-x) - x;
      case KL_DIV -> Math.log(t) + 1 - x;
      case KL_DIV_LOG_TARGET -> Math.exp(t) * (t - x + 1);
      case HUBER_LOSS, L1_LOSS, MSE_LOSS, SMOOTH_L1_LOSS -> -slope(op, x, t, p);
    };
  }

  /** What the rounding error of a slope is relative to. */
  private static double slopeSize(
      ElementLoss op, boolean ofTarget, double x, double t, double p, double slope) {
    double terms =
        switch (op.function()) {
          case BINARY_CROSS_ENTROPY -> Math.abs(Math.log1p(-x)) + Math.abs(Math.log(x));
          case BINARY_CROSS_ENTROPY_WITH_LOGITS ->
              // The other slope is bounded however large x is.
              Math.abs(1 - t)
                  + Math.abs(1 + (p - 1) * t)
                  + (ofTarget ? Math.abs(x) + Math.abs(p - 1) : 0);
          case KL_DIV -> Math.abs(Math.log(t)) + 1 + Math.abs(x);
          case KL_DIV_LOG_TARGET -> Math.exp(t) * (Math.abs(t - x) + 1);
          case HUBER_LOSS, L1_LOSS, MSE_LOSS, SMOOTH_L1_LOSS -> 0;
        };
    return Math.abs(slope) + terms;
  }

  /** {@code log(1 + exp(x))}. */
  private static double softplus(double x) {
    return Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
  }

  private static void checkProbability(ElementLoss op, double x) {
    if (!(x >= 0 && x <= 1)) {
      throw new IllegalArgumentException(
          op.name() + ": input " + x + ", expected probabilities from 0 to 1");
    }
  }
}
