package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.onnx.model.ElementType;
import org.gatun.op.BatchNorm;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.Longs;
import org.gatun.op.RmsNorm;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Operators that bring elements to a common scale. */
final class NormalizationFamily {
  private static final float EPSILON = 1e-5f;

  private NormalizationFamily() {}

  static void register(Registry onnx) {
    onnx.addAll("BatchNormalization", 1, NormalizationFamily::batch);
    onnx.add("GroupNormalization", 18, call -> group(call, true));
    onnx.add("GroupNormalization", 21, call -> group(call, false));
    onnx.add("InstanceNormalization", 1, NormalizationFamily::instance);
    onnx.add("LRN", 1, NormalizationFamily::localResponse);
    // As ONNX Runtime writes it into models of older versions.
    onnx.addAll("LayerNormalization", 1, LayerNormFamily::layerNormalization);
    onnx.addAll("LayerNormalization", 17, NormalizationFamily::layer);
    onnx.add("RMSNormalization", 23, call -> rms(call, call.tensor(0)));
  }

  private static double epsilon(Call call) {
    return call.number("epsilon", EPSILON);
  }

  // By channels.

  /**
   * Returns the normalized input and, in training, the new running mean and variance. From version
   * 14 on an attribute tells whether to train, before it the outputs that the node wants did, and
   * up to version 6 an attribute that says the contrary.
   */
  private static List<? extends @Nullable Tensor> batch(Call call) {
    Tensor x = call.tensor(0);
    Tensor mean = call.tensor(3);
    Tensor variance = call.tensor(4);
    boolean training =
        call.opset() >= 14
            ? call.flag("training_mode", false)
            : call.opset() >= 7 ? call.wants(1) : !call.flag("is_test", false);
    boolean perElement = call.opset() < 9 && !call.flag("spatial", true);
    DType dtype = widest(x, call.tensor(1), call.tensor(2), mean, variance);
    // Where each element has statistics of its own, it is a channel of its own.
    Tensor channels = perElement || x.rank() == 1 ? byChannel(x, perElement) : x;
    if (!training) {
      return List.of(normalized(call, channels, mean, variance, dtype).reshape(x.shape().dims()));
    }
    int[] axes = IntStream.range(0, channels.rank()).filter(axis -> axis != 1).toArray();
    Tensor wide = as(channels, dtype);
    Tensor ownMean = wide.mean(axes);
    Tensor ownVariance = wide.var(axes, 0, false);
    List<@Nullable Tensor> outputs = new ArrayList<>();
    outputs.add(normalized(call, channels, ownMean, ownVariance, dtype).reshape(x.shape().dims()));
    double momentum = call.number("momentum", 0.9f);
    outputs.add(call.wants(1) ? running(mean, ownMean, momentum) : null);
    outputs.add(call.wants(2) ? running(variance, ownVariance, momentum) : null);
    if (call.wants(3)) {
      outputs.add(as(ownMean, mean.dtype()).reshape(mean.shape().dims()));
    }
    if (call.wants(4)) {
      outputs.add(as(ownVariance, variance.dtype()).reshape(variance.shape().dims()));
    }
    return outputs;
  }

  private static Tensor byChannel(Tensor x, boolean perElement) {
    return perElement
        ? x.reshape(x.dim(0), x.shape().range(1, x.rank()).size())
        : x.reshape(x.dim(0), 1);
  }

  private static Tensor normalized(Call call, Tensor x, Tensor mean, Tensor variance, DType dtype) {
    BatchNorm norm = new BatchNorm(false, true, true, true, 0, epsilon(call));
    Tensor result =
        Engine.current()
            .run(
                norm,
                as(x, dtype),
                as(mean, dtype).flatten(),
                as(variance, dtype).flatten(),
                as(call.tensor(1), dtype).flatten(),
                as(call.tensor(2), dtype).flatten());
    return as(result, x.dtype());
  }

  private static Tensor running(Tensor old, Tensor own, double momentum) {
    Tensor wide = as(old, own.dtype()).flatten();
    return as(wide.mul(momentum).add(own.mul(1 - momentum)), old.dtype())
        .reshape(old.shape().dims());
  }

  private static DType widest(Tensor first, Tensor... others) {
    DType widest = first.dtype();
    for (Tensor other : others) {
      if (other.dtype() != widest) {
        widest = widest == DType.F64 || other.dtype() == DType.F64 ? DType.F64 : DType.F32;
      }
    }
    return widest;
  }

  private static Tensor as(Tensor x, DType dtype) {
    return x.dtype() == dtype ? x : x.to(dtype);
  }

