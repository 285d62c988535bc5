package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of signals with weights and, if it has one, a bias of its own; see {@link
 * org.gatun.op.Conv}. Safe for use by many threads.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html">PyTorch,
 * Conv1d</a>.
 */
public final class Conv1d extends ConvLayer {
  /**
   * Makes a layer of given parameters, which it owns from now on.
   *
   * @param weight of shape (out, in/groups, kernel length)
   * @param bias of shape (out), or null
   * @throws IllegalArgumentException if the weight has another rank or the options do not fit it
   */
  public Conv1d(Tensor weight, @Nullable Tensor bias, ConvOptions options) {
    super(1, weight, bias, options);
  }

  /**
   * Makes a layer of random parameters of {@code f32}, with a bias, as PyTorch draws them.
   *
   * @param in the channels of the input, a multiple of the groups
   * @param out the channels of the result, a multiple of the groups
   * @param kernel its length
   * @param seed the same gives the same parameters
   * @throws IllegalArgumentException if a number is out of range
   */
  public Conv1d(int in, int out, int kernel, ConvOptions options, long seed) {
    super(1, random(1, in, out, Ints.of(kernel), options, true, seed), options);
  }

  private Conv1d(Parameters parameters, ConvOptions options) {
    super(1, parameters, options);
  }

  /** Returns a layer of random weights, without a bias; see the constructor that takes a seed. */
  public static Conv1d withoutBias(int in, int out, int kernel, ConvOptions options, long seed) {
    return new Conv1d(random(1, in, out, Ints.of(kernel), options, false, seed), options);
  }
}
