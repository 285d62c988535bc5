package org.gatun.kernel.java;

/**
 * Loops over a row of windows of a channels-last image, of one floating-point dtype, for {@link
 * PixelPooling}: the largest element of each channel, NaN if one is. A column of pixels that
 * windows share is read and compared once. Operands are given by address, distances in bytes.
 *
 * <p>What wins among zeros and among NaNs is what wins where the elements of a window are taken one
 * by one, column after column.
 */
interface PixelMaxima {
  /** The most rows of windows that the loops take. */
  int MOST_ROWS = 3;

  /** Returns whether there is a loop for windows so wide, at such distances. */
  static boolean takes(int kernel, int stride) {
    return kernel == 3 ? stride == 1 || stride == 2 : kernel == 2 && stride == 2;
  }

  /** Returns the fewest channels: those of a vector. */
  int lanes();

  /**
   * Stores the largest elements of windows that lie side by side, of one to three rows.
   *
   * @param first where the first pixel of the first window is
   * @param second the same in the second row, or in the first where there is one row
   * @param third the same in the third row, or in the last
   * @param pixel the bytes of a pixel
   * @param kernel how wide windows are
   * @param stride from one window to the next, in pixels
   * @param dst where the pixel of the first window goes
   * @param windows how many
   * @param channels as many as {@link #lanes}, or more
   */
  void along(
      long first,
      long second,
      long third,
      long pixel,
      int kernel,
      int stride,
      long dst,
      int windows,
      long channels);
}