  private static Tensor instance(Call call) {
    Tensor x = call.tensor(0);
    Tensor scale = call.tensor(1);
    Tensor bias = call.tensor(2);
    if (x.rank() < 3) {
      throw call.failure("input has shape " + x.shape() + ", expected (N, C, spatial...)");
    }
    if (x.shape().range(2, x.rank()).size() == 1) {
      // A single position is its own mean.
      Tensor zero = x.sub(x);
      return zero.mul(perChannel(scale, x.rank())).add(perChannel(bias, x.rank()));
    }
    InstanceNorm norm = new InstanceNorm(false, true, true, 0, epsilon(call));
    return Engine.current().run(norm, x, scale, bias);
  }

  /** Returns a vector of channels as it broadcasts to (N, C, spatial...). */
  private static Tensor perChannel(Tensor vector, int rank) {
    long[] shape = new long[rank - 1];
    Arrays.fill(shape, 1);
    shape[0] = vector.size();
    return vector.reshape(shape);
  }

  // By groups of channels.

  /** Version 18 has one scale and bias for each group, later ones have one for each channel. */
  private static Tensor group(Call call, boolean perGroup) {
    Tensor x = call.tensor(0);
    int groups = Math.toIntExact(call.integer("num_groups"));
    Tensor scale = call.tensor(1);
    Tensor bias = call.tensor(2);
    if (perGroup) {
      if (groups < 1 || x.rank() < 2 || x.dim(1) % groups != 0) {
        throw call.failure(
            "num_groups " + groups + " for input of shape " + x.shape() + ", expected a divisor");
      }
      long members = x.dim(1) / groups;
      scale = repeated(scale, groups, members);
      bias = repeated(bias, groups, members);
    }
    GroupNorm norm = new GroupNorm(groups, true, true, epsilon(call));
    return Engine.current().run(norm, x, scale, bias);
  }

  private static Tensor repeated(Tensor perGroup, long groups, long members) {
    return perGroup.reshape(groups, 1).expand(groups, members).reshape(groups * members);
  }

  /** Core's window of an even number of channels is one channel before ONNX's. */
  private static Tensor localResponse(Call call) {
    Tensor x = call.tensor(0);
    int size = Math.toIntExact(call.integer("size"));
    double alpha = call.number("alpha", 0.0001f);
    double beta = call.number("beta", 0.75f);
    double bias = call.number("bias", 1);
    return size % 2 != 0
        ? Functional.localResponseNorm(x, size, alpha, beta, bias)
        : Functional.localResponseNorm(x.flip(1), size, alpha, beta, bias).flip(1);
  }

  // By the last dimensions.

  /** Returns the normalized input, and the mean and the inverse deviation that the node wants. */
  private static List<? extends @Nullable Tensor> layer(Call call) {
    Tensor x = call.tensor(0);
    Tensor scale = call.tensor(1);
    Tensor bias = call.optional(2);
    int axis = call.axis(call.integer("axis", -1), x.rank());
    Shape normalized = x.shape().range(axis, x.rank());
    boolean plain = fits(scale, x, normalized) && (bias == null || fits(bias, x, normalized));
    LayerNorm norm =
        new LayerNorm(Longs.of(normalized.dims()), plain, plain && bias != null, epsilon(call));
    Tensor result;
    if (plain) {
      result =
          bias == null
              ? Engine.current().run(norm, x, scale)
              : Engine.current().run(norm, x, scale, bias);
    } else {
      Tensor scaled = Engine.current().run(norm, x).mul(as(scale, x.dtype()));
      result = bias == null ? scaled : scaled.add(as(bias, x.dtype()));
    }
    if (!call.wants(1) && !call.wants(2)) {
      return List.of(result);
    }
    int[] axes = IntStream.range(axis, x.rank()).toArray();
    Tensor wide = as(x, call.elementType("stash_type", ElementType.FLOAT).carrier());
    return Arrays.asList(
        result,
        call.wants(1) ? wide.mean(axes, true) : null,
        call.wants(2) ? wide.var(axes, 0, true).add(epsilon(call)).rsqrt() : null);
  }

  private static boolean fits(Tensor parameter, Tensor x, Shape normalized) {
    return parameter.dtype() == x.dtype() && parameter.shape().equals(normalized);
  }

  /** Returns the input divided by the root of its mean square, times the second input. */
  private static Tensor rms(Call call, Tensor x) {
    Tensor scale = call.tensor(1);
    int axis = call.axis(call.integer("axis", -1), x.rank());
    Shape normalized = x.shape().range(axis, x.rank());
    OptionalDouble epsilon = OptionalDouble.of(epsilon(call));
    Longs sizes = Longs.of(normalized.dims());
    if (fits(scale, x, normalized)) {
      return Engine.current().run(new RmsNorm(sizes, true, epsilon), x, scale);
    }
    Tensor plain = Engine.current().run(new RmsNorm(sizes, false, epsilon), x);
    return plain.mul(as(scale, x.dtype()));
  }
}
