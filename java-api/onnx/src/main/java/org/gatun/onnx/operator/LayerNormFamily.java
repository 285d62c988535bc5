package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.jspecify.annotations.Nullable;

/**
 * Layer norms as ONNX Runtime writes them: before they were in ONNX, with what is added before
 * them, and with the embeddings that they follow.
 */
final class LayerNormFamily {
  private LayerNormFamily() {}

  static void register(Registry onnx, Registry microsoft) {
    onnx.addAll("SimplifiedLayerNormalization", 1, LayerNormFamily::simplifiedLayerNormalization);
    microsoft.addAll("EmbedLayerNormalization", 1, LayerNormFamily::embedLayerNormalization);
    microsoft.addAll("LayerNormalization", 1, LayerNormFamily::layerNormalization);
    microsoft.addAll(
        "SimplifiedLayerNormalization", 1, LayerNormFamily::simplifiedLayerNormalization);
    microsoft.addAll("SkipLayerNormalization", 1, LayerNormFamily::skipLayerNormalization);
    microsoft.addAll(
        "SkipSimplifiedLayerNormalization", 1, LayerNormFamily::skipSimplifiedLayerNormalization);
  }

  static List<@Nullable Tensor> layerNormalization(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", -1), x.rank());
    float epsilon = call.number("epsilon", 1e-5f);
    Tensor y = layer(x, axis, call.tensor(1), call.optional(2), epsilon);
    return Arrays.asList(
        y,
        call.wants(1) ? mean(x, axis) : null,
        call.wants(2) ? inverseDeviation(x, axis, epsilon) : null);
  }

  private static List<@Nullable Tensor> simplifiedLayerNormalization(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", -1), x.rank());
    float epsilon = call.number("epsilon", 1e-5f);
    Tensor y = rms(x, axis, call.tensor(1), epsilon);
    return Arrays.asList(y, call.wants(1) ? inverseRoot(x, axis, epsilon) : null);
  }

  private static List<@Nullable Tensor> skipLayerNormalization(Call call) {
    Tensor sum = sum(call, 4);
    int axis = sum.rank() - 1;
    float epsilon = call.number("epsilon", 1e-12f);
    Tensor y = layer(sum, axis, call.tensor(2), call.optional(3), epsilon);
    return Arrays.asList(
        y,
        call.wants(1) ? mean(sum, axis) : null,
        call.wants(2) ? inverseDeviation(sum, axis, epsilon) : null,
        call.wants(3) ? sum : null);
  }

  private static List<@Nullable Tensor> skipSimplifiedLayerNormalization(Call call) {
    Tensor sum = sum(call, 3);
    int axis = sum.rank() - 1;
    float epsilon = call.number("epsilon", 1e-12f);
    return Arrays.asList(
        rms(sum, axis, call.tensor(2), epsilon),
        null,
        call.wants(2) ? inverseRoot(sum, axis, epsilon) : null,
        call.wants(3) ? sum : null);
  }

  /** Returns what is normalized: the input, what is skipped, and the bias where there is one. */
  private static Tensor sum(Call call, int bias) {
    Tensor x = call.tensor(0);
    Tensor skip = call.tensor(1);
    Tensor sum = x.add(skip);
    if (x.rank() == 0 || !x.shape().equals(sum.shape())) {
      throw call.failure(
          "skip of shape " + skip.shape() + ", expected one that broadcasts to " + x.shape());
    }
    return call.has(bias) ? sum.add(call.tensor(bias)) : sum;
  }

  private static List<@Nullable Tensor> embedLayerNormalization(Call call) {
    Tensor words = call.tensor(0);
    if (words.rank() != 2) {
      throw call.failure("input_ids of shape " + words.shape() + ", expected (batch, length)");
    }
    if (call.has(1) != call.has(4)) {
      throw call.failure("segment_ids and segment_embedding, expected both or neither");
    }
    Tensor positions =
        call.has(8)
            ? Functional.embedding(call.tensor(8), call.tensor(3))
            : call.tensor(3).slice(0, 0, words.dim(1));
    Tensor sum = Functional.embedding(words, call.tensor(2)).add(positions);
    if (call.has(1)) {
      sum = sum.add(Functional.embedding(call.tensor(1), call.tensor(4)));
    }
    Tensor y = layer(sum, 2, call.tensor(5), call.tensor(6), call.number("epsilon", 1e-12f));
    Tensor counts = null;
    if (call.wants(1)) {
      counts =
          call.has(7)
              ? call.tensor(7).eq(1).sum(new int[] {1}, false).to(DType.I32)
              : Tensor.zeros(DType.I32, words.dim(0));
    }
    return Arrays.asList(y, counts, call.wants(2) ? sum : null);
  }

  // The norms.

  private static Tensor layer(
      Tensor x, int axis, Tensor scale, @Nullable Tensor bias, double epsilon) {
    long[] dims = x.shape().range(axis, x.rank()).dims();
    Shape shape = Shape.of(dims);
    if (isPlain(scale, x, shape) && (bias == null || isPlain(bias, x, shape))) {
      return Functional.layerNorm(x, dims, scale, bias, epsilon);
    }
    Tensor y = Functional.layerNorm(x, dims, null, null, epsilon).mul(scale.to(x.dtype()));
    return bias == null ? y : y.add(bias.to(x.dtype()));
  }

  private static Tensor rms(Tensor x, int axis, Tensor scale, double epsilon) {
    long[] dims = x.shape().range(axis, x.rank()).dims();
    OptionalDouble added = OptionalDouble.of(epsilon);
    return isPlain(scale, x, Shape.of(dims))
        ? Functional.rmsNorm(x, dims, scale, added)
        : Functional.rmsNorm(x, dims, null, added).mul(scale.to(x.dtype()));
  }

  /** Returns the elements of the last dimension scaled to a mean square of 1, times the scale. */
  static Tensor rms(Tensor x, Tensor scale, double epsilon) {
    return rms(x, x.rank() - 1, scale, epsilon);
  }

  private static boolean isPlain(Tensor parameter, Tensor x, Shape shape) {
    return parameter.dtype() == x.dtype() && parameter.shape().equals(shape);
  }

  private static int[] from(Tensor x, int axis) {
    int[] axes = new int[x.rank() - axis];
    Arrays.setAll(axes, i -> axis + i);
    return axes;
  }

  private static Tensor mean(Tensor x, int axis) {
    return x.to(DType.F32).mean(from(x, axis), true);
  }

  private static Tensor inverseDeviation(Tensor x, int axis, double epsilon) {
    return x.to(DType.F32).var(from(x, axis), 0, true).add(epsilon).rsqrt();
  }

  private static Tensor inverseRoot(Tensor x, int axis, double epsilon) {
    return x.to(DType.F32).square().mean(from(x, axis), true).add(epsilon).rsqrt();
  }
}
