package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AlphaDropout;
import org.gatun.op.AveragePool;
import org.gatun.op.BagMode;
import org.gatun.op.BatchNorm;
import org.gatun.op.Bernoulli;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Col2Im;
import org.gatun.op.Concat;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Copy;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.DeepNorm;
import org.gatun.op.Doubles;
import org.gatun.op.Dropout;
import org.gatun.op.DyT;
import org.gatun.op.Embedding;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Expand;
import org.gatun.op.Exponential;
import org.gatun.op.Fused;
import org.gatun.op.Gemm;
import org.gatun.op.GroupNorm;
import org.gatun.op.Im2Col;
import org.gatun.op.InstanceNorm;
import org.gatun.op.Interpolate;
import org.gatun.op.InterpolationMode;
import org.gatun.op.Ints;
import org.gatun.op.KthValue;
import org.gatun.op.LayerNorm;
import org.gatun.op.Linear;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Longs;
import org.gatun.op.LpPool;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.Median;
import org.gatun.op.Mode;
import org.gatun.op.Norm;
import org.gatun.op.Normal;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Renorm;
import org.gatun.op.Resample;
import org.gatun.op.Reshape;
import org.gatun.op.RmsNorm;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.gatun.op.Slice;
import org.gatun.op.Softmax;
import org.gatun.op.Sort;
import org.gatun.op.Split;
import org.gatun.op.SwitchNorm;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.TopK;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Uniform;
import org.gatun.op.Variance;
import org.gatun.op.Where;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.Runner;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Arguments that no operator takes: each is an exception that names the operator, the argument, its
 * value and what was expected; nothing is written and nothing is left behind.
 */
class BadInputTest {
  private static final Engine ENGINE = Engines.NATIVE;

  /** A call that has to fail: what it is, the operator, its inputs, what the message says. */
  record Bad(String name, Supplier<Op> op, List<Layout> inputs, List<String> message) {
    Bad(String name, Supplier<Op> op, List<Layout> inputs, String... message) {
      this(name, op, inputs, List.of(message));
    }
  }

  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static Layout f64(long... dims) {
    return Layout.of(DType.F64, Shape.of(dims));
  }

  private static Layout i64(long... dims) {
    return Layout.of(DType.I64, Shape.of(dims));
  }

  private static Layout bool(long... dims) {
    return Layout.of(DType.BOOL, Shape.of(dims));
  }

  private static Conv conv2d(int stride, int padding, int dilation, int groups) {
    Ints both = Ints.repeat(padding, 2);
    return new Conv(Ints.repeat(stride, 2), both, both, Ints.repeat(dilation, 2), groups, false);
  }

  private static ConvTranspose convTranspose2d(int outputPadding, int groups) {
    Ints zero = Ints.repeat(0, 2);
    Ints one = Ints.repeat(1, 2);
    return new ConvTranspose(one, zero, zero, Ints.repeat(outputPadding, 2), one, groups, false);
  }

  private static MaxPool maxPool2d(int kernel, int stride, int padding, int dilation) {
    return new MaxPool(
        Ints.repeat(kernel, 2),
        Ints.repeat(stride, 2),
        Ints.repeat(padding, 2),
        Ints.repeat(dilation, 2),
        false,
        false);
  }

  private static AveragePool averagePool2d(int kernel, int stride, int padding) {
    return new AveragePool(
        Ints.repeat(kernel, 2), Ints.repeat(stride, 2), Ints.repeat(padding, 2), false, true, 0);
  }

  private static List<Bad> table() {
    return Stream.of(
            products(),
            windows(),
            norms(),
            reductions(),
            resampling(),
            others(),
            BadMovements.table(),
            BadQuantizations.table())
        .flatMap(List::stream)
        .toList();
  }

  private static Resample resample(int count, Ints indices, Doubles weights) {
    return new Resample(List.of(new Resample.Taps(count, indices, weights)));
  }

