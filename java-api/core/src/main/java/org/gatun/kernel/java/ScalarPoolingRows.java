package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import org.gatun.DType;

/** The same in plain Java, computing in double; a vector is one element. */
final class ScalarPoolingRows implements PoolingRows {
  private final boolean single;
  private final int bytes;

  ScalarPoolingRows(DType dtype) {
    this.single = dtype == DType.F32;
    this.bytes = dtype.byteSize();
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }

  @Override
  public int lanes() {
    return 1;
  }

  private double get(long at) {
    return single ? ALL.get(Elements.FLOAT, at) : ALL.get(Elements.DOUBLE, at);
  }

  private void set(long at, double value) {
    if (single) {
      ALL.set(Elements.FLOAT, at, (float) value);
    } else {
      ALL.set(Elements.DOUBLE, at, value);
    }
  }

  @Override
  public void fill(long dst, long count, double value) {
    for (long j = 0; j < count; j++) {
      set(dst + j * bytes, value);
    }
  }

  @Override
  public void max(
      long src, int stride, long tap, int taps, long[] from, long dst, long[] to, int vectors) {
    for (int i = 0; i < vectors; i++) {
      double max = get(src + from[i]);
      for (int k = 1; k < taps; k++) {
        double value = get(src + from[i] + k * tap);
        max = value > max || Double.isNaN(value) ? value : max;
      }
      set(dst + to[i], max);
    }
  }

  @Override
  public void max(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      long dst,
      long[] to,
      int vectors,
      int some) {
    // No part of one element.
  }

  @Override
  public void mean(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      double divisor,
      long dst,
      long[] to,
      int vectors) {
    for (int i = 0; i < vectors; i++) {
      double sum = 0;
      for (int k = 0; k < taps; k++) {
        sum += get(src + from[i] + k * tap);
      }
      set(dst + to[i], sum / divisor);
    }
  }

  @Override
  public void mean(
      long src,
      int stride,
      long tap,
      int taps,
      long[] from,
      double divisor,
      long dst,
      long[] to,
      int vectors,
      int some) {
    // No part of one element.
  }
}
