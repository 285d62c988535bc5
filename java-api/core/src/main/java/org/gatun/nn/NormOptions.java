package org.gatun.nn;

import java.util.OptionalDouble;

/**
 * The arguments of layers that normalize by channels.
 *
 * @param eps what is added to variances
 * @param momentum the share of a batch in the new running statistics; none for the mean over all
 *     batches so far
 * @param affine whether the layer has a weight and a bias
 * @param trackRunningStats whether it keeps running statistics, and normalizes by them in
 *     evaluation
 */
public record NormOptions(
    double eps, OptionalDouble momentum, boolean affine, boolean trackRunningStats) {
  /** What {@link BatchNorm2d} has in PyTorch where nothing is said. */
  public static final NormOptions BATCH = new NormOptions(1e-5, OptionalDouble.of(0.1), true, true);

  /** What {@link InstanceNorm2d} has in PyTorch where nothing is said. */
  public static final NormOptions INSTANCE =
      new NormOptions(1e-5, OptionalDouble.of(0.1), false, false);

  /** Checks the numbers. */
  public NormOptions {
    finite("eps", eps);
    momentum.ifPresent(value -> finite("momentum", value));
  }

  private static void finite(String argument, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "norm options: " + argument + " " + value + ", expected a finite number");
    }
  }

  /** Returns these options with another addition to variances. */
  public NormOptions withEps(double value) {
    return new NormOptions(value, momentum, affine, trackRunningStats);
  }

  /** Returns these options with another momentum. */
  public NormOptions withMomentum(double value) {
    return new NormOptions(eps, OptionalDouble.of(value), affine, trackRunningStats);
  }

  /** Returns these options with running statistics that are the mean over all batches. */
  public NormOptions withCumulativeAverage() {
    return new NormOptions(eps, OptionalDouble.empty(), affine, trackRunningStats);
  }

  /** Returns these options with or without a weight and a bias. */
  public NormOptions withAffine(boolean value) {
    return new NormOptions(eps, momentum, value, trackRunningStats);
  }

  /** Returns these options with or without running statistics. */
  public NormOptions withRunningStats(boolean value) {
    return new NormOptions(eps, momentum, affine, value);
  }
}
