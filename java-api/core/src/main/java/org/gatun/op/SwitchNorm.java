package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Each element shifted and scaled by a mixture of three means and three variances: {@code (x -
 * mean) / sqrt(variance + eps) * weight + bias}. The three are those of the positions of the
 * element's channel in its member of the batch (the instance), of all elements of its member (the
 * layer), and of its channel in all members (the batch). They are mixed in the proportions that the
 * softmax of three numbers gives, three for the means and three for the variances.
 *
 * <p>Inputs: x of shape (N, C, spatial...); then the running mean and the running variance of shape
 * (C) if {@code running}; the weight and the bias of shape (C) where there are such; the numbers
 * whose softmax mixes means, in the order above, and those for variances, both of shape (3), or (2)
 * if there is no {@code batch} among them.
 *
 * <p>All variances are divided by the number of elements, as in the paper; its authors' code
 * divides that of the instance by one less. For evaluation the statistics of the batch are the
 * running ones, which must be there. For training with {@code running} there are two more outputs,
 * the new running mean and variance: {@code (1 - momentum) * old + momentum * that of the batch}.
 * An empty batch leaves them.
 *
 * <p>Source: <a href="https://arxiv.org/abs/1806.10779">Luo et al., Differentiable Learning-to-
 * Normalize via Switchable Normalization</a>.
 *
 * @param training whether the statistics of the batch are those of x
 * @param batch whether there are statistics of the batch among those that are mixed
 * @param running whether there are running statistics
 * @param weight whether there is a weight
 * @param bias whether there is a bias
 * @param momentum the share of the batch in the new running statistics
 * @param eps what is added to the variance
 */
public record SwitchNorm(
    boolean training,
    boolean batch,
    boolean running,
    boolean weight,
    boolean bias,
    double momentum,
    double eps)
    implements Normalization {

  /** Checks the arguments. */
  public SwitchNorm {
    if (batch && !training && !running) {
      throw new IllegalArgumentException(
          "switch_norm: no running statistics, expected them for evaluation");
    }
    if (running && !batch) {
      throw new IllegalArgumentException(
          "switch_norm: running statistics without those of the batch, expected both or none");
    }
    Statistics.finite("switch_norm", "momentum", momentum);
    Statistics.eps("switch_norm", eps);
  }

  @Override
  public String name() {
    return "switch_norm";
  }

  /** Returns how many means, and how many variances, are mixed. */
  public int mixed() {
    return batch ? 3 : 2;
  }

  /** Returns the index of the input that mixes means; that for variances follows. */
  public int mixture() {
    return 1 + (running ? 2 : 0) + (weight ? 1 : 0) + (bias ? 1 : 0);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, mixture() + 2);
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Checks.check(
        x.rank() >= 3, this, "input has shape " + x.shape() + ", expected (N, C, spatial...)");
    Statistics.perChannel(this, inputs, running, weight, bias);
    Shape mixed = Shape.of(mixed());
    Statistics.parameter(this, inputs, mixture(), "mixture of means", mixed);
    Statistics.parameter(this, inputs, mixture() + 1, "mixture of variances", mixed);
    List<Layout> outputs = new ArrayList<>();
    outputs.add(Layout.like(x, x.dtype(), x.shape()));
    if (training && running) {
      outputs.add(Layout.of(x.dtype(), Shape.of(x.dim(1))));
      outputs.add(Layout.of(x.dtype(), Shape.of(x.dim(1))));
    }
    return List.copyOf(outputs);
  }
}
