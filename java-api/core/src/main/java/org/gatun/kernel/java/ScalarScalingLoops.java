package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;

import org.gatun.DType;

/** The same in plain Java, computing in double. */
final class ScalarScalingLoops implements ScalingLoops {
  /** Elements that are added up before they are added to others, so that f64 is as exact. */
  private static final int PIECE = 64;

  private final boolean single;
  private final int bytes;

  ScalarScalingLoops(DType dtype) {
    this.single = dtype == DType.F32;
    this.bytes = dtype.byteSize();
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public double squares(long src, long count) {
    double sum = 0;
    for (long from = 0; from < count; from += PIECE) {
      double part = 0;
      for (long i = from; i < Math.min(count, from + PIECE); i++) {
        double x = get(src + i * bytes);
        part += x * x;
      }
      sum += part;
    }
    return sum;
  }

  @Override
  public void scale(long src, long dst, long count, double factor) {
    for (long i = 0; i < count; i++) {
      set(dst + i * bytes, get(src + i * bytes) * factor);
    }
  }

  @Override
  public void scale(long src, long dst, long count, double factor, long weight) {
    for (long i = 0; i < count; i++) {
      set(dst + i * bytes, get(src + i * bytes) * factor * get(weight + i * bytes));
    }
  }

  @Override
  public void add(long src, long added, long dst, long count, double factor) {
    for (long i = 0; i < count; i++) {
      set(dst + i * bytes, get(src + i * bytes) * factor + get(added + i * bytes));
    }
  }

  @Override
  public void tanh(long src, long dst, long count, double factor) {
    for (long i = 0; i < count; i++) {
      set(dst + i * bytes, Math.tanh(get(src + i * bytes) * factor));
    }
  }

  @Override
  public void shift(long src, long dst, long count, double factor, double added) {
    for (long i = 0; i < count; i++) {
      set(dst + i * bytes, get(src + i * bytes) * factor + added);
    }
  }

  @Override
  public void weigh(long src, long dst, long count, long weight, long bias) {
    for (long i = 0; i < count; i++) {
      double value = get(src + i * bytes) * get(weight + i * bytes) + get(bias + i * bytes);
      set(dst + i * bytes, value);
    }
  }

  @Override
  public void respond(
      long src, long window, long rowStride, long rows, long dst, long count, Response response) {
    for (long i = 0; i < count; i++) {
      double sum = 0;
      for (long row = 0; row < rows; row++) {
        double x = get(window + row * rowStride + i * bytes);
        sum += x * x;
      }
      double base = response.added() + response.factor() * sum;
      set(dst + i * bytes, get(src + i * bytes) / Math.pow(base, response.exponent()));
    }
  }

  @Override
  public double get(long src) {
    return single ? ALL.get(FLOAT, src) : ALL.get(DOUBLE, src);
  }

  private void set(long dst, double value) {
    if (single) {
      ALL.set(FLOAT, dst, (float) value);
    } else {
      ALL.set(DOUBLE, dst, value);
    }
  }
}
