package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Each channel shifted and scaled to mean 0 and variance 1 over the batch and all positions: {@code
 * (x - mean) / sqrt(variance + eps) * weight + bias}.
 *
 * <p>Inputs: x of shape (N, C, ...); then, each of shape (C), the running mean and the running
 * variance if {@code running}, the weight if {@code weight}, the bias if {@code bias}.
 *
 * <p>For evaluation the statistics are the running ones, which must be there. For training they are
 * those of x, the variance divided by the number of elements; with {@code running} there are two
 * more outputs, the new running mean and variance: {@code (1 - momentum) * old + momentum * that of
 * x}, the variance divided by one less than the number of elements. An empty batch leaves them.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html">PyTorch,
 * batch_norm</a>; ONNX BatchNormalization.
 *
 * @param training whether the statistics are those of the input
 * @param running whether there are running statistics
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param momentum the share of the input's statistics in the new running ones
 * @param eps what is added to the variance
 */
public record BatchNorm(
    boolean training, boolean running, boolean weight, boolean bias, double momentum, double eps)
    implements Normalization {

  /** Checks the arguments. */
  public BatchNorm {
    if (!training && !running) {
      throw new IllegalArgumentException(
          "batch_norm: no running statistics, expected them for evaluation");
    }
    Statistics.finite("batch_norm", "momentum", momentum);
    Statistics.eps("batch_norm", eps);
  }

  @Override
  public String name() {
    return "batch_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1 + (running ? 2 : 0) + (weight ? 1 : 0) + (bias ? 1 : 0));
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    // PyTorch takes an empty vector as well, of no channels.
    Checks.check(
        x.rank() >= 2 || x.shape().equals(Shape.of(0)),
        this,
        "input has shape " + x.shape() + ", expected (N, C, ...)");
    Statistics.perChannel(this, inputs, running, weight, bias);
    Checks.check(
        !training || x.size() == 0 || x.size() / x.dim(1) > 1,
        this,
        "input of shape "
            + x.shape()
            + " has one value for each channel, expected more for training");
    long channels = x.dim(x.rank() == 1 ? 0 : 1);
    List<Layout> outputs = new ArrayList<>();
    outputs.add(Layout.like(x, x.dtype(), x.shape()));
    if (training && running) {
      outputs.add(Layout.of(x.dtype(), Shape.of(channels)));
      outputs.add(Layout.of(x.dtype(), Shape.of(channels)));
    }
    return List.copyOf(outputs);
  }
}
