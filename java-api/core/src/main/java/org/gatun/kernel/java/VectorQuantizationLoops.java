package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The loops of quantization with the Vector API. */
final class VectorQuantizationLoops implements QuantizationLoops {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** As many bytes as there are floats in a vector, or more where there is no vector so short. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

  /** See {@link Rounding}. */
  private static final float WHOLE = 0x1.8p23f;

  /** The bits of {@link #WHOLE}: those of the sum with a small integer are so many more. */
  private static final int WHOLE_BITS = Float.floatToRawIntBits(WHOLE);

  VectorQuantizationLoops() {}

  /** Returns how many elements may be written as bytes: a vector of them must not reach beyond. */
  private static long bytes(long count) {
    return count - Math.max(LANES, BYTES.length());
  }

  private static IntVector round(FloatVector x, float least, float most, int zero) {
    FloatVector above = x.blend(least, x.lt(least));
    FloatVector within = above.blend(most, above.compare(VectorOperators.GT, most));
    VectorMask<Float> none = within.test(VectorOperators.IS_NAN);
    IntVector bits = within.blend(0, none).add(WHOLE).reinterpretAsInts();
    return bits.sub(WHOLE_BITS - zero);
  }

  private static void store(IntVector q, long dst) {
    ((ByteVector) q.convertShape(VectorOperators.I2B, BYTES, 0)).intoMemorySegment(ALL, dst, ORDER);
  }

  @Override
  public long quantize(long src, long dst, long count, float scale, Bounds bounds) {
    float least = bounds.low() - bounds.zero();
    float most = bounds.high() - bounds.zero();
    int zero = bounds.zero();
    long i = 0;
    for (; i <= bytes(count); i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, src + 4 * i, ORDER);
      store(round(x.div(scale), least, most, zero), dst + i);
    }
    if (i < count && i > 0 && BYTES.length() == LANES) {
      // The last ones with some before them, which come out as they are.
      long last = count - LANES;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, src + 4 * last, ORDER);
      store(round(x.div(scale), least, most, zero), dst + last);
      return count;
    }
    return i;
  }

  @Override
  public long dequantize(long src, boolean unsigned, long dst, long count, int zero, float scale) {
    int mask = unsigned ? 0xFF : -1;
    long i = 0;
    for (; i <= bytes(count); i += LANES) {
      IntVector q =
          ((IntVector)
                  ByteVector.fromMemorySegment(BYTES, ALL, src + i, ORDER)
                      .convertShape(VectorOperators.B2I, INTS, 0))
              .and(mask)
              .sub(zero);
      ((FloatVector) q.convert(VectorOperators.I2F, 0))
          .mul(scale)
          .intoMemorySegment(ALL, dst + 4 * i, ORDER);
    }
    return i;
  }

  @Override
  public long range(long src, long count, float[] bounds) {
    FloatVector low0 = FloatVector.zero(FLOATS);
    FloatVector low1 = low0;
    FloatVector high0 = low0;
    FloatVector high1 = low0;
    FloatVector sum = low0;
    long i = 0;
    for (; i <= count - 2 * LANES; i += 2 * LANES) {
      FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, src + 4 * i, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, src + 4 * (i + LANES), ORDER);
      low0 = low0.blend(x0, x0.compare(VectorOperators.LT, low0));
      low1 = low1.blend(x1, x1.compare(VectorOperators.LT, low1));
      high0 = high0.blend(x0, x0.compare(VectorOperators.GT, high0));
      high1 = high1.blend(x1, x1.compare(VectorOperators.GT, high1));
      // Stays 0 but for what is not a number, or not finite.
      sum = sum.add(x0.mul(0f).add(x1.mul(0f)));
    }
    if (Float.isNaN(sum.reduceLanes(VectorOperators.ADD))) {
      return 0;
    }
    float least = low0.min(low1).reduceLanes(VectorOperators.MIN);
    float most = high0.max(high1).reduceLanes(VectorOperators.MAX);
    bounds[0] = Math.min(bounds[0], least);
    bounds[1] = Math.max(bounds[1], most);
    return i;
  }

  @Override
  public int row(long sums, long dst, int count, RowTerms terms) {
    return terms.bounds() == null
        ? scaled(sums, dst, count, terms)
        : rounded(sums, dst, count, terms, terms.bounds());
  }

  private static int scaled(long sums, long dst, int count, RowTerms terms) {
    float @Nullable [] bias = terms.bias();
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = product(sums, i, terms);
      if (bias != null) {
        x = x.add(FloatVector.fromArray(FLOATS, bias, i));
      }
      x.intoMemorySegment(ALL, dst + 4L * i, ORDER);
    }
    return i;
  }

  private static int rounded(long sums, long dst, int count, RowTerms terms, Bounds bounds) {
    float @Nullable [] bias = terms.bias();
    float least = bounds.low() - bounds.zero();
    float most = bounds.high() - bounds.zero();
    int i = 0;
    for (; i <= bytes(count); i += LANES) {
      FloatVector x = product(sums, i, terms);
      if (bias != null) {
        x = x.add(FloatVector.fromArray(FLOATS, bias, i)).div(terms.divisor());
      }
      store(round(x, least, most, bounds.zero()), dst + i);
    }
    return i;
  }

  private static FloatVector product(long sums, int i, RowTerms terms) {
    IntVector sum = IntVector.fromMemorySegment(INTS, ALL, sums + 4L * i, ORDER);
    if (terms.zero() != 0) {
      sum = sum.sub(IntVector.fromArray(INTS, terms.corrections(), i).mul(terms.zero()));
    }
    int @Nullable [] zeros = terms.zeros();
    if (zeros != null) {
      sum = sum.sub(IntVector.fromArray(INTS, zeros, i).mul(terms.rowSum()));
    }
    int @Nullable [] addends = terms.addends();
    if (addends != null) {
      sum = sum.add(IntVector.fromArray(INTS, addends, i));
    }
    return ((FloatVector) sum.convert(VectorOperators.I2F, 0))
        .mul(FloatVector.fromArray(FLOATS, terms.factors(), i));
  }
}
