package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Copy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies between random layouts: any order of the dimensions, with gaps. */
class StridedCopyTest {
  private static final byte UNTOUCHED = -77;

  @ParameterizedTest
  @CsvSource({
    "I8, true", "I16, true", "I32, true", "I64, true",
    "I8, false", "I16, false", "I32, false", "I64, false"
  })
  void everyElementComesAlongAndNothingElse(DType dtype, boolean vector) {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      int rank = 1 + random.nextInt(4);
      long[] dims = random.longs(rank, 1, rank <= 2 ? 70 : 20).toArray();
      Layout from = layout(random, dtype, dims);
      Layout to = layout(random, dtype, dims);
      try (Arena arena = Arena.ofShared()) {
        byte[] bytes = new byte[Math.toIntExact(from.byteSpan())];
        random.nextBytes(bytes);
        MemorySegment src = arena.allocate(bytes.length, 64);
        src.copyFrom(MemorySegment.ofArray(bytes));
        MemorySegment dst = arena.allocate(to.byteSpan(), 64).fill(UNTOUCHED);
        Plans.of(
                new CopyKernel(),
                new Copy(false),
                List.of(from),
                List.of(to),
                1 + random.nextInt(3),
                vector,
                arena)
            .execute(new MemorySegment[] {src}, new MemorySegment[] {dst});
        byte[] expected = new byte[Math.toIntExact(to.byteSpan())];
        Arrays.fill(expected, UNTOUCHED);
        copy(bytes, from, expected, to);
        assertEquals(
            -1, MemorySegment.ofArray(expected).mismatch(dst), () -> "from " + from + " to " + to);
      }
    }
  }

  private static void copy(byte[] src, Layout from, byte[] dst, Layout to) {
    int width = from.dtype().byteSize();
    for (long i = 0; i < from.size(); i++) {
      long s = 0;
      long d = 0;
      long rest = i;
      for (int axis = from.rank() - 1; axis >= 0; axis--) {
        s += rest % from.dim(axis) * from.stride(axis);
        d += rest % from.dim(axis) * to.stride(axis);
        rest /= from.dim(axis);
      }
      System.arraycopy(src, (int) s * width, dst, (int) d * width, width);
    }
  }

  private static Layout layout(Random random, DType dtype, long[] dims) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, dims.length).boxed().toList());
    Collections.shuffle(order, random);
    long[] strides = new long[dims.length];
    long next = 1L + random.nextInt(3) / 2;
    for (int axis : order) {
      strides[axis] = next;
      next = next * dims[axis] + random.nextInt(5) / 3;
    }
    return Layout.of(dtype, Shape.of(dims), strides);
  }
}
