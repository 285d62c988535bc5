package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Gemm;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.kernel.Spares;
import org.gatun.op.BinaryFunction;
import org.gatun.op.ScaledDotProductAttention;
import org.jspecify.annotations.Nullable;

/**
 * Attention in blocks of queries: the weights of a block stay in the second-level cache between the
 * product that makes them and the one that uses them, and all of them are never there at once.
 */
final class AttentionPlan implements Plan {
  /** Bytes of the weights of a block. */
  private static final long WEIGHTS = 256 * 1024;

  private static final long FEWEST_ROWS = 16;
  private static final long MOST_ROWS = 128;

  /** Multiplications that are worth a thread. */
  private static final double GRAIN = 1 << 16;

  private final ScaledDotProductAttention op;
  private final Gemm gemm;
  private final Loops loops;
  private final AttentionRows lines;
  private final KernelContext context;
  private final int threads;
  private final int size;

  private final long queries;
  private final long keys;
  private final int width;
  private final int valueWidth;
  private final double scale;

  private final AttentionBatch batch;
  private final Operand query;
  private final Operand key;
  private final Operand value;
  private final Operand result;
  private final @Nullable AttentionMask mask;

  private final AttentionRows.Seen all;
  private final long rows;
  private final long blocks;
  private final Spares<RowNumbers> spares;

  /** The largest number of each row of a block, and the sum of its exponentials. */
  private record RowNumbers(double[] max, double[] sums) {}

  /** A matrix for each index of the batch: bytes from one row to the next, and as BLAS counts. */
  private record Operand(long rowBytes, int leading) {
    static Operand of(Layout layout) {
      long row = Math.max(1, layout.dim(-2) <= 1 ? layout.dim(-1) : layout.stride(-2));
      return new Operand(row * layout.dtype().byteSize(), (int) row);
    }
  }

  AttentionPlan(ScaledDotProductAttention op, PlanRequest request, Gemm gemm) {
    this.op = op;
    this.gemm = gemm;
    this.context = request.context();
    this.threads = request.threads();
    Layout q = request.input(0);
    Layout k = request.input(1);
    Layout v = request.input(2);
    Layout out = request.output(0);
    this.loops = Loops.of(context, q.dtype());
    this.lines = AttentionRows.of(context, q.dtype());
    this.size = q.dtype().byteSize();
    this.queries = q.dim(-2);
    this.keys = k.dim(-2);
    this.width = (int) q.dim(-1);
    this.valueWidth = (int) v.dim(-1);
    this.scale = op.scaleFor(width);
    this.batch = new AttentionBatch(op, q, k, v, out);
    this.query = Operand.of(q);
    this.key = Operand.of(k);
    this.value = Operand.of(v);
    this.result = Operand.of(out);
    Shape weights = out.shape().range(0, out.rank() - 2).concat(Shape.of(queries, keys));
    this.mask = op.mask() ? new AttentionMask(request.input(3), weights, loops, size) : null;
    this.all = new AttentionRows.Seen((int) keys, 0);
    long cached = WEIGHTS / Math.max(1, keys * size) / FEWEST_ROWS * FEWEST_ROWS;
    this.rows = Math.clamp(cached, Math.min(FEWEST_ROWS, Math.max(1, queries)), MOST_ROWS);
    this.blocks = Math.ceilDiv(queries, rows);
    this.spares =
        new Spares<>(() -> new RowNumbers(new double[(int) rows], new double[(int) rows]));
  }

  @Override
  public String implementation() {
    return gemm.implementation().startsWith("java")
        ? gemm.implementation()
        : gemm.implementation() + "+" + loops.implementation();
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long tasks = batch.size() * blocks;
    if (tasks == 0 || valueWidth == 0) {
      return;
    }
    double work = (double) rows * keys * (width + valueWidth);
    long grain = (long) Math.max(1, Math.ceil(GRAIN / Math.max(1, work)));
    context.workers().parallel(threads, tasks, grain, this, inputs, outputs, AttentionPlan::run);
  }

