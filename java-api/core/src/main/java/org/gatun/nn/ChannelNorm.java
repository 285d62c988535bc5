package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.StampedLock;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the layers that normalize by channels have in common: parameters, running statistics and the
 * mode. In evaluation safe for use by many threads; training updates the statistics one call after
 * the other.
 */
abstract sealed class ChannelNorm implements Layer permits BatchNorm, InstanceNorm, SwitchNorm {
  private final String name;
  private final ChannelStatistics tensors;
  private final @Nullable Tensor batches;
  private final NormOptions options;

  /** Taken for reading by evaluation, for writing by what changes the tensors. */
  private final StampedLock lock = new StampedLock();

  private volatile boolean training = true;

  /**
   * Makes new tensors of f32: ones and zeros.
   *
   * @param counting whether batches are counted where there are running statistics
   */
  ChannelNorm(String name, int channels, NormOptions options, boolean counting) {
    this(
        name,
        new ChannelStatistics(
            options.trackRunningStats() ? Tensor.zeros(DType.F32, positive(name, channels)) : null,
            options.trackRunningStats() ? Tensor.ones(DType.F32, channels) : null,
            options.affine() ? Tensor.ones(DType.F32, positive(name, channels)) : null,
            options.affine() ? Tensor.zeros(DType.F32, channels) : null),
        counting && options.trackRunningStats() ? Tensor.zeros(DType.I64) : null,
        options);
  }

  /** Takes tensors. */
  ChannelNorm(
      String name, ChannelStatistics tensors, @Nullable Tensor batches, NormOptions options) {
    this.name = name;
    this.tensors = tensors;
    this.batches = batches;
    this.options = Objects.requireNonNull(options, name + ": options is null");
    tensors.named().values().forEach(Scope::detach);
    if (batches != null) {
      Scope.detach(batches);
    }
  }

  private static long positive(String name, int channels) {
    return Parameters.positive(name, "channels", channels);
  }

  /** Returns the tensor normalized by a batch, or by the running statistics in evaluation. */
  Tensor batch(Tensor x) {
    if (!training) {
      return reading(() -> tensors.batch(x, !tensors.running(), 0, options.eps()));
    }
    return writing(
        () -> {
          Tensor y = tensors.batch(x, true, momentum(), options.eps());
          boolean done = false;
          try {
            if (batches != null) {
              batches.set(tracked() + 1);
            }
            done = true;
            return y;
          } finally {
            if (!done) {
              y.close(); // The layer, or its count alone, was closed meanwhile.
            }
          }
        });
  }

  /** Likewise, each member of the batch by itself. */
  Tensor instance(Tensor x) {
    if (!training) {
      return reading(() -> tensors.instance(x, !tensors.running(), 0, options.eps()));
    }
    // PyTorch's counts no batches here: without a momentum nothing of them is kept.
    double momentum = options.momentum().orElse(0);
    return writing(() -> tensors.instance(x, true, momentum, options.eps()));
  }

  /** Likewise, by a mixture of what the batch, its members and their channels have. */
  Tensor switched(Tensor x, Tensor means, Tensor variances) {
    if (!training) {
      boolean byBatch = !tensors.running();
      return reading(() -> tensors.switched(x, means, variances, byBatch, 0, options.eps()));
    }
    double momentum = options.momentum().orElse(0);
    return writing(() -> tensors.switched(x, means, variances, true, momentum, options.eps()));
  }

  private Tensor reading(Forward forward) {
    long stamp = lock.readLock();
    try {
      return forward.run();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private Tensor writing(Forward forward) {
    long stamp = lock.writeLock();
    try {
      return forward.run();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** A call, under the lock. */
  private interface Forward {
    Tensor run();
  }

  /** Without a momentum the running statistics are the mean over all batches. */
  private double momentum() {
    return options.momentum().orElseGet(() -> 1.0 / (tracked() + 1));
  }

  private double tracked() {
    return batches == null ? 0 : batches.item();
  }

  /** Returns how many batches the running statistics have seen, 0 where there are none. */
  long batchesTracked() {
    long stamp = lock.readLock();
    try {
      return (long) tracked();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Throws unless the layer takes inputs of this rank. */
  void check(Tensor x, boolean taken, String expected) {
    if (!taken) {
      throw new IllegalArgumentException(
          name + ": input has shape " + x.shape() + ", expected " + expected);
    }
  }

  /** Returns {@code weight} and {@code bias}, where the layer has such. */
  @Override
  public Map<String, Tensor> parameters() {
    return Collections.unmodifiableMap(Parameters.byName(tensors.weight(), tensors.bias()));
  }

  /**
   * Returns {@code running_mean}, {@code running_var} and {@code num_batches_tracked}, where the
   * layer keeps running statistics.
   */
  @Override
  public final Map<String, Tensor> buffers() {
    Map<String, Tensor> named = new LinkedHashMap<>();
    put(named, "running_mean", tensors.mean());
    put(named, "running_var", tensors.variance());
    put(named, "num_batches_tracked", batches);
    return Collections.unmodifiableMap(named);
  }

  private static void put(Map<String, Tensor> named, String name, @Nullable Tensor tensor) {
    if (tensor != null) {
      named.put(name, tensor);
    }
  }

  @Override
  public final void load(Map<String, Tensor> state) {
    long stamp = lock.writeLock();
    try {
      LayerState.load(this, state);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  @Override
  public final void train() {
    training = true;
  }

  @Override
  public final void eval() {
    training = false;
  }

  @Override
  public final boolean isTraining() {
    return training;
  }

  @Override
  public final void close() {
    state().values().forEach(Tensor::close);
  }
}
