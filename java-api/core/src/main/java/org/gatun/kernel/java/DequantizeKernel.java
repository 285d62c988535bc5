package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Dequantize;
import org.jspecify.annotations.Nullable;

/** {@link Dequantize} to f32 and f64, in any order without gaps. */
public final class DequantizeKernel implements Kernel {
  /** Makes the kernel. */
  public DequantizeKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout x = request.input(0);
    DType dtype = request.output(0).dtype();
    if (!(request.op() instanceof Dequantize op)
        || (dtype != DType.F32 && dtype != DType.F64)
        || !x.sameArrangement(request.output(0))
        || (op.zeroPoint() && !request.input(2).isContiguous())) {
      return null;
    }
    QuantizationGrid grid = QuantizationGrid.of(x, request.input(1), op.axis(), op.block());
    return grid == null ? null : new DequantizePlan(request, op, grid);
  }

  private record DequantizePlan(PlanRequest request, Dequantize op, QuantizationGrid grid)
      implements Plan, QuantizationGrid.GridPlan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      grid.run(request.context().workers(), request.threads(), this, inputs, outputs);
    }

    @Override
    public void run(
        MemorySegment[] inputs, MemorySegment[] outputs, long at, long count, long first) {
      long x = inputs[0].address();
      long scale = inputs[1].address();
      long zero = op.zeroPoint() ? inputs[2].address() : 0;
      long y = outputs[0].address();
      long done = vector(x, y, scale, zero, at, count, first);
      if (done < count) {
        run(x, y, scale, zero, at, count, first, done);
      }
    }

    /** Does the rest of a run in arrays. */
    private void run(
        long x, long y, long scale, long zero, long at, long count, long first, long vectors) {
      DType from = request.input(0).dtype();
      boolean varying = grid.isVarying();
      QuantizationChunk q = new QuantizationChunk(from, count - vectors);
      int chunk = q.values().length;
      boolean floats = request.output(0).dtype() == DType.F32;
      Multiplier multiplier = floats ? new Floats(chunk, varying) : new Doubles(chunk, varying);
      int[] differences = q.values();
      for (long done = vectors; done < count; done += chunk) {
        int some = (int) Math.min(chunk, count - done);
        q.load(x + (at + done) * from.byteSize(), some);
        long offset = varying ? first + done : first;
        if (zero != 0 && varying) {
          for (int i = 0; i < some; i++) {
            differences[i] -= QuantizationChunk.get(from, zero, offset + i);
          }
        } else if (zero != 0) {
          int only = QuantizationChunk.get(from, zero, first);
          for (int i = 0; i < some; i++) {
            differences[i] -= only;
          }
        }
        multiplier.multiply(differences, some, scale, offset, y, at + done);
      }
    }

    /** Returns how many elements vector loops have done. */
    private long vector(long x, long y, long scale, long zero, long at, long count, long first) {
      QuantizationLoops loops = loops();
      if (loops == null) {
        return 0;
      }
      DType from = request.input(0).dtype();
      return loops.dequantize(
          x + at,
          from == DType.U8,
          y + at * Float.BYTES,
          count,
          zero == 0 ? 0 : QuantizationChunk.get(from, zero, first),
          ALL.get(FLOAT, scale + first * Float.BYTES));
    }

    private @Nullable QuantizationLoops loops() {
      boolean taken =
          request.input(0).dtype().byteSize() == 1
              && request.output(0).dtype() == DType.F32
              && !grid.isVarying();
      return taken ? QuantizationLoops.of(request.context()) : null;
    }

    @Override
    public String implementation() {
      return loops() == null ? "java:arrays" : "java:vector";
    }
  }

  /** Multiplies integers with their scales and writes the products. */
  private interface Multiplier {
    void multiply(int[] differences, int count, long scale, long first, long y, long at);
  }

  private record Floats(float[] numbers, float[] scales) implements Multiplier {
    Floats(int size, boolean varying) {
      this(new float[size], new float[varying ? size : 0]);
    }

    @Override
    public void multiply(int[] differences, int count, long scale, long first, long y, long at) {
      if (scales.length == 0) {
        float only = ALL.get(FLOAT, scale + first * Float.BYTES);
        for (int i = 0; i < count; i++) {
          numbers[i] = differences[i] * only;
        }
      } else {
        MemorySegment.copy(ALL, FLOAT, scale + first * Float.BYTES, scales, 0, count);
        for (int i = 0; i < count; i++) {
          numbers[i] = differences[i] * scales[i];
        }
      }
      MemorySegment.copy(numbers, 0, ALL, FLOAT, y + at * Float.BYTES, count);
    }
  }

  private record Doubles(double[] numbers, double[] scales) implements Multiplier {
    Doubles(int size, boolean varying) {
      this(new double[size], new double[varying ? size : 0]);
    }

    @Override
    public void multiply(int[] differences, int count, long scale, long first, long y, long at) {
      if (scales.length == 0) {
        double only = ALL.get(DOUBLE, scale + first * Double.BYTES);
        for (int i = 0; i < count; i++) {
          numbers[i] = differences[i] * only;
        }
      } else {
        MemorySegment.copy(ALL, DOUBLE, scale + first * Double.BYTES, scales, 0, count);
        for (int i = 0; i < count; i++) {
          numbers[i] = differences[i] * scales[i];
        }
      }
      MemorySegment.copy(numbers, 0, ALL, DOUBLE, y + at * Double.BYTES, count);
    }
  }
}
