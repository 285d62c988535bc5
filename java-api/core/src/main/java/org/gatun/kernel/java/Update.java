package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.gatun.DType;
import org.gatun.op.Combination;
import org.jspecify.annotations.Nullable;

/** Elements combined into others, one after the other. */
@FunctionalInterface
interface Update {
  /** Combines {@code count} elements into those at {@code dst}; steps are in bytes. */
  void run(long dst, long dstStep, long src, long srcStep, long count);

  /** Returns the update of a dtype, or null where there is none. */
  static @Nullable Update of(DType dtype, Combination combination) {
    if (combination == Combination.REPLACE) {
      return replacing(dtype.byteSize());
    }
    return switch (dtype) {
      case F32 ->
          combination == Combination.ADD ? Update::addFloats : floats(ofDoubles(combination));
      case F64 -> doubles(ofDoubles(combination));
      case F16, BF16 -> null;
      case BOOL -> bytes(ofBooleans(combination));
      case I8 -> bytes(ofLongs(combination));
      case U8 -> unsignedBytes(ofLongs(combination));
      case I16 -> shorts(ofLongs(combination));
      case I32 -> ints(ofLongs(combination));
      case I64 -> longs(ofLongs(combination));
    };
  }

  private static Update replacing(int width) {
    return switch (width) {
      case 1 -> Update::replaceBytes;
      case 2 -> Update::replaceShorts;
      case 4 -> Update::replaceInts;
      default -> Update::replaceLongs;
    };
  }

  private static void replaceBytes(long dst, long dstStep, long src, long srcStep, long count) {
    for (long i = 0; i < count; i++) {
      ALL.set(BYTE, dst + i * dstStep, ALL.get(BYTE, src + i * srcStep));
    }
  }

  private static void replaceShorts(long dst, long dstStep, long src, long srcStep, long count) {
    for (long i = 0; i < count; i++) {
      ALL.set(SHORT, dst + i * dstStep, ALL.get(SHORT, src + i * srcStep));
    }
  }

  private static void replaceInts(long dst, long dstStep, long src, long srcStep, long count) {
    for (long i = 0; i < count; i++) {
      ALL.set(INT, dst + i * dstStep, ALL.get(INT, src + i * srcStep));
    }
  }

  private static void replaceLongs(long dst, long dstStep, long src, long srcStep, long count) {
    for (long i = 0; i < count; i++) {
      ALL.set(LONG, dst + i * dstStep, ALL.get(LONG, src + i * srcStep));
    }
  }

  private static void addFloats(long dst, long dstStep, long src, long srcStep, long count) {
    for (long i = 0; i < count; i++) {
      long at = dst + i * dstStep;
      ALL.set(FLOAT, at, ALL.get(FLOAT, at) + ALL.get(FLOAT, src + i * srcStep));
    }
  }

  private static DoubleBinaryOperator ofDoubles(Combination combination) {
    return switch (combination) {
      case REPLACE -> (_, b) -> b;
      case ADD -> Double::sum;
      case MULTIPLY -> (a, b) -> a * b;
      case MAX -> Math::max;
      case MIN -> Math::min;
    };
  }

  private static LongBinaryOperator ofLongs(Combination combination) {
    return switch (combination) {
      case REPLACE -> (_, b) -> b;
      case ADD -> Long::sum;
      case MULTIPLY -> (a, b) -> a * b;
      case MAX -> Math::max;
      case MIN -> Math::min;
    };
  }

  private static LongBinaryOperator ofBooleans(Combination combination) {
    return switch (combination) {
      case REPLACE -> (_, b) -> b;
      case ADD, MAX -> (a, b) -> a | b;
      case MULTIPLY, MIN -> (a, b) -> a & b;
    };
  }

  /** The double result of two floats, rounded, is the float result of each of these functions. */
  private static Update floats(DoubleBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        float b = ALL.get(FLOAT, src + i * srcStep);
        ALL.set(FLOAT, at, (float) function.applyAsDouble(ALL.get(FLOAT, at), b));
      }
    };
  }

  private static Update doubles(DoubleBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        double b = ALL.get(DOUBLE, src + i * srcStep);
        ALL.set(DOUBLE, at, function.applyAsDouble(ALL.get(DOUBLE, at), b));
      }
    };
  }

  private static Update bytes(LongBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        byte b = ALL.get(BYTE, src + i * srcStep);
        ALL.set(BYTE, at, (byte) function.applyAsLong(ALL.get(BYTE, at), b));
      }
    };
  }

  private static Update unsignedBytes(LongBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        long b = ALL.get(BYTE, src + i * srcStep) & 0xFF;
        ALL.set(BYTE, at, (byte) function.applyAsLong(ALL.get(BYTE, at) & 0xFF, b));
      }
    };
  }

  private static Update shorts(LongBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        short b = ALL.get(SHORT, src + i * srcStep);
        ALL.set(SHORT, at, (short) function.applyAsLong(ALL.get(SHORT, at), b));
      }
    };
  }

  private static Update ints(LongBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        int b = ALL.get(INT, src + i * srcStep);
        ALL.set(INT, at, (int) function.applyAsLong(ALL.get(INT, at), b));
      }
    };
  }

  private static Update longs(LongBinaryOperator function) {
    return (dst, dstStep, src, srcStep, count) -> {
      for (long i = 0; i < count; i++) {
        long at = dst + i * dstStep;
        long b = ALL.get(LONG, src + i * srcStep);
        ALL.set(LONG, at, function.applyAsLong(ALL.get(LONG, at), b));
      }
    };
  }
}
