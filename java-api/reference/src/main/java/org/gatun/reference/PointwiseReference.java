package org.gatun.reference;

import java.math.BigInteger;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.ActivationGradient;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Doubles;
import org.gatun.op.GradientFunction;
import org.gatun.op.Pointwise;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Where;

/** Functions of the elements at one index. */
final class PointwiseReference {
  /** 2^64, where whole numbers wrap around. */
  private static final BigInteger WORD = BigInteger.TWO.pow(64);

  private PointwiseReference() {}

  static List<NdArray> evaluate(Pointwise op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray result = NdArray.zeros(outputs.getFirst().dtype(), outputs.getFirst().shape());
    DType dtype = inputs.getLast().dtype();
    double[] values = result.values();
    double[] x = new double[inputs.size()];
    for (int i = 0; i < values.length; i++) {
      int[] index = result.index(i);
      for (int operand = 0; operand < x.length; operand++) {
        x[operand] = Broadcast.get(inputs.get(operand), index);
      }
      values[i] =
          switch (op) {
            case Activation(ActivationFunction function, Doubles numbers) ->
                ActivationReference.apply(function, x, rounded(numbers, dtype));
            case ActivationGradient(GradientFunction function, Doubles numbers) ->
                ActivationReference.apply(function, x, rounded(numbers, dtype));
            case Binary(BinaryFunction function, Doubles numbers) ->
                apply(function, dtype, x[0], x[1], rounded(numbers, dtype));
            case Ternary(TernaryFunction function, Doubles numbers) ->
                apply(function, x[0], x[1], x[2], rounded(numbers, dtype));
            case Unary(UnaryFunction function, Doubles numbers) ->
                apply(function, dtype, x[0], rounded(numbers, dtype));
            case Where() -> x[0] != 0 ? x[1] : x[2];
          };
    }
    return List.of(result);
  }

  /** Returns the numbers as the dtype has them. */
  private static double[] rounded(Doubles numbers, DType dtype) {
    double[] exact = numbers.toArray();
    for (int i = 0; i < exact.length; i++) {
      exact[i] = rounded(exact[i], dtype);
    }
    return exact;
  }

  private static double rounded(double x, DType dtype) {
    return dtype == DType.F64 ? x : dtype.isFloating() ? (float) x : (long) x;
  }

  private static double bit(boolean value) {
    return value ? 1 : 0;
  }

  private static double apply(
      BinaryFunction function, DType dtype, double a, double b, double[] n) {
    return switch (function) {
      case ADD -> a + b;
      case ADD_SCALED -> a + n[0] * b;
      case ATAN2 -> Math.atan2(a, b);
      case BITWISE_AND -> (long) a & (long) b;
      case BITWISE_OR -> (long) a | (long) b;
      case BITWISE_XOR -> (long) a ^ (long) b;
      case COPYSIGN -> Math.copySign(a, b);
      case DIV -> a / b;
      case DIV_FLOOR -> floorDiv(a, divisor(function, dtype, b));
      case DIV_TRUNC -> trunc(rounded(a / divisor(function, dtype, b), dtype));
      case EQ -> bit(a == b);
      case FMAX -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
      case FMIN -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
      case FMOD -> a % divisor(function, dtype, b);
      case GE -> bit(a >= b);
      case GT -> bit(a > b);
      case HEAVISIDE -> a == 0 ? b : bit(a > 0);
      case HYPOT -> Math.hypot(a, b);
      case ISCLOSE -> bit(isClose(a, b, n));
      case ISCLOSE_NAN -> bit(isClose(a, b, n) || (Double.isNaN(a) && Double.isNaN(b)));
      case LE -> bit(a <= b);
      case LERP -> lerp(a, b, n[0]);
      case LOGADDEXP -> logAddExp(a, b, Math.E);
      case LOGADDEXP2 -> logAddExp(a, b, 2);
      case LOGICAL_AND -> bit(a != 0 && b != 0);
      case LOGICAL_OR -> bit(a != 0 || b != 0);
      case LOGICAL_XOR -> bit((a != 0) != (b != 0));
      case LT -> bit(a < b);
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case MUL -> dtype.isFloating() ? a * b : whole(dtype, (long) a * (long) b);
      case NE -> bit(a != b);
      case POW -> dtype.isFloating() ? pow(a, b) : wholePow(dtype, (long) a, (long) b);
      case REMAINDER -> remainder(a, divisor(function, dtype, b));
      case SHIFT_LEFT -> b < 0 || b >= 8 * dtype.byteSize() ? 0 : (long) a << (long) b;
      case SHIFT_RIGHT ->
          b < 0 || b >= 8 * dtype.byteSize() ? (a < 0 ? -1 : 0) : (long) a >> (long) b;
      case SUB -> a - b;
      case XLOGY -> a == 0 && !Double.isNaN(b) ? 0 : a * Math.log(b);
    };
  }

