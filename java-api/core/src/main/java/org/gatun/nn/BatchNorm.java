package org.gatun.nn;

import org.gatun.DType;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** Batch normalization of any rank; the layers say of which. */
abstract sealed class BatchNorm extends ChannelNorm permits BatchNorm1d, BatchNorm2d, BatchNorm3d {

  BatchNorm(String name, int channels, NormOptions options) {
    super(name, channels, options, true);
  }

  BatchNorm(
      String name,
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
  }

  /** Returns how many batches the running statistics have seen. */
  public final long numBatchesTracked() {
    return batchesTracked();
  }
}
