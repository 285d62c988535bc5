package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.DOUBLE;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.gatun.DType;
import org.jspecify.annotations.Nullable;

/**
 * The conversions that matter, between f32 and the other dtypes, with the Vector API. Each reads
 * and writes as many elements at a time as the wider of the two has in the widest vector.
 */
final class VectorCastLoops implements CastLoops {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

  /** As many shorts as there are ints in a vector, as many floats as doubles, and so on. */
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, shape(INTS.vectorBitSize() / 2));

  private static final VectorSpecies<Float> HALF_FLOATS =
      VectorSpecies.of(float.class, shape(DOUBLES.vectorBitSize() / 2));
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, shape(Math.max(64, INTS.vectorBitSize() / 4)));

  private static final int WIDTH = INTS.length();
  private static final int LONG_WIDTH = DOUBLES.length();

  /** Elements converted at a time by way of arrays. */
  private static final int CHUNK = 2048;

  private static final int SIGN = 0x7FFF_FFFF;
  private static final int INFINITY = 0x7F80_0000;
  private static final int QUIET = 0x40;

  VectorCastLoops() {}

  private static VectorShape shape(int bits) {
    return VectorShape.forBitSize(bits);
  }

  @Override
  public @Nullable Loop between(DType from, DType to) {
    return switch (from) {
      case F32 ->
          switch (to) {
            case BF16 -> VectorCastLoops::floatToBf16;
            case F16 -> VectorCastLoops::floatToF16;
            case F64 -> VectorCastLoops::floatToDouble;
            case I32 -> VectorCastLoops::floatToInt;
            case I64 -> VectorCastLoops::floatToLong;
            case F32, I8, U8, I16, BOOL -> null;
          };
      case BF16 -> to == DType.F32 ? VectorCastLoops::bf16ToFloat : null;
      case F16 -> to == DType.F32 ? VectorCastLoops::f16ToFloat : null;
      case F64 -> to == DType.F32 ? VectorCastLoops::doubleToFloat : null;
      case I32 -> to == DType.F32 ? VectorCastLoops::intToFloat : null;
      case I64 -> to == DType.F32 ? VectorCastLoops::longToFloat : null;
      case U8, BOOL -> to == DType.F32 ? VectorCastLoops::unsignedToFloat : null;
      case I8, I16 -> null;
    };
  }

  private static void bf16ToFloat(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - WIDTH; i += WIDTH) {
      ShortVector.fromMemorySegment(SHORTS, ALL, src + 2 * i, ORDER)
          .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)
          .lanewise(VectorOperators.LSHL, 16)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(INT, dst + 4 * i, ALL.get(SHORT, src + 2 * i) << 16);
    }
  }

  /** Rounds to nearest, ties to even, by adding to the lower half; NaN is told by its bits. */
  private static void floatToBf16(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - WIDTH; i += WIDTH) {
      IntVector bits = IntVector.fromMemorySegment(INTS, ALL, src + 4 * i, ORDER);
      IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded = upper.and(1).add(0x7FFF).add(bits).lanewise(VectorOperators.LSHR, 16);
      rounded
          .blend(upper.or(QUIET), bits.and(SIGN).compare(VectorOperators.GT, INFINITY))
          .convertShape(VectorOperators.I2S, SHORTS, 0)
          .intoMemorySegment(ALL, dst + 2 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(SHORT, dst + 2 * i, CastKernel.toBf16(ALL.get(FLOAT, src + 4 * i)));
    }
  }

  /** The compiler makes vectors of the loop over arrays, and the API has no such conversion. */
  private static void floatToF16(long src, long dst, long count) {
    float[] from = new float[(int) Math.min(CHUNK, count)];
    short[] to = new short[from.length];
    for (long i = 0; i < count; i += CHUNK) {
      int some = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(ALL, FLOAT, src + 4 * i, from, 0, some);
      round(from, to);
      MemorySegment.copy(to, 0, ALL, SHORT, dst + 2 * i, some);
    }
  }

  private static void round(float[] from, short[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = Float.floatToFloat16(from[i]);
    }
  }

  private static void f16ToFloat(long src, long dst, long count) {
    short[] from = new short[(int) Math.min(CHUNK, count)];
    float[] to = new float[from.length];
    for (long i = 0; i < count; i += CHUNK) {
      int some = (int) Math.min(CHUNK, count - i);
      MemorySegment.copy(ALL, SHORT, src + 2 * i, from, 0, some);
      widen(from, to);
      MemorySegment.copy(to, 0, ALL, FLOAT, dst + 4 * i, some);
    }
  }

  private static void widen(short[] from, float[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = Float.float16ToFloat(from[i]);
    }
  }

  private static void floatToDouble(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - LONG_WIDTH; i += LONG_WIDTH) {
      FloatVector.fromMemorySegment(HALF_FLOATS, ALL, src + 4 * i, ORDER)
          .convertShape(VectorOperators.F2D, DOUBLES, 0)
          .intoMemorySegment(ALL, dst + 8 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(DOUBLE, dst + 8 * i, ALL.get(FLOAT, src + 4 * i));
    }
  }

  private static void doubleToFloat(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - LONG_WIDTH; i += LONG_WIDTH) {
      DoubleVector.fromMemorySegment(DOUBLES, ALL, src + 8 * i, ORDER)
          .convertShape(VectorOperators.D2F, HALF_FLOATS, 0)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(FLOAT, dst + 4 * i, (float) ALL.get(DOUBLE, src + 8 * i));
    }
  }

  private static void floatToInt(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - WIDTH; i += WIDTH) {
      FloatVector.fromMemorySegment(FLOATS, ALL, src + 4 * i, ORDER)
          .convert(VectorOperators.F2I, 0)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(INT, dst + 4 * i, (int) ALL.get(FLOAT, src + 4 * i));
    }
  }

  private static void intToFloat(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - WIDTH; i += WIDTH) {
      IntVector.fromMemorySegment(INTS, ALL, src + 4 * i, ORDER)
          .convert(VectorOperators.I2F, 0)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(FLOAT, dst + 4 * i, (float) ALL.get(INT, src + 4 * i));
    }
  }

  private static void floatToLong(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - LONG_WIDTH; i += LONG_WIDTH) {
      FloatVector.fromMemorySegment(HALF_FLOATS, ALL, src + 4 * i, ORDER)
          .convertShape(VectorOperators.F2L, LONGS, 0)
          .intoMemorySegment(ALL, dst + 8 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(LONG, dst + 8 * i, (long) ALL.get(FLOAT, src + 4 * i));
    }
  }

  private static void longToFloat(long src, long dst, long count) {
    long i = 0;
    for (; i <= count - LONG_WIDTH; i += LONG_WIDTH) {
      LongVector.fromMemorySegment(LONGS, ALL, src + 8 * i, ORDER)
          .convertShape(VectorOperators.L2F, HALF_FLOATS, 0)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(FLOAT, dst + 4 * i, (float) ALL.get(LONG, src + 8 * i));
    }
  }

  private static void unsignedToFloat(long src, long dst, long count) {
    long i = 0;
    // The vector of bytes may be longer than is needed: 64 bits is the shortest there is.
    for (; i <= count - Math.max(WIDTH, BYTES.length()); i += WIDTH) {
      ByteVector.fromMemorySegment(BYTES, ALL, src + i, ORDER)
          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
          .reinterpretAsInts()
          .convert(VectorOperators.I2F, 0)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    for (; i < count; i++) {
      ALL.set(FLOAT, dst + 4 * i, ALL.get(BYTE, src + i) & 0xFF);
    }
  }
}
