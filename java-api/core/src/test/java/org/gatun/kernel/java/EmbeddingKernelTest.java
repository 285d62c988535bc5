package org.gatun.kernel.java;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.op.Embedding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingKernelTest {
  @ParameterizedTest
  @ValueSource(longs = {-1, 5, Long.MIN_VALUE})
  void aBadIndexIsNamedBeforeAnythingIsWritten(long bad) {
    Layout table = Layout.of(DType.F32, Shape.of(5, 3));
    Layout indices = Layout.of(DType.I64, Shape.of(2, 2));
    Layout output = Layout.of(DType.F32, Shape.of(2, 2, 3));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment dst = arena.allocate(output.byteSpan(), 64).fill((byte) 7);
      MemorySegment which = arena.allocateFrom(JAVA_LONG, 1, 4, 0, bad);
      Plan plan =
          Plans.of(
              new EmbeddingKernel(),
              new Embedding(),
              List.of(table, indices),
              List.of(output),
              1,
              true,
              arena);
      MemorySegment[] inputs = {arena.allocate(table.byteSpan(), 64), which};
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> plan.execute(inputs, new MemorySegment[] {dst}));
      assertEquals(
          "embedding: index "
              + bad
              + " at position 3, expected 0 or more and less than 5, the rows of the table",
          e.getMessage());
      for (byte b : dst.toArray(JAVA_BYTE)) {
        assertEquals(7, b);
      }
    }
  }
}
