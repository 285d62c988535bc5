package org.gatun.onnx.operator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.gatun.onnx.model.ElementType;

/**
 * The values of floats of 8 bits or less, and numbers rounded to them.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/technical/float8.html">ONNX, float stored in 8 bits</a>
 * and <a href="https://onnx.ai/onnx/technical/float4.html">in 4 bits</a>.
 */
public final class SmallFloats {
  /** How a number between two powers of two is rounded to {@code float8e8m0}. */
  public enum Rounding {
    /** To the larger. */
    UP,
    /** To the smaller. */
    DOWN,
    /** To the nearer, from the middle between them up. */
    NEAREST
  }

  /**
   * Of each type the finite values that are not negative, in the order of their bits, and behind
   * them the one that would be next.
   */
  private static final Map<ElementType, float[]> MAGNITUDES = magnitudes();

  private SmallFloats() {}

  private static Map<ElementType, float[]> magnitudes() {
    Map<ElementType, float[]> all = new EnumMap<>(ElementType.class);
    all.put(ElementType.FLOAT8E4M3FN, magnitudes(ElementType.FLOAT8E4M3FN, 0x7e, 480));
    all.put(ElementType.FLOAT8E4M3FNUZ, magnitudes(ElementType.FLOAT8E4M3FNUZ, 0x7f, 256));
    all.put(ElementType.FLOAT8E5M2, magnitudes(ElementType.FLOAT8E5M2, 0x7b, 65536));
    all.put(ElementType.FLOAT8E5M2FNUZ, magnitudes(ElementType.FLOAT8E5M2FNUZ, 0x7f, 65536));
    all.put(ElementType.FLOAT4E2M1, magnitudes(ElementType.FLOAT4E2M1, 0x7, 8));
    return all;
  }

  private static float[] magnitudes(ElementType type, int largest, float next) {
    float[] values = new float[largest + 2];
    for (int bits = 0; bits <= largest; bits++) {
      values[bits] = toFloat(type, bits);
    }
    values[largest + 1] = next;
    return values;
  }

  /** Returns the value of the bits, which an {@code f32} holds exactly. */
  public static float toFloat(ElementType type, int bits) {
    return switch (type) {
      case FLOAT8E4M3FN -> (bits & 0x7f) == 0x7f ? Float.NaN : value(bits, 0x80, 4, 3, 7);
      case FLOAT8E4M3FNUZ -> bits == 0x80 ? Float.NaN : value(bits, 0x80, 4, 3, 8);
      case FLOAT8E5M2 -> {
        int magnitude = bits & 0x7f;
        if (magnitude > 0x7c) {
          yield Float.NaN;
        }
        if (magnitude == 0x7c) {
          yield (bits & 0x80) != 0 ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
        }
        yield value(bits, 0x80, 5, 2, 15);
      }
      case FLOAT8E5M2FNUZ -> bits == 0x80 ? Float.NaN : value(bits, 0x80, 5, 2, 16);
      case FLOAT4E2M1 -> value(bits, 0x8, 2, 1, 1);
      case FLOAT8E8M0 -> bits == 0xff ? Float.NaN : Math.scalb(1f, bits - 127);
      default ->
          throw new IllegalArgumentException(
              "small floats: type " + type + ", expected a small float");
    };
  }

  private static float value(int bits, int sign, int exponentBits, int mantissaBits, int bias) {
    int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
    int mantissa = bits & ((1 << mantissaBits) - 1);
    float magnitude =
        exponent == 0
            ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
            : Math.scalb((float) (mantissa | (1 << mantissaBits)), exponent - bias - mantissaBits);
    return (bits & sign) != 0 ? -magnitude : magnitude;
  }

  /**
   * Returns the value of the type that is nearest to a number, of two the one with even bits.
   *
   * @param saturate whether what is too large becomes the largest value, and not infinity, or NaN
   *     where the type has none; {@code float4e2m1} has neither and always saturates
   */
  public static float nearest(ElementType type, double x, boolean saturate) {
    return toFloat(type, nearestBits(type, x, saturate));
  }

  /** Returns the bits of {@link #nearest}. */
  public static int nearestBits(ElementType type, double x, boolean saturate) {
    return switch (type) {
      case FLOAT8E8M0 -> powerBits(x, saturate, Rounding.NEAREST);
      // NaN, which the type lacks, becomes negative zero.
      case FLOAT4E2M1 -> Double.isNaN(x) ? 0x8 : signed(Math.min(magnitude(type, x), 0x7), x, 0x8);
      case FLOAT8E4M3FN, FLOAT8E5M2 -> {
        int magnitude = magnitude(type, x);
        int largest = type == ElementType.FLOAT8E5M2 ? 0x7b : 0x7e;
        if (Double.isNaN(x)) {
          yield 0x7f;
        }
        // Next to the largest comes infinity or NaN.
        yield signed(saturate ? Math.min(magnitude, largest) : magnitude, x, 0x80);
      }
      case FLOAT8E4M3FNUZ, FLOAT8E5M2FNUZ -> {
        int magnitude = magnitude(type, x);
        if (Double.isNaN(x) || (magnitude > 0x7f && !saturate)) {
          yield 0x80;
        }
        yield magnitude == 0 ? 0 : signed(Math.min(magnitude, 0x7f), x, 0x80);
      }
      default ->
          throw new IllegalArgumentException(
              "small floats: type " + type + ", expected a small float");
    };
  }

  /**
   * Returns the bits of the {@code float8e8m0} that a number is rounded to; its sign has no
   * meaning.
   *
   * @param saturate whether what is too large or too small becomes the largest or the smallest
   *     value, and not NaN
   */
  public static int powerBits(double x, boolean saturate, Rounding rounding) {
    double magnitude = Math.abs(x);
    if (Double.isNaN(x)) {
      return 0xff;
    }
    int exponent = Math.getExponent(magnitude);
    double fraction = magnitude / Math.scalb(1.0, exponent);
    boolean up =
        switch (rounding) {
          case UP -> fraction > 1;
          case DOWN -> false;
          case NEAREST -> fraction >= 1.5;
        };
    int bits = exponent + 127 + (up ? 1 : 0);
    if (bits < 0) {
      return saturate ? 0 : 0xff;
    }
    return Math.min(bits, saturate ? 0xfe : 0xff);
  }

  /** Returns the bits of the nearest magnitude: one above the largest if it is too large. */
  private static int magnitude(ElementType type, double x) {
    float[] magnitudes = Objects.requireNonNull(MAGNITUDES.get(type));
    double magnitude = Math.abs(x);
    int low = 0;
    int high = magnitudes.length - 1;
    if (!(magnitude < magnitudes[high])) {
      return Double.isNaN(x) ? 0 : high;
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (magnitudes[middle] <= magnitude) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double middle = (magnitudes[low] + (double) magnitudes[high]) / 2;
    return magnitude > middle || (magnitude == middle && (low & 1) != 0) ? high : low;
  }

  private static int signed(int magnitude, double x, int sign) {
    return Math.copySign(1, x) < 0 ? magnitude | sign : magnitude;
  }
}
