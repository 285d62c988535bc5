package org.gatun.nn;

import org.gatun.Tensor;
import org.gatun.op.Op;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's functions of tensors that are not methods of {@link Tensor}, under PyTorch's names in
 * Java's spelling.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public final class Functional {
  private Functional() {}

  /**
   * Returns the convolution of signals; see {@link org.gatun.op.Conv}.
   *
   * @param x of shape (N, in, length) or (in, length)
   * @param weights of shape (out, in/groups, kernel)
   * @param bias of shape (out), or null
   */
  public static Tensor conv1d(
      Tensor x, Tensor weights, @Nullable Tensor bias, ConvOptions options) {
    return conv(1, x, weights, bias, options);
  }

  /**
   * Returns the convolution of images; see {@link org.gatun.op.Conv}.
   *
   * @param x of shape (N, in, height, width) or (in, height, width)
   * @param weights of shape (out, in/groups, kernel height, kernel width)
   * @param bias of shape (out), or null
   */
  public static Tensor conv2d(
      Tensor x, Tensor weights, @Nullable Tensor bias, ConvOptions options) {
    return conv(2, x, weights, bias, options);
  }

  /**
   * Returns the convolution of volumes; see {@link org.gatun.op.Conv}.
   *
   * @param x of shape (N, in, depth, height, width) or (in, depth, height, width)
   * @param weights of shape (out, in/groups, kernel depth, kernel height, kernel width)
   * @param bias of shape (out), or null
   */
  public static Tensor conv3d(
      Tensor x, Tensor weights, @Nullable Tensor bias, ConvOptions options) {
    return conv(3, x, weights, bias, options);
  }

  /**
   * Returns the transposed convolution of signals; see {@link org.gatun.op.ConvTranspose}.
   *
   * @param x of shape (N, in, length) or (in, length)
   * @param weights of shape (in, out/groups, kernel)
   * @param bias of shape (out), or null
   */
  public static Tensor convTranspose1d(
      Tensor x, Tensor weights, @Nullable Tensor bias, ConvTransposeOptions options) {
    return convTranspose(1, x, weights, bias, options);
  }

  /**
   * Returns the transposed convolution of images; see {@link org.gatun.op.ConvTranspose}.
   *
   * @param x of shape (N, in, height, width) or (in, height, width)
   * @param weights of shape (in, out/groups, kernel height, kernel width)
   * @param bias of shape (out), or null
   */
  public static Tensor convTranspose2d(
      Tensor x, Tensor weights, @Nullable Tensor bias, ConvTransposeOptions options) {
    return convTranspose(2, x, weights, bias, options);
  }

  /**
   * Returns the transposed convolution of volumes; see {@link org.gatun.op.ConvTranspose}.
   *
   * @param x of shape (N, in, depth, height, width) or (in, depth, height, width)
   * @param weights of shape (in, out/groups, kernel depth, kernel height, kernel width)
   * @param bias of shape (out), or null
   */
  public static Tensor convTranspose3d(
      Tensor x, Tensor weights, @Nullable Tensor bias, ConvTransposeOptions options) {
    return convTranspose(3, x, weights, bias, options);
  }

  private static Tensor conv(
      int spatialRank, Tensor x, Tensor weights, @Nullable Tensor bias, ConvOptions options) {
    Kernel kernel = new Kernel("conv" + spatialRank + "d", weights.shape(), spatialRank);
    return run(options.operator(kernel, bias != null), x, weights, bias);
  }

  private static Tensor convTranspose(
      int spatialRank,
      Tensor x,
      Tensor weights,
      @Nullable Tensor bias,
      ConvTransposeOptions options) {
    Kernel kernel = new Kernel("conv_transpose" + spatialRank + "d", weights.shape(), spatialRank);
    return run(options.operator(kernel, x.shape(), bias != null), x, weights, bias);
  }

  private static Tensor run(Op op, Tensor x, Tensor weights, @Nullable Tensor bias) {
    Engine engine = Engine.current();
    return bias == null ? engine.run(op, x, weights) : engine.run(op, x, weights, bias);
  }
}
