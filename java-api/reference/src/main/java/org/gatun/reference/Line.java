package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * The elements along an axis at one index of the other axes.
 *
 * @param first the position of the first one in row-major order
 * @param stride the number of positions from one to the next
 * @param length how many there are
 */
record Line(int first, int stride, int length) {
  /** Returns the lines along an axis, in row-major order; a scalar is a line of one element. */
  static List<Line> along(NdArray x, int axis) {
    int rank = x.rank();
    int from0 = axis < 0 ? axis + Math.max(1, rank) : axis;
    int length = rank == 0 ? 1 : x.dim(from0);
    int stride = 1;
    for (int inner = from0 + 1; inner < rank; inner++) {
      stride *= x.dim(inner);
    }
    List<Line> lines = new ArrayList<>();
    for (int first = 0; first < x.size(); first++) {
      if (first / stride % length == 0) {
        lines.add(new Line(first, stride, length));
      }
    }
    return lines;
  }

  /** Returns the positions of the elements. */
  int[] positions() {
    int[] positions = new int[length];
    for (int i = 0; i < length; i++) {
      positions[i] = first + i * stride;
    }
    return positions;
  }

  /** Returns the largest element, NaN if there is one. */
  double max(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (int at : positions()) {
      max = Math.max(max, values[at]);
    }
    return max;
  }
}
