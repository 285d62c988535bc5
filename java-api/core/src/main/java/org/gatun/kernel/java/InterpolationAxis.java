package org.gatun.kernel.java;

import org.gatun.op.InterpolationMode;
import org.gatun.op.Resample;

/**
 * One dimension of an interpolation: which elements of the input each index of the result is made
 * of, and by how much.
 *
 * @param input the size of the input
 * @param output the size of the result
 * @param taps the number of elements that make one
 * @param index for each index of the result its {@code taps} elements
 * @param weight the weight of each of these
 */
record InterpolationAxis(int input, int output, int taps, int[] index, double[] weight) {
  private static final double CUBIC = -0.75;

  /** Returns the dimension that is not there: one element, unchanged. */
  static InterpolationAxis none() {
    return new InterpolationAxis(1, 1, 1, new int[] {0}, new double[] {1});
  }

  /**
   * Returns a dimension.
   *
   * @param scale what the size was multiplied by, 0 where a size was given
   * @param single whether positions are computed in f32
   */
  static InterpolationAxis of(
      InterpolationMode mode,
      int input,
      int output,
      double scale,
      boolean alignCorners,
      boolean single) {
    int taps =
        switch (mode) {
          case NEAREST, NEAREST_EXACT -> 1;
          case LINEAR -> 2;
          case CUBIC -> 4;
          case AREA -> throw new AssertionError("area is a mean");
        };
    InterpolationAxis axis =
        new InterpolationAxis(
            input, output, taps, new int[output * taps], new double[output * taps]);
    Positions positions = new Positions(step(input, output, scale, alignCorners), single);
    for (int i = 0; i < output; i++) {
      switch (mode) {
        case NEAREST -> axis.nearest(i, positions.multiple(i));
        case NEAREST_EXACT ->
            axis.nearest(i, positions.round(Math.max(0, positions.centre(i)) + 0.5));
        case LINEAR ->
            axis.linear(i, alignCorners ? positions.multiple(i) : Math.max(0, positions.centre(i)));
        case CUBIC -> axis.cubic(i, alignCorners ? positions.multiple(i) : positions.centre(i));
        case AREA -> throw new AssertionError("area is a mean");
      }
    }
    return axis;
  }

  /** Returns a dimension whose elements and weights are given. */
  static InterpolationAxis of(int input, Resample.Taps taps) {
    return new InterpolationAxis(
        input, taps.size(), taps.count(), taps.indices().toArray(), taps.weights().toArray());
  }

  private static double step(int input, int output, double scale, boolean alignCorners) {
    if (alignCorners) {
      return output > 1 ? (input - 1.0) / (output - 1) : 0;
    }
    return scale > 0 ? 1 / scale : (double) input / output;
  }

  /** Positions in the input, every operation rounded to f32 where that is asked for. */
  private record Positions(double exactStep, boolean single) {
    double round(double value) {
      return single ? (float) value : value;
    }

    double multiple(int i) {
      return round(round(exactStep) * i);
    }

    double centre(int i) {
      return round(round(round(exactStep) * round(i + 0.5)) - 0.5);
    }
  }

  /** Of f64, too, PyTorch rounds down what f32 has. */
  private static int floor(double position) {
    return (int) Math.floor((float) position);
  }

  private void nearest(int i, double position) {
    index[i] = Math.min(floor(position), input - 1);
    weight[i] = 1;
  }

  private void linear(int i, double position) {
    int first = input == output ? i : Math.min(floor(position), input - 1);
    double part = input == output ? 0 : part(position, first);
    index[2 * i] = first;
    index[2 * i + 1] = input == output ? i : Math.min(first + 1, input - 1);
    weight[2 * i] = 1 - part;
    weight[2 * i + 1] = part;
  }

  private void cubic(int i, double position) {
    int first = Math.min(floor(position), input - 1);
    double part = part(position, first);
    for (int k = 0; k < 4; k++) {
      index[4 * i + k] = Math.clamp(first + k - 1, 0, input - 1);
    }
    weight[4 * i] = far(part);
    weight[4 * i + 1] = near(part);
    weight[4 * i + 2] = near(1 - part);
    weight[4 * i + 3] = far(1 - part);
  }

  private static double part(double position, int first) {
    return Math.clamp(position - first, 0.0, 1.0);
  }

  /** The cubic convolution at distance x, up to 1; in factors, which do not cancel. */
  private static double near(double x) {
    return (1 - x) * (1 + x - (CUBIC + 2) * x * x);
  }

  /** The same at distance 1 + x. */
  private static double far(double x) {
    return CUBIC * x * (1 - x) * (1 - x);
  }
}
