package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Gather;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.runtime.Engine;

/** Pad, in all its versions and modes. Negative pads take away, before others are put around. */
final class PadFamily {
  /** Integers up to here are {@code double}s. */
  private static final long EXACT = 1L << 53;

  private PadFamily() {}

  static void register(Registry onnx) {
    onnx.move("Pad", 2, PadFamily::attributes);
    onnx.move("Pad", 11, PadFamily::inputs);
  }

  private static Tensor attributes(Call call) {
    long[] pads = call.integers("pads");
    if (pads == null) {
      throw call.failure("its pads are missing");
    }
    Tensor x = call.tensor(0);
    long[] before = new long[x.rank()];
    long[] after = new long[x.rank()];
    spread(call, pads, LongStream.range(0, x.rank()).toArray(), before, after);
    Tensor cropped = cropped(x, before, after);
    return mode(call) == PadMode.CONSTANT
        ? constant(cropped, before, after, call.number("value", 0))
        : repeated(cropped, before, after, mode(call));
  }

  private static Tensor inputs(Call call) {
    Tensor x = call.tensor(0);
    long[] before = new long[x.rank()];
    long[] after = new long[x.rank()];
    long[] axes = call.has(3) ? call.longs(3) : LongStream.range(0, x.rank()).toArray();
    spread(call, call.longs(1), axes, before, after);
    Tensor cropped = cropped(x, before, after);
    PadMode mode = mode(call);
    if (mode != PadMode.CONSTANT) {
      return repeated(cropped, before, after, mode);
    }
    if (!call.has(2)) {
      return constant(cropped, before, after, 0);
    }
    double value = call.scalar(2);
    if (x.dtype() == DType.I64 && !(Math.abs(value) < EXACT)) {
      return framed(cropped, before, after, call.tensor(2));
    }
    return constant(cropped, before, after, value);
  }

  private static PadMode mode(Call call) {
    String mode = call.text("mode", "constant");
    return switch (mode) {
      case "constant" -> PadMode.CONSTANT;
      case "reflect" -> PadMode.REFLECT;
      case "edge" -> PadMode.REPLICATE;
      case "wrap" -> PadMode.CIRCULAR;
      default ->
          throw call.failure(
              "attribute mode is " + mode + ", expected constant, reflect, edge or wrap");
    };
  }

  private static void spread(Call call, long[] pads, long[] axes, long[] before, long[] after) {
    if (pads.length != 2 * axes.length) {
      throw call.failure(
          "pads " + Arrays.toString(pads) + " for " + axes.length + " axes, expected two for each");
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = call.axis(axes[i], before.length);
      before[axis] = pads[i];
      after[axis] = pads[axes.length + i];
    }
  }

  /** Takes away what negative pads say, and makes 0 of them. */
  private static Tensor cropped(Tensor x, long[] before, long[] after) {
    Tensor result = x;
    for (int axis = 0; axis < before.length; axis++) {
      long first = Math.max(0, -before[axis]);
      long end = x.dim(axis) + Math.min(0, after[axis]);
      if (first > 0 || end < x.dim(axis)) {
        if (first > end) {
          throw new IllegalArgumentException(
              "pads "
                  + before[axis]
                  + " and "
                  + after[axis]
                  + " of axis "
                  + axis
                  + " of shape "
                  + x.shape()
                  + " take away more than there is");
        }
        result = result.slice(axis, first, end);
      }
      before[axis] = Math.max(0, before[axis]);
      after[axis] = Math.max(0, after[axis]);
    }
    return result;
  }

  private static Tensor constant(Tensor x, long[] before, long[] after, double value) {
    Pad pad = new Pad(Longs.of(before), Longs.of(after), PadMode.CONSTANT, value);
    return Engine.current().run(pad, x);
  }

  /** The same for an integer that is no {@code double}. */
  private static Tensor framed(Tensor x, long[] before, long[] after, Tensor value) {
    Tensor result = x;
    for (int axis = 0; axis < before.length; axis++) {
      Tensor number = value.reshape();
      Tensor front = number.expand(result.shape().with(axis, before[axis]).dims());
      Tensor back = number.expand(result.shape().with(axis, after[axis]).dims());
      result = Tensor.concat(axis, front, result, back);
    }
    return result;
  }

  private static Tensor repeated(Tensor x, long[] before, long[] after, PadMode mode) {
    boolean simple = true;
    for (int axis = 0; axis < before.length; axis++) {
      long most =
          switch (mode) {
            case REFLECT -> x.dim(axis) - 1;
            case CIRCULAR -> x.dim(axis);
            default -> Long.MAX_VALUE;
          };
      simple &= Math.max(before[axis], after[axis]) <= Math.max(0, most);
    }
    if (simple) {
      return Engine.current().run(new Pad(Longs.of(before), Longs.of(after), mode, 0), x);
    }
    Tensor result = x;
    for (int axis = 0; axis < before.length; axis++) {
      if (before[axis] + after[axis] > 0) {
        Tensor sources = sources(x, axis, before[axis], after[axis], mode);
        result = Engine.current().run(new Gather("pad", Ints.of(axis), false), result, sources);
      }
    }
    return result;
  }

  /** For each index of the result where along the axis its element comes from. */
  private static Tensor sources(Tensor x, int axis, long before, long after, PadMode mode) {
    long dim = x.dim(axis);
    if (dim == 0) {
      throw new IllegalArgumentException(
          "pads " + before + " and " + after + " of axis " + axis + " of shape " + x.shape());
    }
    Tensor places = Tensor.arange(Math.addExact(dim, Math.addExact(before, after))).sub(before);
    return switch (mode) {
      case REFLECT -> {
        long period = Math.max(1, 2 * dim - 2);
        Tensor forth = places.remainder(period);
        yield forth.minimum(forth.neg().add(period));
      }
      case CIRCULAR -> places.remainder(dim);
      default -> places.clamp(0L, dim - 1);
    };
  }
}
