package org.gatun.onnx.operator;

import org.gatun.onnx.model.ElementType;

/**
 * The values of floats of 8 bits or less.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/technical/float8.html">ONNX, float stored in 8 bits</a>
 * and <a href="https://onnx.ai/onnx/technical/float4.html">in 4 bits</a>.
 */
public final class SmallFloats {
  private SmallFloats() {}

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
      default -> throw new IllegalArgumentException(type + " is no small float");
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
}
