package org.gatun.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AlphaDropout;
import org.gatun.op.AveragePool;
import org.gatun.op.Col2Im;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.Dropout;
import org.gatun.op.Embedding;
import org.gatun.op.Gemm;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Im2Col;
import org.gatun.op.Interpolate;
import org.gatun.op.InterpolationMode;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.LpPool;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.Norm;
import org.gatun.op.Op;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.op.Renorm;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
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
   * Returns the means of as many windows of signals as the result is to have elements, -1 for as
   * many as the input has; see {@link AdaptiveAveragePool}.
   */
  public static Tensor adaptiveAvgPool1d(Tensor x, int size) {
    return Engine.current().run(new AdaptiveAveragePool(Ints.of(size)), x);
  }

  /**
   * Returns the means of as many windows of images as the result is to have elements, -1 for as
   * many as the input has; see {@link AdaptiveAveragePool}.
   */
  public static Tensor adaptiveAvgPool2d(Tensor x, int height, int width) {
    return Engine.current().run(new AdaptiveAveragePool(Ints.of(height, width)), x);
  }

  /**
   * Returns the means of as many windows of volumes as the result is to have elements, -1 for as
   * many as the input has; see {@link AdaptiveAveragePool}.
   */
  public static Tensor adaptiveAvgPool3d(Tensor x, int depth, int height, int width) {
    return Engine.current().run(new AdaptiveAveragePool(Ints.of(depth, height, width)), x);
  }

  /**
   * Returns the largest elements of as many windows of signals as the result is to have elements,
   * -1 for as many as the input has; see {@link AdaptiveMaxPool}.
   */
  public static Tensor adaptiveMaxPool1d(Tensor x, int size) {
    return Engine.current().run(new AdaptiveMaxPool(Ints.of(size), false), x);
  }

  /**
   * Returns the largest elements of as many windows of images as the result is to have elements, -1
   * for as many as the input has; see {@link AdaptiveMaxPool}.
   */
  public static Tensor adaptiveMaxPool2d(Tensor x, int height, int width) {
    return Engine.current().run(new AdaptiveMaxPool(Ints.of(height, width), false), x);
  }

  /**
   * Returns the largest elements of as many windows of volumes as the result is to have elements,
   * -1 for as many as the input has; see {@link AdaptiveMaxPool}.
   */
  public static Tensor adaptiveMaxPool3d(Tensor x, int depth, int height, int width) {
    return Engine.current().run(new AdaptiveMaxPool(Ints.of(depth, height, width), false), x);
  }

  /**
   * Returns the largest elements as {@link #adaptiveMaxPool1d} and its likes do, and where they
   * stand in their channel.
   *
   * @param outputSize one size for each spatial dimension
   */
  public static ValuesAndIndices adaptiveMaxPoolWithIndices(Tensor x, int... outputSize) {
    return valuesAndIndices(new AdaptiveMaxPool(Ints.of(outputSize), true), x);
  }

  /**
   * Returns the elements with alpha dropout, which keeps mean 0 and variance 1, in training; see
   * {@link AlphaDropout}. In evaluation there is nothing to call.
   *
   * @param p the probability to be dropped
   * @param generator says which ones
   */
  public static Tensor alphaDropout(Tensor x, double p, Generator generator) {
    return drawn(new AlphaDropout(p, 0), x, generator);
  }

  /** Returns the mean of each window, in as many dimensions as the operator's windows have. */
  public static Tensor avgPool(Tensor x, AveragePool pooling) {
    return Engine.current().run(pooling, x);
  }

  /** Returns the mean of each window of signals, the windows side by side. */
  public static Tensor avgPool1d(Tensor x, int kernel) {
    return Engine.current().run(AveragePool.of(kernel), x);
  }

  /**
   * Returns the mean of each window of signals, of the same size in each dimension; see {@link
   * AveragePool}, which has more to choose from.
   */
  public static Tensor avgPool1d(Tensor x, int kernel, int stride, int padding) {
    return Engine.current().run(AveragePool.of(kernel).withStride(stride).withPadding(padding), x);
  }

  /** Returns the mean of each window of images, the windows side by side. */
  public static Tensor avgPool2d(Tensor x, int kernel) {
    return Engine.current().run(AveragePool.of(kernel, kernel), x);
  }

  /**
   * Returns the mean of each window of images, of the same size in each dimension; see {@link
   * AveragePool}, which has more to choose from.
   */
  public static Tensor avgPool2d(Tensor x, int kernel, int stride, int padding) {
    return Engine.current()
        .run(AveragePool.of(kernel, kernel).withStride(stride).withPadding(padding), x);
  }

  /** Returns the mean of each window of volumes, the windows side by side. */
  public static Tensor avgPool3d(Tensor x, int kernel) {
    return Engine.current().run(AveragePool.of(kernel, kernel, kernel), x);
  }

  /**
   * Returns the mean of each window of volumes, of the same size in each dimension; see {@link
   * AveragePool}, which has more to choose from.
   */
  public static Tensor avgPool3d(Tensor x, int kernel, int stride, int padding) {
    return Engine.current()
        .run(AveragePool.of(kernel, kernel, kernel).withStride(stride).withPadding(padding), x);
  }

  /**
   * Returns each channel shifted and scaled to mean 0 and variance 1; see {@link
   * org.gatun.op.BatchNorm}. For training the running statistics are updated in place.
   *
   * @param runningMean of shape (C), or null
   * @param runningVar of shape (C), or null
   * @param weight of shape (C), or null
   * @param bias of shape (C), or null
   * @param training whether to normalize by the statistics of x
   * @param momentum the share of x in the new running statistics
   * @param eps what is added to variances
   */
  public static Tensor batchNorm(
      Tensor x,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      boolean training,
      double momentum,
      double eps) {
    return new ChannelStatistics(runningMean, runningVar, weight, bias)
        .batch(x, training, momentum, eps);
  }

  /**
   * Returns {@code a^T W_i b + bias_i} over the last dimensions, for each matrix of the weights.
   *
   * <p>Source: <a
   * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.bilinear.html">PyTorch,
   * bilinear</a>.
   *
   * @param a of shape (..., in1)
   * @param b of shape (..., in2), with the same dimensions before the last
   * @param weights of shape (out, in1, in2)
   * @param bias of shape (out), or null
   */
  public static Tensor bilinear(Tensor a, Tensor b, Tensor weights, @Nullable Tensor bias) {
    return BilinearForm.of(a, b, weights, bias);
  }

  /**
   * Returns images with the channels of groups in turn: the first of each group, the second of
   * each, and so on.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html">
   * PyTorch, ChannelShuffle</a>.
   *
   * @param x of shape (N, C, ...)
   * @param groups a divisor of C
   */
  public static Tensor channelShuffle(Tensor x, long groups) {
    return ChannelMoves.shuffle(x, groups);
  }

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

  /** Returns the cosine of the angle between vectors along the second axis. */
  public static Tensor cosineSimilarity(Tensor a, Tensor b) {
    return cosineSimilarity(a, b, 1, 1e-8);
  }

  /**
   * Returns the cosine of the angle between vectors along an axis, whose norms count as at least
   * {@code eps}; see {@link CosineSimilarity}.
   */
  public static Tensor cosineSimilarity(Tensor a, Tensor b, int axis, double eps) {
    return Engine.current().run(new CosineSimilarity(axis, eps), a, b);
  }

  /**
   * Returns the sum of {@code alpha * x} and {@code result} with the elements of the last
   * dimensions shifted and scaled to mean 0 and variance 1; see {@link org.gatun.op.DeepNorm}.
   *
   * @param x the input of a layer
   * @param result what the layer made of it, of the same shape
   * @param alpha see {@link DeepNormFactors}
   * @param normalizedShape the last dimensions of x
   * @param weight of that shape, or null
   * @param bias of that shape, or null
   * @param eps what is added to variances
   */
  public static Tensor deepNorm(
      Tensor x,
      Tensor result,
      double alpha,
      long[] normalizedShape,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      double eps) {
    Longs shape = Longs.of(normalizedShape);
    return given(
        new org.gatun.op.DeepNorm(shape, alpha, weight != null, bias != null, eps),
        x,
        result,
        weight,
        bias);
  }

  /**
   * Returns the elements, each dropped (multiplied by 0) with probability p, and the others
   * multiplied by {@code 1 / (1 - p)}: dropout in training. In evaluation there is nothing to call.
   *
   * @param generator says which ones
   * @see org.gatun.op.Dropout
   */
  public static Tensor dropout(Tensor x, double p, Generator generator) {
    Dropout op = new Dropout(p);
    try (Tensor seed = generator.next()) {
      return Engine.current().run(op, x, seed);
    }
  }

  /**
   * Returns signals, (N, C, length) or (C, length), with whole channels dropped as by {@link
   * #dropout}.
   */
  public static Tensor dropout1d(Tensor x, double p, Generator generator) {
    return drawn(DropoutLayer.ofSignals(p, x), x, generator);
  }

  /**
   * Returns images, (N, C, height, width), with whole channels dropped as by {@link #dropout};
   * three dimensions are taken as (N, C, length), as PyTorch does.
   */
  public static Tensor dropout2d(Tensor x, double p, Generator generator) {
    return drawn(DropoutLayer.ofImages(p, x), x, generator);
  }

  /**
   * Returns volumes, (N, C, depth, height, width) or (C, depth, height, width), with whole channels
   * dropped as by {@link #dropout}.
   */
  public static Tensor dropout3d(Tensor x, double p, Generator generator) {
    return drawn(DropoutLayer.ofVolumes(p, x), x, generator);
  }

  /**
   * Returns {@code tanh(alpha * x) * weight + bias}; see {@link org.gatun.op.DyT}, which also takes
   * channels that are not the last dimension.
   *
   * @param x of shape (..., C)
   * @param alpha one number
   * @param weight of shape (C), or null
   * @param bias of shape (C), or null
   */
  public static Tensor dyt(Tensor x, Tensor alpha, @Nullable Tensor weight, @Nullable Tensor bias) {
    return given(new org.gatun.op.DyT(false, weight != null, bias != null), x, alpha, weight, bias);
  }

  /**
   * Returns the sums of products of the operands by Einstein's convention, such as {@code "bij,bjk
   * -> bik"}: each letter is a dimension, those that the result lacks are summed over, a letter
   * twice in an operand takes its diagonal, and {@code ...} stands for the dimensions that have no
   * letter, which broadcast. Without an arrow the result has the ellipsis and the letters that
   * occur once, in alphabetical order, capitals first.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.einsum.html">PyTorch,
   * einsum</a>; ONNX Einsum.
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.of(equation, operands);
  }

  /**
   * Returns rows of a table; see {@link org.gatun.op.Embedding}.
   *
   * @param indices {@code i32} or {@code i64}, of any shape
   * @param table of shape (rows, width)
   * @throws IllegalArgumentException if an index is negative or not less than the number of rows
   */
  public static Tensor embedding(Tensor indices, Tensor table) {
    return Engine.current().run(new Embedding(), table, indices);
  }

  /**
   * Returns rows of a table, after those with a larger norm than the limit were scaled to it, in
   * the table itself; see {@link org.gatun.op.Renorm}.
   *
   * @param normType which norm; 2 for the usual one
   */
  public static Tensor embedding(Tensor indices, Tensor table, double maxNorm, double normType) {
    EmbeddingLookup.renormalize(indices, table, maxNorm, normType);
    return embedding(indices, table);
  }

  /**
   * Returns for each bag of indices what the rows of a table make together; see {@link
   * org.gatun.op.EmbeddingBag}.
   *
   * @param indices of shape (bags, size), or one dimension with offsets
   * @param table of shape (rows, width)
   * @param offsets where each bag begins, or null
   * @param weights what each row is multiplied by, for sums, or null
   */
  public static Tensor embeddingBag(
      Tensor indices,
      Tensor table,
      @Nullable Tensor offsets,
      @Nullable Tensor weights,
      EmbeddingBagOptions options) {
    return EmbeddingLookup.bag(indices, table, offsets, weights, options);
  }

  /** Returns (N, C, ...) with whole channels dropped as by {@link #alphaDropout}. */
  public static Tensor featureAlphaDropout(Tensor x, double p, Generator generator) {
    return drawn(DropoutLayer.ofFeatures(p, x), x, generator);
  }

  /**
   * Returns images put together of patches, as columns, that {@link #unfold} took apart, with what
   * overlaps added up; see {@link Col2Im}. Each argument has a number for the height and one for
   * the width.
   */
  public static Tensor fold(
      Tensor columns, int[] size, int[] kernel, int[] dilation, int[] padding, int[] stride) {
    return Engine.current()
        .run(
            new Col2Im(
                Ints.of(size),
                Ints.of(kernel),
                Ints.of(dilation),
                Ints.of(padding),
                Ints.of(stride)),
            columns);
  }

  /** Returns {@code x/2 (1 + erf(x / sqrt 2))}. */
  public static Tensor gelu(Tensor x) {
    return unary(UnaryFunction.GELU, x);
  }

  /** Returns {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}, close to {@link #gelu}. */
  public static Tensor geluTanh(Tensor x) {
    return unary(UnaryFunction.GELU_TANH, x);
  }

  /**
   * Returns {@code alpha op(A) op(B) + beta C}, where op transposes a matrix or does not; see
   * {@link Gemm}.
   *
   * <p>Source: ONNX Gemm.
   *
   * @param a of shape (m, k), or (k, m) to be transposed
   * @param b of shape (k, n), or (n, k) to be transposed
   * @param c broadcast to (m, n), or null for none
   */
  public static Tensor gemm(
      Tensor a,
      Tensor b,
      @Nullable Tensor c,
      double alpha,
      double beta,
      boolean transposeA,
      boolean transposeB) {
    if (a.rank() != 2 || b.rank() != 2) {
      throw new IllegalArgumentException(
          "gemm: shapes " + a.shape() + " and " + b.shape() + ", expected two matrices");
    }
    try (Scope scope = Scope.open()) {
      Tensor left = transposeA ? a.transpose(0, 1) : a;
      Tensor right = transposeB ? b.transpose(0, 1) : b;
      Tensor added = c == null ? Tensor.zeros(a.dtype()) : c;
      Gemm op = new Gemm(alpha, c == null ? 0 : beta);
      return scope.keep(Engine.current().run(op, left, right, added));
    }
  }

  /** Returns the mean of each channel of (N, C, spatial...), as (N, C, 1...). */
  public static Tensor globalAvgPool(Tensor x) {
    return Engine.current().run(new GlobalAveragePool(), x);
  }

  /** Returns the largest element of each channel of (N, C, spatial...), as (N, C, 1...). */
  public static Tensor globalMaxPool(Tensor x) {
    return Engine.current().run(new GlobalMaxPool(), x);
  }

  /**
   * Returns each group of channels of each member shifted and scaled to mean 0 and variance 1; see
   * {@link org.gatun.op.GroupNorm}.
   *
   * @param weight of shape (C), or null
   * @param bias of shape (C), or null
   * @param eps what is added to variances
   */
  public static Tensor groupNorm(
      Tensor x, int groups, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    return normalized(
        new org.gatun.op.GroupNorm(groups, weight != null, bias != null, eps), x, weight, bias);
  }

  /**
   * Returns each channel of each member shifted and scaled to mean 0 and variance 1; see {@link
   * org.gatun.op.InstanceNorm}. The running statistics are updated in place.
   *
   * @param runningMean of shape (C), or null
   * @param runningVar of shape (C), or null
   * @param weight of shape (C), or null
   * @param bias of shape (C), or null
   * @param useInputStats whether to normalize by the statistics of x; else by the running ones,
   *     which stay as they are
   * @param momentum the share of x in the new running statistics
   * @param eps what is added to variances
   */
  public static Tensor instanceNorm(
      Tensor x,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      boolean useInputStats,
      double momentum,
      double eps) {
    return new ChannelStatistics(runningMean, runningVar, weight, bias)
        .instance(x, useInputStats, momentum, eps);
  }

  /**
   * Returns signals, images or volumes resampled to a size; see {@link Interpolate}.
   *
   * @param alignCorners whether the first and the last elements lie upon each other
   * @param size the size of the result in each spatial dimension
   */
  public static Tensor interpolate(
      Tensor x, InterpolationMode mode, boolean alignCorners, long... size) {
    return Engine.current().run(new Interpolate(mode, Longs.of(size), List.of(), alignCorners), x);
  }

  /**
   * Returns signals, images or volumes resampled to a multiple of their size, rounded down;
   * positions are computed with these very scales. See {@link Interpolate}.
   */
  public static Tensor interpolateByScale(
      Tensor x, InterpolationMode mode, boolean alignCorners, double... scales) {
    List<Double> list = Arrays.stream(scales).boxed().toList();
    return Engine.current().run(new Interpolate(mode, Longs.of(), list, alignCorners), x);
  }

  /**
   * Returns signals, images or volumes resampled to a multiple of their size, rounded down;
   * positions are computed with the ratio of the sizes, as PyTorch does with {@code
   * recompute_scale_factor}. See {@link Interpolate}.
   */
  public static Tensor interpolateToScaledSize(
      Tensor x, InterpolationMode mode, boolean alignCorners, double... scales) {
    List<Double> list = Arrays.stream(scales).boxed().toList();
    Interpolate byScale = new Interpolate(mode, Longs.of(), list, alignCorners);
    Shape result = byScale.infer(List.of(x.layout())).getFirst().shape();
    return interpolate(x, mode, alignCorners, result.range(2, result.rank()).dims());
  }

  /**
   * Returns the elements of the last dimensions shifted and scaled to mean 0 and variance 1; see
   * {@link org.gatun.op.LayerNorm}.
   *
   * @param normalizedShape the last dimensions of x
   * @param weight of that shape, or null
   * @param bias of that shape, or null
   * @param eps what is added to variances
   */
  public static Tensor layerNorm(
      Tensor x,
      long[] normalizedShape,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      double eps) {
    Longs shape = Longs.of(normalizedShape);
    return normalized(
        new org.gatun.op.LayerNorm(shape, weight != null, bias != null, eps), x, weight, bias);
  }

  /**
   * Returns {@code x W^T + b} over the last dimension; see {@link org.gatun.op.Linear}.
   *
   * @param x of shape (..., in)
   * @param weights of shape (out, in), or (in) for one output without its dimension
   * @param bias of shape (out), or null
   */
  public static Tensor linear(Tensor x, Tensor weights, @Nullable Tensor bias) {
    return run(new org.gatun.op.Linear(bias != null), x, weights, bias);
  }

  /**
   * Returns each element divided by a power of what its neighbours in adjacent channels amount to;
   * see {@link org.gatun.op.LocalResponseNorm}.
   *
   * @param size the channels of a window
   */
  public static Tensor localResponseNorm(Tensor x, int size, double alpha, double beta, double k) {
    return Engine.current().run(new org.gatun.op.LocalResponseNorm(size, alpha, beta, k), x);
  }

  /** Returns the logarithm of the softmax along an axis; see {@link org.gatun.op.LogSoftmax}. */
  public static Tensor logSoftmax(Tensor x, int axis) {
    return x.logSoftmax(axis);
  }

  /** Returns the norm of each window, in as many dimensions as the operator's windows have. */
  public static Tensor lpPool(Tensor x, LpPool pooling) {
    return Engine.current().run(pooling, x);
  }

  /**
   * Returns the p-norm of each window of signals, the windows side by side; see {@link LpPool}.
   *
   * @param norm p
   */
  public static Tensor lpPool1d(Tensor x, double norm, int kernel) {
    return lpPool(x, LpPool.of(norm, kernel));
  }

  /**
   * Returns the p-norm of each square window of images, the windows side by side; see {@link
   * LpPool}.
   *
   * @param norm p
   */
  public static Tensor lpPool2d(Tensor x, double norm, int kernel) {
    return lpPool(x, LpPool.of(norm, kernel, kernel));
  }

  /**
   * Returns the p-norm of each cubic window of volumes, the windows side by side; see {@link
   * LpPool}.
   *
   * @param norm p
   */
  public static Tensor lpPool3d(Tensor x, double norm, int kernel) {
    return lpPool(x, LpPool.of(norm, kernel, kernel, kernel));
  }

  /**
   * Returns the largest element of each window, in as many dimensions as the operator's windows
   * have.
   *
   * @throws IllegalArgumentException for an operator with indices: {@link #maxPoolWithIndices}
   *     returns these
   */
  public static Tensor maxPool(Tensor x, MaxPool pooling) {
    return Engine.current().run(pooling, x);
  }

  /** Returns the largest element of each window of signals, the windows side by side. */
  public static Tensor maxPool1d(Tensor x, int kernel) {
    return Engine.current().run(MaxPool.of(kernel), x);
  }

  /**
   * Returns the largest element of each window of signals, of the same size in each dimension; see
   * {@link MaxPool}, which has more to choose from.
   */
  public static Tensor maxPool1d(Tensor x, int kernel, int stride, int padding) {
    return Engine.current().run(MaxPool.of(kernel).withStride(stride).withPadding(padding), x);
  }

  /** Returns the largest element of each window of images, the windows side by side. */
  public static Tensor maxPool2d(Tensor x, int kernel) {
    return Engine.current().run(MaxPool.of(kernel, kernel), x);
  }

  /**
   * Returns the largest element of each window of images, of the same size in each dimension; see
   * {@link MaxPool}, which has more to choose from.
   */
  public static Tensor maxPool2d(Tensor x, int kernel, int stride, int padding) {
    return Engine.current()
        .run(MaxPool.of(kernel, kernel).withStride(stride).withPadding(padding), x);
  }

  /**
   * Returns the largest element of each window of images, and its flat position in the plane, as
   * {@code max_unpool} wants it.
   */
  public static ValuesAndIndices maxPool2dWithIndices(
      Tensor x, int kernel, int stride, int padding) {
    return maxPoolWithIndices(
        x, MaxPool.of(kernel, kernel).withStride(stride).withPadding(padding));
  }

  /** Returns the largest element of each window of volumes, the windows side by side. */
  public static Tensor maxPool3d(Tensor x, int kernel) {
    return Engine.current().run(MaxPool.of(kernel, kernel, kernel), x);
  }

  /**
   * Returns the largest element of each window of volumes, of the same size in each dimension; see
   * {@link MaxPool}, which has more to choose from.
   */
  public static Tensor maxPool3d(Tensor x, int kernel, int stride, int padding) {
    return Engine.current()
        .run(MaxPool.of(kernel, kernel, kernel).withStride(stride).withPadding(padding), x);
  }

  /**
   * Returns the largest element of each window and where it stands in its channel, in as many
   * dimensions as the operator's windows have.
   */
  public static ValuesAndIndices maxPoolWithIndices(Tensor x, MaxPool pooling) {
    return valuesAndIndices(pooling.withIndices(), x);
  }

  /**
   * Returns each element back where a pooling took it from, and zeros elsewhere; see {@link
   * MaxUnpool}.
   *
   * @param indices what the pooling gave beside x, {@code i64} of the same shape
   * @param pooling the pooling to undo
   * @param outputSize the spatial dimensions of what it was given; none for the smallest that it
   *     uses up
   * @throws IllegalArgumentException also for an index beyond the result
   */
  public static Tensor maxUnpool(Tensor x, Tensor indices, MaxPool pooling, long... outputSize) {
    return Engine.current().run(MaxUnpool.undoing(pooling, x.shape(), outputSize), x, indices);
  }

  /**
   * Returns what gave {@link #maxPool1d} its result, with zeros elsewhere; see {@link #maxUnpool}.
   */
  public static Tensor maxUnpool1d(Tensor x, Tensor indices, int kernel, int stride, int padding) {
    return maxUnpool(x, indices, MaxPool.of(kernel).withStride(stride).withPadding(padding));
  }

  /**
   * Returns what gave {@link #maxPool2d} its result, with zeros elsewhere; see {@link #maxUnpool}.
   */
  public static Tensor maxUnpool2d(Tensor x, Tensor indices, int kernel, int stride, int padding) {
    MaxPool pooling = MaxPool.of(kernel, kernel).withStride(stride).withPadding(padding);
    return maxUnpool(x, indices, pooling);
  }

  /**
   * Returns what gave {@link #maxPool3d} its result, with zeros elsewhere; see {@link #maxUnpool}.
   */
  public static Tensor maxUnpool3d(Tensor x, Tensor indices, int kernel, int stride, int padding) {
    MaxPool pooling = MaxPool.of(kernel, kernel, kernel).withStride(stride).withPadding(padding);
    return maxUnpool(x, indices, pooling);
  }

  /**
   * Returns the product of several matrices, in the order that takes the fewest multiplications.
   *
   * <p>Source: <a
   * href="https://pytorch.org/docs/stable/generated/torch.linalg.multi_dot.html">PyTorch,
   * linalg.multi_dot</a>.
   *
   * @param tensors two or more; the first may be a vector, a row, and the last one, a column
   */
  public static Tensor multiDot(Tensor... tensors) {
    return MatrixChain.product(tensors);
  }

  /** Returns vectors along the second axis divided by their Euclidean norm. */
  public static Tensor normalize(Tensor x) {
    return normalize(x, 2, 1, 1e-12);
  }

  /**
   * Returns vectors along an axis divided by their norm of order p, which counts as at least {@code
   * eps}; see {@link Norm}.
   */
  public static Tensor normalize(Tensor x, double p, int axis, double eps) {
    try (Tensor norm = x.norm(p, new int[] {axis}, true);
        Tensor divisor = Engine.current().run(new Unary(UnaryFunction.CLAMP_MIN, eps), norm)) {
      return x.div(divisor);
    }
  }

  /**
   * Returns for each class number a vector of zeros with a 1 at that number: {@code i64}, of the
   * shape of the numbers followed by the number of classes.
   *
   * <p>Source: <a
   * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html">PyTorch,
   * one_hot</a>; ONNX OneHot.
   *
   * @param numbers {@code i32} or {@code i64}, 0 or more
   * @param classes how many classes; -1 for one more than the largest number
   */
  public static Tensor oneHot(Tensor numbers, long classes) {
    return OneHot.of(numbers, classes);
  }

  /** Returns the last dimensions with zeros put around them, or less of them. */
  public static Tensor pad(Tensor x, long... padding) {
    return pad(x, padding, PadMode.CONSTANT, 0);
  }

  /**
   * Returns the last dimensions with elements put around them; see {@link Pad}.
   *
   * @param padding how many before and after the last dimension, then the one before it, and so on;
   *     negative ones take elements away
   * @param mode which elements
   * @param value the number of {@link PadMode#CONSTANT}; 0 in other modes
   */
  public static Tensor pad(Tensor x, long[] padding, PadMode mode, double value) {
    if (padding.length % 2 != 0) {
      throw new IllegalArgumentException(
          "pad: padding " + Longs.of(padding) + ", expected two numbers for each dimension");
    }
    int dimensions = padding.length / 2;
    long[] before = new long[dimensions];
    long[] after = new long[dimensions];
    for (int i = 0; i < dimensions; i++) {
      before[dimensions - 1 - i] = padding[2 * i];
      after[dimensions - 1 - i] = padding[2 * i + 1];
    }
    return Engine.current().run(new Pad(Longs.of(before), Longs.of(after), mode, value), x);
  }

  /**
   * Returns the norms of order p of {@code a - b + eps} along the last axis, which stays with size
   * 1 where {@code keepDims} says so.
   */
  public static Tensor pairwiseDistance(
      Tensor a, Tensor b, double p, double eps, boolean keepDims) {
    try (Tensor difference = a.sub(b);
        Tensor shifted = difference.add(eps)) {
      return shifted.norm(p, new int[] {-1}, keepDims);
    }
  }

  /** Returns the Euclidean norms of {@code a - b} along the last axis. */
  public static Tensor pairwiseDistance(Tensor a, Tensor b) {
    return pairwiseDistance(a, b, 2, 1e-6, false);
  }

  /**
   * Returns images made larger with elements of the channels: (N, C r r, H, W) becomes (N, C, H r,
   * W r).
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html">
   * PyTorch, PixelShuffle</a>; ONNX DepthToSpace in mode CRD.
   *
   * @param x of shape (..., C r r, H, W)
   * @param factor r
   */
  public static Tensor pixelShuffle(Tensor x, long factor) {
    return ChannelMoves.pixelShuffle(x, factor);
  }

  /**
   * Returns images made smaller with more channels: (N, C, H r, W r) becomes (N, C r r, H, W).
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html">
   * PyTorch, PixelUnshuffle</a>.
   *
   * @param x of shape (..., C, H r, W r)
   * @param factor r
   */
  public static Tensor pixelUnshuffle(Tensor x, long factor) {
    return ChannelMoves.pixelUnshuffle(x, factor);
  }

  /** Returns {@code max(x, 0)}; NaN stays NaN. */
  public static Tensor relu(Tensor x) {
    return unary(UnaryFunction.RELU, x);
  }

  /**
   * Returns the slices along an axis, those whose norm exceeds a limit scaled to it; see {@link
   * Renorm}.
   *
   * @param p which norm
   */
  public static Tensor renorm(Tensor x, double p, int axis, double limit) {
    try (Scope scope = Scope.open()) {
      Tensor first = x.transpose(0, axis);
      Tensor rows = first.reshape(first.dim(0), first.size() / Math.max(1, first.dim(0)));
      Tensor limited = Engine.current().run(new Renorm(p, limit), rows);
      return scope.keep(limited.reshape(first.shape().dims()).transpose(0, axis).contiguous());
    }
  }

  /**
   * Returns the elements of the last dimensions scaled to a mean square of 1; see {@link
   * org.gatun.op.RmsNorm}.
   *
   * @param normalizedShape the last dimensions of x
   * @param weight of that shape, or null
   * @param eps what is added to mean squares; none for the dtype's epsilon
   */
  public static Tensor rmsNorm(
      Tensor x, long[] normalizedShape, @Nullable Tensor weight, OptionalDouble eps) {
    Longs shape = Longs.of(normalizedShape);
    return given(new org.gatun.op.RmsNorm(shape, weight != null, eps), x, weight);
  }

  /**
   * Returns for each query the mean of the values, weighed by how well their keys fit it; see
   * {@link ScaledDotProductAttention} and {@link AttentionOptions}.
   *
   * @param query of shape (..., L, E)
   * @param key of shape (..., S, E)
   * @param value of shape (..., S, V)
   */
  public static Tensor scaledDotProductAttention(
      Tensor query, Tensor key, Tensor value, AttentionOptions options) {
    return options.attend(query, key, value);
  }

  /** Returns scaled dot-product attention without a mask. */
  public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
    return scaledDotProductAttention(query, key, value, AttentionOptions.DEFAULT);
  }

  /** Returns {@code 1 / (1 + exp(-x))}. */
  public static Tensor sigmoid(Tensor x) {
    return unary(UnaryFunction.SIGMOID, x);
  }

  /** Returns {@code x / (1 + exp(-x))}. */
  public static Tensor silu(Tensor x) {
    return unary(UnaryFunction.SILU, x);
  }

  /** Returns the softmax along an axis; see {@link org.gatun.op.Softmax}. */
  public static Tensor softmax(Tensor x, int axis) {
    return x.softmax(axis);
  }

  /** Returns the softmax along an axis of the elements with their signs changed. */
  public static Tensor softmin(Tensor x, int axis) {
    try (Tensor negative = x.mul(-1)) {
      return negative.softmax(axis);
    }
  }

  /**
   * Returns each element shifted and scaled by a mixture of the statistics of the instance, the
   * layer and the batch; see {@link org.gatun.op.SwitchNorm}. For training the running statistics
   * are updated in place.
   *
   * @param runningMean of shape (C), or null
   * @param runningVar of shape (C), or null
   * @param weight of shape (C), or null
   * @param bias of shape (C), or null
   * @param meanWeight the numbers whose softmax mixes means: of shape (3), or (2) without the batch
   * @param varWeight likewise for variances
   * @param training whether the statistics of the batch are those of x, and not the running ones
   * @param momentum the share of x in the new running statistics
   * @param eps what is added to variances
   */
  public static Tensor switchNorm(
      Tensor x,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      Tensor meanWeight,
      Tensor varWeight,
      boolean training,
      double momentum,
      double eps) {
    return new ChannelStatistics(runningMean, runningVar, weight, bias)
        .switched(x, meanWeight, varWeight, training, momentum, eps);
  }

  /** Returns the hyperbolic tangent. */
  public static Tensor tanh(Tensor x) {
    return unary(UnaryFunction.TANH, x);
  }

  /**
   * Returns the patches of images under a sliding window as columns; see {@link Im2Col}. Each
   * argument has a number for the height and one for the width.
   */
  public static Tensor unfold(Tensor x, int[] kernel, int[] dilation, int[] padding, int[] stride) {
    return Engine.current()
        .run(new Im2Col(Ints.of(kernel), Ints.of(dilation), Ints.of(padding), Ints.of(stride)), x);
  }

  private static Tensor conv(
      int spatialRank, Tensor x, Tensor weights, @Nullable Tensor bias, ConvOptions options) {
    Kernel kernel = new Kernel("conv" + spatialRank + "d", weights.shape(), spatialRank);
    return options.operator(kernel, bias != null).run(x, weights, bias);
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

  private static Tensor drawn(Op op, Tensor x, Generator generator) {
    try (Tensor seed = generator.next()) {
      return Engine.current().run(op, x, seed);
    }
  }

  /** Returns the result for those inputs that are given. */
  private static Tensor given(Op op, @Nullable Tensor... inputs) {
    Tensor[] some = Stream.of(inputs).filter(Objects::nonNull).toArray(Tensor[]::new);
    return Engine.current().run(op, some);
  }

  private static Tensor normalized(
      Op op, Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
    Tensor[] inputs = Stream.of(x, weight, bias).filter(Objects::nonNull).toArray(Tensor[]::new);
    return Engine.current().run(op, inputs);
  }

  private static Tensor run(Op op, Tensor x, Tensor weights, @Nullable Tensor bias) {
    Engine engine = Engine.current();
    return bias == null ? engine.run(op, x, weights) : engine.run(op, x, weights, bias);
  }

  private static Tensor unary(UnaryFunction function, Tensor x) {
    return Engine.current().run(new Unary(function), x);
  }

  private static ValuesAndIndices valuesAndIndices(Op op, Tensor x) {
    List<Tensor> both = Engine.current().runAll(op, x);
    return new ValuesAndIndices(both.getFirst(), both.getLast());
  }
}
