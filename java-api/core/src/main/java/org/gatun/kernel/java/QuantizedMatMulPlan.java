package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.QuantizedResult;
import org.jspecify.annotations.Nullable;

/** A product of integers, and the pass that makes the result of its sums. */
final class QuantizedMatMulPlan implements Plan {
  private static final long GRAIN = 16 * 1024;

  private final PlanRequest request;
  private final QuantizedResult result;
  private final QuantizedMatMulKernel.Batches batches;
  private final SignedWeights weights;
  private final Plan sums;
  private final long rows;
  private final int inner;
  private final int columns;
  private final BroadcastIndex rowZero;
  private final BroadcastIndex rowScale;
  private final BroadcastIndex matrixA;
  private final BroadcastIndex matrixB;
  private final BroadcastIndex columnZero;
  private final BroadcastIndex columnScale;
  private final int @Nullable [] constantSums;

  QuantizedMatMulPlan(
      PlanRequest request,
      QuantizedResult result,
      QuantizedMatMulKernel.Batches batches,
      SignedWeights weights,
      Plan sums) {
    this.request = request;
    this.result = result;
    this.batches = batches;
    this.weights = weights;
    this.sums = sums;
    Layout y = request.output(0);
    Layout a = request.input(0);
    Layout b = request.input(result.weights());
    this.rows = a.dim(-2);
    this.inner = Math.toIntExact(a.dim(-1));
    this.columns = Math.toIntExact(y.dim(-1));
    this.rowZero = BroadcastIndex.of(request.input(result.zeroPoint()), 1, y, 1);
    this.rowScale = BroadcastIndex.of(request.input(result.isScaled() ? 1 : 0), 1, y, 1);
    this.matrixA = BroadcastIndex.of(a, 2, y, 2);
    this.matrixB = BroadcastIndex.of(b, 2, y, 2);
    this.columnZero = BroadcastIndex.of(request.input(result.weightsZeroPoint()), 2, y, 2);
    this.columnScale =
        BroadcastIndex.of(
            request.input(result.isScaled() ? result.weightsScale() : result.weights()), 2, y, 2);
    MemorySegment constant = request.constant(result.weights());
    MemorySegment moved = weights.constant(constant);
    this.constantSums =
        moved == null || matrixB.isVarying()
            ? null
            : ByteSums.columns(moved.address(), batches.b(), null);
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    if (request.output(0).size() == 0) {
      return;
    }
    long sumBytes = result.isScaled() ? request.output(0).size() * Integer.BYTES : 0;
    long rounded = (sumBytes + 63) / 64 * 64;
    try (ScratchMemory.Block scratch =
        request.context().memory().borrow(rounded + weights.scratchBytes())) {
      MemorySegment all = scratch.segment();
      MemorySegment b = weights.at(inputs[result.weights()], all.asSlice(rounded));
      MemorySegment target = result.isScaled() ? all : outputs[0];
      multiply(inputs[0], b, target);
      finish(inputs, b, target.address(), outputs[0].address());
    }
  }

  private void multiply(MemorySegment a, MemorySegment b, MemorySegment target) {
    if (batches.count() == 1 || batches.isEmpty()) {
      sums.execute(new MemorySegment[] {a, b}, new MemorySegment[] {target});
      return;
    }
    long size = rows * columns * Integer.BYTES;
    for (long batch = 0; batch < batches.count(); batch++) {
      sums.execute(
          new MemorySegment[] {a.asSlice(matrixA.offset(batch)), b.asSlice(matrixB.offset(batch))},
          new MemorySegment[] {target.asSlice(batch * size, size)});
    }
  }

  private void finish(MemorySegment[] inputs, MemorySegment b, long from, long to) {
    long matrices =
        matrixB.isVarying() || columnZero.isVarying() || columnScale.isVarying()
            ? request.output(0).size() / rows / columns
            : 1;
    long perMatrix = request.output(0).size() / columns / matrices;
    for (long matrix = 0; matrix < matrices; matrix++) {
      finish(inputs, b, from, to, matrix, perMatrix);
    }
  }

  private void finish(
      MemorySegment[] inputs, MemorySegment b, long from, long to, long matrix, long count) {
    QuantizedColumns numbers =
        QuantizedColumns.of(
            request,
            result,
            inputs,
            weights,
            columns,
            columnZero.offset(matrix),
            columnScale.offset(matrix));
    DType dtype = request.input(0).dtype();
    long zeros = inputs[result.zeroPoint()].address();
    boolean corrected =
        rowZero.isVarying() || QuantizationChunk.get(dtype, zeros, rowZero.offset(0)) != 0;
    boolean done = !result.isScaled() && !corrected && numbers.zeros() == null;
    if (done) {
      return;
    }
    int[] corrections =
        corrected ? corrections(b.address() + matrixB.offset(matrix), numbers) : new int[0];
    long scales = inputs[1].address();
    request
        .context()
        .workers()
        .parallel(
            request.threads(),
            count,
            Math.max(1, GRAIN / columns),
            (start, end) -> {
              QuantizedRow row =
                  new QuantizedRow(
                      result, numbers, columns, QuantizationLoops.of(request.context()));
              QuantizationChunk chunk = new QuantizationChunk(dtype, Math.max(1, inner));
              for (long i = matrix * count + start; i < matrix * count + end; i++) {
                long at = i * columns;
                int sum =
                    numbers.zeros() == null
                        ? 0
                        : ByteSums.row(chunk, inputs[0].address() + rowOfA(i), inner);
                row.run(
                    from + at * Integer.BYTES,
                    to + at * result.dtype().byteSize(),
                    QuantizationChunk.get(dtype, zeros, rowZero.offset(i)),
                    corrections,
                    sum,
                    result.isScaled()
                        ? ALL.get(FLOAT, scales + rowScale.offset(i) * Float.BYTES)
                        : 1);
              }
            });
  }

  private long rowOfA(long row) {
    return matrixA.offset(row / rows) + row % rows * inner;
  }

  private int[] corrections(long b, QuantizedColumns numbers) {
    int[] zeros = numbers.zeros();
    if (constantSums == null) {
      return ByteSums.columns(b, batches.b(), zeros);
    }
    if (zeros == null) {
      return constantSums;
    }
    int[] corrections = new int[columns];
    for (int i = 0; i < columns; i++) {
      corrections[i] = constantSums[i] - inner * zeros[i];
    }
    return corrections;
  }

  @Override
  public boolean reads(int input) {
    return input != result.weights()
        || (weights.moved() == null && (constantSums == null || sums.reads(1)));
  }

  @Override
  public String implementation() {
    return sums.implementation();
  }

  @Override
  public void close() {
    sums.close();
    weights.close();
  }
}
