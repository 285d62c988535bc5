package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Cast;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversions between f32 and the dtypes of 16 bits, for every number that these have. */
class CastKernelTest {
  private static final int ALL = 1 << 16;

  private static MemorySegment cast(
      Arena arena, MemorySegment src, DType from, DType to, long count, boolean vector) {
    Layout output = Layout.of(to, Shape.of(count));
    MemorySegment dst = arena.allocate(Math.max(1, output.byteSpan()), 64);
    Plans.of(
            new CastKernel(),
            new Cast(to),
            List.of(Layout.of(from, Shape.of(count))),
            List.of(output),
            1,
            vector,
            arena)
        .execute(new MemorySegment[] {src}, new MemorySegment[] {dst});
    return dst;
  }

  @ParameterizedTest
  @CsvSource({"BF16, true", "BF16, false", "F16, true", "F16, false"})
  void everyNumberComesBack(DType half, boolean vector) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment src = arena.allocate(2L * ALL, 64);
      for (int i = 0; i < ALL; i++) {
        src.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) i);
      }
      MemorySegment wide = cast(arena, src, half, DType.F32, ALL, vector);
      MemorySegment back = cast(arena, wide, DType.F32, half, ALL, vector);
      for (int i = 0; i < ALL; i++) {
        float value = wide.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        float expected = half == DType.F16 ? Float.float16ToFloat((short) i) : bf16(i);
        assertEquals(expected, value);
        int bits = back.getAtIndex(ValueLayout.JAVA_SHORT, i) & 0xFFFF;
        if (Float.isNaN(expected)) {
          float again = half == DType.F16 ? Float.float16ToFloat((short) bits) : bf16(bits);
          assertTrue(Float.isNaN(again), () -> Integer.toHexString(bits));
        } else {
          assertEquals(i, bits);
        }
      }
    }
  }

  private static float bf16(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Half-way between neighbours, the even one; a bit more or less, the nearer one. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void roundsToNearestAndTiesToEven(boolean vector) {
    int[] bits = new int[3 * 37];
    short[] expected = new short[bits.length];
    for (int i = 0; i < 37; i++) {
      int lower = 0x3F80 + i;
      int even = lower + (lower & 1);
      for (int k = -1; k <= 1; k++) {
        bits[3 * i + k + 1] = (lower << 16) + 0x8000 + k;
        expected[3 * i + k + 1] = (short) (k < 0 ? lower : k > 0 ? lower + 1 : even);
      }
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment src = arena.allocateFrom(ValueLayout.JAVA_INT, bits);
      MemorySegment dst = cast(arena, src, DType.F32, DType.BF16, bits.length, vector);
      for (int i = 0; i < bits.length; i++) {
        assertEquals(expected[i], dst.getAtIndex(ValueLayout.JAVA_SHORT, i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void nothingFiniteBecomesNaN(boolean vector) {
    float[] values = {
      Float.MAX_VALUE, -Float.MAX_VALUE, Float.NaN, -Float.MIN_VALUE, -0f, Float.POSITIVE_INFINITY
    };
    short[] expected = {0x7F80, (short) 0xFF80, 0x7FC0, (short) 0x8000, (short) 0x8000, 0x7F80};
    float[] many = new float[values.length * 8];
    for (int i = 0; i < many.length; i++) {
      many[i] = values[i % values.length];
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment src = arena.allocateFrom(ValueLayout.JAVA_FLOAT, many);
      MemorySegment dst = cast(arena, src, DType.F32, DType.BF16, many.length, vector);
      for (int i = 0; i < many.length; i++) {
        assertEquals(expected[i % values.length], dst.getAtIndex(ValueLayout.JAVA_SHORT, i));
      }
    }
  }
}
