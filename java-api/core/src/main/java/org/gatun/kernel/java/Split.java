package org.gatun.kernel.java;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Ints;

/** The dimensions of an operand in two parts: those along some axes, and the others. */
final class Split {
  private Split() {}

  /** Returns the axes in ascending order from 0; none given means all. */
  static int[] axes(Ints axes, int rank) {
    if (axes.size() == 0) {
      return IntStream.range(0, rank).toArray();
    }
    return Arrays.stream(axes.toArray())
        .map(axis -> axis < 0 ? axis + Math.max(1, rank) : axis)
        .filter(axis -> axis < rank)
        .sorted()
        .toArray();
  }

  /** Returns the layout of the dimensions along the axes. */
  static Layout along(Layout layout, int[] axes) {
    long[] dims = Arrays.stream(axes).mapToLong(layout::dim).toArray();
    long[] strides = Arrays.stream(axes).mapToLong(layout::stride).toArray();
    return Layout.of(layout.dtype(), Shape.of(dims), strides);
  }

  /** Returns the layout of the other dimensions. */
  static Layout across(Layout layout, int[] axes) {
    int[] others =
        IntStream.range(0, layout.rank())
            .filter(axis -> Arrays.binarySearch(axes, axis) < 0)
            .toArray();
    return along(layout, others);
  }

  /** Returns the layout of a result without the dimensions that were kept with size 1. */
  static Layout result(Layout output, int[] axes, boolean keepDims) {
    return keepDims ? across(output, axes) : output;
  }
}
