package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.LONG;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.ScratchMemory;
import org.jspecify.annotations.Nullable;

/**
 * The second operand of a product of integers as {@code i8}, which libraries multiply with: {@code
 * u8} less 128, as its zero point is then.
 *
 * @param layout the layout of the operand, without gaps
 * @param isMoved whether it was {@code u8}
 * @param moved where it lies then if it is constant
 */
record SignedWeights(Layout layout, boolean isMoved, ScratchMemory.@Nullable Block moved) {
  private static final long TOP_BITS = 0x8080_8080_8080_8080L;
  private static final int HALF = 128;

  /** Returns the operand of a plan. */
  static SignedWeights of(Layout given, @Nullable MemorySegment constant, ScratchMemory memory) {
    if (given.dtype() == DType.I8) {
      return new SignedWeights(given, false, null);
    }
    Layout layout = given.withDType(DType.I8);
    if (constant == null) {
      return new SignedWeights(layout, true, null);
    }
    ScratchMemory.Block block =
        memory.packed(
            constant, SignedWeights.class, given.size(), to -> move(constant, to, given.size()));
    return new SignedWeights(layout, true, block);
  }

  /** Returns the operand where it is constant. */
  @Nullable MemorySegment constant(@Nullable MemorySegment given) {
    return given == null || moved == null ? given : moved.segment();
  }

  /** Returns the bytes of scratch that an execution needs for it. */
  long scratchBytes() {
    return isMoved && moved == null ? layout.size() : 0;
  }

  /** Returns the operand of an execution, put into the scratch if need be. */
  MemorySegment at(MemorySegment given, MemorySegment scratch) {
    if (!isMoved) {
      return given;
    }
    if (moved != null) {
      return moved.segment();
    }
    move(given, scratch, layout.size());
    return scratch;
  }

  /** Returns the zero point of the operand that a given zero point is. */
  int zeroPoint(int given) {
    return isMoved ? given - HALF : given;
  }

  private static void move(MemorySegment from, MemorySegment to, long count) {
    long src = from.address();
    long dst = to.address();
    long i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      ALL.set(LONG, dst + i, ALL.get(LONG, src + i) ^ TOP_BITS);
    }
    for (; i < count; i++) {
      ALL.set(BYTE, dst + i, (byte) (ALL.get(BYTE, src + i) ^ HALF));
    }
  }

  /** Frees what the plan has of it. */
  void close() {
    if (moved != null) {
      moved.close();
    }
  }
}
