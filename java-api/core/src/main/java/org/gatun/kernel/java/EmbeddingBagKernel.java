package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.BagMode;
import org.gatun.op.BinaryFunction;
import org.gatun.op.EmbeddingBag;
import org.jspecify.annotations.Nullable;

/**
 * {@link EmbeddingBag} of f32 and f64, a bag at a time. The rows of the table may be apart, all
 * else is dense.
 */
public final class EmbeddingBagKernel implements Kernel {
  private static final long GRAIN = 16 * 1024;

  /** Makes the kernel. */
  public EmbeddingBagKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof EmbeddingBag op) || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    Layout table = request.input(0);
    boolean sideBySide = table.dim(1) <= 1 || table.stride(1) == 1;
    boolean dense =
        request.inputs().stream().skip(1).allMatch(Layout::isContiguous)
            && request.output(0).isContiguous();
    return sideBySide && dense ? new BagPlan(op, request) : null;
  }

  private static final class BagPlan implements Plan {
    private final EmbeddingBag op;
    private final Loops loops;
    private final KernelContext context;
    private final int threads;
    private final int size;
    private final long bags;
    private final long count;
    private final long rows;
    private final long width;
    private final long rowBytes;
    private final DType indexType;
    private final DType offsetType;

    BagPlan(EmbeddingBag op, PlanRequest request) {
      Layout table = request.input(0);
      Layout indices = request.input(1);
      this.op = op;
      this.context = request.context();
      this.loops = Loops.of(context, table.dtype());
      this.threads = request.threads();
      this.size = table.dtype().byteSize();
      this.bags = request.output(0).dim(0);
      this.count = indices.size();
      this.rows = table.dim(0);
      this.width = table.dim(1);
      this.rowBytes = table.stride(0) * size;
      this.indexType = indices.dtype();
      this.offsetType = op.offsets() ? request.input(2).dtype() : indexType;
    }

    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      check(inputs);
      if (width == 0) {
        return;
      }
      long perBag = Math.max(1, count / Math.max(1, bags)) * width;
      context
          .workers()
          .parallel(
              threads,
              bags,
              Math.max(1, GRAIN / perBag),
              (from, to) -> {
                try (ScratchMemory.Block block = context.memory().borrow(width * size)) {
                  for (long bag = from; bag < to; bag++) {
                    long at = outputs[0].address() + bag * width * size;
                    combine(inputs, bag, at, block.segment().address());
                  }
                }
              });
    }

    /** Nothing is written if an index or an offset is wrong. */
    private void check(MemorySegment[] inputs) {
      for (long i = 0; i < count; i++) {
        long _ = row(inputs[1], i);
      }
      if (!op.offsets()) {
        return;
      }
      long before = 0;
      long offsets = bags + (op.includesEnd() ? 1 : 0);
      for (long i = 0; i < offsets; i++) {
        long offset = integer(inputs[2], offsetType, i);
        if (i == 0 ? offset != 0 : offset < before || offset > count) {
          throw new IllegalArgumentException(
              "embedding_bag: offset "
                  + offset
                  + " at position "
                  + i
                  + (i == 0 ? ", expected 0" : ", expected " + before + " to " + count));
        }
        before = offset;
      }
    }

    private void combine(MemorySegment[] inputs, long bag, long dst, long scratch) {
      long table = inputs[0].address();
      long end = start(inputs, bag + 1);
      long taken = 0;
      loops.fill(dst, 0, width);
      for (long i = start(inputs, bag); i < end; i++) {
        // Checked again: another thread may write to the indices meanwhile.
        long row = row(inputs[1], i);
        if (row == op.padding()) {
          continue;
        }
        long src = table + row * rowBytes;
        if (op.mode() == BagMode.MAX) {
          larger(src, dst, taken == 0);
        } else if (op.weights()) {
          double weight = loops.get(inputs[inputs.length - 1].address() + i * size);
          loops.binaryRight(BinaryFunction.MUL, src, weight, scratch, width);
          loops.binary(BinaryFunction.ADD, dst, scratch, dst, width);
        } else {
          loops.binary(BinaryFunction.ADD, dst, src, dst, width);
        }
        taken++;
      }
      if (op.mode() == BagMode.MEAN && taken > 1) {
        loops.binaryRight(BinaryFunction.DIV, dst, taken, dst, width);
      }
    }

    private void larger(long src, long dst, boolean first) {
      for (long i = 0; i < width; i++) {
        double x = loops.get(src + i * size);
        if (first || x > loops.get(dst + i * size)) {
          loops.set(dst + i * size, x);
        }
      }
    }

    /** Returns the position of a bag's first index; behind the last bag the end. */
    private long start(MemorySegment[] inputs, long bag) {
      if (!op.offsets()) {
        return bags == 0 ? 0 : bag * (count / bags);
      }
      long given = bag == bags && !op.includesEnd() ? count : integer(inputs[2], offsetType, bag);
      return Math.clamp(given, 0, count);
    }

    private long row(MemorySegment indices, long i) {
      long index = integer(indices, indexType, i);
      if (index < 0 || index >= rows) {
        throw new IllegalArgumentException(
            "embedding_bag: index "
                + index
                + " at position "
                + i
                + ", expected 0 or more and less than "
                + rows
                + ", the rows of the table");
      }
      return index;
    }

    private static long integer(MemorySegment memory, DType dtype, long i) {
      return dtype == DType.I32
          ? ALL.get(Elements.INT, memory.address() + i * Integer.BYTES)
          : ALL.get(Elements.LONG, memory.address() + i * Long.BYTES);
    }

    @Override
    public String implementation() {
      return loops.implementation();
    }
  }
}
