package org.gatun.nn;

import java.util.Map;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Images with each channel shifted and scaled to mean 0 and variance 1 over the positions of each
 * member of the batch; see {@link org.gatun.op.InstanceNorm}. New layers are in training.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html">PyTorch,
 * InstanceNorm2d</a>.
 */
public final class InstanceNorm2d implements Layer {
  private static final String NAME = "instance_norm2d";

  private final ChannelNorm norm;

  /**
   * Makes a layer of {@code f32} with PyTorch's initial values: weight and running variance 1, bias
   * and running mean 0.
   *
   * @throws IllegalArgumentException if the channels are less than 1
   */
  public InstanceNorm2d(int channels, NormOptions options) {
    this.norm = new ChannelNorm(NAME, channels, options);
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
    this.norm = new ChannelNorm(runningMean, runningVar, weight, bias, options);
  }

  /** Returns the images normalized; of shape (N, C, H, W), or (C, H, W) without a batch. */
  @Override
  public Tensor forward(Tensor x) {
    return switch (x.rank()) {
      case 4 -> norm.instance(x);
      case 3 -> {
        try (Tensor batch = x.unsqueeze(0);
            Tensor y = norm.instance(batch)) {
          yield y.squeeze(0);
        }
      }
      default ->
          throw new IllegalArgumentException(
              NAME + ": input has shape " + x.shape() + ", expected (N, C, H, W) or (C, H, W)");
    };
  }

  @Override
  public Map<String, Tensor> parameters() {
    return norm.parameters();
  }

  /**
   * Returns the running statistics, {@code running_mean} and {@code running_var}, where the layer
   * keeps such.
   */
  public Map<String, Tensor> buffers() {
    return norm.buffers();
  }

  @Override
  public void train() {
    norm.train(true);
  }

  @Override
  public void eval() {
    norm.train(false);
  }

  @Override
  public void close() {
    norm.close();
  }
}