  /** Interpolation and patches. */
  private static List<Bad> resampling() {
    return List.of(
        new Bad(
            "interpolation to no elements",
            () -> Interpolate.toSize(InterpolationMode.LINEAR, 4, 0),
            List.of(f32(1, 2, 3, 3)),
            "interpolate: size 0 in [4, 0], expected 1 or more"),
        new Bad(
            "interpolation by a negative scale",
            () -> Interpolate.byScale(InterpolationMode.NEAREST, -2, 1),
            List.of(f32(1, 2, 3, 3)),
            "interpolate: scale factor -2.0 in [-2.0, 1.0], expected a finite number above 0"),
        new Bad(
            "interpolation to less than one element",
            () -> Interpolate.byScale(InterpolationMode.LINEAR, 0.2, 1),
            List.of(f32(1, 2, 3, 3)),
            "interpolate: scale factor 0.2 for dimension 2 of shape [1, 2, 3, 3]"),
        new Bad(
            "cubic interpolation of a signal",
            () -> Interpolate.toSize(InterpolationMode.CUBIC, 4),
            List.of(f32(1, 2, 3)),
            "interpolate: mode cubic in 1 dimensions, expected 2"),
        new Bad(
            "aligned corners of the nearest element",
            () -> Interpolate.toSize(InterpolationMode.NEAREST, 4).withAlignedCorners(),
            List.of(f32(1, 2, 3)),
            "interpolate: aligned corners with mode nearest, expected linear or cubic"),
        new Bad(
            "interpolation of an image by the size of a volume",
            () -> Interpolate.toSize(InterpolationMode.LINEAR, 4, 4, 4),
            List.of(f32(1, 2, 3, 3)),
            "interpolate: input has shape [1, 2, 3, 3], expected (N, C, and 3 more dimensions)"),
        new Bad(
            "resampling by fewer weights than indices",
            () -> resample(2, Ints.of(0, 1), Doubles.of(1)),
            List.of(f32(1, 2, 3)),
            "resample: 1 weights for 2 indices, expected as many"),
        new Bad(
            "resampling by half an element",
            () -> resample(2, Ints.of(0, 1, 2), Doubles.of(1, 1, 1)),
            List.of(f32(1, 2, 3)),
            "resample: 3 indices, 2 for an element, expected a multiple of 1 or more"),
        new Bad(
            "resampling of elements that are not there",
            () -> resample(1, Ints.of(0, 3), Doubles.of(1, 1)),
            List.of(f32(1, 2, 3)),
            "resample: index 3 for dimension 2 of shape [1, 2, 3], expected 0 to 2"),
        new Bad(
            "resampling of integers by weights",
            () -> resample(1, Ints.of(0, 1), Doubles.of(1, 0.5)),
            List.of(i64(1, 2, 3)),
            "resample: input has dtype i64, expected a floating-point one for weights"),
        new Bad(
            "linear interpolation of integers",
            () -> Interpolate.toSize(InterpolationMode.LINEAR, 4),
            List.of(i64(1, 2, 3)),
            "interpolate: input has dtype i64, expected a floating-point one"),
        new Bad(
            "patches with one number",
            () -> new Im2Col(Ints.of(2), Ints.of(1, 1), Ints.of(0, 0), Ints.of(1, 1)),
            List.of(f32(1, 2, 3, 3)),
            "im2col: kernel [2], expected two numbers"),
        new Bad(
            "patches without a stride",
            () -> new Im2Col(Ints.of(2, 2), Ints.of(1, 1), Ints.of(0, 0), Ints.of(1, 0)),
            List.of(f32(1, 2, 3, 3)),
            "im2col: stride 0 in [1, 0], expected 1 or more"),
        new Bad(
            "patches larger than the image",
            () -> new Im2Col(Ints.of(2, 3), Ints.of(1, 2), Ints.of(0, 0), Ints.of(1, 1)),
            List.of(f32(1, 2, 4, 4)),
            "im2col: kernel 3 with dilation 2 larger than padded input 4",
            "[1, 2, 4, 4]"),
        new Bad(
            "patches of a matrix",
            () -> new Im2Col(Ints.of(2, 2), Ints.of(1, 1), Ints.of(0, 0), Ints.of(1, 1)),
            List.of(f32(4, 4)),
            "im2col: input has shape [4, 4], expected (N, C, H, W) or (C, H, W)"),
        new Bad(
            "columns that are no windows",
            () -> col2im(5, 5),
            List.of(f32(1, 6, 16)),
            "col2im: input has shape [1, 6, 16], expected rows by the multiple of 4"),
        new Bad(
            "too few columns",
            () -> col2im(5, 5),
            List.of(f32(1, 8, 15)),
            "col2im: input has shape [1, 8, 15], expected 16 columns"),
        new Bad(
            "columns for an image of no height",
            () -> col2im(0, 5),
            List.of(f32(1, 8, 15)),
            "col2im: size 0 in [0, 5], expected 1 or more"));
  }

  private static Col2Im col2im(int height, int width) {
    return new Col2Im(
        Ints.of(height, width), Ints.of(2, 2), Ints.of(1, 1), Ints.of(0, 0), Ints.of(1, 1));
  }

