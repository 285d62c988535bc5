package org.gatun.safety.threads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;

/**
 * A number for the bits of tensors, by which to compare them. Any NaN counts as any other: which
 * one an operation gives, processors and compilers do not agree about.
 */
final class Bits {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private Bits() {}

  /** Returns the number of one tensor. */
  static long of(Tensor tensor) {
    return of(List.of(tensor));
  }

  /** Returns the number of several. */
  static long of(List<Tensor> tensors) {
    long[] hash = {tensors.size()};
    for (Tensor tensor : tensors) {
      try (Tensor row = tensor.contiguous()) {
        long start = mixed(hash[0], Arrays.hashCode(row.layout().shape().dims()));
        row.read(memory -> hash[0] = of(start, row.dtype(), memory, row.size()));
      }
    }
    return hash[0];
  }

  private static long of(long start, DType dtype, MemorySegment segment, long size) {
    long hash = start;
    for (long i = 0; i < size; i++) {
      long bits =
          switch (dtype) {
            case F32 -> Float.floatToIntBits(segment.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            case F64 -> Double.doubleToLongBits(segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i));
            case BF16 -> half(segment.getAtIndex(ValueLayout.JAVA_SHORT, i), 0x7F80);
            case F16 -> half(segment.getAtIndex(ValueLayout.JAVA_SHORT, i), 0x7C00);
            case I16 -> segment.getAtIndex(ValueLayout.JAVA_SHORT, i);
            case I32 -> segment.getAtIndex(ValueLayout.JAVA_INT, i);
            case I64 -> segment.getAtIndex(ValueLayout.JAVA_LONG, i);
            case BOOL, I8, U8 -> segment.get(ValueLayout.JAVA_BYTE, i);
          };
      hash = mixed(hash, bits);
    }
    return hash;
  }

  /** The bits of a half; above those of infinity they are NaN. */
  private static long half(short bits, int infinity) {
    return (bits & 0x7FFF) > infinity ? infinity + 1 : bits;
  }

  private static long mixed(long hash, long value) {
    long mixed = (hash ^ value) * PRIME;
    return mixed ^ (mixed >>> 29);
  }
}
