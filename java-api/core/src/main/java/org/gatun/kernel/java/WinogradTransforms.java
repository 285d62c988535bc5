package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.Layout;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.ScratchMemory;

/**
 * A convolution of channels-last images, some tiles at a time: their transforms, the 16 products
 * with those of the weights, and the transforms of the products.
 */
final class WinogradTransforms {
  private static final int SIDE = 4;
  private static final int STEP = 2;

  /**
   * The images and the results.
   *
   * @param x the layout of the images, channels-last
   * @param y that of the results, likewise
   * @param top rows of padding above an image
   * @param left columns of padding before it
   */
  record Images(Layout x, Layout y, long top, long left) {}

  private final KernelContext context;
  private final int threads;
  private final WinogradLoops loops;
  private final WinogradTiles tiles;
  private final Plan products;
  private final long top;
  private final long left;
  private final long height;
  private final long width;
  private final long resultHeight;
  private final long resultWidth;

  /** Bytes of the channels of a pixel, and of a result. */
  private final long pixel;

  private final long result;

  /** Bytes from one plane to the next. */
  private final long inputPlane;

  private final long outputPlane;

  WinogradTransforms(
      KernelContext context,
      int threads,
      WinogradLoops loops,
      WinogradTiles tiles,
      Images images,
      Plan products) {
    this.context = context;
    this.threads = threads;
    this.loops = loops;
    this.tiles = tiles;
    this.products = products;
    Layout x = images.x();
    Layout y = images.y();
    this.top = images.top();
    this.left = images.left();
    this.height = x.dim(2);
    this.width = x.dim(3);
    this.resultHeight = y.dim(2);
    this.resultWidth = y.dim(3);
    this.pixel = x.dim(1) * Float.BYTES;
    this.result = y.dim(1) * Float.BYTES;
    this.inputPlane = tiles.planeBytes(x.dim(1));
    this.outputPlane = tiles.planeBytes(y.dim(1));
  }

  /**
   * Computes the result.
   *
   * @param images the address of the images
   * @param bias the address of a number for each channel, or 0
   * @param added the address of what is added, which lies as the results do, or 0
   * @param rectified whether the rectifier follows
   * @param results the address of the results
   * @return whether all sums were finite; where they were not, the results are not to be used
   */
  boolean execute(long images, long bias, long added, boolean rectified, long results) {
    Operands operands = new Operands(images, bias, added, rectified, results);
    AtomicBoolean finite = new AtomicBoolean(true);
    context
        .workers()
        .parallel(
            threads,
            tiles.blocks(),
            1,
            (from, to) -> {
              if (!run(operands, from, to)) {
                finite.setPlain(false);
              }
            });
    return finite.get();
  }

  private record Operands(long images, long bias, long added, boolean rectified, long results) {}

  private boolean run(Operands operands, long from, long to) {
    long bytes = WinogradTiles.PLANES * (inputPlane + outputPlane);
    long edge = SIDE * SIDE * Math.max(pixel, result);
    try (ScratchMemory.Block block = context.memory().borrow(bytes + 2 * edge)) {
      MemorySegment scratch = block.segment();
      MemorySegment inputs = scratch.asSlice(0, WinogradTiles.PLANES * inputPlane);
      MemorySegment outputs =
          scratch.asSlice(inputs.byteSize(), WinogradTiles.PLANES * outputPlane);
      MemorySegment zeros = scratch.asSlice(bytes, edge).fill((byte) 0);
      long patch = zeros.address() + edge;
      MemorySegment[] in = {inputs, MemorySegment.NULL};
      MemorySegment[] out = {outputs};
      long bias = operands.bias == 0 ? zeros.address() : operands.bias;
      Rows rows = new Rows(zeros.address(), patch);
      boolean finite = true;
      for (long part = from; part < to; part++) {
        long first = part * tiles.perBlock();
        long end = Math.min(tiles.count(), first + tiles.perBlock());
        for (long tile = first; tile < end; ) {
          long next = Math.min(end, tiles.nextRow(tile));
          rows.input(operands.images, tile, next - tile, inputs.address() + (tile - first) * pixel);
          tile = next;
        }
        products.execute(in, out);
        for (long tile = first; tile < end; ) {
          long next = Math.min(end, tiles.nextRow(tile));
          long sums = outputs.address() + (tile - first) * result;
          finite &= output(operands, bias, sums, tile, next - tile, patch);
          tile = next;
        }
      }
      return finite;
    }
  }