  /** Convolutions and pooling. */
  private static List<Bad> windows() {
    return List.of(
        new Bad(
            "convolution without a stride",
            () -> conv2d(0, 0, 1, 1),
            List.of(f32(1, 4, 8, 8), f32(6, 4, 3, 3)),
            "conv2d: stride 0 in [0, 0], expected 1 or more"),
        new Bad(
            "convolution with negative padding",
            () -> conv2d(1, -1, 1, 1),
            List.of(f32(1, 4, 8, 8), f32(6, 4, 3, 3)),
            "conv2d: padding -1 in [-1, -1], expected 0 or more"),
        new Bad(
            "convolution without dilation",
            () -> conv2d(1, 0, 0, 1),
            List.of(f32(1, 4, 8, 8), f32(6, 4, 3, 3)),
            "conv2d: dilation 0 in [0, 0], expected 1 or more"),
        new Bad(
            "convolution with a kernel larger than the padded input",
            () -> conv2d(1, 1, 1, 1),
            List.of(f32(1, 4, 2, 2), f32(6, 4, 5, 5)),
            "conv2d: kernel 5",
            "4",
            "[1, 4, 2, 2]"),
        new Bad(
            "convolution with groups that do not divide",
            () -> conv2d(1, 0, 1, 4),
            List.of(f32(1, 4, 8, 8), f32(6, 1, 3, 3)),
            "conv2d: groups 4",
            "[6, 1, 3, 3]",
            "6"),
        new Bad(
            "convolution of other channels",
            () -> conv2d(1, 0, 1, 1),
            List.of(f32(1, 5, 8, 8), f32(6, 4, 3, 3)),
            "conv2d: input of shape [1, 5, 8, 8] has 5 channels, expected 4"),
        new Bad(
            "convolution of a matrix",
            () -> conv2d(1, 0, 1, 1),
            List.of(f32(8, 8), f32(6, 4, 3, 3)),
            "conv2d: input has shape [8, 8], expected 4 dimensions"),
        new Bad(
            "convolution of two dtypes",
            () -> conv2d(1, 0, 1, 1),
            List.of(f32(1, 4, 8, 8), f64(6, 4, 3, 3)),
            "conv2d: ",
            "f64",
            "f32"),
        new Bad(
            "convolution of integers",
            () -> conv2d(1, 0, 1, 1),
            List.of(i64(1, 4, 8, 8), i64(6, 4, 3, 3)),
            "conv2d: ",
            "i64",
            "floating-point"),
        new Bad(
            "transposed convolution with groups that do not divide",
            () -> convTranspose2d(0, 3),
            List.of(f32(1, 4, 8, 8), f32(4, 2, 3, 3)),
            "conv_transpose2d: groups 3",
            "[4, 2, 3, 3]",
            "4"),
        new Bad(
            "transposed convolution with too much output padding",
            () -> convTranspose2d(1, 1),
            List.of(f32(1, 4, 8, 8), f32(4, 2, 3, 3)),
            "conv_transpose2d: output padding 1 in [1, 1], expected less than 1"),
        new Bad(
            "pooling without a stride",
            () -> maxPool2d(2, 0, 0, 1),
            List.of(f32(1, 4, 8, 8)),
            "max_pool2d: stride 0 in [0, 0], expected 1 or more"),
        new Bad(
            "pooling with a kernel larger than the padded input",
            () -> maxPool2d(9, 1, 0, 1),
            List.of(f32(1, 4, 8, 8)),
            "max_pool2d: kernel 9 larger than padded input 8"),
        new Bad(
            "pooling with more padding than half the window",
            () -> maxPool2d(3, 1, 2, 1),
            List.of(f32(1, 4, 8, 8)),
            "max_pool2d: padding 2 in [2, 2], expected 0 to 1"),
        new Bad(
            "average pooling of a vector",
            () -> averagePool2d(2, 2, 0),
            List.of(f32(8)),
            "avg_pool2d: input has shape [8], expected 4 dimensions"),
        new Bad(
            "average pooling of integers",
            () -> averagePool2d(2, 2, 0),
            List.of(i64(1, 4, 8, 8)),
            "avg_pool2d: ",
            "i64"),
        new Bad(
            "adaptive max pooling to a negative size",
            () -> new AdaptiveMaxPool(Ints.of(2, -2), false),
            List.of(f32(1, 3, 8, 8)),
            "adaptive_max_pool2d: output size -2 in [2, -2], expected 0 or more"),
        new Bad(
            "max pooling of booleans",
            () -> maxPool2d(2, 2, 0, 1),
            List.of(bool(1, 3, 8, 8)),
            "max_pool2d: input has dtype bool, expected one of numbers"),
        new Bad(
            "pooling by the norm 0",
            () -> LpPool.of(0, 2, 2),
            List.of(f32(1, 3, 8, 8)),
            "lp_pool2d: norm 0.0, expected a finite number other than 0"),
        new Bad(
            "unpooling with indices of another shape",
            () -> new MaxUnpool(Longs.of(8, 8)),
            List.of(f32(1, 3, 4, 4), Layout.of(DType.I64, Shape.of(1, 3, 4, 5))),
            "max_unpool2d: indices have shape [1, 3, 4, 5], expected the input's, [1, 3, 4, 4]"),
        new Bad(
            "unpooling to nothing",
            () -> new MaxUnpool(Longs.of(8, 0)),
            List.of(f32(1, 3, 4, 4)),
            "max_unpool2d: output size 0 in [8, 0], expected 1 or more"),
        new Bad(
            "adaptive pooling to a negative size",
            () -> new AdaptiveAveragePool(Ints.of(2, -2)),
            List.of(f32(1, 4, 8, 8)),
            "adaptive_avg_pool2d: output size -2 in [2, -2], expected 0 or more"));
  }

  /** Reductions, scans, and what chooses by order. */
  private static List<Bad> reductions() {
    return List.of(
        new Bad(
            "smallest of nothing",
            () -> new Reduce(ReduceFunction.MIN, Ints.of(1), false),
            List.of(f32(2, 0)),
            "amin: axis 1 of shape [2, 0] has size 0, expected 1 or more"),
        new Bad(
            "mean of integers",
            () -> new Reduce(ReduceFunction.MEAN, Ints.of(), false),
            List.of(i64(2)),
            "mean: input has dtype i64, expected a floating-point one"),
        new Bad(
            "norm of an order that is no number",
            () -> new Norm(Double.NaN, Ints.of(), false),
            List.of(f32(2)),
            "vector_norm: order NaN, expected a number"),
        new Bad(
            "infinite norm of nothing",
            () -> new Norm(Double.POSITIVE_INFINITY, Ints.of(0), false),
            List.of(f32(0, 2)),
            "vector_norm: axis 0 of shape [0, 2] has size 0, expected 1 or more"),
        new Bad(
            "nuclear norm of a vector",
            () -> new NuclearNorm(0, 1, false),
            List.of(f32(3)),
            "nuclear_norm: input has shape [3], expected two dimensions or more"),
        new Bad(
            "deviation with an infinite correction",
            () -> new Variance(Ints.of(), Double.NEGATIVE_INFINITY, true, true, false),
            List.of(f32(3)),
            "std_mean: correction -Infinity, expected a finite number"),
        new Bad(
            "cosine with a negative norm at least",
            () -> new CosineSimilarity(0, -1),
            List.of(f32(3), f32(3)),
            "cosine_similarity: eps -1.0, expected 0 or more"),
        new Bad(
            "cosine of vectors that do not broadcast",
            () -> new CosineSimilarity(0, 0),
            List.of(f32(3), f32(4)),
            "cosine_similarity: shapes [3] and [4] do not broadcast"),
        new Bad(
            "running sum along an axis out of range",
            () -> new Scan(ScanFunction.CUMSUM, -3),
            List.of(f32(2, 3)),
            "cumsum: axis -3 out of range for shape [2, 3]"),
        new Bad(
            "running logarithm of integers",
            () -> new Scan(ScanFunction.LOGCUMSUMEXP, 0),
            List.of(i64(2)),
            "logcumsumexp: input has dtype i64, expected a floating-point one"),
        new Bad(
            "sort along an axis out of range",
            () -> new Sort(2, true),
            List.of(f32(2, 3)),
            "sort: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "more of the largest than there are",
            () -> new TopK(4, 1, true),
            List.of(f32(2, 3)),
            "topk: k 4 for axis 1 of shape [2, 3], expected 0 to 3"),
        new Bad(
            "a negative number of the largest",
            () -> new TopK(-1, 1, true),
            List.of(f32(2, 3)),
            "topk: k -1, expected 0 or more"),
        new Bad(
            "the smallest but 0",
            () -> new KthValue(0, 1, false),
            List.of(f32(2, 3)),
            "kthvalue: k 0 for axis 1 of shape [2, 3], expected 1 to 3"),
        new Bad(
            "median of nothing",
            () -> new Median(0, false, false),
            List.of(f32(0)),
            "median: axis 0 of shape [0] has size 0, expected 1 or more"),
        new Bad(
            "mode of nothing",
            () -> new Mode(-1, false),
            List.of(f32(2, 0)),
            "mode: axis 1 of shape [2, 0] has size 0, expected 1 or more"));
  }

