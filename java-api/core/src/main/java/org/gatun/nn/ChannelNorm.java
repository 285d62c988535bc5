package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What {@link BatchNorm2d} and {@link InstanceNorm2d} have in common: parameters, running
 * statistics and the mode. In evaluation safe for use by many threads; in training one call at a
 * time counts.
 */
final class ChannelNorm implements AutoCloseable {
  private final ChannelStatistics tensors;
  private final NormOptions options;
  private volatile boolean training = true;
  private long batches;

  /** Makes new tensors of f32: ones and zeros. */
  ChannelNorm(String name, int channels, NormOptions options) {
    this(
        options.trackRunningStats() ? Tensor.zeros(DType.F32, positive(name, channels)) : null,
        options.trackRunningStats() ? Tensor.ones(DType.F32, channels) : null,
        options.affine() ? Tensor.ones(DType.F32, positive(name, channels)) : null,
        options.affine() ? Tensor.zeros(DType.F32, channels) : null,
        options);
  }

  ChannelNorm(
      @Nullable Tensor mean,
      @Nullable Tensor variance,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      NormOptions options) {
    this.tensors = new ChannelStatistics(mean, variance, weight, bias);
    this.options = options;
    parameters().values().forEach(Scope::detach);
    buffers().values().forEach(Scope::detach);
  }

  private static long positive(String name, int channels) {
    return Parameters.positive(name, "channels", channels);
  }

  Tensor batch(Tensor x) {
    boolean tracking = tensors.mean() != null;
    if (!training) {
      return tensors.batch(x, !tracking, 0, options.eps());
    }
    synchronized (this) {
      Tensor y = tensors.batch(x, true, momentum(), options.eps());
      batches += tracking ? 1 : 0;
      return y;
    }
  }

  Tensor instance(Tensor x) {
    boolean tracking = tensors.mean() != null;
    if (!training) {
      return tracking
          ? tensors.instance(x, false, 0, options.eps())
          : tensors.instance(x, true, 0, options.eps());
    }
    synchronized (this) {
      // PyTorch's counts no batches here: without a momentum nothing of them is kept.
      return tensors.instance(x, true, options.momentum().orElse(0), options.eps());
    }
  }

  /** Without a momentum the running statistics are the mean over all batches. */
  private double momentum() {
    return options.momentum().orElse(1.0 / (batches + 1));
  }

  synchronized long batchesTracked() {
    return batches;
  }

  void train(boolean on) {
    training = on;
  }

  Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    put(named, "weight", tensors.weight());
    put(named, "bias", tensors.bias());
    return Collections.unmodifiableMap(named);
  }

  Map<String, Tensor> buffers() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    put(named, "running_mean", tensors.mean());
    put(named, "running_var", tensors.variance());
    return Collections.unmodifiableMap(named);
  }

  private static void put(Map<String, Tensor> named, String name, @Nullable Tensor tensor) {
    if (tensor != null) {
      named.put(name, tensor);
    }
  }

  @Override
  public void close() {
    parameters().values().forEach(Tensor::close);
    buffers().values().forEach(Tensor::close);
  }
}
