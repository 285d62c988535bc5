package org.gatun.nn;

import java.util.Map;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Conv;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of images with weights and, if it has one, a bias of its own; see {@link Conv}.
 * Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html">PyTorch,
 * Conv2d</a>.
 */
public final class Conv2d implements Layer {
  private static final String NAME = "conv2d";

  private final Conv op;
  private final Bound bound;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (out, in/groups, kernel height, kernel width)
   * @param bias of shape (out), or null
   * @throws IllegalArgumentException if the weight has another rank or the options do not fit it
   */
  public Conv2d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
    this.op = options.operator(new Kernel(NAME, weight.shape(), 2), bias != null);
    this.bound = new Bound(NAME, new Parameters(weight, bias).byName());
  }

  /**
   * Makes a layer of random parameters of {@code f32}, with a bias, as PyTorch draws them.
   *
   * @param in the channels of the input, a multiple of the groups
   * @param out the channels of the result, a multiple of the groups
   * @param kernel its height and width
   * @param seed the same gives the same parameters
   * @throws IllegalArgumentException if a number is out of range
   */
  public Conv2d(int in, int out, int kernel, ConvOptions options, long seed) {
    this(random(in, out, kernel, options, true, seed), options);
  }

  private Conv2d(Parameters parameters, ConvOptions options) {
    this(parameters.weight(), parameters.bias(), options);
  }

  /** Returns a layer of random weights, without a bias; see the constructor that takes a seed. */
  public static Conv2d withoutBias(int in, int out, int kernel, ConvOptions options, long seed) {
    return new Conv2d(random(in, out, kernel, options, false, seed), options);
  }

  private static Parameters random(
      int in, int out, int kernel, ConvOptions options, boolean bias, long seed) {
    int groups = options.groups();
    long inPerGroup = Parameters.perGroup(NAME, "input channels", in, groups);
    long outPerGroup = Parameters.perGroup(NAME, "output channels", out, groups);
    long size = Parameters.positive(NAME, "kernel", kernel);
    Shape weight = Shape.of(groups * outPerGroup, inPerGroup, size, size);
    return Parameters.random(weight, bias ? out : 0, seed);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bound.run(op, x);
  }

  @Override
  public Map<String, Tensor> parameters() {
    return bound.parameters();
  }

  @Override
  public void load(Map<String, Tensor> state) {
    bound.load(state);
  }

  @Override
  public void close() {
    bound.close();
  }
}