  /** Normalization, softmax and dropout. */
  private static List<Bad> norms() {
    return List.of(
        new Bad(
            "batch norm in evaluation without statistics",
            () -> new BatchNorm(false, false, false, false, 0.1, 1e-5),
            List.of(f32(2, 4, 3)),
            "batch_norm: no running statistics, expected them for evaluation"),
        new Bad(
            "batch norm of a vector",
            () -> new BatchNorm(true, false, false, false, 0.1, 1e-5),
            List.of(f32(4)),
            "batch_norm: input has shape [4], expected (N, C, ...)"),
        new Bad(
            "batch norm with statistics of another size",
            () -> new BatchNorm(false, true, false, false, 0.1, 1e-5),
            List.of(f32(2, 4, 3), f32(4), f32(5)),
            "batch_norm: running variance has shape [5], expected [4]"),
        new Bad(
            "batch norm with an eps that is no number",
            () -> new BatchNorm(true, false, false, false, 0.1, Double.NaN),
            List.of(f32(2, 4, 3)),
            "batch_norm: eps NaN, expected a finite number"),
        new Bad(
            "group norm with groups that do not divide",
            () -> new GroupNorm(3, false, false, 1e-5),
            List.of(f32(2, 4, 3)),
            "group_norm: groups 3 do not divide the 4 channels of shape [2, 4, 3]"),
        new Bad(
            "instance norm of one position",
            () -> new InstanceNorm(false, false, false, 0.1, 1e-5),
            List.of(f32(2, 4, 1)),
            "instance_norm: input of shape [2, 4, 1] has one position for each channel"),
        new Bad(
            "layer norm of another shape",
            () -> new LayerNorm(Longs.of(4), false, false, 1e-5),
            List.of(f32(2, 3)),
            "layer_norm: input has shape [2, 3], expected it to end in the normalized shape [4]"),
        new Bad(
            "layer norm with a weight of another dtype",
            () -> new LayerNorm(Longs.of(3), true, false, 1e-5),
            List.of(f32(2, 3), f64(3)),
            "layer_norm: weight has dtype f64, expected f32"),
        new Bad(
            "batch norm with a momentum that is no number",
            () -> new BatchNorm(true, false, false, false, Double.NaN, 1e-5),
            List.of(f32(2, 4, 3)),
            "batch_norm: momentum NaN, expected a finite number"),
        new Bad(
            "deep norm of a result of another shape",
            () -> new DeepNorm(Longs.of(3), 1, false, false, 1e-5),
            List.of(f32(2, 3), f32(3)),
            "deep_norm: result of the layer has shape [3], expected [2, 3]"),
        new Bad(
            "deep norm with an alpha that is no number",
            () -> new DeepNorm(Longs.of(3), Double.NaN, false, false, 1e-5),
            List.of(f32(2, 3), f32(2, 3)),
            "deep_norm: alpha NaN, expected a finite number"),
        new Bad(
            "dyt with two alphas",
            () -> new DyT(false, false, false),
            List.of(f32(2, 3), f32(2)),
            "dyt: alpha has shape [2], expected one number"),
        new Bad(
            "dyt with a weight for another dimension",
            () -> new DyT(true, true, false),
            List.of(f32(2, 4, 3), f32(1), f32(3)),
            "dyt: weight has shape [3], expected [4]"),
        new Bad(
            "local response norm without channels",
            () -> new LocalResponseNorm(5, 1, 1, 1),
            List.of(f32(2, 3)),
            "local_response_norm: input has shape [2, 3], expected (N, C, spatial...)"),
        new Bad(
            "local response norm of an empty window",
            () -> new LocalResponseNorm(0, 1, 1, 1),
            List.of(f32(2, 3, 4)),
            "local_response_norm: size 0, expected 1 or more"),
        new Bad(
            "rms norm of another shape",
            () -> new RmsNorm(Longs.of(4), false, OptionalDouble.empty()),
            List.of(f32(2, 3)),
            "rms_norm: input has shape [2, 3], expected it to end in the normalized shape [4]"),
        new Bad(
            "rms norm of no dimension",
            () -> new RmsNorm(Longs.of(), false, OptionalDouble.empty()),
            List.of(f32(2, 3)),
            "rms_norm: normalized shape [], expected one dimension or more"),
        new Bad(
            "switch norm in evaluation without statistics",
            () -> new SwitchNorm(false, true, false, false, false, 0.1, 1e-5),
            List.of(f32(2, 4, 3), f32(3), f32(3)),
            "switch_norm: no running statistics, expected them for evaluation"),
        new Bad(
            "switch norm of statistics that nobody mixes",
            () -> new SwitchNorm(true, false, true, false, false, 0.1, 1e-5),
            List.of(f32(2, 4, 3), f32(4), f32(4), f32(2), f32(2)),
            "switch_norm: running statistics without those of the batch, expected both or none"),
        new Bad(
            "switch norm of two where there are three",
            () -> new SwitchNorm(true, true, false, false, false, 0.1, 1e-5),
            List.of(f32(2, 4, 3), f32(2), f32(3)),
            "switch_norm: mixture of means has shape [2], expected [3]"),
        new Bad(
            "softmax along an axis out of range",
            () -> new Softmax(4),
            List.of(f32(2, 3)),
            "softmax: axis 4 out of range for shape [2, 3]"),
        new Bad("softmax of integers", () -> new Softmax(0), List.of(i64(2)), "softmax: ", "i64"),
        new Bad(
            "dropout with a probability above 1",
            () -> new Dropout(1.5),
            List.of(f32(2, 3), i64(2)),
            "dropout: p 1.5, expected a number from 0 to 1"),
        new Bad(
            "dropout of more dimensions than there are",
            () -> new Dropout(0.5, 3),
            List.of(f32(2, 3), i64(2)),
            "dropout: input has shape [2, 3], expected 3 dimensions or more"),
        new Bad(
            "alpha dropout with a probability below 0",
            () -> new AlphaDropout(-0.5, 0),
            List.of(f32(2, 3), i64(2)),
            "alpha_dropout: p -0.5, expected a number from 0 to 1"),
        new Bad(
            "bernoulli of integers",
            Bernoulli::new,
            List.of(i64(2), i64(2)),
            "bernoulli: input 0 has dtype i64, expected a floating-point one"),
        new Bad(
            "uniform numbers with a seed of another dtype",
            () -> new Uniform(0, 1, DType.F32, Shape.of(3)),
            List.of(f32(2)),
            "uniform: seed is f32[2], expected i64[2]"),
        new Bad(
            "uniform numbers between bounds the wrong way round",
            () -> new Uniform(1, 0, DType.F32, Shape.of(3)),
            List.of(i64(2)),
            "uniform: low 1.0 and high 0.0, expected high not to be less"),
        new Bad(
            "uniform integers",
            () -> new Uniform(0, 1, DType.I32, Shape.of(3)),
            List.of(i64(2)),
            "uniform: dtype i32, expected a floating-point one"),
        new Bad(
            "normal numbers of a negative deviation",
            () -> new Normal(0, -1, DType.F32, Shape.of(3)),
            List.of(i64(2)),
            "normal: std -1.0, expected 0 or more"),
        new Bad(
            "normal numbers between bounds the wrong way round",
            () -> new Normal(0, 1, 2, 2, DType.F32, Shape.of(3)),
            List.of(i64(2)),
            "normal: low 2.0 and high 2.0, expected high to be more"),
        new Bad(
            "exponential numbers of rate 0",
            () -> new Exponential(0, DType.F32, Shape.of(3)),
            List.of(i64(2)),
            "exponential: rate 0.0, expected a finite number above 0"),
        new Bad(
            "random integers of no range",
            () -> new RandomIntegers(3, 3, DType.I64, Shape.of(3)),
            List.of(i64(2)),
            "randint: low 3 and high 3, expected high to be more"),
        new Bad(
            "random integers beyond their dtype",
            () -> new RandomIntegers(0, 129, DType.I8, Shape.of(3)),
            List.of(i64(2)),
            "randint: numbers from 0 to 128 for dtype i8, expected them from -128 to 127"));
  }

