package org.gatun.kernel.java;

import org.gatun.Layout;

/**
 * Pooling without its name, over three dimensions of which those in front may be of one element.
 *
 * @param max whether the largest element is asked for, else the mean
 * @param divisor what sums are divided by, 0 for the size of the window
 * @param batch the members of the batch
 * @param channels the channels of each
 * @param depth the windows along the first dimension
 * @param height the windows along the second dimension
 * @param width the windows along the last dimension
 */
record PoolingProblem(
    boolean max,
    int divisor,
    long batch,
    long channels,
    WindowAxis depth,
    WindowAxis height,
    WindowAxis width) {
  /** Returns the problem for one to three dimensions of windows, the last ones of the input. */
  static PoolingProblem of(Layout x, boolean max, int divisor, WindowAxis... axes) {
    int dims = axes.length;
    boolean batched = x.rank() == dims + 2;
    return new PoolingProblem(
        max,
        divisor,
        batched ? x.dim(0) : 1,
        x.dim(batched ? 1 : 0),
        dims < 3 ? WindowAxis.single() : axes[dims - 3],
        dims < 2 ? WindowAxis.single() : axes[dims - 2],
        axes[dims - 1]);
  }

  /** Returns the number of elements of a channel of the input. */
  long inputPositions() {
    return (long) depth.input() * height.input() * width.input();
  }

  /** Returns the number of elements of a channel of the result. */
  long outputPositions() {
    return (long) depth.output() * height.output() * width.output();
  }

  /**
   * Returns where the first element of a channel is.
   *
   * @param plane the channel, counted through all members of the batch
   * @param positions the elements of a channel
   * @param channelsLast whether the channels of a position lie side by side
   */
  long plane(long plane, long positions, boolean channelsLast) {
    return channelsLast
        ? plane / channels * positions * channels + plane % channels
        : plane * positions;
  }

  /** Returns whether the one window of a channel is the whole channel. */
  boolean isGlobal() {
    return outputPositions() == 1
        && depth.count()[0] == depth.input()
        && height.count()[0] == height.input()
        && width.count()[0] == width.input()
        && depth.step() == 1
        && height.step() == 1
        && width.step() == 1;
  }

  /** Returns what a sum is divided by in windows of these shares of the three dimensions. */
  double divisor(int d, int h, int w) {
    return divisor != 0
        ? divisor
        : (double) depth.share()[d] * height.share()[h] * width.share()[w];
  }

  /** Returns the elements that are read for a row of the result. */
  long workOfRow() {
    return (long) depth.mostElements() * height.mostElements() * width.input()
        + (long) width.output() * width.mostElements();
  }
}
