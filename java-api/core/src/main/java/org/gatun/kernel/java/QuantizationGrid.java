package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.kernel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * How scales lie over the elements of a tensor. In memory the tensor is (outer, size, inner), where
 * the second dimension is the axis along which the scales differ: so there are runs of elements
 * that lie side by side and have one scale, or scales that lie side by side as they do.
 *
 * @param outer the first dimension
 * @param size the second, 1 where all elements have the same scale
 * @param inner the third
 * @param block how many neighbours along the second share a scale; the scales are (outer, blocks,
 *     inner) then; 0 where they are (size)
 */
record QuantizationGrid(long outer, long size, long inner, long block) {
  private static final long GRAIN = 16 * 1024;

  /** A plan for elements that lie in a grid. */
  interface GridPlan {
    /** Returns how the scales lie. */
    QuantizationGrid grid();

    /**
     * Takes {@code count} elements of a run from {@code at}, with the scale at {@code scale}, and
     * those after it where each element has its own.
     */
    void run(MemorySegment[] inputs, MemorySegment[] outputs, long at, long count, long scale);
  }

  /**
   * Returns the grid, or null where the elements have gaps, or the scales do not lie in row-major
   * order.
   *
   * @param x the layout of the elements
   * @param scale that of the scales
   * @param axis the axis along which they differ, counted from the first or the last
   * @param block the elements along the axis that share a scale, 0 for one or for all
   */
  static @Nullable QuantizationGrid of(Layout x, Layout scale, int axis, long block) {
    if (!x.isDense() || !scale.isContiguous() || (block > 0 && !x.isContiguous())) {
      return null;
    }
    if (x.size() == 0 || (block == 0 && scale.size() == 1)) {
      return new QuantizationGrid(1, 1, x.size(), 0);
    }
    int along = axis < 0 ? axis + x.rank() : axis;
    long size = x.dim(along);
    // In a dense layout the stride is the number of elements within one index of the axis. That of
    // an axis of size 1 says nothing, but then the order of the others is row-major: see above.
    long inner = x.isContiguous() ? x.shape().range(along + 1, x.rank()).size() : x.stride(along);
    return new QuantizationGrid(x.size() / size / inner, size, inner, block);
  }

  /** Returns whether each element of a run has a scale of its own. */
  boolean isVarying() {
    return block == 0 ? inner == 1 && size > 1 : inner > 1;
  }

  /** Returns the most elements of a run. */
  long length() {
    if (inner > 1 || size == 1) {
      return inner;
    }
    return block == 0 ? size : Math.min(block, size);
  }

  /** Runs a plan for all elements, on the workers where there are enough of them. */
  void run(
      Workers workers,
      int threads,
      GridPlan plan,
      MemorySegment[] inputs,
      MemorySegment[] outputs) {
    if (isOneRun()) {
      workers.parallel(threads, inner, GRAIN, plan, inputs, outputs, QuantizationGrid::part);
    } else {
      long grain = Math.max(1, GRAIN / length());
      long runs = outer * runsOfOuter();
      workers.parallel(threads, runs, grain, plan, inputs, outputs, QuantizationGrid::runs);
    }
  }

  private boolean isOneRun() {
    return size == 1 && outer == 1;
  }

  /** Returns the number of blocks that have a scale of their own, along the axis. */
  private long blocks() {
    return block == 0 ? 1 : Math.ceilDiv(size, block);
  }

  private long runsOfOuter() {
    return inner > 1 || size == 1 ? size : blocks();
  }

  /** Runs a part of the only run. */
  private static void part(
      GridPlan plan, MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    plan.run(inputs, outputs, from, to - from, plan.grid().isVarying() ? from : 0);
  }

  private static void runs(
      GridPlan plan, MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    plan.grid().visit(plan, inputs, outputs, from, to);
  }

  private void visit(
      GridPlan plan, MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    long length = length();
    long perOuter = runsOfOuter();
    for (long run = from; run < to; run++) {
      long row = run / perOuter;
      long index = run % perOuter;
      long start = index * length;
      long scale;
      if (block == 0) {
        scale = index;
      } else {
        scale = inner > 1 ? (row * blocks() + index / block) * inner : run;
      }
      long count = Math.min(length, size * inner - start);
      plan.run(inputs, outputs, row * size * inner + start, count, scale);
    }
  }
}
