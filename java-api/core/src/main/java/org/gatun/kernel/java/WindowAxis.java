package org.gatun.kernel.java;

/**
 * The windows along one dimension: for each of them its first element in the input, how many of its
 * elements are in the input, and what it counts for in the divisor of a mean.
 *
 * @param input the size of the input
 * @param before the padding before it
 * @param kernel the elements of a window; 0 where windows have different sizes
 * @param stride the step from one window to the next; 0 where it varies
 * @param step the step from one element of a window to the next
 * @param first for each window its first element that is in the input
 * @param count for each window the number of its elements that are in the input
 * @param share for each window the elements that a mean divides by
 */
record WindowAxis(
    int input,
    int before,
    int kernel,
    int stride,
    int step,
    int[] first,
    int[] count,
    int[] share) {
  private static final long FAR = 8;
  private static final long FAR_AT_LEAST = 4096;

  /** Returns a dimension without windows, of one element. */
  static WindowAxis single() {
    return sliding(1, 1, 1, 1, 0, 0, 1, true);
  }

  /**
   * Returns windows at equal distances.
   *
   * @param after the padding behind the input, which counts in means if {@code countPadding}
   */
  static WindowAxis sliding(
      int input,
      int output,
      int kernel,
      int stride,
      int before,
      int after,
      int step,
      boolean countPadding) {
    int[] first = new int[output];
    int[] count = new int[output];
    int[] share = new int[output];
    for (int i = 0; i < output; i++) {
      long start = (long) i * stride - before;
      long skipped = start < 0 ? Math.ceilDiv(-start, step) : 0;
      long end = Math.clamp(Math.ceilDiv(input - start, step), skipped, Math.max(kernel, skipped));
      first[i] = (int) (start + skipped * step);
      count[i] = (int) (end - skipped);
      long padded = Math.min(start + kernel, (long) input + after) - start;
      share[i] = countPadding ? (int) padded : count[i];
    }
    // The stride of one window says nothing, and plans may ask for memory in proportion to it.
    return new WindowAxis(
        input, before, kernel, output > 1 ? stride : 1, step, first, count, share);
  }

  /** Returns windows that divide the input into as many parts, which may overlap by one element. */
  static WindowAxis adaptive(int input, int output) {
    if (output > 0 && input % output == 0) {
      int size = input / output;
      return sliding(input, output, size, size, 0, 0, 1, false);
    }
    int[] first = new int[output];
    int[] count = new int[output];
    for (int i = 0; i < output; i++) {
      first[i] = (int) ((long) i * input / output);
      count[i] = (int) Math.ceilDiv((i + 1L) * input, output) - first[i];
    }
    return new WindowAxis(input, 0, 0, 0, 1, first, count, count);
  }

  /** Returns the number of windows. */
  int output() {
    return first.length;
  }

  /** Returns the elements from the first of the padding to the last that a window touches. */
  long padded() {
    long last = (output() - 1L) * stride + (kernel - 1L) * step + 1;
    return Math.max((long) before + input, last);
  }

  /**
   * Returns whether most of what the windows span is neither input nor a result: then a padded copy
   * of the input would be all padding, and might be larger than memory.
   */
  boolean reachesFar() {
    return padded() > FAR * (input + (long) output()) + FAR_AT_LEAST;
  }

  /** Returns what all windows count for in a divisor, or 0 where they differ. */
  int commonShare() {
    for (int s : share) {
      if (s != share[0]) {
        return 0;
      }
    }
    return share.length == 0 ? 0 : share[0];
  }

  /** Returns the most elements of a window that are in the input. */
  int mostElements() {
    int most = 0;
    for (int c : count) {
      most = Math.max(most, c);
    }
    return most;
  }
}