  /** The rows of pixels that a row of tiles is made of, by the thread that transforms them. */
  private final class Rows {
    private final long zeros;
    private final long patch;
    private final long[] at = new long[SIDE];
    private final long[] steps = new long[SIDE];
    private final long[] patchAt = new long[SIDE];
    private final long[] patchSteps = new long[SIDE];

    Rows(long zeros, long patch) {
      this.zeros = zeros;
      this.patch = patch;
    }

    /** Transforms tiles of one row; those that reach out at the sides from a copy with zeros. */
    void input(long images, long tile, long count, long planes) {
      long row = tiles.row(tile) * STEP - top;
      long start = images + tiles.image(tile) * height * width * pixel;
      long first = tiles.column(tile);
      // The tiles whose four columns are all in the image.
      long from = Math.clamp(Math.ceilDiv(left, STEP), first, first + count);
      long to = Math.clamp(Math.floorDiv(width + left - SIDE, STEP) + 1, from, first + count);
      for (long column = first; column < from; column++) {
        edge(start, row, column * STEP - left, planes + (column - first) * pixel);
      }
      if (from < to) {
        for (int i = 0; i < SIDE; i++) {
          boolean there = row + i >= 0 && row + i < height;
          at[i] = there ? start + ((row + i) * width + from * STEP - left) * pixel : zeros;
          steps[i] = there ? pixel : 0;
        }
        loops.input(at, steps, to - from, planes + (from - first) * pixel, inputPlane, pixel);
      }
      for (long column = to; column < first + count; column++) {
        edge(start, row, column * STEP - left, planes + (column - first) * pixel);
      }
    }

    private void edge(long start, long row, long column, long planes) {
      long from = Math.clamp(-column, 0, SIDE);
      long to = Math.clamp(width - column, from, SIDE);
      for (int i = 0; i < SIDE; i++) {
        boolean there = row + i >= 0 && row + i < height && from < to;
        long line = patch + i * SIDE * pixel;
        if (there) {
          Elements.ALL.asSlice(line, SIDE * pixel).fill((byte) 0);
          MemorySegment.copy(
              Elements.ALL,
              start + ((row + i) * width + column + from) * pixel,
              Elements.ALL,
              line + from * pixel,
              (to - from) * pixel);
        }
        patchAt[i] = there ? line : zeros;
        patchSteps[i] = there ? pixel : 0;
      }
      loops.input(patchAt, patchSteps, 1, planes, inputPlane, pixel);
    }
  }

  /** Transforms sums to tiles of one row, the last of which may reach out of the result. */
  private boolean output(
      Operands operands, long bias, long sums, long tile, long count, long patch) {
    long added = operands.added;
    long results = operands.results;
    boolean finite = true;
    long column = tiles.column(tile) * STEP;
    long whole = Math.min(count, (resultWidth - column) / STEP);
    for (int i = 0; i < STEP; i++) {
      long row = tiles.row(tile) * STEP + i;
      if (row < resultHeight) {
        long at = ((tiles.image(tile) * resultHeight + row) * resultWidth + column) * result;
        long term = added == 0 ? 0 : added + at;
        finite &=
            loops.output(
                i > 0,
                sums,
                outputPlane,
                whole,
                bias,
                term,
                operands.rectified,
                results + at,
                result);
        if (whole < count) {
          long last = at + whole * STEP * result;
          finite &=
              edge(
                  operands,
                  i > 0,
                  sums + whole * result,
                  bias,
                  added == 0 ? 0 : added + last,
                  patch);
          MemorySegment.copy(Elements.ALL, patch, Elements.ALL, results + last, result);
        }
      }
    }
    return finite;
  }

  /** Transforms sums to a result at the edge, and one beyond it, in the patch. */
  private boolean edge(
      Operands operands, boolean lower, long sums, long bias, long added, long patch) {
    long terms = 0;
    if (added != 0) {
      terms = patch + STEP * result;
      MemorySegment.copy(Elements.ALL, added, Elements.ALL, terms, result);
      Elements.ALL.asSlice(terms + result, result).fill((byte) 0);
    }
    return loops.output(
        lower, sums, outputPlane, 1, bias, terms, operands.rectified, patch, result);
  }
}