  /** Matrix products. */
  private static List<Bad> products() {
    return List.of(
        new Bad(
            "matmul of inner dimensions that differ",
            MatMul::new,
            List.of(f32(2, 3), f32(4, 5)),
            "matmul: ",
            "[2, 3]",
            "[4, 5]"),
        new Bad(
            "matmul of a scalar",
            MatMul::new,
            List.of(f32(), f32(4, 5)),
            "matmul: shapes [] and [4, 5], expected one dimension or more"),
        new Bad(
            "matmul of two dtypes",
            MatMul::new,
            List.of(f32(2, 3), f64(3, 4)),
            "matmul: input 1 has dtype f64, expected f32"),
        new Bad(
            "matmul of batches that do not broadcast",
            MatMul::new,
            List.of(f32(2, 4, 3), f32(5, 3, 4)),
            "matmul: ",
            "[2",
            "[5"),
        new Bad(
            "matmul of booleans",
            MatMul::new,
            List.of(bool(2, 3), bool(3, 4)),
            "matmul: input 0 has dtype bool, expected a floating-point one"),
        new Bad(
            "matmul of one input", MatMul::new, List.of(f32(2, 3)), "matmul: 1 inputs, expected 2"),
        new Bad(
            "gemm of something to add that does not broadcast",
            () -> new Gemm(1, 1),
            List.of(f32(2, 3), f32(3, 4), f32(3, 4)),
            "gemm: shapes [2, 4] and [3, 4] do not broadcast"),
        new Bad(
            "gemm of integers by a fraction",
            () -> new Gemm(0.5, 1),
            List.of(i64(2, 3), i64(3, 4), i64(4)),
            "gemm: alpha 0.5 and beta 1.0 for dtype i64, expected whole numbers"),
        new Bad(
            "attention with a mask and causal",
            () -> new ScaledDotProductAttention(true, true, 1, 0, false),
            List.of(f32(2, 5, 8), f32(2, 7, 8), f32(2, 7, 8), f32(5, 7)),
            "scaled_dot_product_attention: a mask with causal attention"),
        new Bad(
            "attention with a dropout above 1",
            () -> new ScaledDotProductAttention(false, false, 1, 1.5, false),
            List.of(f32(2, 5, 8), f32(2, 7, 8), f32(2, 7, 8), i64(2)),
            "scaled_dot_product_attention: dropout 1.5, expected a number from 0 to 1"),
        new Bad(
            "attention of keys and values of different numbers",
            () -> new ScaledDotProductAttention(false, false, 1, 0, false),
            List.of(f32(2, 5, 8), f32(2, 7, 8), f32(2, 6, 8)),
            "scaled_dot_product_attention: query, key and value of shapes [2, 5, 8], [2, 7, 8] and"
                + " [2, 6, 8], keys and values of different numbers"),
        new Bad(
            "attention of queries and keys of different sizes",
            () -> new ScaledDotProductAttention(false, false, 1, 0, false),
            List.of(f32(2, 5, 8), f32(2, 7, 9), f32(2, 7, 8)),
            "queries and keys of different sizes"),
        new Bad(
            "attention with a mask that does not broadcast",
            () -> new ScaledDotProductAttention(true, false, 1, 0, false),
            List.of(f32(2, 5, 8), f32(2, 7, 8), f32(2, 7, 8), f32(3, 5, 7)),
            "scaled_dot_product_attention: shapes [2, 5, 7] and [3, 5, 7] do not broadcast"),
        new Bad(
            "attention with a mask of integers",
            () -> new ScaledDotProductAttention(true, false, 1, 0, false),
            List.of(f32(2, 5, 8), f32(2, 7, 8), f32(2, 7, 8), i64(5, 7)),
            "scaled_dot_product_attention: mask has dtype i64, expected bool or f32"),
        new Bad(
            "attention of heads that no group shares",
            () -> new ScaledDotProductAttention(false, false, 1, 0, true),
            List.of(f32(5, 5, 8), f32(2, 7, 8), f32(2, 7, 8)),
            "a multiple of those of keys and values"),
        new Bad(
            "bags of weights for means",
            () -> new EmbeddingBag(BagMode.MEAN, -1, false, false, true),
            List.of(f32(4, 2), i64(2, 3), f32(2, 3)),
            "embedding_bag: weights for mode mean, expected sum"),
        new Bad(
            "bags of indices of one dimension without offsets",
            () -> new EmbeddingBag(BagMode.SUM, -1, false, false, false),
            List.of(f32(4, 2), i64(6)),
            "embedding_bag: indices have shape [6], expected (bags, size)"),
        new Bad(
            "rows of a negative limit",
            () -> new Renorm(2, -1),
            List.of(f32(4, 2)),
            "renorm: limit -1.0, expected 0 or more"),
        new Bad(
            "linear of weights that do not fit",
            () -> new Linear(false),
            List.of(f32(2, 3), f32(4, 5)),
            "linear: ",
            "[4, 5]",
            "3"),
        new Bad(
            "linear of a bias that does not fit",
            () -> new Linear(true),
            List.of(f32(2, 3), f32(4, 3), f32(5)),
            "linear: ",
            "[5]",
            "4"),
        new Bad(
            "linear of weights of three dimensions",
            () -> new Linear(false),
            List.of(f32(2, 3), f32(1, 4, 3)),
            "linear: ",
            "[1, 4, 3]"),
        new Bad(
            "fused sum of another shape",
            () -> new Fused(new MatMul(), List.of(new Fused.Step.Add())),
            List.of(f32(2, 3), f32(3, 4), f32(4)),
            "matmul+add: input 2",
            "[4]",
            "expected [2, 4]"),
        new Bad(
            "fused after an operator that cannot be",
            () -> new Fused(new Copy(false), List.of(new Fused.Step.Add())),
            List.of(f32(2, 3), f32(2, 3)),
            "fused: operator contiguous, expected"));
  }

