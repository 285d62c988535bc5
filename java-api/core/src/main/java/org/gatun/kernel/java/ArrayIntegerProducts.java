package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.Layout;
import org.gatun.kernel.IntegerProducts;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Conv;
import org.jspecify.annotations.Nullable;

/** Products of 8-bit integers in plain Java, for processors that oneDNN has no exact code for. */
final class ArrayIntegerProducts implements IntegerProducts {
  /** Rows and columns of the second operand that are taken at a time: they stay in the cache. */
  private static final int ROWS = 128;

  private static final int COLUMNS = 256;

  /** Multiplications that are worth a thread. */
  private static final long GRAIN = 1 << 16;

  @Override
  public Plan matmul(
      PlanRequest request, Layout a, Layout b, Layout sums, @Nullable MemorySegment constant) {
    return new ProductPlan(request, a, b, sums);
  }

  /** Returns null: a convolution is made of products of matrices. */
  @Override
  public @Nullable Plan conv(
      PlanRequest request,
      Conv conv,
      Layout x,
      Layout weights,
      Layout sums,
      @Nullable MemorySegment constant) {
    return null;
  }

  private record ProductPlan(PlanRequest request, Layout a, Layout b, Layout sums) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long m = sums.dim(-2);
      long batches = sums.size() / m / sums.dim(-1);
      long work = Math.max(1, sums.dim(-1) * a.dim(-1));
      request
          .context()
          .workers()
          .parallel(
              request.threads(),
              batches * m,
              Math.max(1, GRAIN / work),
              (from, to) -> {
                Panel panel = new Panel();
                for (long row = from; row < to; ) {
                  long batch = row / m;
                  long end = Math.min(to, (batch + 1) * m);
                  panel.multiply(
                      inputs[0].address() + offset(a, batch),
                      inputs[1].address() + offset(b, batch),
                      outputs[0].address() + offset(sums, batch) * Integer.BYTES,
                      row - batch * m,
                      end - batch * m);
                  row = end;
                }
              });
    }

    private static long offset(Layout layout, long batch) {
      return layout.rank() == 2 || layout.dim(0) == 1 ? 0 : batch * layout.stride(0);
    }

    @Override
    public String implementation() {
      return "java:arrays";
    }

    /** A block of the second operand, as ints, and what it is multiplied with. */
    private final class Panel {
      private final int[] weights = new int[ROWS * COLUMNS];
      private final int[] row = new int[COLUMNS];
      private final QuantizationChunk numbers = new QuantizationChunk(a.dtype(), ROWS);

      void multiply(long first, long second, long result, long from, long to) {
        long n = sums.dim(-1);
        long k = a.dim(-1);
        for (long column = 0; column < n; column += COLUMNS) {
          int columns = (int) Math.min(COLUMNS, n - column);
          for (long inner = 0; inner < k; inner += ROWS) {
            int rows = (int) Math.min(ROWS, k - inner);
            load(second + inner * b.stride(-2) + column * b.stride(-1), rows, columns);
            for (long i = from; i < to; i++) {
              numbers.load(first + i * a.stride(-2) + inner, rows);
              long at = result + (i * sums.stride(-2) + column) * Integer.BYTES;
              if (inner == 0) {
                Arrays.fill(row, 0, columns, 0);
              } else {
                MemorySegment.copy(ALL, INT, at, row, 0, columns);
              }
              for (int j = 0; j < rows; j++) {
                add(numbers.values()[j], j * COLUMNS, columns);
              }
              MemorySegment.copy(row, 0, ALL, INT, at, columns);
            }
          }
        }
      }

      private void add(int factor, int at, int columns) {
        for (int i = 0; i < columns; i++) {
          row[i] += factor * weights[at + i];
        }
      }

      private void load(long address, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            weights[i * COLUMNS + j] = ALL.get(BYTE, address + i * b.stride(-2) + j * b.stride(-1));
          }
        }
      }
    }
  }
}
