package org.gatun.nn;

import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Images with each channel shifted and scaled to mean 0 and variance 1 over all members of the
 * batch and all positions; see {@link org.gatun.op.BatchNorm}. New layers are in training.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html">PyTorch,
 * BatchNorm2d</a>.
 */
public final class BatchNorm2d extends BatchNorm {
  private static final String NAME = "batch_norm2d";

  /**
   * Makes a layer of {@code f32} with PyTorch's initial values: weight and running variance 1, bias
   * and running mean 0.
   *
   * @throws IllegalArgumentException if the channels are less than 1
   */
  public BatchNorm2d(int channels, NormOptions options) {
    super(NAME, channels, options);
  }

  /** Makes a layer with PyTorch's options where nothing is said, {@link NormOptions#BATCH}. */
  public BatchNorm2d(int channels) {
    this(channels, NormOptions.BATCH);
  }

  /**
   * Makes a layer of given tensors, each of shape (channels), which it owns from now on.
   *
   * @param weight null for none
   * @param bias null for none
   * @param runningMean null for none; updated in training
   * @param runningVar null for none; updated in training
   * @param options eps and momentum; what the layer has is told by the tensors
   */
  public BatchNorm2d(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      NormOptions options) {
    super(NAME, weight, bias, runningMean, runningVar, options);
  }

  /** Returns the images normalized; of shape (N, C, H, W). */
  @Override
  public Tensor forward(Tensor x) {
    check(x, x.rank() == 4, "(N, C, H, W)");
    return batch(x);
  }
}
