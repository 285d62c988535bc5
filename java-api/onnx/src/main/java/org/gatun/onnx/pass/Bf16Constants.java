package org.gatun.onnx.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.TensorData;

/** Constants of f32 rounded to bf16, to nearest, ties to even. */
final class Bf16Constants {
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int INFINITY = 0x7F800000;

  /** The bits of the largest number that does not round to infinity. */
  private static final int LARGEST = 0x7F7F7FFF;

  /** Constants of more elements are weights: masks, which hold such numbers, have fewer. */
  private static final long MOST = 1 << 22;

  /** Elements rounded by one thread at a time. */
  private static final int PART = 1 << 20;

  private Bf16Constants() {}

  /** Returns whether no number of a constant of f32 becomes infinite. */
  static boolean holds(TensorData data) {
    long size = data.size() > MOST ? 0 : data.size();
    for (long i = 0; i < size; i++) {
      int bits = data.elements().get(ValueLayout.JAVA_INT_UNALIGNED, 4 * i) & MAGNITUDE;
      if (bits > LARGEST && bits < INFINITY) {
        return false;
      }
    }
    return true;
  }

  /** Returns the constant of f32 in bf16. */
  static TensorData rounded(TensorData data, String name) {
    long size = data.size();
    MemorySegment from = data.elements();
    MemorySegment to = Arena.ofAuto().allocate(Math.max(1, 2 * size), 64).asSlice(0, 2 * size);
    IntStream.range(0, Math.toIntExact(Math.ceilDiv(size, PART)))
        .parallel()
        .forEach(part -> round(from, to, (long) part * PART, Math.min(size, (part + 1L) * PART)));
    return new TensorData(name, ElementType.BFLOAT16, data.shape(), to, null, List.of());
  }

  private static void round(MemorySegment from, MemorySegment to, long first, long end) {
    for (long i = first; i < end; i++) {
      int bits = from.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * i);
      boolean nan = (bits & MAGNITUDE) > INFINITY;
      int rounded = (bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16;
      int half = nan ? (bits >>> 16) | 0x40 : rounded;
      to.set(ValueLayout.JAVA_SHORT, 2 * i, (short) half);
    }
  }
}
