package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Doubles;
import org.gatun.op.ElementLoss;
import org.gatun.op.LossFunction;

/**
 * Losses of single elements, or their gradients, some at a time: each step is a short loop over
 * what is in the cache by then. Where the losses are reduced, their sums are added up in a fixed
 * order, whatever the number of threads.
 */
final class ElementLossPlan implements Plan {
  /** The most elements that are computed together. */
  private static final int CHUNK = 1024;

  private static final long GRAIN = 4 * 1024;

  private final ElementLoss loss;
  private final boolean gradient;
  private final PlanRequest request;
  private final DType dtype;
  private final int width;
  private final boolean single;
  private final LossResult result;
  private final Nest nest;
  private final PointwiseLoop loop;
  private final SoftmaxLoops steps;
  private final Loops elements;
  private final MoveLoops moves;

  /** The positions of the operands in the nest, after the result; 0 where there is none. */
  private final int weight;

  private final int positive;
  private final int cotangent;

  ElementLossPlan(ElementLoss loss, LossTerm.Part part, PlanRequest request) {
    this.loss = loss;
    this.gradient = part != LossTerm.Part.LOSS;
    this.request = request;
    this.dtype = request.output(0).dtype();
    this.width = dtype.byteSize();
    int first = gradient ? 1 : 0;
    List<Layout> inputs = request.inputs().subList(first, request.inputs().size());
    Shape shape = loss.losses(inputs);
    Layout reduced = gradient ? request.input(0) : request.output(0);
    long batch = shape.rank() == 0 ? 1 : shape.dim(0);
    this.result = new LossResult(request.context(), reduced, shape, loss.reduction(), batch);
    this.single = !gradient && result.isReduced();
    List<Layout> operands = new ArrayList<>();
    operands.add(single ? Layout.like(inputs.getFirst(), dtype, shape) : request.output(0));
    operands.addAll(inputs);
    this.weight = loss.weighted() ? 3 : 0;
    this.positive = loss.positiveWeighted() ? operands.size() - 1 : 0;
    this.cotangent = gradient && !result.isReduced() ? operands.size() : 0;
    if (cotangent > 0) {
      operands.add(request.input(0));
    }
    this.nest = Nest.of(operands.toArray(Layout[]::new));
    boolean hasParameter =
        loss.function() == LossFunction.HUBER_LOSS
            || loss.function() == LossFunction.SMOOTH_L1_LOSS;
    PointwiseLoops loops =
        request.context().vector() ? VectorProvider.pointwise() : PointwiseLoops.SCALAR;
    this.loop =
        loops.of(
            new LossTerm(loss.function(), part),
            hasParameter ? Doubles.of(loss.parameter()) : Doubles.of(),
            dtype);
    this.steps = SoftmaxLoops.of(request.context(), dtype);
    this.elements = Loops.of(request.context(), dtype);
    this.moves = MoveLoops.of(request.context());
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    int first = gradient ? 1 : 0;
    long[] starts = new long[inputs.length + 1 - first + (cotangent > 0 ? 1 : 0)];
    starts[0] = single ? 0 : outputs[0].address();
    for (int i = first; i < inputs.length; i++) {
      starts[1 + i - first] = inputs[i].address();
    }
    if (cotangent > 0) {
      starts[cotangent] = inputs[0].address();
    }
    if (loss.function() == LossFunction.BINARY_CROSS_ENTROPY) {
      checkProbabilities(starts);
    }
    double divisor = result.divisor(nest.size());
    if (single) {
      reduce(starts, outputs[0].address(), divisor);
    } else {
      boolean scaled = gradient && result.isReduced();
      double factor = scaled ? elements.get(inputs[0].address()) / divisor : 1;
      visit(starts, (at, buffers, count) -> compute(at, buffers, count, factor));
    }
  }

  /** What is done with a chunk. */
  @FunctionalInterface
  private interface Chunk {
    /**
     * Computes some elements.
     *
     * @param at the address of the first element of each operand
     * @param buffers a buffer for a chunk of each operand, one after the other, and two more
     */
    void run(long[] at, long buffers, int count);
  }

  private void visit(long[] starts, Chunk chunk) {
    if (nest.size() == 0) {
      return;
    }
    nest.run(
        request.context().workers(),
        request.threads(),
        GRAIN,
        1,
        CHUNK,
        (at, _, count) -> {
          long[] first = new long[starts.length];
          for (int i = 0; i < first.length; i++) {
            first[i] = starts[i] + at[i];
          }
          long bytes = (starts.length + 2L) * CHUNK * width;
          try (ScratchMemory.Block scratch = request.context().memory().borrow(bytes)) {
            chunk.run(first, scratch.segment().address(), (int) count);
          }
        });
  }

  private void reduce(long[] starts, long dst, double divisor) {
    long across = Math.max(1, Math.ceilDiv(nest.columns(), CHUNK));
    long chunks = nest.size() == 0 ? 0 : nest.size() / nest.columns() * across;
    try (ScratchMemory.Block scratch = request.context().memory().borrow(chunks * Double.BYTES)) {
      long sums = scratch.segment().address();
      visit(
          starts,
          (at, buffers, count) -> {
            long losses = compute(at, buffers, count);
            long index = at[0] / width;
            long chunk = index / nest.columns() * across + index % nest.columns() / CHUNK;
            ALL.set(Elements.DOUBLE, sums + chunk * Double.BYTES, steps.sum(losses, count));
          });
      elements.set(dst, LossResult.sum(sums, chunks) / divisor);
    }
  }

  /** Computes losses or slopes, weighted, and returns where they are. */
  private long compute(long[] at, long buffers, int count) {
    long x = together(at, 1, buffers, count);
    long t = together(at, 2, buffers, count);
    long p = 0;
    if (positive > 0) {
      p = together(at, positive, buffers, count);
    } else if (loss.function() == LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS) {
      p = buffers + (at.length + 1L) * CHUNK * width;
      elements.fill(p, 1, count);
    }
    long dst = !single && nest.columnStride(0) == width ? at[0] : buffers;
    loop.run(x, t, p, dst, count, PointwiseLoop.EACH);
    if (weight > 0) {
      steps.multiply(together(at, weight, buffers, count), dst, count);
    }
    return dst;
  }

  private void compute(long[] at, long buffers, int count, double factor) {
    long values = compute(at, buffers, count);
    if (cotangent > 0) {
      steps.multiply(together(at, cotangent, buffers, count), values, count);
    } else if (factor != 1) {
      steps.scale(values, factor, values, count);
    }
    if (values != at[0]) {
      moves.block(width, values, 0, width, at[0], 0, nest.columnStride(0), 1, count);
    }
  }

  /** Returns where the elements of an operand lie side by side, copied there unless they do. */
  private long together(long[] at, int operand, long buffers, int count) {
    if (nest.columnStride(operand) == width || count == 1) {
      return at[operand];
    }
    long buffer = buffers + (long) operand * CHUNK * width;
    moves.block(width, at[operand], 0, nest.columnStride(operand), buffer, 0, width, 1, count);
    return buffer;
  }

  private void checkProbabilities(long[] starts) {
    visit(
        starts,
        (at, buffers, count) -> {
          long x = together(at, 1, buffers, count);
          for (int i = 0; i < count; i++) {
            double value = elements.get(x + (long) i * width);
            if (!(value >= 0 && value <= 1)) {
              throw new IllegalArgumentException(
                  loss.name() + ": input " + value + ", expected probabilities from 0 to 1");
            }
          }
        });
  }

  @Override
  public String implementation() {
    return loop.implementation();
  }
}
