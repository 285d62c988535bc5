package org.gatun.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.BatchNorm;
import org.gatun.op.Copy;
import org.gatun.op.InstanceNorm;
import org.gatun.op.Op;
import org.gatun.op.SwitchNorm;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The tensors with a number for each channel that a normalization takes beside its input.
 *
 * @param mean the running mean, or null
 * @param variance the running variance, or null; both are there or none
 */
record ChannelStatistics(
    @Nullable Tensor mean,
    @Nullable Tensor variance,
    @Nullable Tensor weight,
    @Nullable Tensor bias) {

  /**
   * Returns the normalized batch, and for training updates the running statistics in place.
   *
   * @throws IllegalArgumentException if the operator does not take the tensors
   */
  Tensor batch(Tensor x, boolean training, double momentum, double eps) {
    checkPair("batch_norm");
    return run(
        new BatchNorm(training, mean != null, weight != null, bias != null, momentum, eps), x);
  }

  /** Likewise, over the positions of each channel of each member. */
  Tensor instance(Tensor x, boolean inputStatistics, double momentum, double eps) {
    checkPair("instance_norm");
    if (!inputStatistics) {
      return batch(x, false, momentum, eps);
    }
    return run(new InstanceNorm(mean != null, weight != null, bias != null, momentum, eps), x);
  }

  /** Likewise, by a mixture, whose shares are the softmax of these numbers. */
  Tensor switched(
      Tensor x, Tensor means, Tensor variances, boolean training, double momentum, double eps) {
    checkPair("switch_norm");
    boolean batch = means.size() != 2;
    return run(
        new SwitchNorm(training, batch, mean != null, weight != null, bias != null, momentum, eps),
        x,
        means,
        variances);
  }

  /** Returns whether there are running statistics. */
  boolean running() {
    return mean != null;
  }

  /** Returns those that are there by PyTorch's names. */
  Map<String, Tensor> named() {
    Map<String, Tensor> named = Parameters.byName(weight, bias);
    if (mean != null) {
      named.put("running_mean", mean);
    }
    if (variance != null) {
      named.put("running_var", variance);
    }
    return named;
  }

  private void checkPair(String name) {
    if ((mean == null) != (variance == null)) {
      throw new IllegalArgumentException(
          name
              + ": running "
              + (mean == null ? "variance without running mean" : "mean without running variance")
              + ", expected both or none");
    }
  }

  private Tensor run(Op op, Tensor x, Tensor... more) {
    List<Tensor> inputs =
        new ArrayList<>(List.of(Objects.requireNonNull(x, op.name() + ": x is null")));
    Stream.of(mean, variance, weight, bias).filter(Objects::nonNull).forEach(inputs::add);
    inputs.addAll(Arrays.asList(more));
    Engine engine = Engine.current();
    List<Tensor> outputs = engine.runAll(op, inputs.toArray(Tensor[]::new));
    Tensor y = outputs.getFirst();
    if (outputs.size() == 1 || mean == null || variance == null) {
      return y;
    }
    boolean done = false;
    try {
      engine.run(new Copy(false), List.of(outputs.get(1)), List.of(mean));
      engine.run(new Copy(false), List.of(outputs.get(2)), List.of(variance));
      done = true;
      return y;
    } finally {
      outputs.get(1).close();
      outputs.get(2).close();
      if (!done) {
        y.close();
      }
    }
  }
}
