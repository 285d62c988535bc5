package org.gatun.nn;

import org.gatun.DType;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** Instance normalization of any rank; the layers say of which. */
abstract sealed class InstanceNorm extends ChannelNorm
    permits InstanceNorm1d, InstanceNorm2d, InstanceNorm3d {
  private final int rank;
  private final String expected;

  /**
   * Makes it.
   *
   * @param rank of the batches, those without a batch having one less
   * @param expected the shapes that the layer takes, for messages
   */
  InstanceNorm(String name, int rank, String expected, int channels, NormOptions options) {
    super(name, channels, options, true);
    this.rank = rank;
    this.expected = expected;
  }

  InstanceNorm(
      String name,
      int rank,
      String expected,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      NormOptions options) {
    super(
        name,
        new ChannelStatistics(runningMean, runningVar, weight, bias),
        runningMean == null ? null : Tensor.zeros(DType.I64),
        options);
    this.rank = rank;
    this.expected = expected;
  }

  @Override
  public final Tensor forward(Tensor x) {
    check(x, x.rank() == rank || x.rank() == rank - 1, expected);
    if (x.rank() == rank) {
      return instance(x);
    }
    try (Tensor batch = x.unsqueeze(0);
        Tensor y = instance(batch)) {
      return y.squeeze(0);
    }
  }
}
