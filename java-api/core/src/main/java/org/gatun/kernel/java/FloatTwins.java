package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;
import static org.gatun.kernel.java.FloatMath.EXP_HIGH;
import static org.gatun.kernel.java.FloatMath.expOfLow;

import org.gatun.op.ActivationFunction;
import org.gatun.op.Doubles;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * Functions of one {@code float}, operation by operation as {@code VectorFloatMath} and {@code
 * VectorFloatActivations} compute them of many, and so to the same bits: what runs until those are
 * compiled.
 */
final class FloatTwins {
  /** A function of one element. */
  @FunctionalInterface
  private interface Function {
    float of(float x);
  }

  /** Its loop, in plain Java. */
  private record Loop(Function function) implements PointwiseLoop {
    @Override
    public void run(long a, long b, long c, long dst, long count, int which) {
      for (long i = 0; i < count * Float.BYTES; i += Float.BYTES) {
        ALL.set(FLOAT, dst + i, function.of(ALL.get(FLOAT, a + i)));
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  private FloatTwins() {}

  /** Returns the loop of a function, or null where it has no such twin. */
  static @Nullable PointwiseLoop of(PointwiseFunction function, Doubles numbers) {
    Function twin =
        switch (function) {
          case UnaryFunction unary -> twin(unary);
          case ActivationFunction activation -> twin(activation, numbers);
          default -> null;
        };
    return twin == null ? null : new Loop(twin);
  }

  private static @Nullable Function twin(UnaryFunction function) {
    return switch (function) {
      case ERF -> FloatTwins::erf;
      case EXP -> FloatTwins::expOfAll;
      case GELU -> FloatTwins::gelu;
      case GELU_TANH -> FloatTwins::geluTanh;
      case SIGMOID -> x -> 1f / (exp(-x) + 1f);
      case SILU -> x -> x / (exp(-x) + 1f);
      case TANH -> FloatTwins::tanh;
      default -> null;
    };
  }

  private static @Nullable Function twin(ActivationFunction function, Doubles numbers) {
    return switch (function) {
      case HARDSIGMOID -> x -> hardtanh(x + 3f, 6f) / 6f;
      case HARDSIGMOID_SCALED -> {
        float alpha = (float) numbers.get(0);
        float beta = (float) numbers.get(1);
        yield x -> hardtanh(x * alpha + beta, 1f);
      }
      case HARDSWISH -> x -> hardtanh(x + 3f, 6f) * x / 6f;
      case MISH -> FloatTwins::mish;
      default -> null;
    };
  }

  private static float exp(float x) {
    return expOfLow(x > EXP_HIGH ? EXP_HIGH : x);
  }

  private static float expOfAll(float x) {
    float low = x < FloatMath.EXP_ZERO ? FloatMath.EXP_ZERO : x;
    float y = low > FloatMath.EXP_INFINITE ? FloatMath.EXP_INFINITE : low;
    float rounded = Math.fma(y, FloatMath.LOG2_E, FloatMath.ROUND);
    float n = rounded - FloatMath.ROUND;
    float r = Math.fma(n, -FloatMath.LN2_LOW, Math.fma(n, -FloatMath.LN2_HIGH, y));
    float p = FloatMath.expOfRest(r);
    float half = n * 0.5f + FloatMath.ROUND;
    float rest = n - (half - FloatMath.ROUND) + FloatMath.ROUND;
    return p * FloatMath.power(half) * FloatMath.power(rest);
  }

  private static float hardtanh(float x, float high) {
    float y = x < 0f ? 0f : x;
    return y > high ? high : y;
  }

  private static float mish(float x) {
    float far = (float) DoubleActivations.MISH_FAR;
    float e = exp(x > far ? far : x);
    float n = e * (e + 2f);
    return x * (n / (n + 2f));
  }

  private static float tanh(float x) {
    float t = x * x;
    float p = Math.fma(FloatMath.TANH_P4, t, FloatMath.TANH_P3);
    p = Math.fma(p, t, FloatMath.TANH_P2);
    p = Math.fma(p, t, FloatMath.TANH_P1);
    p = Math.fma(p, t, 1f);
    float q = Math.fma(FloatMath.TANH_Q4, t, FloatMath.TANH_Q3);
    q = Math.fma(q, t, FloatMath.TANH_Q2);
    q = Math.fma(q, t, FloatMath.TANH_Q1);
    q = Math.fma(q, t, 1f);
    float y = x * p / q;
    return t > FloatMath.TANH_ONE || y * y > 1f ? Math.copySign(1f, x) : y;
  }

  private static float erf(float x) {
    float t = x * x;
    float p = Math.fma(FloatMath.ERF_P5, t, FloatMath.ERF_P4);
    p = Math.fma(p, t, FloatMath.ERF_P3);
    p = Math.fma(p, t, FloatMath.ERF_P2);
    p = Math.fma(p, t, FloatMath.ERF_P1);
    p = Math.fma(p, t, FloatMath.ERF_P0);
    float q = Math.fma(FloatMath.ERF_Q5, t, FloatMath.ERF_Q4);
    q = Math.fma(q, t, FloatMath.ERF_Q3);
    q = Math.fma(q, t, FloatMath.ERF_Q2);
    q = Math.fma(q, t, FloatMath.ERF_Q1);
    q = Math.fma(q, t, 1f);
    float y = x * p / q;
    return t > FloatMath.ERF_ONE || y * y > 1f ? Math.copySign(1f, x) : y;
  }

  private static float gelu(float x) {
    float below = normalTail(Math.abs(x)) * expOfLow(x * x * -0.5f);
    return x * (x > 0f ? 1f - below : below);
  }

  private static float normalTail(float a) {
    float t = 1f / Math.fma(a, FloatMath.NORMAL_SCALE, 1f);
    float p = Math.fma(FloatMath.NORMAL_8, t, FloatMath.NORMAL_7);
    p = Math.fma(p, t, FloatMath.NORMAL_6);
    p = Math.fma(p, t, FloatMath.NORMAL_5);
    p = Math.fma(p, t, FloatMath.NORMAL_4);
    p = Math.fma(p, t, FloatMath.NORMAL_3);
    p = Math.fma(p, t, FloatMath.NORMAL_2);
    p = Math.fma(p, t, FloatMath.NORMAL_1);
    return Math.fma(p, t, FloatMath.NORMAL_0);
  }

  private static float geluTanh(float x) {
    float inner = x * Math.fma(x * x, FloatMath.GELU_3, FloatMath.GELU_1);
    return x / (exp(inner) + 1f);
  }
}
