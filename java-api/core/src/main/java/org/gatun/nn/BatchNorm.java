package org.gatun.nn;

import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** Batch normalization of any rank; the layers say of which. */
abstract sealed class BatchNorm extends ChannelNorm permits BatchNorm1d, BatchNorm2d, BatchNorm3d {

  BatchNorm(String name, int channels, NormOptions options) {
    super(name, channels, options);
  }

  BatchNorm(
      String name,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      NormOptions options) {
    super(name, weight, bias, runningMean, runningVar, options);
  }

  /** Returns how many batches the running statistics have seen. */
  public final long numBatchesTracked() {
    return batchesTracked();
  }
}
