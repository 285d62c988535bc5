package org.gatun.kernel.java;

import org.gatun.kernel.KernelContext;
import org.jspecify.annotations.Nullable;

/**
 * The transforms of {@link WinogradConv}, of f32 whose channels lie side by side, for some tiles of
 * a row. Operands are given by addresses, and distances in bytes. The 16 numbers that a tile and a
 * channel are transformed to lie in as many planes, tile by tile.
 */
interface WinogradLoops {
  /** Returns the loops to run with, or null where the Vector API is not there. */
  static @Nullable WinogradLoops of(KernelContext context) {
    return context.vector() ? VectorProvider.winograd() : null;
  }

  /** Returns the number of channels that loops take at a time. */
  int lanes();

  /**
   * Transforms tiles of 4 x 4 pixels, each 2 behind the one before: {@code B^T d B}.
   *
   * @param rows the addresses of the four rows of pixels
   * @param steps from one pixel of a row to the next
   * @param tiles how many
   * @param planes the first tile in the first plane
   * @param planeStep from one plane to the next
   * @param bytes of the channels
   */
  void input(long[] rows, long[] steps, long tiles, long planes, long planeStep, long bytes);

  /**
   * Transforms sums to the upper rows of tiles of 2 x 2 results, or to the lower ones: {@code A^T m
   * A}, plus the bias, plus what is added, then the rectifier.
   *
   * @param lower which of the rows
   * @param planes the first tile in the first plane
   * @param planeStep from one plane to the next
   * @param tiles how many
   * @param bias a number for each channel
   * @param added what is added, which lies as the results do, or 0
   * @param rectified whether what is less than 0 becomes 0
   * @param results the first result of the row
   * @param bytes of the channels
   * @return whether all sums were finite
   */
  boolean output(
      boolean lower,
      long planes,
      long planeStep,
      long tiles,
      long bias,
      long added,
      boolean rectified,
      long results,
      long bytes);
}
