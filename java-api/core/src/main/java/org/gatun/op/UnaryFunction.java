package org.gatun.op;

import java.util.List;
import java.util.Locale;

/**
 * The functions of one element. A constant's name in lower case is PyTorch's, where {@link
 * #spelling} does not say otherwise.
 */
public enum UnaryFunction implements PointwiseFunction {
  /** {@code |x|}. ONNX Abs. */
  ABS(ElementKinds.NUMBERS),
  /** {@code arccos(x)}. ONNX Acos. */
  ACOS(ElementKinds.FLOATING),
  /** {@code arcosh(x)}. ONNX Acosh. */
  ACOSH(ElementKinds.FLOATING),
  /** {@code arcsin(x)}. ONNX Asin. */
  ASIN(ElementKinds.FLOATING),
  /** {@code arsinh(x)}. ONNX Asinh. */
  ASINH(ElementKinds.FLOATING),
  /** {@code arctan(x)}. ONNX Atan. */
  ATAN(ElementKinds.FLOATING),
  /** {@code artanh(x)}. ONNX Atanh. */
  ATANH(ElementKinds.FLOATING),
  /** All bits inverted; of a boolean, not. ONNX BitwiseNot. */
  BITWISE_NOT(ElementKinds.BITS),
  /** The smallest whole number not below {@code x}. ONNX Ceil. */
  CEIL(ElementKinds.FLOATING),
  /**
   * {@code min(max(x, min), max)}; NaN stays NaN, and a bound that is NaN makes all NaN. ONNX Clip.
   */
  CLAMP(ElementKinds.NUMBERS, "min", "max"),
  /** {@code min(x, max)}; NaN stays NaN. ONNX Clip. */
  CLAMP_MAX(ElementKinds.NUMBERS, "max"),
  /** {@code max(x, min)}; NaN stays NaN. ONNX Clip. */
  CLAMP_MIN(ElementKinds.NUMBERS, "min"),
  /** {@code cos(x)}. ONNX Cos. */
  COS(ElementKinds.FLOATING),
  /** {@code cosh(x)}. ONNX Cosh. */
  COSH(ElementKinds.FLOATING),
  /** {@code x pi / 180}. */
  DEG2RAD(ElementKinds.FLOATING),
  /** {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to {@code x}. ONNX Erf. */
  ERF(ElementKinds.FLOATING),
  /** {@code 1 - erf(x)}, which does not cancel. */
  ERFC(ElementKinds.FLOATING),
  /** The {@code y} with {@code erf(y) = x}; NaN outside [-1, 1]. */
  ERFINV(ElementKinds.FLOATING),
  /** {@code exp(x)}. ONNX Exp. */
  EXP(ElementKinds.FLOATING),
  /** {@code 2^x}. */
  EXP2(ElementKinds.FLOATING),
  /** {@code exp(x) - 1}, which does not cancel. */
  EXPM1(ElementKinds.FLOATING),
  /** The largest whole number not above {@code x}. ONNX Floor. */
  FLOOR(ElementKinds.FLOATING),
  /** {@code x - trunc(x)}. */
  FRAC(ElementKinds.FLOATING),
  /** {@code x/2 (1 + erf(x / sqrt 2))}. ONNX Gelu. */
  GELU(ElementKinds.FLOATING),
  /** {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. ONNX Gelu, approximate="tanh". */
  GELU_TANH(ElementKinds.FLOATING),
  /** Whether {@code x} is neither infinite nor NaN. */
  ISFINITE(ElementKinds.TEST),
  /** Whether {@code x} is infinite. ONNX IsInf. */
  ISINF(ElementKinds.TEST),
  /** Whether {@code x} is NaN. ONNX IsNaN. */
  ISNAN(ElementKinds.TEST),
  /** Whether {@code x} is negative infinity. */
  ISNEGINF(ElementKinds.TEST),
  /** Whether {@code x} is positive infinity. */
  ISPOSINF(ElementKinds.TEST),
  /** The natural logarithm. ONNX Log. */
  LOG(ElementKinds.FLOATING),
  /** The logarithm to base 10. */
  LOG10(ElementKinds.FLOATING),
  /** {@code log(1 + x)}, which does not cancel. */
  LOG1P(ElementKinds.FLOATING),
  /** The logarithm to base 2. */
  LOG2(ElementKinds.FLOATING),
  /** Whether {@code x} is 0 or false. ONNX Not. */
  LOGICAL_NOT(ElementKinds.TEST),
  /**
   * {@code log(x / (1 - x))} of {@code x} clamped to [eps, 1 - eps], or not where eps is negative.
   */
  LOGIT(ElementKinds.FLOATING, "eps"),
  /** {@code x}, or one of the numbers for NaN and the infinities. */
  NAN_TO_NUM(ElementKinds.FLOATING, "nan", "posinf", "neginf"),
  /** {@code -x}; of unsigned integers with the overflow of their width. ONNX Neg. */
  NEG(ElementKinds.NUMBERS),
  /** {@code x 180 / pi}. */
  RAD2DEG(ElementKinds.FLOATING),
  /** {@code 1 / x}. ONNX Reciprocal. */
  RECIPROCAL(ElementKinds.FLOATING),
  /** {@code max(x, 0)}; NaN stays NaN. ONNX Relu. */
  RELU(ElementKinds.NUMBERS),
  /** The nearest whole number, of two the even one. ONNX Round. */
  ROUND(ElementKinds.FLOATING),
  /**
   * {@code round(x scale / unit) / scale unit}: to decimals, where {@code scale} is a power of ten
   * and {@code unit} 1, or to tens, hundreds and so on, the other way round.
   */
  ROUND_DECIMALS(ElementKinds.FLOATING, "scale", "unit"),
  /** {@code 1 / sqrt(x)}. */
  RSQRT(ElementKinds.FLOATING),
  /** {@code 1 / (1 + exp(-x))}. ONNX Sigmoid. */
  SIGMOID(ElementKinds.FLOATING),
  /** -1, 0 or 1; 0 of NaN. ONNX Sign. */
  SIGN(ElementKinds.ALL),
  /** Whether the sign is negative, that of zero too. */
  SIGNBIT(ElementKinds.TEST),
  /** {@code x / (1 + exp(-x))}. ONNX Swish. */
  SILU(ElementKinds.FLOATING),
  /** {@code sin(x)}. ONNX Sin. */
  SIN(ElementKinds.FLOATING),
  /** {@code sinh(x)}. ONNX Sinh. */
  SINH(ElementKinds.FLOATING),
  /** The square root. ONNX Sqrt. */
  SQRT(ElementKinds.FLOATING),
  /** {@code x x}. */
  SQUARE(ElementKinds.ALL),
  /** {@code tan(x)}. ONNX Tan. */
  TAN(ElementKinds.FLOATING),
  /** {@code tanh(x)}. ONNX Tanh. */
  TANH(ElementKinds.FLOATING),
  /** {@code x} without what follows the point. */
  TRUNC(ElementKinds.FLOATING);

  private final ElementKinds kinds;
  private final List<String> numbers;

  UnaryFunction(ElementKinds kinds, String... numbers) {
    this.kinds = kinds;
    this.numbers = List.of(numbers);
  }

  @Override
  public List<String> numbers() {
    return numbers;
  }

  ElementKinds kinds() {
    return kinds;
  }

  @Override
  public String spelling() {
    return switch (this) {
      case ROUND_DECIMALS -> "round";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
