package org.gatun.kernel.java;

/**
 * What a line of elements that lie side by side adds up to: {@link SoftmaxLoops} over all of its
 * blocks.
 *
 * @param loops the loops
 * @param width the bytes of an element
 * @param length the number of elements, 1 or more
 */
record SoftmaxLine(SoftmaxLoops loops, int width, long length) {
  private long count(long from) {
    return Math.min(SoftmaxLoops.BLOCK, length - from);
  }

  /** Returns the largest of the elements that are not NaN. */
  double max(long src) {
    return loops.max(src, length);
  }

  /** Computes {@code dst[i] = exp(src[i] - max)} and returns their sum. */
  double exp(long src, double max, long dst) {
    double sum = 0;
    for (long i = 0; i < length; i += SoftmaxLoops.BLOCK) {
      sum += loops.exp(src + i * width, max, dst + i * width, count(i));
    }
    return sum;
  }

  /** Returns the sum of {@code exp(src[i] - max)}. */
  double sumOfExp(long src, double max) {
    double sum = 0;
    for (long i = 0; i < length; i += SoftmaxLoops.BLOCK) {
      sum += loops.sumOfExp(src + i * width, max, count(i));
    }
    return sum;
  }

  /** Returns the sum of the elements. */
  double sum(long src) {
    double sum = 0;
    for (long i = 0; i < length; i += SoftmaxLoops.BLOCK) {
      sum += loops.sum(src + i * width, count(i));
    }
    return sum;
  }

  /** Returns the sum of {@code a[i] * b[i]}. */
  double dot(long a, long b) {
    double sum = 0;
    for (long i = 0; i < length; i += SoftmaxLoops.BLOCK) {
      sum += loops.dot(a + i * width, b + i * width, count(i));
    }
    return sum;
  }

  /** Returns the sum of {@code a[i] * (b[i] - shift)}. */
  double dotShifted(long a, long b, double shift) {
    double sum = 0;
    for (long i = 0; i < length; i += SoftmaxLoops.BLOCK) {
      sum += loops.dotShifted(a + i * width, b + i * width, shift, count(i));
    }
    return sum;
  }
}
