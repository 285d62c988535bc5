package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Images or volumes normalized by a learned mixture of the statistics of the instance, the layer
 * and the batch; see {@link org.gatun.op.SwitchNorm}. New layers are in training.
 *
 * <p>Source: <a href="https://arxiv.org/abs/1806.10779">Luo et al., Differentiable Learning-to-
 * Normalize via Switchable Normalization</a>. The parameters have the names of its authors' code;
 * the momentum is one less theirs, as PyTorch has it.
 */
public final class SwitchNorm extends ChannelNorm {
  private static final String NAME = "switch_norm";

  private final Mixture mixture;

  /**
   * The numbers whose softmax mixes the statistics: three, or two without those of the batch.
   *
   * @param means of shape (3) or (2)
   * @param variances likewise
   */
  public record Mixture(Tensor means, Tensor variances) {
    /** Checks that nothing is null. */
    public Mixture {
      Objects.requireNonNull(means, "switch_norm mixture: means is null");
      Objects.requireNonNull(variances, "switch_norm mixture: variances is null");
    }

    /** Returns equal shares of {@code f32}. */
    static Mixture even(boolean batch) {
      int mixed = batch ? 3 : 2;
      return new Mixture(Tensor.ones(DType.F32, mixed), Tensor.ones(DType.F32, mixed));
    }
  }

  /**
   * Makes a layer of {@code f32} that mixes all three with equal shares, weight and running
   * variance 1, bias and running mean 0.
   *
   * @throws IllegalArgumentException if the channels are less than 1, or there are running
   *     statistics without a momentum
   */
  public SwitchNorm(int channels, NormOptions options) {
    super(NAME, channels, checked(options), false);
    this.mixture = detached(Mixture.even(true));
  }

  /** Makes a layer with the options of {@link NormOptions#BATCH}. */
  public SwitchNorm(int channels) {
    this(channels, NormOptions.BATCH);
  }

  /**
   * Makes a layer of given tensors, each of shape (channels), which it owns from now on.
   *
   * @param weight null for none
   * @param bias null for none
   * @param runningMean null for none; updated in training
   * @param runningVar null for none; updated in training
   * @param mixture also tells whether the statistics of the batch are among those that are mixed
   * @param options eps and momentum; what the layer has is told by the tensors
   */
  public SwitchNorm(
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      Mixture mixture,
      NormOptions options) {
    super(NAME, new ChannelStatistics(runningMean, runningVar, weight, bias), null, options);
    this.mixture = detached(mixture);
  }

  /** Returns a layer of {@code f32} that mixes the statistics of the instance and the layer. */
  public static SwitchNorm withoutBatch(int channels) {
    Tensor weight = Tensor.ones(DType.F32, Parameters.positive(NAME, "channels", channels));
    Tensor bias = Tensor.zeros(DType.F32, channels);
    return new SwitchNorm(weight, bias, null, null, Mixture.even(false), NormOptions.BATCH);
  }

  private static NormOptions checked(NormOptions options) {
    if (options.trackRunningStats() && options.momentum().isEmpty()) {
      throw new IllegalArgumentException(
          NAME + ": running statistics without a momentum, expected one");
    }
    return options;
  }

  private static Mixture detached(Mixture mixture) {
    Scope.detach(mixture.means);
    Scope.detach(mixture.variances);
    return mixture;
  }

  /** Returns the images normalized; of shape (N, C, spatial...). */
  @Override
  public Tensor forward(Tensor x) {
    return switched(x, mixture.means, mixture.variances);
  }

  /**
   * Returns {@code weight} and {@code bias}, where the layer has such, {@code mean_weight} and
   * {@code var_weight}.
   */
  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>(super.parameters());
    named.put("mean_weight", mixture.means);
    named.put("var_weight", mixture.variances);
    return Collections.unmodifiableMap(named);
  }
}