  private void run(MemorySegment[] inputs, MemorySegment[] outputs, long from, long to) {
    RowNumbers numbers = spares.take();
    try (ScratchMemory.Block block = context.memory().borrow(Math.max(1, rows * keys) * size)) {
      MemorySegment weights = block.segment();
      for (long task = from; task < to; task++) {
        long first = task % blocks * rows;
        int count = (int) Math.min(rows, queries - first);
        run(
            inputs,
            outputs[0],
            task / blocks,
            first,
            count,
            weights,
            numbers.max(),
            numbers.sums());
      }
    }
    spares.giveBack(numbers);
  }

  /** Computes some rows of one result. */
  private void run(
      MemorySegment[] inputs,
      MemorySegment output,
      long index,
      long first,
      int count,
      MemorySegment weights,
      double[] max,
      double[] sums) {
    // Later keys than the last query of the block sees need not be multiplied.
    int seen = (int) (op.causal() ? Math.min(keys, first + count) : keys);
    MemorySegment to = at(output, batch.result(index) + first * result.rowBytes);
    if (seen == 0) {
      for (int row = 0; row < count; row++) {
        loops.fill(to.address() + row * result.rowBytes, 0, valueWidth);
      }
      return;
    }
    MemorySegment queryAt = at(inputs[0], batch.query(index) + first * query.rowBytes);
    MemorySegment keyAt = at(inputs[1], batch.key(index));
    gemm.multiplyTransposed(
        scale == 0 ? 1 : scale,
        count,
        seen,
        width,
        queryAt,
        query.leading,
        keyAt,
        key.leading,
        weights,
        seen);
    weigh(inputs, index, first, count, weights.address(), seen, max, sums);
    MemorySegment valueAt = at(inputs[2], batch.value(index));
    gemm.multiply(
        false,
        count,
        valueWidth,
        seen,
        weights,
        seen,
        valueAt,
        value.leading,
        false,
        to,
        result.leading);
    lines.divide(to.address(), result.rowBytes, count, valueWidth, sums);
  }

  /** Returns memory from an element on; of an operand without elements there is no slice. */
  private static MemorySegment at(MemorySegment operand, long offset) {
    return Elements.ALL.asSlice(operand.address() + offset);
  }

  /** Makes weights of the products of some queries: exponentials, and their sums. */
  private void weigh(
      MemorySegment[] inputs,
      long index,
      long first,
      int count,
      long at,
      int columns,
      double[] max,
      double[] sums) {
    long rowBytes = (long) columns * size;
    if (scale == 0) { // A BLAS takes that for leave to read nothing.
      loops.binaryRight(BinaryFunction.MUL, at, 0, at, (long) count * columns);
    }
    AttentionRows.Seen seen =
        op.causal() ? new AttentionRows.Seen((int) Math.min(columns, first + 1), 1) : all;
    if (mask != null && mask.isPlain()) {
      long added = mask.row(inputs[3].address(), index, first);
      lines.maskedMax(at, count, columns, seen, added, mask.rowBytes(), max);
    } else {
      for (int row = 0; row < count && mask != null; row++) {
        mask.apply(inputs[3].address(), index, first + row, at + row * rowBytes, columns);
      }
      lines.max(at, count, columns, seen, max);
    }
    lines.exp(at, count, columns, seen, max, sums);
    for (int row = 0; row < count && op.dropout() > 0; row++) {
      long position = (index * queries + first + row) * keys;
      drop(inputs[inputs.length - 1], position, at + row * rowBytes, seen.of(row, columns));
    }
  }

  /** Multiplies each weight by what {@link org.gatun.op.Dropout} multiplies it by. */
  private void drop(MemorySegment seed, long position, long at, int count) {
    long key = seed.get(Elements.LONG, 0);
    long offset = seed.get(Elements.LONG, Long.BYTES);
    long threshold = (long) Math.rint(op.dropout() * 0x1p32);
    double kept = op.dropout() == 1 ? 0 : 1 / (1 - op.dropout());
    int[] words = new int[4];
    long made = -1;
    for (int i = 0; i < count; i++) {
      long number = position + i;
      if (number / words.length != made) {
        made = number / words.length;
        Philox.words(key, made, offset, words, 0);
      }
      boolean dropped = Integer.toUnsignedLong(words[(int) (number % words.length)]) < threshold;
      long element = at + (long) i * size;
      loops.set(element, loops.get(element) * (dropped ? 0 : kept));
    }
  }
}