  /** Element by element, reductions, movement and views. */
  private static List<Bad> others() {
    return List.of(
        // Element by element.
        new Bad(
            "add of shapes that do not broadcast",
            () -> new Binary(BinaryFunction.ADD),
            List.of(f32(2, 3), f32(2, 4)),
            "add: shapes [2, 3] and [2, 4] do not broadcast: 3 against 4"),
        new Bad(
            "mul of two dtypes",
            () -> new Binary(BinaryFunction.MUL),
            List.of(f32(2), f64(2)),
            "mul: input 1 has dtype f64, expected f32"),
        new Bad(
            "div of integers",
            () -> new Binary(BinaryFunction.DIV),
            List.of(i64(2), i64(2)),
            "div: input 0 has dtype i64, expected a floating-point one"),
        new Bad(
            "sigmoid of integers",
            () -> new Unary(UnaryFunction.SIGMOID),
            List.of(i64(2)),
            "sigmoid: input has dtype i64, expected a floating-point one"),
        new Bad(
            "relu of booleans",
            () -> new Unary(UnaryFunction.RELU),
            List.of(Layout.of(DType.BOOL, Shape.of(2))),
            "relu: input has dtype bool, expected a floating-point or integer one"),
        new Bad(
            "bitwise and of floats",
            () -> new Binary(BinaryFunction.BITWISE_AND),
            List.of(f32(2), f32(2)),
            "bitwise_and: input 0 has dtype f32, expected an integer or boolean one"),
        new Bad(
            "clamp with one bound",
            () -> new Unary(UnaryFunction.CLAMP, 1),
            List.of(f32(2)),
            "clamp: numbers [1.0], expected [min, max]"),
        new Bad(
            "addcmul of three shapes that do not broadcast",
            () -> new Ternary(TernaryFunction.ADDCMUL, 1),
            List.of(f32(2, 3), f32(3), f32(4)),
            "addcmul: shapes [2, 3] and [4] do not broadcast: 3 against 4"),
        new Bad(
            "addcdiv of integers",
            () -> new Ternary(TernaryFunction.ADDCDIV, 1),
            List.of(i64(3), i64(3), i64(3)),
            "addcdiv: input 0 has dtype i64, expected a floating-point one"),
        new Bad(
            "where with a condition of numbers",
            () -> new Where(),
            List.of(f32(3), f32(3), f32(3)),
            "where: input 0 has dtype f32, expected bool"),
        new Bad(
            "where of two dtypes",
            () -> new Where(),
            List.of(Layout.of(DType.BOOL, Shape.of(3)), f32(3), f64(3)),
            "where: input 2 has dtype f64, expected f32"),
        new Bad(
            "sigmoid of two inputs",
            () -> new Unary(UnaryFunction.SIGMOID),
            List.of(f32(2), f32(2)),
            "sigmoid: 2 inputs, expected 1"),
        // Reductions.
        new Bad(
            "sum over an axis out of range",
            () -> new Reduce(ReduceFunction.SUM, Ints.of(2), false),
            List.of(f32(2, 3)),
            "sum: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "mean over an axis below the range",
            () -> new Reduce(ReduceFunction.MEAN, Ints.of(-3), true),
            List.of(f32(2, 3)),
            "mean: axis -3 out of range for shape [2, 3]"),
        new Bad(
            "sum over an axis twice",
            () -> new Reduce(ReduceFunction.SUM, Ints.of(1, -1), false),
            List.of(f32(2, 3)),
            "sum: axis -1 given twice in [1, -1]"),
        new Bad(
            "variance over an axis out of range",
            () -> new Variance(Ints.of(2), 1, false),
            List.of(f32(2, 3)),
            "var: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "max along an axis out of range",
            () -> new MaxWithIndices(2, false),
            List.of(f32(2, 3)),
            "max: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "max of nothing",
            () -> new MaxWithIndices(1, false),
            List.of(f32(2, 0)),
            "max: ",
            "[2, 0]"),
        // Movement.
        new Bad(
            "embedding in a table of one dimension",
            Embedding::new,
            List.of(f32(3), i64(2)),
            "embedding: table has shape [3], expected (rows, width)"),
        new Bad(
            "embedding of indices that are not integers",
            Embedding::new,
            List.of(f32(3, 4), f32(2)),
            "embedding: indices have dtype f32, expected i32 or i64"),
        new Bad("concat of nothing", () -> new Concat(0), List.of(), "concat: no inputs, expected"),
        new Bad(
            "concat along an axis out of range",
            () -> new Concat(2),
            List.of(f32(2, 3)),
            "concat: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "concat of shapes that differ",
            () -> new Concat(0),
            List.of(f32(2, 3), f32(2, 4)),
            "concat: input 1 has shape [2, 4], expected",
            "[2, 3]"),
        new Bad(
            "concat of a scalar",
            () -> new Concat(0),
            List.of(f32()),
            "concat: input 0 is a scalar"),
        new Bad(
            "concat of two dtypes",
            () -> new Concat(0),
            List.of(f32(2), f64(2)),
            "concat: input 1 has dtype f64, expected f32"),
        new Bad(
            "channels-last of a matrix",
            () -> new Copy(true),
            List.of(f32(2, 3)),
            "contiguous: channels-last of shape [2, 3], expected three dimensions or more"),
        // Views.
        new Bad(
            "reshape to another size",
            () -> new Reshape(Longs.of(4, 2), true),
            List.of(f32(2, 3)),
            "reshape: shape [4, 2] for an input of shape [2, 3], expected 6 elements"),
        new Bad(
            "reshape of which -1 does not follow",
            () -> new Reshape(Longs.of(4, -1), true),
            List.of(f32(2, 3)),
            "reshape: shape [4, -1] for an input of shape [2, 3]"),
        new Bad(
            "reshape with two -1",
            () -> new Reshape(Longs.of(-1, -1), true),
            List.of(f32(2, 3)),
            "reshape: dimensions [-1, -1], expected"),
        new Bad(
            "reshape to more elements than a long counts",
            () -> new Reshape(Longs.of(Long.MAX_VALUE, 2), true),
            List.of(f32(2, 3)),
            "reshape: shape [9223372036854775807, 2] has more than 2^63 - 1 elements"),
        new Bad(
            "view with a negative dimension",
            () -> new Reshape(Longs.of(-2, 3), false),
            List.of(f32(2, 3)),
            "view: dimensions [-2, 3], expected"),
        new Bad(
            "view that the strides do not allow",
            () -> new Reshape(Longs.of(6), false),
            List.of(Layout.of(DType.F32, Shape.of(2, 3), 1, 2)),
            "view: shape [6]",
            "strides [1, 2]"),
        new Bad(
            "permute of too few axes",
            () -> new Permute(Ints.of(0)),
            List.of(f32(2, 3)),
            "permute: axes [0] for shape [2, 3], expected 2 axes"),
        new Bad(
            "permute of an axis twice",
            () -> new Permute(Ints.of(1, 1)),
            List.of(f32(2, 3)),
            "permute: axis 1 given twice in [1, 1]"),
        new Bad(
            "expand of a size that is not 1",
            () -> new Expand(Longs.of(2, 6)),
            List.of(f32(2, 3)),
            "expand: dimensions [2, 6] for shape [2, 3]",
            "3 does not become 6"),
        new Bad(
            "expand to fewer dimensions",
            () -> new Expand(Longs.of(3)),
            List.of(f32(2, 3)),
            "expand: dimensions [3] for shape [2, 3], expected 2 or more"),
        new Bad(
            "slice without a step",
            () -> new Slice(0, 0, 2, 0),
            List.of(f32(2, 3)),
            "slice: step 0, expected 1 or more"),
        new Bad(
            "slice along an axis out of range",
            () -> new Slice(2, 0, 2, 1),
            List.of(f32(2, 3)),
            "slice: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "split into sizes that do not add up",
            () -> new Split(1, Longs.of(1, 1)),
            List.of(f32(2, 3)),
            "split: sizes [1, 1] add up to 2, expected 3"),
        new Bad(
            "split into a negative size",
            () -> new Split(1, Longs.of(-1, 4)),
            List.of(f32(2, 3)),
            "split: size -1 in [-1, 4], expected 0 or more"));
  }

