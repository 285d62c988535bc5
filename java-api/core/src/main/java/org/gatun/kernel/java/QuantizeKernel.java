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
import org.gatun.op.DynamicQuantize;
import org.gatun.op.IntegerRange;
import org.gatun.op.Quantize;
import org.jspecify.annotations.Nullable;

/** {@link Quantize} and {@link DynamicQuantize} of f32, f64 and i32, in any order without gaps. */
public final class QuantizeKernel implements Kernel {
  /** Makes the kernel. */
  public QuantizeKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout x = request.input(0);
    boolean readable =
        (x.dtype() == DType.F32 || x.dtype() == DType.F64 || x.dtype() == DType.I32)
            && x.sameArrangement(request.output(0));
    if (!readable) {
      return null;
    }
    return switch (request.op()) {
      case Quantize op -> plan(request, op);
      case DynamicQuantize _ when x.isDense() -> new DynamicQuantizePlan(request);
      default -> null;
    };
  }

  private static @Nullable Plan plan(PlanRequest request, Quantize op) {
    Layout scale = request.input(1);
    QuantizationGrid grid = QuantizationGrid.of(request.input(0), scale, op.axis(), op.block());
    if (grid == null
        || (scale.dtype() != DType.F32 && scale.dtype() != DType.F64)
        || (op.zeroPoint() && !request.input(2).isContiguous())) {
      return null;
    }
    return new QuantizePlan(request, op, grid);
  }

  private record QuantizePlan(PlanRequest request, Quantize op, QuantizationGrid grid)
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
      IntegerRange range = op.range();
      DType given = request.input(0).dtype();
      boolean varying = grid.isVarying();
      QuantizationChunk q = new QuantizationChunk(range.dtype(), count - vectors);
      int chunk = q.values().length;
      Divider divider =
          given == DType.F64 ? new Doubles(chunk, varying) : new Floats(given, chunk, varying);
      int[] zeros = new int[varying ? chunk : 0];
      for (long done = vectors; done < count; done += chunk) {
        int some = (int) Math.min(chunk, count - done);
        long at0 = at + done;
        if (varying) {
          long from = first + done;
          for (int i = 0; i < some && zero != 0; i++) {
            zeros[i] = QuantizationChunk.get(range.dtype(), zero, from + i);
          }
          divider.divide(x, at0, some, scale, from, q);
          divider.round(some, zeros, range, q.values());
        } else {
          divider.divide(x, at0, some, scale, first, q);
          int only = zero == 0 ? 0 : QuantizationChunk.get(range.dtype(), zero, first);
          divider.round(some, only, range, q.values());
        }
        q.store(y + at0 * range.dtype().byteSize(), some);
      }
    }

    /** Returns how many elements vector loops have quantized. */
    private long vector(long x, long y, long scale, long zero, long at, long count, long first) {
      QuantizationLoops loops = loops();
      if (loops == null) {
        return 0;
      }
      IntegerRange range = op.range();
      int only = zero == 0 ? 0 : QuantizationChunk.get(range.dtype(), zero, first);
      return loops.quantize(
          x + at * Float.BYTES,
          y + at,
          count,
          ALL.get(FLOAT, scale + first * Float.BYTES),
          new QuantizationLoops.Bounds(only, range.lowest(), range.highest()));
    }

    private @Nullable QuantizationLoops loops() {
      boolean taken =
          request.input(0).dtype() == DType.F32
              && op.range().dtype().byteSize() == 1
              && !grid.isVarying();
      return taken ? QuantizationLoops.of(request.context()) : null;
    }

    @Override
    public String implementation() {
      return loops() == null ? "java:arrays" : "java:vector";
    }
  }

  /** Divides numbers by their scales and rounds the quotients. */
  private interface Divider {
    void divide(long x, long at, int count, long scale, long first, QuantizationChunk chunk);

    void round(int count, int zero, IntegerRange range, int[] q);

    void round(int count, int[] zero, IntegerRange range, int[] q);
  }

  private static final class Floats implements Divider {
    private final DType given;
    private final float[] numbers;
    private final float[] scales;

    Floats(DType given, int size, boolean varying) {
      this.given = given;
      this.numbers = new float[size];
      this.scales = new float[varying ? size : 0];
    }

    @Override
    public void divide(long x, long at, int count, long scale, long first, QuantizationChunk q) {
      q.load(given, x + at * Float.BYTES, numbers, count);
      if (scales.length == 0) {
        float only = ALL.get(FLOAT, scale + first * Float.BYTES);
        for (int i = 0; i < count; i++) {
          numbers[i] /= only;
        }
      } else {
        MemorySegment.copy(ALL, FLOAT, scale + first * Float.BYTES, scales, 0, count);
        for (int i = 0; i < count; i++) {
          numbers[i] /= scales[i];
        }
      }
    }

    @Override
    public void round(int count, int zero, IntegerRange range, int[] q) {
      Rounding.round(numbers, count, zero, range.lowest(), range.highest(), q);
    }

    @Override
    public void round(int count, int[] zero, IntegerRange range, int[] q) {
      Rounding.round(numbers, count, zero, range.lowest(), range.highest(), q);
    }
  }

  private static final class Doubles implements Divider {
    private final double[] numbers;
    private final double[] scales;

    Doubles(int size, boolean varying) {
      this.numbers = new double[size];
      this.scales = new double[varying ? size : 0];
    }

    @Override
    public void divide(long x, long at, int count, long scale, long first, QuantizationChunk q) {
      QuantizationChunk.load(x + at * Double.BYTES, numbers, count);
      if (scales.length == 0) {
        double only = ALL.get(DOUBLE, scale + first * Double.BYTES);
        for (int i = 0; i < count; i++) {
          numbers[i] /= only;
        }
      } else {
        QuantizationChunk.load(scale + first * Double.BYTES, scales, count);
        for (int i = 0; i < count; i++) {
          numbers[i] /= scales[i];
        }
      }
    }

    @Override
    public void round(int count, int zero, IntegerRange range, int[] q) {
      Rounding.round(numbers, count, zero, range.lowest(), range.highest(), q);
    }

    @Override
    public void round(int count, int[] zero, IntegerRange range, int[] q) {
      Rounding.round(numbers, count, zero, range.lowest(), range.highest(), q);
    }
  }
}
