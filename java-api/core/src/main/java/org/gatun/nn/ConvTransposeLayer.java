package org.gatun.nn;

import java.util.Map;
import java.util.Objects;
import org.gatun.Precision;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/** A transposed convolution in some number of dimensions, with weights and, if any, a bias. */
abstract sealed class ConvTransposeLayer implements Layer
    permits ConvTranspose1d, ConvTranspose2d, ConvTranspose3d {
  private final Kernel kernel;
  private final ConvTransposeOptions options;
  private final boolean bias;
  private final Bound bound;

  ConvTransposeLayer(int rank, Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
    String name = name(rank);
    this.kernel = new Kernel(name, weight.shape(), rank);
    this.options = Objects.requireNonNull(options, name + ": options is null");
    this.bias = bias != null;
    this.bound = new Bound(name, new Parameters(weight, bias).byName());
  }

  ConvTransposeLayer(int rank, Parameters parameters, ConvTransposeOptions options) {
    this(rank, parameters.weight(), parameters.bias(), options);
  }

  private static String name(int rank) {
    return "conv_transpose" + rank + "d";
  }

  /**
   * Returns random parameters.
   *
   * @param kernel its size, one number for all dimensions or one for each
   */
  static Parameters random(
      int rank,
      int in,
      int out,
      Ints kernel,
      ConvTransposeOptions options,
      boolean bias,
      long seed) {
    String name = name(rank);
    int groups = options.groups();
    long inPerGroup = Parameters.perGroup(name, "input channels", in, groups);
    long outPerGroup = Parameters.perGroup(name, "output channels", out, groups);
    Shape channels = Shape.of(groups * inPerGroup, outPerGroup);
    Shape weight = channels.concat(Kernel.shape(name, rank, kernel));
    return Parameters.random(weight, bias ? out : 0, seed);
  }

  @Override
  public Tensor forward(Tensor x) {
    return bound.run(options.operator(kernel, x.shape(), bias), x);
  }

  /**
   * Returns the layer's function of a tensor, with a result of these spatial dimensions.
   *
   * @throws IllegalArgumentException if the input cannot have a result of this size
   */
  public Tensor forward(Tensor x, long... outputSize) {
    ConvTransposeOptions sized = options.withOutputSize(outputSize);
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
  public void computeIn(Precision precision) {
    bound.computeIn(precision);
  }

  @Override
  public void close() {
    bound.close();
  }
}
