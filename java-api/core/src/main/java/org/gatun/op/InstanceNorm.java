package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Each channel of each member of the batch shifted and scaled to mean 0 and variance 1 over its
 * positions: {@code (x - mean) / sqrt(variance + eps) * weight + bias}.
 *
 * <p>Inputs: x of shape (N, C, spatial...); then, each of shape (C), the running mean and the
 * running variance if {@code running}, the weight if {@code weight}, the bias if {@code bias}.
 *
 * <p>The variance is divided by the number of positions. With {@code running} there are two more
 * outputs, the new running mean and variance: {@code (1 - momentum) * old + momentum * the mean
 * over the batch}, of variances divided by one less than the number of positions. An empty batch
 * leaves them. To normalize by running statistics is {@link BatchNorm} for evaluation.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html">PyTorch,
 * instance_norm</a>; ONNX InstanceNormalization.
 *
 * @param running whether there are running statistics
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param momentum the share of the input's statistics in the new running ones
 * @param eps what is added to the variance
 */
public record InstanceNorm(
    boolean running, boolean weight, boolean bias, double momentum, double eps)
    implements Normalization {

  /** Checks the arguments. */
  public InstanceNorm {
    Statistics.finite("instance_norm", "momentum", momentum);
    Statistics.eps("instance_norm", eps);
  }

  @Override
  public String name() {
    return "instance_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1 + (running ? 2 : 0) + (weight ? 1 : 0) + (bias ? 1 : 0));
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Checks.check(
        x.rank() >= 3, this, "input has shape " + x.shape() + ", expected (N, C, spatial...)");
    Statistics.perChannel(this, inputs, running, weight, bias);
    Checks.check(
        x.size() == 0 || x.size() / x.dim(0) / x.dim(1) > 1,
        this,
        "input of shape " + x.shape() + " has one position for each channel, expected more");
    List<Layout> outputs = new ArrayList<>();
    outputs.add(Layout.like(x, x.dtype(), x.shape()));
    if (running) {
      outputs.add(Layout.of(x.dtype(), Shape.of(x.dim(1))));
      outputs.add(Layout.of(x.dtype(), Shape.of(x.dim(1))));
    }
    return List.copyOf(outputs);
  }
}
