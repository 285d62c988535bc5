package org.gatun.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Diagonal;
import org.gatun.op.Expand;
import org.gatun.op.Ints;
import org.gatun.op.Permute;
import org.gatun.op.Reshape;
import org.gatun.op.Slice;
import org.gatun.op.Split;
import org.gatun.op.UnfoldAxis;
import org.gatun.op.View;

/** Views, as copies: what each element of a result is in the input. */
final class ViewReference {
  private ViewReference() {}

  static List<NdArray> evaluate(View op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray input = inputs.getFirst();
    List<NdArray> results = new ArrayList<>();
    int before = 0;
    for (Layout output : outputs) {
      NdArray result = NdArray.zeros(output.dtype(), output.shape());
      for (int i = 0; i < result.size(); i++) {
        result.values()[i] = element(op, input, i, result.index(i), before);
      }
      before += op instanceof Split split ? result.dim(split.axis()) : 0;
      results.add(result);
    }
    return results;
  }

  /**
   * @param position of the element in the result, and {@code index} the same by dimensions
   * @param before how many elements the parts before this one have along the axis of a split
   */
  private static double element(View op, NdArray input, int position, int[] index, int before) {
    return switch (op) {
      case Diagonal(long offset, int axis1, int axis2) -> {
        int rows = axis(axis1, input.rank());
        int columns = axis(axis2, input.rank());
        int[] own = new int[input.rank()];
        int next = 0;
        for (int at = 0; at < own.length; at++) {
          own[at] = at == rows || at == columns ? index[index.length - 1] : index[next++];
        }
        own[rows] += (int) Math.max(0, -offset);
        own[columns] += (int) Math.max(0, offset);
        yield input.get(own);
      }
      case Expand _ -> Broadcast.get(input, index);
      case Permute(Ints axes) -> {
        int[] own = new int[index.length];
        for (int i = 0; i < own.length; i++) {
          own[axis(axes.get(i), own.length)] = index[i];
        }
        yield input.get(own);
      }
      case Reshape _ -> input.values()[position];
      case Slice(int axis, long start, long _, long step) -> {
        int at = axis(axis, index.length);
        long size = input.dim(at);
        long first = start < 0 ? Math.max(0, start + size) : start;
        int[] own = index.clone();
        own[at] = (int) (first + index[at] * step);
        yield input.get(own);
      }
      case Split(int axis, var _) -> {
        int[] own = index.clone();
        own[axis(axis, own.length)] += before;
        yield input.get(own);
      }
      case UnfoldAxis(int axis, long _, long step) -> {
        int[] own = Arrays.copyOf(index, input.rank());
        int within = index[index.length - 1];
        if (own.length > 0) {
          int at = axis(axis, own.length);
          own[at] = (int) (index[at] * step + within);
        }
        yield input.get(own);
      }
    };
  }

  private static int axis(int axis, int rank) {
    return axis < 0 ? axis + rank : axis;
  }
}
