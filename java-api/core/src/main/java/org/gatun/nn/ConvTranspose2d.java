package org.gatun.nn;

import java.util.Map;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution of images with weights and, if it has one, a bias of its own; see {@link
 * org.gatun.op.ConvTranspose}. Safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html">PyTorch,
 * ConvTranspose2d</a>.
 */
public final class ConvTranspose2d implements Layer {
  private static final String NAME = "conv_transpose2d";

  private final Kernel kernel;
  private final ConvTransposeOptions options;
  private final boolean bias;
  private final Bound bound;

  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (in, out/groups, kernel height, kernel width)
   * @param bias of shape (out), or null
   * @throws IllegalArgumentException if the weight has another rank
   */
  public ConvTranspose2d(Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
    this.kernel = new Kernel(NAME, weight.shape(), 2);
    this.options = options;
    this.bias = bias != null;
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
  public ConvTranspose2d(int in, int out, int kernel, ConvTransposeOptions options, long seed) {
    this(random(in, out, kernel, options, true, seed), options);
  }

  private ConvTranspose2d(Parameters parameters, ConvTransposeOptions options) {
    this(parameters.weight(), parameters.bias(), options);
  }

  /** Returns a layer of random weights, without a bias; see the constructor that takes a seed. */
  public static ConvTranspose2d withoutBias(
      int in, int out, int kernel, ConvTransposeOptions options, long seed) {
    return new ConvTranspose2d(random(in, out, kernel, options, false, seed), options);
  }

  private static Parameters random(
      int in, int out, int kernel, ConvTransposeOptions options, boolean bias, long seed) {
    int groups = options.groups();
    long inPerGroup = Parameters.perGroup(NAME, "input channels", in, groups);
    long outPerGroup = Parameters.perGroup(NAME, "output channels", out, groups);
    long size = Parameters.positive(NAME, "kernel", kernel);
    Shape weight = Shape.of(groups * inPerGroup, outPerGroup, size, size);
    return Parameters.random(weight, bias ? out : 0, seed);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bound.run(options.operator(kernel, x.shape(), bias), x);
  }

  /**
   * Returns the layer's function of a tensor, with a result of this height and width.
   *
   * @throws IllegalArgumentException if the input cannot have a result of this size
   */
  public Tensor forward(Tensor x, long height, long width) {
    ConvTransposeOptions sized = options.withOutputSize(height, width);
    return bound.run(sized.operator(kernel, x.shape(), bias), x);
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