  @TestFactory
  Stream<DynamicTest> badArguments() {
    return table().stream().map(bad -> DynamicTest.dynamicTest(bad.name(), () -> check(bad)));
  }

  private static void check(Bad bad) {
    LeakCheck leaks = LeakCheck.start();
    ENGINE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor[] inputs =
                bad.inputs().stream().map(BadInputTest::allocate).toArray(Tensor[]::new);
            Tensor output = Tensor.full(DType.F32, 7, 2, 3);
            expect(bad, () -> ENGINE.runAll(bad.op().get(), inputs));
            expect(bad, () -> ENGINE.run(bad.op().get(), List.of(inputs), List.of(output)));
            if (inputs.length > 0) {
              expect(bad, () -> runBound(bad.op().get(), inputs, output));
            }
            assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, output.toFloatArray());
          }
          return null;
        });
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  /** Runs with the last input that can be a constant as one. */
  private static void runBound(Op op, Tensor[] inputs, Tensor output) {
    int constant = inputs.length - 1 - (op instanceof Fused fused ? fused.extraInputs() : 0);
    List<Tensor> others = new ArrayList<>(List.of(inputs));
    others.remove(constant);
    try (Runner runner = ENGINE.bind(op, inputs[constant])) {
      runner.run(others, List.of(output));
    }
  }

  /** A tensor of any layout: a view of a block that spans it. */
  private static Tensor allocate(Layout layout) {
    return layout.isContiguous()
        ? Tensor.zeros(layout.dtype(), layout.shape().dims())
        : ENGINE.allocate(layout);
  }

  private static void expect(Bad bad, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    for (String part : bad.message()) {
      assertTrue(message.contains(part), () -> "expected \"" + part + "\" in: " + message);
    }
  }

  private static <E extends Exception> void expect(
      Class<E> type, Supplier<?> call, String... parts) {
    ENGINE.with(
        () -> {
          String message = assertThrows(type, call::get).getMessage();
          for (String part : parts) {
            assertTrue(message.contains(part), () -> "expected \"" + part + "\" in: " + message);
          }
          return null;
        });
  }

  @Test
  void anOutputOfAnotherShapeOrDType() {
    ENGINE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor x = Tensor.zeros(DType.F32, 2, 3);
            Op relu = new Unary(UnaryFunction.RELU);
            for (Tensor output :
                List.of(Tensor.zeros(DType.F32, 3, 2), Tensor.zeros(DType.F64, 2, 3))) {
              expect(
                  IllegalArgumentException.class,
                  () -> {
                    ENGINE.run(relu, List.of(x), List.of(output));
                    return null;
                  },
                  "relu: output 0 given is " + output.layout(),
                  "expected f32[2, 3]");
            }
            Tensor expanded = Tensor.zeros(DType.F32, 1, 3).expand(2, 3);
            expect(
                IllegalArgumentException.class,
                () -> {
                  ENGINE.run(relu, List.of(x), List.of(expanded));
                  return null;
                },
                "relu: output 0 given is",
                "share memory");
          }
          return null;
        });
  }

  @Test
  void anIndexBeyondTheTable() {
    ENGINE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor table = Tensor.zeros(DType.F32, 3, 2);
            Tensor output = Tensor.full(DType.F32, 7, 2, 2);
            for (long index : new long[] {3, -1, Long.MIN_VALUE}) {
              Tensor indices = Tensor.of(new long[] {1, index}, 2);
              expect(
                  IllegalArgumentException.class,
                  () -> {
                    ENGINE.run(new Embedding(), List.of(table, indices), List.of(output));
                    return null;
                  },
                  "embedding: ",
                  Long.toString(index),
                  "3");
            }
            assertArrayEquals(new float[] {7, 7, 7, 7}, output.toFloatArray());
          }
          return null;
        });
  }

  @Test
  void aClosedTensor() {
    ENGINE.with(
        () -> {
          Tensor closed = Tensor.zeros(DType.F32, 2, 3);
          closed.close();
          try (Tensor open = Tensor.zeros(DType.F32, 2, 3)) {
            expect(
                IllegalStateException.class, closed::relu, "relu: input 0", "f32[2, 3]", "closed");
            expect(
                IllegalStateException.class, () -> open.add(closed), "add: input 1", "is closed");
            expect(
                IllegalStateException.class,
                () -> {
                  ENGINE.run(new Unary(UnaryFunction.RELU), List.of(open), List.of(closed));
                  return null;
                },
                "relu: output 0",
                "is closed");
            expect(
                IllegalStateException.class,
                () -> ENGINE.bind(new MatMul(), closed),
                "matmul: constant 0",
                "is closed");
            expect(IllegalStateException.class, closed::toFloatArray, "closed");
            expect(IllegalStateException.class, () -> closed.reshape(6), "reshape", "is closed");
          }
          return null;
        });
  }

  @Test
  void sizesThatAreNegativeOrOverflow() {
    expect(
        IllegalArgumentException.class,
        () -> Tensor.zeros(DType.F32, 2, -3),
        "dimension -3 in [2, -3], expected 0 or more");
    expect(
        IllegalArgumentException.class,
        () -> Tensor.zeros(DType.F32, Long.MAX_VALUE, 2),
        "more than 2^63 - 1 elements");
  }

  @Test
  void moreElementsThanThereIsMemoryFor() {
    long limit = MemoryPool.shared().report().limit();
    long elements = Math.max(3_000_000_000L, limit / 4 + 1);
    LeakCheck leaks = LeakCheck.start();
    expect(
        OutOfNativeMemoryException.class,
        () -> Tensor.zeros(DType.F32, elements),
        "f32[" + elements + "]",
        Long.toString(4 * elements),
        Long.toString(limit));
    ENGINE.with(
        () -> {
          try (Tensor one = Tensor.zeros(DType.F32, 1);
              Tensor many = one.expand(elements)) {
            expect(OutOfNativeMemoryException.class, many::relu, "f32[" + elements + "]");
          }
          return null;
        });
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }
}
