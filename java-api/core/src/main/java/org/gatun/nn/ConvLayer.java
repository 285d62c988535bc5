package org.gatun.nn;

import java.util.Map;
import org.gatun.Precision;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/** A convolution in some number of dimensions, with weights and, if it has one, a bias. */
abstract sealed class ConvLayer implements Layer permits Conv1d, Conv2d, Conv3d {
  private final PaddedConv conv;
  private final Bound bound;

  ConvLayer(int rank, Tensor weight, @Nullable Tensor bias, ConvOptions options) {
    String name = name(rank);
    this.conv = options.operator(new Kernel(name, weight.shape(), rank), bias != null);
    this.bound = new Bound(name, new Parameters(weight, bias).byName());
  }

  ConvLayer(int rank, Parameters parameters, ConvOptions options) {
    this(rank, parameters.weight(), parameters.bias(), options);
  }

  private static String name(int rank) {
    return "conv" + rank + "d";
  }

  /**
   * Returns random parameters.
   *
   * @param kernel its size, one number for all dimensions or one for each
   */
  static Parameters random(
      int rank, int in, int out, Ints kernel, ConvOptions options, boolean bias, long seed) {
    String name = name(rank);
    int groups = options.groups();
    long inPerGroup = Parameters.perGroup(name, "input channels", in, groups);
    long outPerGroup = Parameters.perGroup(name, "output channels", out, groups);
    Shape channels = Shape.of(groups * outPerGroup, inPerGroup);
    Shape weight = channels.concat(Kernel.shape(name, rank, kernel));
    return Parameters.random(weight, bias ? out : 0, seed);
  }

  @Override
  public Tensor forward(Tensor x) {
    return conv.run(x, bound);
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
