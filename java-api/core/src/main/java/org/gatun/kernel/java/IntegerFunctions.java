package org.gatun.kernel.java;

import static org.gatun.kernel.java.LongExpression.four;
import static org.gatun.kernel.java.LongExpression.one;
import static org.gatun.kernel.java.LongExpression.three;
import static org.gatun.kernel.java.LongExpression.two;

import org.gatun.DType;
import org.gatun.op.BinaryFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;

/**
 * The pointwise functions of integers and booleans, of one {@code long} at a time. Divisors are not
 * 0: see {@link DivisorCheck}.
 */
final class IntegerFunctions {
  private IntegerFunctions() {}

  static LongExpression of(UnaryFunction function, DType dtype) {
    return switch (function) {
      case ABS -> one(Math::abs);
      case BITWISE_NOT -> dtype == DType.BOOL ? one(x -> x ^ 1) : one(x -> ~x);
      case CLAMP -> three((x, low, high) -> Math.min(Math.max(x, low), high));
      case CLAMP_MAX -> two(Math::min);
      case CLAMP_MIN -> two(Math::max);
      case ISFINITE -> one(_ -> 1);
      case ISINF, ISNAN, ISNEGINF, ISPOSINF -> one(_ -> 0);
      case LOGICAL_NOT -> one(x -> bit(x == 0));
      case NEG -> one(x -> -x);
      case RELU -> one(x -> Math.max(x, 0));
      case SIGN -> one(Long::signum);
      case SIGNBIT -> one(x -> bit(x < 0));
      case SQUARE -> one(x -> x * x);
      default -> throw noIntegers(function.spelling());
    };
  }

  static LongExpression of(BinaryFunction function, DType dtype) {
    int bits = 8 * dtype.byteSize();
    return switch (function) {
      case ADD -> two((a, b) -> a + b);
      case ADD_SCALED -> three((a, b, alpha) -> a + alpha * b);
      case BITWISE_AND -> two((a, b) -> a & b);
      case BITWISE_OR -> two((a, b) -> a | b);
      case BITWISE_XOR -> two((a, b) -> a ^ b);
      case DIV_FLOOR -> two((a, b) -> Math.floorDiv(a, b));
      case DIV_TRUNC -> two((a, b) -> a / b);
      case EQ -> two((a, b) -> bit(a == b));
      case FMAX, MAXIMUM -> two(Math::max);
      case FMIN, MINIMUM -> two(Math::min);
      case FMOD -> two((a, b) -> a % b);
      case GE -> two((a, b) -> bit(a >= b));
      case GT -> two((a, b) -> bit(a > b));
      case HEAVISIDE -> two((a, b) -> a == 0 ? b : bit(a > 0));
      case LE -> two((a, b) -> bit(a <= b));
      case LOGICAL_AND -> two((a, b) -> bit(a != 0 && b != 0));
      case LOGICAL_OR -> two((a, b) -> bit(a != 0 || b != 0));
      case LOGICAL_XOR -> two((a, b) -> bit((a != 0) != (b != 0)));
      case LT -> two((a, b) -> bit(a < b));
      case MUL -> two((a, b) -> a * b);
      case NE -> two((a, b) -> bit(a != b));
      case POW -> two(IntegerFunctions::pow);
      case REMAINDER -> two((a, b) -> Math.floorMod(a, b));
      case SHIFT_LEFT -> two((a, b) -> b < 0 || b >= bits ? 0 : a << b);
      case SHIFT_RIGHT -> two((a, b) -> a >> (b < 0 || b >= bits ? Long.SIZE - 1 : b));
      case SUB -> two((a, b) -> a - b);
      default -> throw noIntegers(function.spelling());
    };
  }

  static LongExpression of(TernaryFunction function) {
    return switch (function) {
      case ADDCDIV -> throw noIntegers(function.spelling());
      case ADDCMUL -> four((a, b, c, value) -> a + value * b * c);
      case CLAMP -> three((x, low, high) -> Math.min(Math.max(x, low), high));
      case LERP -> throw noIntegers(function.spelling());
    };
  }

  private static long bit(boolean value) {
    return value ? 1 : 0;
  }

  /** Returns a power with the overflow of a long; a negative one is 1 / a^-b without its digits. */
  static long pow(long a, long b) {
    if (b < 0) {
      return a == 1 ? 1 : a == -1 ? ((b & 1) == 0 ? 1 : -1) : 0;
    }
    long power = 1;
    long square = a;
    for (long rest = b; rest != 0; rest >>= 1) {
      if ((rest & 1) != 0) {
        power *= square;
      }
      square *= square;
    }
    return power;
  }

  private static AssertionError noIntegers(String function) {
    return new AssertionError(function + " takes no integers");
  }
}
