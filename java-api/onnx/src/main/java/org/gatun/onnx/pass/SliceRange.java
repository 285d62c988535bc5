package org.gatun.onnx.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * What a Slice takes of one axis.
 *
 * @param start the first index, counted from the end where negative
 * @param end the index that ends it, likewise
 * @param step from one to the next
 */
record SliceRange(long start, long end, long step) {
  /** Returns the ranges by axis, or null where they are not constant. */
  static @Nullable Map<Integer, SliceRange> of(GraphEdit graph, Node slice, int rank) {
    long[] starts = argument(graph, slice, 1, "starts");
    long[] ends = argument(graph, slice, 2, "ends");
    long[] axes = argument(graph, slice, 3, "axes");
    long[] steps = argument(graph, slice, 4, "steps");
    boolean axesGiven = slice.inputs().size() > 3 && !slice.inputs().get(3).isEmpty();
    boolean stepsGiven = slice.inputs().size() > 4 && !slice.inputs().get(4).isEmpty();
    if (starts == null
        || ends == null
        || starts.length != ends.length
        || (axesGiven && axes == null)
        || (stepsGiven && steps == null)) {
      return null;
    }
    Map<Integer, SliceRange> ranges = new HashMap<>();
    for (int i = 0; i < starts.length; i++) {
      long axis = axes == null ? i : i < axes.length ? axes[i] : rank;
      long index = axis < 0 ? axis + rank : axis;
      long step = steps == null ? 1 : i < steps.length ? steps[i] : 0;
      if (index < 0 || index >= rank || step == 0) {
        return null;
      }
      ranges.put((int) index, new SliceRange(starts[i], ends[i], step));
    }
    return ranges;
  }

  private static long @Nullable [] argument(GraphEdit graph, Node slice, int input, String name) {
    List<Long> attribute = Attributes.integers(slice, name);
    if (attribute != null) {
      return attribute.stream().mapToLong(Long::longValue).toArray();
    }
    return slice.inputs().size() > input ? graph.integers(slice.inputs().get(input)) : null;
  }

  /** Returns how many elements are taken of so many, or -1 where that cannot be told. */
  long count(long size) {
    if (size < 0 || step == Long.MIN_VALUE) {
      return -1;
    }
    long first = first(size);
    long last = last(size);
    long span = step > 0 ? last - first : first - last;
    long stride = Math.abs(step);
    return span <= 0 ? 0 : (span + stride - 1) / stride;
  }

  /** Returns the first index of so many. */
  long first(long size) {
    long index = start < 0 ? start + size : start;
    return step > 0 ? Math.clamp(index, 0, size) : Math.clamp(index, -1, size - 1);
  }

  private long last(long size) {
    long index = end < 0 ? end + size : end;
    return step > 0 ? Math.clamp(index, 0, size) : Math.clamp(index, -1, size);
  }

  /** Returns whether the whole axis is taken, whatever its size. */
  boolean isWhole() {
    return start == 0 && step == 1 && end >= Integer.MAX_VALUE;
  }
}
