package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;

/**
 * The steps of a softmax in plain Java, computed in double.
 *
 * @param wide whether the elements are {@code double}s, otherwise {@code float}s
 */
record ScalarSoftmaxLoops(boolean wide) implements SoftmaxLoops {
  /** Elements that are added one after the other; the sums of as many runs are added then. */
  private static final int RUN = 32;

  @Override
  public String implementation() {
    return "java:scalar";
  }

  private double get(long src, long i) {
    return wide ? ALL.get(DOUBLE, src + i * Double.BYTES) : ALL.get(FLOAT, src + i * Float.BYTES);
  }

  private void set(long dst, long i, double value) {
    if (wide) {
      ALL.set(DOUBLE, dst + i * Double.BYTES, value);
    } else {
      ALL.set(FLOAT, dst + i * Float.BYTES, (float) value);
    }
  }

  @Override
  public double max(long src, long count) {
    double max = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < count; i++) {
      double x = get(src, i);
      max = x > max ? x : max;
    }
    return max;
  }

  /**
   * Returns what rounding took from a sum (Knuth's TwoSum). Where a row has the same number again
   * and again each addition rounds the same way, and the error is a hundred times that of other
   * rows.
   */
  private static double lost(double sum, double term, double next) {
    double added = next - sum;
    return (sum - (next - added)) + (term - added);
  }

  @Override
  public double exp(long src, double max, long dst, long count) {
    double sum = 0;
    double lost = 0;
    for (long i = 0; i < count; i++) {
      double e = Math.exp(get(src, i) - max);
      set(dst, i, e);
      double next = sum + e;
      lost += lost(sum, e, next);
      sum = next;
    }
    return sum + lost;
  }

  @Override
  public double sumOfExp(long src, double max, long count) {
    double sum = 0;
    double lost = 0;
    for (long i = 0; i < count; i++) {
      double e = Math.exp(get(src, i) - max);
      double next = sum + e;
      lost += lost(sum, e, next);
      sum = next;
    }
    return sum + lost;
  }

  @Override
  public double sum(long src, long count) {
    double sum = 0;
    for (long from = 0; from < count; from += RUN) {
      double run = 0;
      for (long i = from; i < Math.min(count, from + RUN); i++) {
        run += get(src, i);
      }
      sum += run;
    }
    return sum;
  }

  @Override
  public double dot(long a, long b, long count) {
    double sum = 0;
    for (long from = 0; from < count; from += RUN) {
      double run = 0;
      for (long i = from; i < Math.min(count, from + RUN); i++) {
        run += get(a, i) * get(b, i);
      }
      sum += run;
    }
    return sum;
  }

  @Override
  public double dotShifted(long a, long b, double shift, long count) {
    double sum = 0;
    for (long from = 0; from < count; from += RUN) {
      double run = 0;
      for (long i = from; i < Math.min(count, from + RUN); i++) {
        run += get(a, i) * (get(b, i) - shift);
      }
      sum += run;
    }
    return sum;
  }

  @Override
  public void scale(long src, double factor, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(src, i) * factor);
    }
  }

  @Override
  public void subtract(long src, double first, double second, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(src, i) - first - second);
    }
  }

  @Override
  public void addScaled(long src, double factor, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(dst, i) + get(src, i) * factor);
    }
  }

  @Override
  public void multiply(long src, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(dst, i) * get(src, i));
    }
  }

  @Override
  public void affine(long src, double factor, double term, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(src, i) * factor + term);
    }
  }

  @Override
  public void softmaxGradient(long cotangent, long result, double dot, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(result, i) * (get(cotangent, i) - dot));
    }
  }

  @Override
  public void logSoftmaxGradient(long cotangent, long result, double sum, long dst, long count) {
    for (long i = 0; i < count; i++) {
      set(dst, i, get(cotangent, i) - Math.exp(get(result, i)) * sum);
    }
  }
}
