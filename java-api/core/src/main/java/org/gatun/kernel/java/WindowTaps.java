package org.gatun.kernel.java;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Conv;

/**
 * Which elements of a convolution's kernel meet elements of the image and not padding, for each
 * window: windows that are alike in this are of one kind, of which there are few.
 *
 * @param kinds for each window its kind, the windows of an image in row-major order
 * @param taps for each kind which elements of the kernel, in row-major order, count
 */
record WindowTaps(int[] kinds, List<boolean[]> taps) {
  /** The elements from {@code first} to {@code end} exclusive of one dimension of the kernel. */
  private record Range(long first, long end) {}

  /**
   * Returns those of a convolution.
   *
   * @param x the layout of the images, with a batch dimension
   * @param weights that of the weights
   * @param y that of the result, with a batch dimension
   */
  static WindowTaps of(Conv conv, Layout x, Layout weights, Layout y) {
    int[] kinds = {0};
    List<boolean[]> taps = new ArrayList<>();
    taps.add(new boolean[] {true});
    for (int i = 0; i < conv.spatialRank(); i++) {
      long kernel = weights.dim(2 + i);
      List<Range> ranges = new ArrayList<>();
      int[] along = new int[Math.toIntExact(y.dim(2 + i))];
      for (int window = 0; window < along.length; window++) {
        Range range = range(conv, i, window, x.dim(2 + i), kernel);
        if (!ranges.contains(range)) {
          ranges.add(range);
        }
        along[window] = ranges.indexOf(range);
      }
      kinds = product(kinds, along, ranges.size());
      taps = product(taps, ranges, Math.toIntExact(kernel));
    }
    return new WindowTaps(kinds, taps);
  }

  private static Range range(Conv conv, int i, long window, long size, long kernel) {
    long start = window * conv.stride().get(i) - conv.paddingBefore().get(i);
    long dilation = conv.dilation().get(i);
    long first = start >= 0 ? 0 : Math.min(kernel, Math.ceilDiv(-start, dilation));
    long end = Math.clamp(Math.ceilDiv(size - start, dilation), first, kernel);
    return new Range(first, end);
  }

  private static int[] product(int[] outer, int[] inner, int kinds) {
    int[] all = new int[Math.multiplyExact(outer.length, inner.length)];
    for (int i = 0; i < all.length; i++) {
      all[i] = outer[i / inner.length] * kinds + inner[i % inner.length];
    }
    return all;
  }

  private static List<boolean[]> product(List<boolean[]> outer, List<Range> ranges, int kernel) {
    List<boolean[]> all = new ArrayList<>();
    for (boolean[] some : outer) {
      for (Range range : ranges) {
        boolean[] taps = new boolean[some.length * kernel];
        for (int i = 0; i < taps.length; i++) {
          int inner = i % kernel;
          taps[i] = some[i / kernel] && inner >= range.first && inner < range.end;
        }
        all.add(taps);
      }
    }
    return all;
  }

  /**
   * Returns for each kind the sums of each channel's weights that count.
   *
   * @param address of the weights, of {@code i8}
   * @param weights their layout, (out, in/groups, kernel...)
   */
  int[][] sums(long address, Layout weights) {
    int out = Math.toIntExact(weights.dim(0));
    int[][] perTap = perTap(address, weights, out);
    int[][] sums = new int[taps.size()][out];
    for (int kind = 0; kind < sums.length; kind++) {
      boolean[] some = taps.get(kind);
      for (int tap = 0; tap < some.length; tap++) {
        for (int o = 0; o < out && some[tap]; o++) {
          sums[kind][o] += perTap[tap][o];
        }
      }
    }
    return sums;
  }

  /** Returns for each element of the kernel the sum over the channels that a channel reads. */
  private int[][] perTap(long address, Layout weights, int out) {
    int elements = taps.getFirst().length;
    int[][] sums = new int[elements][out];
    for (int tap = 0; tap < elements; tap++) {
      long at = address;
      int rest = tap;
      for (int axis = weights.rank() - 1; axis >= 2; axis--) {
        at += rest % weights.dim(axis) * weights.stride(axis);
        rest /= (int) weights.dim(axis);
      }
      for (int o = 0; o < out; o++) {
        for (long c = 0; c < weights.dim(1); c++) {
          sums[tap][o] +=
              Elements.ALL.get(Elements.BYTE, at + o * weights.stride(0) + c * weights.stride(1));
        }
      }
    }
    return sums;
  }
}
