package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Bernoulli;
import org.gatun.op.Exponential;
import org.gatun.op.Normal;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Uniform;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a distribution, of any dtype that it has, in row-major order. What is computed is made
 * of operations that are exact to the last digit on every platform.
 */
public final class DrawKernel implements Kernel {
  /** Makes the kernel. */
  public DrawKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!request.isContiguous()) {
      return null;
    }
    DType dtype = request.output(0).dtype();
    return switch (request.op()) {
      case Bernoulli _ ->
          dtype == DType.F32 || dtype == DType.F64 ? new BernoulliPlan(request) : null;
      case Exponential op -> new DrawPlan(request, dtype == DType.F64, exponential(op));
      case Normal op -> new DrawPlan(request, dtype == DType.F64, normal(op));
      case RandomIntegers op -> new DrawPlan(request, true, integers(op));
      case Uniform op -> new DrawPlan(request, dtype == DType.F64, uniform(op));
      default -> null;
    };
  }

  private static DrawPlan.Numbers uniform(Uniform op) {
    double low = op.low();
    double range = op.high() - low;
    return op.dtype() == DType.F64
        ? bits -> low + range * ((bits >>> 11) * 0x1p-53)
        : bits -> low + range * ((bits >>> 8) * 0x1p-24);
  }

  /** Returns a probability that is neither 0 nor 1. */
  private static double between(DType dtype, long bits) {
    return dtype == DType.F64 ? ((bits >>> 12) + 0.5) * 0x1p-52 : (bits + 0.5) * 0x1p-32;
  }

  private static DrawPlan.Numbers exponential(Exponential op) {
    return bits -> -StrictMath.log(between(op.dtype(), bits)) / op.rate();
  }

  private static DrawPlan.Numbers normal(Normal op) {
    double mean = op.mean();
    double std = op.std();
    if (!op.isTruncated()) {
      return bits -> mean + std * Quantile.normal(between(op.dtype(), bits));
    }
    if (std == 0) {
      return _ -> Math.clamp(mean, op.low(), op.high());
    }
    // Probabilities near 1 have fewer digits than those near 0.
    double sign = op.low() > mean ? -1 : 1;
    double from = probability((sign > 0 ? op.low() - mean : mean - op.high()) / std);
    double to = probability((sign > 0 ? op.high() - mean : mean - op.low()) / std);
    return bits -> {
      double p = from + (to - from) * between(op.dtype(), bits);
      double z = Quantile.normal(Math.clamp(p, Double.MIN_NORMAL, 1 - 0x1p-53));
      return Math.clamp(mean + std * (sign * z), op.low(), op.high());
    };
  }

  private static double probability(double z) {
    return z <= 0 ? Quantile.probability(z) : 1 - Quantile.probability(-z);
  }

  private static DrawPlan.Integers integers(RandomIntegers op) {
    return new DrawPlan.Integers(op.low(), op.high() - op.low());
  }
}
