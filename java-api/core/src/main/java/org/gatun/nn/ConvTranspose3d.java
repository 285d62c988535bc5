package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution of volumes with weights and, if it has one, a bias of its own; see
 * {@link org.gatun.op.ConvTranspose}. Safe for use by many threads.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html">PyTorch,
 * ConvTranspose3d</a>.
 */
public final class ConvTranspose3d extends ConvTransposeLayer {
  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (in, out/groups, kernel depth, kernel height, kernel width)
   * @param bias of shape (out), or null
   * @throws IllegalArgumentException if the weight has another rank
   */
  public ConvTranspose3d(Tensor weight, @Nullable Tensor bias, ConvTransposeOptions options) {
    super(3, weight, bias, options);
  }

  /**
   * Makes a layer of random parameters of {@code f32}, with a bias, as PyTorch draws them.
   *
   * @param in the channels of the input, a multiple of the groups
   * @param out the channels of the result, a multiple of the groups
   * @param kernel its depth, height and width
   * @param seed the same gives the same parameters
   * @throws IllegalArgumentException if a number is out of range
   */
  public ConvTranspose3d(int in, int out, int kernel, ConvTransposeOptions options, long seed) {
    super(3, random(3, in, out, Ints.of(kernel), options, true, seed), options);
  }

  /**
   * Makes a layer of random parameters with a kernel of a size for each dimension; see the
   * constructor that takes one for all.
   */
  public ConvTranspose3d(int in, int out, Ints kernel, ConvTransposeOptions options, long seed) {
    super(3, random(3, in, out, kernel, options, true, seed), options);
  }

  private ConvTranspose3d(Parameters parameters, ConvTransposeOptions options) {
    super(3, parameters, options);
  }

  /** Returns a layer of random weights, without a bias; see the constructor that takes a seed. */
  public static ConvTranspose3d withoutBias(
      int in, int out, int kernel, ConvTransposeOptions options, long seed) {
    return new ConvTranspose3d(random(3, in, out, Ints.of(kernel), options, false, seed), options);
  }

  /**
   * Returns a layer of random weights with a kernel of a size for each dimension, without a bias.
   */
  public static ConvTranspose3d withoutBias(
      int in, int out, Ints kernel, ConvTransposeOptions options, long seed) {
    return new ConvTranspose3d(random(3, in, out, kernel, options, false, seed), options);
  }
}
