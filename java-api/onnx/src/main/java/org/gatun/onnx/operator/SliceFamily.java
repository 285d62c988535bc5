package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.gatun.Tensor;

/** Slice, in all its versions. */
final class SliceFamily {
  private SliceFamily() {}

  static void register(Registry onnx) {
    onnx.move("Slice", 1, SliceFamily::attributes);
    onnx.move("Slice", 10, SliceFamily::inputs);
  }

  private static Tensor attributes(Call call) {
    long[] starts = call.integers("starts");
    long[] ends = call.integers("ends");
    if (starts == null || ends == null) {
      throw call.failure("its starts or ends are missing");
    }
    long[] axes = call.integers("axes");
    long[] steps = new long[starts.length];
    Arrays.fill(steps, 1);
    return slice(call, starts, ends, axes == null ? first(starts.length) : axes, steps);
  }

  private static Tensor inputs(Call call) {
    long[] starts = call.longs(1);
    long[] ends = call.longs(2);
    long[] axes = call.has(3) ? call.longs(3) : first(starts.length);
    long[] steps = new long[starts.length];
    Arrays.fill(steps, 1);
    return slice(call, starts, ends, axes, call.has(4) ? call.longs(4) : steps);
  }

  private static long[] first(int count) {
    return LongStream.range(0, count).toArray();
  }

  private static Tensor slice(Call call, long[] starts, long[] ends, long[] axes, long[] steps) {
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length) {
      throw call.failure(
          "starts "
              + Arrays.toString(starts)
              + ", ends "
              + Arrays.toString(ends)
              + ", axes "
              + Arrays.toString(axes)
              + " and steps "
              + Arrays.toString(steps)
              + ", expected as many of each");
    }
    Tensor x = call.tensor(0);
    for (int i = 0; i < axes.length; i++) {
      int axis = call.axis(axes[i], x.rank());
      if (steps[i] == 0) {
        throw call.failure("step 0 for axis " + axis);
      }
      x =
          steps[i] > 0
              ? forwards(x, axis, starts[i], ends[i], steps[i])
              : backwards(x, axis, starts[i], ends[i], steps[i]);
    }
    return x;
  }

  private static Tensor forwards(Tensor x, int axis, long start, long end, long step) {
    long dim = x.dim(axis);
    long from = Math.clamp(fromFront(start, dim), 0, dim);
    long to = Math.clamp(fromFront(end, dim), from, dim);
    // A step beyond the end is as good as one to the end, and no product of it overflows.
    return from == 0 && to == dim && step == 1
        ? x
        : x.slice(axis, from, to, Math.min(step, Math.max(1, dim)));
  }

  private static Tensor backwards(Tensor x, int axis, long start, long end, long step) {
    long dim = x.dim(axis);
    long from = Math.clamp(fromFront(start, dim), -1, dim - 1);
    long to = Math.clamp(fromFront(end, dim), -1, dim - 1);
    long stride = step < -dim ? Math.max(1, dim) : -step;
    long count = from <= to ? 0 : Math.ceilDiv(from - to, stride);
    if (count == 0) {
      return x.slice(axis, 0, 0);
    }
    long first = from - (count - 1) * stride;
    return x.slice(axis, first, from + 1, stride).flip(axis);
  }

  private static long fromFront(long index, long dim) {
    return index < 0 ? index + dim : index;
  }
}
