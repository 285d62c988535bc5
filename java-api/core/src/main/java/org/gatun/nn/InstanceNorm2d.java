package org.gatun.nn;

import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Images with each channel of each member of the batch shifted and scaled to mean 0 and variance 1
 * over its positions; see {@link org.gatun.op.InstanceNorm}. Of shape (N, C, H, W), or (C, H, W)
 * without a batch. New layers are in training.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html">PyTorch,
 * InstanceNorm2d</a>.
 */
public final class InstanceNorm2d extends InstanceNorm {
  private static final String NAME = "instance_norm2d";
  private static final int RANK = 4;
  private static final String EXPECTED = "(N, C, H, W) or (C, H, W)";

  /**
   * Makes a layer of {@code f32} with PyTorch's initial values: weight and running variance 1, bias
   * and running mean 0.
   *
   * @throws IllegalArgumentException if the channels are less than 1
   */
  public InstanceNorm2d(int channels, NormOptions options) {
    super(NAME, RANK, EXPECTED, channels, options);
  }

  /** Makes a layer with PyTorch's options where nothing is said, {@link NormOptions#INSTANCE}. */
  public InstanceNorm2d(int channels) {
    this(channels, NormOptions.INSTANCE);
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
  public InstanceNorm2d(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      NormOptions options) {
    super(NAME, RANK, EXPECTED, weight, bias, runningMean, runningVar, options);
  }
}
