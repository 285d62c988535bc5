package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.MatrixProduct.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a {@link MatrixProduct} that threads compute: whole products of the batch and, where
 * there are few of them, blocks of rows or of columns, whichever are more.
 *
 * <p>The parts follow from the product alone, and threads take several: a library may add up an
 * element of a narrow block in another order than one of a wide block, and the bits of a result are
 * not to depend on the number of threads.
 *
 * @param product what is split
 * @param threads the most threads that compute it
 * @param byRows whether products are cut into blocks of rows, not of columns
 * @param block rows or columns of a block
 * @param blocks blocks of one product
 * @param grain the fewest blocks that are worth a thread
 */
public record ProductSplit(
    MatrixProduct product, int threads, boolean byRows, long block, long blocks, long grain) {
  /** The most parts: a few for each thread of a large machine, or many for each of a small one. */
  private static final long MOST_PARTS = 16;

  /**
   * The fewest tiles of a block: for each block a library packs the other operand again, which has
   * to be little beside the products.
   */
  private static final long FEWEST_TILES = 3;

  /** The same of products with a vector, which read that many columns of a row at a time. */
  private static final long FEWEST_TILES_OF_VECTORS = 16;

  /** What a part computes. */
  @FunctionalInterface
  public interface Part {
    /**
     * Computes a block of C.
     *
     * @param a A, from its first row that counts
     * @param b B, from its first column that counts
     * @param c C, from the first element to compute
     * @param bias the bias, from the first number to add; null where there is none
     * @param m rows of the block
     * @param n columns of the block
     */
    void run(
        MemorySegment a,
        MemorySegment b,
        MemorySegment c,
        @Nullable MemorySegment bias,
        long m,
        long n);
  }

  /**
   * Returns the split of a product that is not empty.
   *
   * @param worthwhile multiplications below which another thread costs more than it brings
   * @param tile the rows or columns that blocks are multiples of
   */
  public static ProductSplit of(MatrixProduct product, int threads, double worthwhile, long tile) {
    long batches = product.batches();
    boolean byRows = product.m() >= product.n();
    long size = byRows ? product.m() : product.n();
    long tiles = (size + tile - 1) / tile;
    long wanted = (long) Math.min(MOST_PARTS, product.work() * batches / worthwhile);
    boolean vector = product.m() == 1 || product.n() == 1;
    long most = Math.max(1, tiles / (vector ? FEWEST_TILES_OF_VECTORS : FEWEST_TILES));
    long parts = Math.clamp((wanted + batches - 1) / batches, 1, most);
    long block = (tiles + parts - 1) / parts * tile;
    long blocks = (size + block - 1) / block;
    long grain = (long) Math.max(1, worthwhile * blocks / product.work());
    return new ProductSplit(product, threads, byRows, block, blocks, grain);
  }

  /**
   * Runs the part for every block, on the workers where there are several.
   *
   * @param a the left operand
   * @param b the right operand
   * @param c the result
   * @param bias the bias, null where the product has none
   */
  public void run(
      Workers workers,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      @Nullable MemorySegment bias,
      Part part) {
    long tasks = product.batches() * blocks;
    if (tasks == 1) {
      run(0, 1, a, b, c, bias, part);
    } else {
      workers.parallel(threads, tasks, grain, (from, to) -> run(from, to, a, b, c, bias, part));
    }
  }

  private void run(
      long from,
      long to,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      @Nullable MemorySegment bias,
      Part part) {
    for (long task = from; task < to; task++) {
      long index = task / blocks;
      long start = task % blocks * block;
      long row = byRows ? start : 0;
      long column = byRows ? 0 : start;
      long m = byRows ? Math.min(block, product.m() - start) : product.m();
      long n = byRows ? product.n() : Math.min(block, product.n() - start);
      part.run(
          at(a, product.a(), index, row * product.a().row()),
          at(b, product.b(), index, column * product.b().column()),
          at(c, product.c(), index, row * product.c().row() + column * product.c().column()),
          bias == null || product.bias() == null
              ? null
              : at(
                  bias,
                  product.bias().at(),
                  index,
                  row * product.bias().at().row() + column * product.bias().at().column()),
          m,
          n);
    }
  }

  private MemorySegment at(MemorySegment operand, Matrix matrix, long index, long offset) {
    long elements = product.offset(matrix, index) + offset;
    return elements == 0 ? operand : operand.asSlice(elements * elementSize());
  }

  private int elementSize() {
    return product.dtype().byteSize();
  }
}
