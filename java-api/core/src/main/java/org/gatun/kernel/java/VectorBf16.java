package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.SHORT;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Elements of {@code bf16} as vectors of {@code float}s. */
final class VectorBf16 {
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorFloatMath.FLOATS.vectorShape());
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(
          short.class, VectorShape.forBitSize(VectorFloatMath.FLOATS.vectorBitSize() / 2));
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int MAGNITUDE = 0x7FFFFFFF;
  private static final int INFINITY = 0x7F800000;
  private static final int QUIET = 0x40;

  private VectorBf16() {}

  /** Returns as many elements as a vector of floats has. */
  static FloatVector load(long address) {
    return ShortVector.fromMemorySegment(SHORTS, ALL, address, ORDER)
        .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  /** Stores the elements, rounded to nearest, ties to even; NaN stays a quiet NaN. */
  static void store(FloatVector values, long address) {
    IntVector bits = values.reinterpretAsInts();
    IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
    IntVector rounded = upper.and(1).add(0x7FFF).add(bits).lanewise(VectorOperators.LSHR, 16);
    rounded
        .blend(upper.or(QUIET), bits.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY))
        .convertShape(VectorOperators.I2S, SHORTS, 0)
        .intoMemorySegment(ALL, address, ORDER);
  }

  /** Returns one element. */
  static float get(long address) {
    return Float.intBitsToFloat(ALL.get(SHORT, address) << 16);
  }
}
