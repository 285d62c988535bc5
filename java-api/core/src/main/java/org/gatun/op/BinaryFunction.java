package org.gatun.op;

import java.util.List;
import java.util.Locale;

/**
 * The functions of two elements. A constant's name in lower case is PyTorch's, where {@link
 * #spelling} does not say otherwise.
 */
public enum BinaryFunction implements PointwiseFunction {
  /** {@code a + b}; of booleans, or. ONNX Add. */
  ADD(ElementKinds.ALL),
  /** {@code a + alpha b}. */
  ADD_SCALED(ElementKinds.ALL, "alpha"),
  /** The angle of the point (b, a), from -pi to pi. */
  ATAN2(ElementKinds.FLOATING),
  /** The bits that are set in both. ONNX BitwiseAnd. */
  BITWISE_AND(ElementKinds.BITS),
  /** The bits that are set in one or both. ONNX BitwiseOr. */
  BITWISE_OR(ElementKinds.BITS),
  /** The bits that are set in one. ONNX BitwiseXor. */
  BITWISE_XOR(ElementKinds.BITS),
  /** The size of {@code a} with the sign of {@code b}. */
  COPYSIGN(ElementKinds.FLOATING),
  /** {@code a / b}. ONNX Div. */
  DIV(ElementKinds.FLOATING),
  /** The largest whole number not above {@code a / b}. */
  DIV_FLOOR(ElementKinds.NUMBERS),
  /** {@code a / b} without what follows the point. ONNX Div, of integers. */
  DIV_TRUNC(ElementKinds.NUMBERS),
  /** Whether {@code a = b}. ONNX Equal. */
  EQ(ElementKinds.TEST),
  /** The larger of both; of a number and NaN the number. */
  FMAX(ElementKinds.ALL),
  /** The smaller of both; of a number and NaN the number. */
  FMIN(ElementKinds.ALL),
  /**
   * What is left of {@code a} after whole multiples of {@code b}, with the sign of {@code a}. ONNX
   * Mod, fmod=1.
   */
  FMOD(ElementKinds.NUMBERS),
  /** Whether {@code a >= b}. ONNX GreaterOrEqual. */
  GE(ElementKinds.TEST),
  /** Whether {@code a > b}. ONNX Greater. */
  GT(ElementKinds.TEST),
  /** 0 where {@code a} is negative or NaN, 1 where it is positive, {@code b} where it is 0. */
  HEAVISIDE(ElementKinds.ALL),
  /** {@code sqrt(a^2 + b^2)}, which does not overflow before the result does. */
  HYPOT(ElementKinds.FLOATING),
  /** Whether {@code |a - b| <= atol + rtol |b|}; NaN is close to nothing. */
  ISCLOSE(ElementKinds.FLOATING_TEST, "rtol", "atol"),
  /** Whether {@code |a - b| <= atol + rtol |b|}, or both are NaN. */
  ISCLOSE_NAN(ElementKinds.FLOATING_TEST, "rtol", "atol"),
  /** Whether {@code a <= b}. ONNX LessOrEqual. */
  LE(ElementKinds.TEST),
  /** {@code a + weight (b - a)}, from the nearer end. */
  LERP(ElementKinds.FLOATING, "weight"),
  /** {@code log(exp(a) + exp(b))}, which does not overflow. */
  LOGADDEXP(ElementKinds.FLOATING),
  /** {@code log2(2^a + 2^b)}, which does not overflow. */
  LOGADDEXP2(ElementKinds.FLOATING),
  /** Whether both are not 0. ONNX And. */
  LOGICAL_AND(ElementKinds.TEST),
  /** Whether one is not 0. ONNX Or. */
  LOGICAL_OR(ElementKinds.TEST),
  /** Whether just one is not 0. ONNX Xor. */
  LOGICAL_XOR(ElementKinds.TEST),
  /** Whether {@code a < b}. ONNX Less. */
  LT(ElementKinds.TEST),
  /** The larger of both; NaN where one is. ONNX Max. */
  MAXIMUM(ElementKinds.ALL),
  /** The smaller of both; NaN where one is. ONNX Min. */
  MINIMUM(ElementKinds.ALL),
  /** {@code a b}; of booleans, and. ONNX Mul. */
  MUL(ElementKinds.ALL),
  /** Whether {@code a} and {@code b} differ. */
  NE(ElementKinds.TEST),
  /** {@code a^b}, 1 where {@code b} is 0 or {@code a} is 1. ONNX Pow. */
  POW(ElementKinds.ALL),
  /**
   * What is left of {@code a} after whole multiples of {@code b}, with the sign of {@code b}. ONNX
   * Mod.
   */
  REMAINDER(ElementKinds.NUMBERS),
  /** {@code a 2^b}; 0 where {@code b} is not below the number of bits. ONNX BitShift. */
  SHIFT_LEFT(ElementKinds.INTEGERS),
  /** {@code a / 2^b}, rounded down. ONNX BitShift. */
  SHIFT_RIGHT(ElementKinds.INTEGERS),
  /** {@code a - b}. ONNX Sub. */
  SUB(ElementKinds.NUMBERS),
  /** {@code a log(b)}, 0 where {@code a} is 0. */
  XLOGY(ElementKinds.FLOATING);

  private final ElementKinds kinds;
  private final List<String> numbers;

  BinaryFunction(ElementKinds kinds, String... numbers) {
    this.kinds = kinds;
    this.numbers = List.of(numbers);
  }

  @Override
  public List<String> numbers() {
    return numbers;
  }

  @Override
  public boolean takesFloatingAlone() {
    return kinds.areFloating();
  }

  ElementKinds kinds() {
    return kinds;
  }

  @Override
  public String spelling() {
    return switch (this) {
      case ADD_SCALED -> "add";
      case DIV_FLOOR -> "floor_divide";
      case DIV_TRUNC -> "div";
      case ISCLOSE_NAN -> "isclose";
      case SHIFT_LEFT -> "bitwise_left_shift";
      case SHIFT_RIGHT -> "bitwise_right_shift";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
