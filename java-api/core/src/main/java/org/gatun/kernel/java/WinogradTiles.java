package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The 2 x 2 tiles of a result, and how many of them are computed at a time.
 *
 * @param images the number of images
 * @param rows of tiles in an image
 * @param columns of tiles in an image
 * @param perBlock how many are computed at a time
 */
record WinogradTiles(long images, long rows, long columns, long perBlock) {
  /** The numbers that a tile of 4 x 4 is transformed to. */
  static final int PLANES = 16;

  private static final long CACHE_LINE = 64;

  /**
   * Bytes of a block's transforms. Smaller blocks stay in the second-level cache, and read the
   * weights more often; measured from 256 KB to 6 MB, the time is the same within a tenth, and
   * least from 1 to 2 MB on.
   */
  private static final long BLOCK = 2 << 20;

  private static final long FEWEST = 48;

  static WinogradTiles of(Layout x, Layout y, int threads) {
    long rows = Math.ceilDiv(y.dim(2), 2);
    long columns = Math.ceilDiv(y.dim(3), 2);
    long count = y.dim(0) * rows * columns;
    long most = Math.max(FEWEST, BLOCK / (PLANES * Float.BYTES * (x.dim(1) + y.dim(1))));
    // As many for each thread.
    long blocks = Math.ceilDiv(Math.ceilDiv(count, most), threads) * threads;
    return new WinogradTiles(y.dim(0), rows, columns, Math.ceilDiv(count, blocks));
  }

  long count() {
    return images * rows * columns;
  }

  long blocks() {
    return Math.ceilDiv(count(), perBlock);
  }

  long image(long tile) {
    return tile / (rows * columns);
  }

  /** Returns the first tile of the next row. */
  long nextRow(long tile) {
    return (tile / columns + 1) * columns;
  }

  long row(long tile) {
    return tile / columns % rows;
  }

  long column(long tile) {
    return tile % columns;
  }

  /**
   * Returns the bytes from one plane of a block to the next: an odd number of cache lines, so that
   * the 16 elements of a tile do not meet in one set of the cache.
   */
  long planeBytes(long channels) {
    long lines = Math.ceilDiv(perBlock * channels * Float.BYTES, CACHE_LINE);
    return (lines | 1) * CACHE_LINE;
  }

  /** Returns the layout of the planes of a block. */
  Layout planes(long channels) {
    return Layout.of(
        DType.F32,
        Shape.of(PLANES, perBlock, channels),
        planeBytes(channels) / Float.BYTES,
        channels,
        1);
  }
}
