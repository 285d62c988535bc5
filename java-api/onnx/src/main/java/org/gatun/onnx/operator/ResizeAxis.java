package org.gatun.onnx.operator;

import org.gatun.op.Doubles;
import org.gatun.op.Ints;
import org.gatun.op.Resample;

/**
 * One dimension of a Resize: where the elements of the result lie in the input, and what they are
 * made of there.
 *
 * @param input the size of the input
 * @param output the size of the result
 * @param scale what the size was multiplied by, which need not be {@code output / input}
 * @param start where the region of interest begins, in sizes of the input
 * @param end where it ends
 */
record ResizeAxis(long input, long output, double scale, double start, double end) {
  /**
   * What is the same for all dimensions.
   *
   * @param mode what elements are made of
   * @param coordinates how positions in the result become positions in the input
   * @param nearest which element is the nearest
   * @param cubic the parameter of the cubic convolution
   * @param excludesOutside whether only elements of the input count
   * @param antialias whether the filter is as wide as an element of a smaller result
   */
  record Rule(
      Mode mode,
      Coordinates coordinates,
      Nearest nearest,
      double cubic,
      boolean excludesOutside,
      boolean antialias) {}

  /** What an element of the result is made of. */
  enum Mode {
    /** The nearest element. */
    NEAREST,
    /** The elements around, by distance. */
    LINEAR,
    /** The four elements around, by the cubic convolution. */
    CUBIC
  }

  /** How a position in the result becomes one in the input; the constants are ONNX's. */
  enum Coordinates {
    /** Centres of elements, which are half an element from the borders. */
    HALF_PIXEL,
    /** The same around the middle, where the size was rounded down. */
    HALF_PIXEL_SYMMETRIC,
    /** The same, but the first element for a result of one. */
    PYTORCH_HALF_PIXEL,
    /** The first and the last elements lie upon each other. */
    ALIGN_CORNERS,
    /** The first elements lie upon each other. */
    ASYMMETRIC,
    /** Borders of the result's elements plus half an element. */
    TF_HALF_PIXEL_FOR_NN,
    /** The corners of a region of the input, beyond which there is one value. */
    TF_CROP_AND_RESIZE
  }

  /** Which element is the nearest to a position. */
  enum Nearest {
    /** The nearer, of two the first. */
    ROUND_PREFER_FLOOR,
    /** The nearer, of two the second. */
    ROUND_PREFER_CEIL,
    /** The one before. */
    FLOOR,
    /** The one behind. */
    CEIL,
    /** The one before, but the one behind where the size is reduced: before version 11. */
    SIMPLE
  }

  /** Returns whether the result is the input. */
  boolean isIdentity() {
    return output == input && Math.abs(scale - 1) < 1e-9 && start == 0 && end == 1;
  }

  /** Returns where an element of the result lies in the input. */
  double position(Coordinates coordinates, long i) {
    double length = scale * input;
    return switch (coordinates) {
      case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
      case HALF_PIXEL_SYMMETRIC -> input / 2.0 * (1 - output / length) + (i + 0.5) / scale - 0.5;
      case PYTORCH_HALF_PIXEL -> output > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case ALIGN_CORNERS -> length == 1 ? 0 : i * (input - 1.0) / (length - 1);
      case ASYMMETRIC -> i / scale;
      case TF_HALF_PIXEL_FOR_NN -> (i + 0.5) / scale;
      case TF_CROP_AND_RESIZE ->
          length == 1
              ? (start + end) * (input - 1) / 2
              : start * (input - 1) + i * (end - start) * (input - 1) / (length - 1);
    };
  }

  /** Returns whether an element of the result lies beyond the input, where that matters. */
  boolean isOutside(Coordinates coordinates, long i) {
    if (coordinates != Coordinates.TF_CROP_AND_RESIZE) {
      return false;
    }
    double position = position(coordinates, i);
    return position < 0 || position > input - 1;
  }

  /** Returns the elements and their weights. */
  Resample.Taps taps(Rule rule) {
    return rule.mode == Mode.NEAREST ? nearest(rule) : weighted(rule);
  }

  /** Returns the taps of a dimension that stays as it is. */
  static Resample.Taps same(long size) {
    int[] indices = new int[Math.toIntExact(size)];
    double[] weights = new double[indices.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i;
      weights[i] = 1;
    }
    return new Resample.Taps(1, Ints.of(indices), Doubles.of(weights));
  }

  private Resample.Taps nearest(Rule rule) {
    int[] indices = new int[Math.toIntExact(output)];
    double[] weights = new double[indices.length];
    for (int i = 0; i < indices.length; i++) {
      double position = position(rule.coordinates, i);
      double whole =
          switch (rule.nearest) {
            case ROUND_PREFER_FLOOR -> Math.ceil(position - 0.5);
            case ROUND_PREFER_CEIL -> Math.floor(position + 0.5);
            case FLOOR -> Math.floor(position);
            case CEIL -> Math.ceil(position);
            case SIMPLE -> scale < 1 ? Math.ceil(position) : Math.floor(position);
          };
      indices[i] = clamp((long) whole);
      weights[i] = 1;
    }
    return new Resample.Taps(1, Ints.of(indices), Doubles.of(weights));
  }

  private int clamp(long index) {
    return Math.toIntExact(Math.clamp(index, 0, input - 1));
  }

  private Resample.Taps weighted(Rule rule) {
    double shrink = rule.antialias ? Math.min(scale, 1) : 1;
    int radius = rule.mode == Mode.LINEAR ? 1 : 2;
    long first = (long) Math.floor(-radius / shrink) + 1;
    int count = Math.toIntExact(2 - 2 * first);
    int[] indices = new int[Math.toIntExact(Math.multiplyExact(output, (long) count))];
    double[] weights = new double[indices.length];
    for (int i = 0; i < output; i++) {
      double position = position(rule.coordinates, i);
      long whole = (long) Math.floor(position);
      double part = position - whole;
      double sum = 0;
      for (int k = 0; k < count; k++) {
        long index = whole + first + k;
        boolean counts = !rule.excludesOutside || (index >= 0 && index < input);
        double weight = counts ? weight(rule, (first + k - part) * shrink) : 0;
        // What does not count is not looked at either: it may be infinite.
        indices[i * count + k] = clamp(weight == 0 ? whole : index);
        weights[i * count + k] = weight;
        sum += weight;
      }
      if ((rule.antialias || rule.excludesOutside) && sum != 0) {
        for (int k = 0; k < count; k++) {
          weights[i * count + k] /= sum;
        }
      }
    }
    return new Resample.Taps(count, Ints.of(indices), Doubles.of(weights));
  }

  private static double weight(Rule rule, double distance) {
    double x = Math.abs(distance);
    if (rule.mode == Mode.LINEAR) {
      return Math.max(0, 1 - x);
    }
    double a = rule.cubic;
    if (x <= 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
  }
}