  private static double apply(UnaryFunction function, DType dtype, double x, double[] n) {
    return switch (function) {
      case ABS -> Math.abs(x);
      case ACOS -> Math.acos(x);
      case ACOSH -> acosh(x);
      case ASIN -> Math.asin(x);
      case ASINH -> asinh(x);
      case ATAN -> Math.atan(x);
      case ATANH -> (Math.log1p(x) - Math.log1p(-x)) / 2;
      case BITWISE_NOT -> dtype == DType.BOOL ? 1 - x : ~(long) x;
      case CEIL -> Math.ceil(x);
      case CLAMP -> Math.min(Math.max(x, n[0]), n[1]);
      case CLAMP_MAX -> Math.min(x, n[0]);
      case CLAMP_MIN -> Math.max(x, n[0]);
      case COS -> Math.cos(x);
      case COSH -> Math.cosh(x);
      case DEG2RAD -> Math.toRadians(x);
      case ERF -> ErrorFunction.of(x);
      case ERFC -> ErrorFunction.complement(x);
      case ERFINV -> ErrorFunction.inverse(x);
      case EXP -> Math.exp(x);
      case EXP2 -> Math.pow(2, x);
      case EXPM1 -> Math.expm1(x);
      case FLOOR -> Math.floor(x);
      case FRAC -> x - trunc(x);
      case GELU -> x * (0.5 * ErrorFunction.complement(-x / Math.sqrt(2)));
      // (1 + tanh u) / 2 = 1 / (1 + exp(-2u)), which does not cancel.
      case GELU_TANH ->
          x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case ISFINITE -> bit(Double.isFinite(x));
      case ISINF -> bit(Double.isInfinite(x));
      case ISNAN -> bit(Double.isNaN(x));
      case ISNEGINF -> bit(x == Double.NEGATIVE_INFINITY);
      case ISPOSINF -> bit(x == Double.POSITIVE_INFINITY);
      case LOG -> Math.log(x);
      case LOG10 -> Math.log10(x);
      case LOG1P -> Math.log1p(x);
      case LOG2 -> Math.log(x) / Math.log(2);
      case LOGICAL_NOT -> bit(x == 0);
      case LOGIT -> logit(n[0] < 0 ? x : x < n[0] ? n[0] : x > 1 - n[0] ? 1 - n[0] : x);
      case NAN_TO_NUM -> Double.isNaN(x) ? n[0] : Double.isInfinite(x) ? (x > 0 ? n[1] : n[2]) : x;
      case NEG -> -x;
      case RAD2DEG -> Math.toDegrees(x);
      case RECIPROCAL -> 1 / x;
      case RELU -> x < 0 ? 0 : x;
      case ROUND -> Math.rint(x);
      // Whether a number lies halfway is decided in its own precision.
      case ROUND_DECIMALS ->
          Math.rint(rounded(rounded(x * n[0], dtype) / n[1], dtype)) / n[0] * n[1];
      case RSQRT -> 1 / Math.sqrt(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SIGN -> Double.isNaN(x) ? 0 : Math.signum(x);
      case SIGNBIT -> bit(x < 0 || 1 / x < 0);
      case SILU -> x / (1 + Math.exp(-x));
      case SIN -> Math.sin(x);
      case SINH -> Math.sinh(x);
      case SQRT -> Math.sqrt(x);
      case SQUARE -> dtype.isFloating() ? x * x : whole(dtype, (long) x * (long) x);
      case TAN -> Math.tan(x);
      case TANH -> Math.tanh(x);
      case TRUNC -> trunc(x);
    };
  }

  private static double apply(TernaryFunction function, double a, double b, double c, double[] n) {
    return switch (function) {
      case ADDCDIV -> a + n[0] * b / c;
      case ADDCMUL -> a + n[0] * b * c;
      case CLAMP -> Math.min(Math.max(a, b), c);
      case LERP -> lerp(a, b, c);
    };
  }

  private static double trunc(double x) {
    return x < 0 ? Math.ceil(x) : Math.floor(x);
  }

  private static double acosh(double x) {
    if (x < 1) {
      return Double.NaN;
    }
    return x > 1e10 ? Math.log(x) + Math.log(2) : Math.log1p(x - 1 + Math.sqrt((x - 1) * (x + 1)));
  }

  private static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > 1e10 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.hypot(a, 1)));
    return Math.copySign(y, x);
  }

  private static double logit(double x) {
    return Math.log(x / (1 - x));
  }

  /** Returns what is divided by, which is not 0 where whole numbers are divided. */
  private static double divisor(BinaryFunction function, DType dtype, double b) {
    if (b == 0 && dtype.isInteger()) {
      throw new IllegalArgumentException(
          function.spelling() + ": an integer divided by 0, expected other divisors");
    }
    return b;
  }

  private static double floorDiv(double a, double b) {
    if (b == 0) {
      return a / b;
    }
    if (Double.isInfinite(b)) {
      return !Double.isFinite(a) ? Double.NaN : a * b < 0 ? -1 : 0;
    }
    return Math.rint((a - remainder(a, b)) / b);
  }

  private static double remainder(double a, double b) {
    double rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }

  private static boolean isClose(double a, double b, double[] n) {
    return a == b || (Double.isFinite(a - b) && Math.abs(a - b) <= n[1] + Math.abs(n[0] * b));
  }

  private static double lerp(double a, double b, double weight) {
    return Math.abs(weight) < 0.5 ? a + weight * (b - a) : b - (b - a) * (1 - weight);
  }

  private static double logAddExp(double a, double b, double base) {
    double larger = Math.max(a, b);
    return Double.isInfinite(larger)
        ? larger
        : larger + Math.log1p(Math.pow(base, Math.min(a, b) - larger)) / Math.log(base);
  }

  private static double pow(double a, double b) {
    return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
  }

  private static double wholePow(DType dtype, long a, long b) {
    if (b < 0) {
      return Math.abs(a) == 1 ? Math.pow(a, b % 2) : 0;
    }
    return whole(dtype, BigInteger.valueOf(a).modPow(BigInteger.valueOf(b), WORD).longValue());
  }

  /** Returns a whole number that wrapped around in 64 bits: where the dtype has fewer, in 32. */
  private static double whole(DType dtype, long x) {
    return dtype == DType.I64 ? x : (int) x;
  }
}
