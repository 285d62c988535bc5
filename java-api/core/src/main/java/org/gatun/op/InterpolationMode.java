package org.gatun.op;

import java.util.Locale;

/** How {@link Interpolate} makes an element of those around its position. */
public enum InterpolationMode {
  /** The element at the position rounded down, as OpenCV does it. PyTorch's {@code nearest}. */
  NEAREST,

  /** The element whose area the position is in. PyTorch's {@code nearest-exact}. */
  NEAREST_EXACT,

  /**
   * The two elements around in each dimension, by distance. PyTorch's {@code linear}, {@code
   * bilinear} and {@code trilinear}.
   */
  LINEAR,

  /**
   * The four elements around in each of two dimensions, by the cubic convolution with {@code A =
   * -0.75}. PyTorch's {@code bicubic}.
   */
  CUBIC,

  /** The mean of all elements in the area, as in {@link AdaptiveAveragePool}. */
  AREA;

  /** Returns the lower-case name used in messages. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns whether each result is one of the elements. */
  public boolean isNearest() {
    return this == NEAREST || this == NEAREST_EXACT;
  }
}
