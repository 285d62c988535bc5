package org.gatun.kernel.java;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.gatun.DType;

/**
 * A loop over elements of {@code bf16} by way of one over {@code float}s, so few at a time that
 * these stay in the first-level cache.
 *
 * @param floats the loop of the function
 * @param operands how many operands it has
 */
record Bf16ChunkLoop(PointwiseLoop floats, int operands) implements PointwiseLoop {
  /** Elements at a time: four arrays of 4 KB. */
  private static final int CHUNK = 1024;

  private static final long BYTES = (long) CHUNK * Float.BYTES;
  private static final int ARRAYS = 4;

  private static final CastLoops.Loop WIDEN =
      Objects.requireNonNull(VectorProvider.casts().between(DType.BF16, DType.F32));
  private static final CastLoops.Loop ROUND =
      Objects.requireNonNull(VectorProvider.casts().between(DType.F32, DType.BF16));

  /**
   * Floats that no loop is using: as many as loops ran at a time. A thread keeps none, since there
   * may be a hundred thousand virtual ones.
   */
  private static final ConcurrentLinkedDeque<MemorySegment> IDLE = new ConcurrentLinkedDeque<>();

  @Override
  public void run(long a, long b, long c, long dst, long count, int which) {
    MemorySegment idle = IDLE.pollFirst();
    MemorySegment memory = idle != null ? idle : Arena.global().allocate(ARRAYS * BYTES, 64);
    try {
      run(a, b, c, dst, count, which, memory.address());
    } finally {
      IDLE.addFirst(memory);
    }
  }

  private void run(long a, long b, long c, long dst, long count, int which, long x) {
    long y = x + BYTES;
    long z = y + BYTES;
    long result = z + BYTES;
    if (which == LEFT_IS_ONE) {
      WIDEN.run(a, x, 1);
    } else if (which == RIGHT_IS_ONE) {
      WIDEN.run(b, y, 1);
    }
    for (long i = 0; i < count; i += CHUNK) {
      long some = Math.min(CHUNK, count - i);
      long at = i * Short.BYTES;
      if (which != LEFT_IS_ONE) {
        WIDEN.run(a + at, x, some);
      }
      if (operands > 1 && which != RIGHT_IS_ONE) {
        WIDEN.run(b + at, y, some);
      }
      if (operands > 2) {
        WIDEN.run(c + at, z, some);
      }
      floats.run(x, y, z, result, some, which);
      ROUND.run(result, dst + at, some);
    }
  }

  @Override
  public String implementation() {
    return floats.implementation();
  }
}
