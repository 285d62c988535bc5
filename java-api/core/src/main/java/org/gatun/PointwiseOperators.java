package org.gatun;

import java.util.List;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Pointwise;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.runtime.Engine;

/**
 * The methods of {@link Tensor} that compute each element from those at the same index.
 *
 * <p>Operands broadcast by NumPy's rules, and are converted to a common dtype by PyTorch's: that of
 * the tensors with dimensions, unless a 0-d tensor or a number is of a higher kind; a {@code long}
 * is an integer, a {@code double} is not. Functions that integers have no values of, such as {@link
 * #exp} and {@link #div}, compute them as {@code f32}. Integers overflow as their width has it.
 *
 * <p>Each result is a new tensor. {@link #applyInPlace} computes any of these operators in place,
 * and {@link Engine#run(org.gatun.op.Op, List, List)} into a tensor of the caller's.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 *
 * <p>Source: PyTorch, <a href="https://pytorch.org/docs/stable/torch.html#pointwise-ops">pointwise
 * operations</a>, <a href="https://pytorch.org/docs/stable/notes/broadcasting.html">broadcasting
 * semantics</a> and <a href="https://pytorch.org/docs/stable/tensor_attributes.html">type
 * promotion</a>.
 */
public sealed interface PointwiseOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  // Of one element.

  /** Returns the absolute values. */
  default Tensor abs() {
    return PointwiseRun.of(new Unary(UnaryFunction.ABS), self());
  }

  /** Returns the arc cosine, from 0 to pi. */
  default Tensor acos() {
    return PointwiseRun.of(new Unary(UnaryFunction.ACOS), self());
  }

  /** Returns the inverse hyperbolic cosine. */
  default Tensor acosh() {
    return PointwiseRun.of(new Unary(UnaryFunction.ACOSH), self());
  }

  /** Returns the arc sine, from -pi/2 to pi/2. */
  default Tensor asin() {
    return PointwiseRun.of(new Unary(UnaryFunction.ASIN), self());
  }

  /** Returns the inverse hyperbolic sine. */
  default Tensor asinh() {
    return PointwiseRun.of(new Unary(UnaryFunction.ASINH), self());
  }

  /** Returns the arc tangent, from -pi/2 to pi/2. */
  default Tensor atan() {
    return PointwiseRun.of(new Unary(UnaryFunction.ATAN), self());
  }

  /** Returns the inverse hyperbolic tangent. */
  default Tensor atanh() {
    return PointwiseRun.of(new Unary(UnaryFunction.ATANH), self());
  }

  /** Returns all bits of integers inverted; of booleans, not. */
  default Tensor bitwiseNot() {
    return PointwiseRun.of(new Unary(UnaryFunction.BITWISE_NOT), self());
  }

  /** Returns the smallest whole number not below each element. Integers are copied. */
  default Tensor ceil() {
    return self().dtype().isFloating()
        ? PointwiseRun.of(new Unary(UnaryFunction.CEIL), self())
        : self().copy();
  }

  /**
   * Returns {@code min(max(x, min), max)}; NaN stays NaN, and a bound that is NaN makes all NaN.
   *
   * @param min the lower bound; above {@code max}, all elements become {@code max}
   */
  default Tensor clamp(double min, double max) {
    return PointwiseRun.clamp(self(), new Scalar.Real(min), new Scalar.Real(max));
  }

  /** Returns the elements between two whole bounds. */
  default Tensor clamp(long min, long max) {
    return PointwiseRun.clamp(self(), new Scalar.Whole(min), new Scalar.Whole(max));
  }

  /** Returns {@code min(max(x, min), max)} of tensors that broadcast. */
  default Tensor clamp(Tensor min, Tensor max) {
    return PointwiseRun.of(new Ternary(TernaryFunction.CLAMP), self(), min, max);
  }

  /** Returns {@code max(x, min)}. */
  default Tensor clampMin(double min) {
    return PointwiseRun.clamp(self(), new Scalar.Real(min), null);
  }

  /** Returns {@code max(x, min)} of a whole bound. */
  default Tensor clampMin(long min) {
    return PointwiseRun.clamp(self(), new Scalar.Whole(min), null);
  }

  /** Returns {@code max(x, min)} of tensors that broadcast. */
  default Tensor clampMin(Tensor min) {
    return maximum(min);
  }

  /** Returns {@code min(x, max)}. */
  default Tensor clampMax(double max) {
    return PointwiseRun.clamp(self(), null, new Scalar.Real(max));
  }

  /** Returns {@code min(x, max)} of a whole bound. */
  default Tensor clampMax(long max) {
    return PointwiseRun.clamp(self(), null, new Scalar.Whole(max));
  }

  /** Returns {@code min(x, max)} of tensors that broadcast. */
  default Tensor clampMax(Tensor max) {
    return minimum(max);
  }

  /** Returns the cosine. */
  default Tensor cos() {
    return PointwiseRun.of(new Unary(UnaryFunction.COS), self());
  }

  /** Returns the hyperbolic cosine. */
  default Tensor cosh() {
    return PointwiseRun.of(new Unary(UnaryFunction.COSH), self());
  }

  /** Returns degrees as radians. */
  default Tensor deg2rad() {
    return PointwiseRun.of(new Unary(UnaryFunction.DEG2RAD), self());
  }

  /** Returns the error function. */
  default Tensor erf() {
    return PointwiseRun.of(new Unary(UnaryFunction.ERF), self());
  }

  /** Returns {@code 1 - erf(x)}, which does not cancel. */
  default Tensor erfc() {
    return PointwiseRun.of(new Unary(UnaryFunction.ERFC), self());
  }

  /** Returns the inverse of the error function; NaN outside [-1, 1]. */
  default Tensor erfinv() {
    return PointwiseRun.of(new Unary(UnaryFunction.ERFINV), self());
  }

  /** Returns {@code e^x}. */
  default Tensor exp() {
    return PointwiseRun.of(new Unary(UnaryFunction.EXP), self());
  }

  /** Returns {@code 2^x}. */
  default Tensor exp2() {
    return PointwiseRun.of(new Unary(UnaryFunction.EXP2), self());
  }

  /** Returns {@code e^x - 1}, which does not cancel. */
  default Tensor expm1() {
    return PointwiseRun.of(new Unary(UnaryFunction.EXPM1), self());
  }

  /** Returns the largest whole number not above each element. Integers are copied. */
  default Tensor floor() {
    return self().dtype().isFloating()
        ? PointwiseRun.of(new Unary(UnaryFunction.FLOOR), self())
        : self().copy();
  }

  /** Returns what follows the point, with the sign of {@code x}. */
  default Tensor frac() {
    return PointwiseRun.of(new Unary(UnaryFunction.FRAC), self());
  }

  /** Returns {@code x/2 (1 + erf(x / sqrt 2))}. */
  default Tensor gelu() {
    return PointwiseRun.of(new Unary(UnaryFunction.GELU), self());
  }

  /** Returns whether each element is neither infinite nor NaN. */
  default Tensor isfinite() {
    return PointwiseRun.of(new Unary(UnaryFunction.ISFINITE), self());
  }

  /** Returns whether each element is infinite. */
  default Tensor isinf() {
    return PointwiseRun.of(new Unary(UnaryFunction.ISINF), self());
  }

  /** Returns whether each element is NaN. */
  default Tensor isnan() {
    return PointwiseRun.of(new Unary(UnaryFunction.ISNAN), self());
  }

  /** Returns whether each element is negative infinity. */
  default Tensor isneginf() {
    return PointwiseRun.of(new Unary(UnaryFunction.ISNEGINF), self());
  }

  /** Returns whether each element is positive infinity. */
  default Tensor isposinf() {
    return PointwiseRun.of(new Unary(UnaryFunction.ISPOSINF), self());
  }

  /** Returns the natural logarithm. */
  default Tensor log() {
    return PointwiseRun.of(new Unary(UnaryFunction.LOG), self());
  }

  /** Returns the logarithm to base 10. */
  default Tensor log10() {
    return PointwiseRun.of(new Unary(UnaryFunction.LOG10), self());
  }

  /** Returns {@code log(1 + x)}, which does not cancel. */
  default Tensor log1p() {
    return PointwiseRun.of(new Unary(UnaryFunction.LOG1P), self());
  }

  /** Returns the logarithm to base 2. */
  default Tensor log2() {
    return PointwiseRun.of(new Unary(UnaryFunction.LOG2), self());
  }

  /** Returns whether each element is 0 or false. */
  default Tensor logicalNot() {
    return PointwiseRun.of(new Unary(UnaryFunction.LOGICAL_NOT), self());
  }

  /** Returns {@code log(x / (1 - x))}; NaN outside [0, 1]. */
  default Tensor logit() {
    return PointwiseRun.of(new Unary(UnaryFunction.LOGIT, -1), self());
  }

  /** Returns {@code log(x / (1 - x))} of the elements clamped to [eps, 1 - eps]. */
  default Tensor logit(double eps) {
    return PointwiseRun.of(new Unary(UnaryFunction.LOGIT, eps), self());
  }

  /** Returns the elements with 0 for NaN, and the dtype's largest numbers for the infinities. */
  default Tensor nanToNum() {
    double largest = PointwiseRun.largest(self().dtype());
    return nanToNum(0, largest, -largest);
  }

  /** Returns the elements with numbers for NaN and the infinities. Integers are copied. */
  default Tensor nanToNum(double nan, double posinf, double neginf) {
    return self().dtype().isFloating()
        ? PointwiseRun.of(new Unary(UnaryFunction.NAN_TO_NUM, nan, posinf, neginf), self())
        : self().copy();
  }

  /** Returns {@code -x}, of booleans an error. */
  default Tensor neg() {
    return PointwiseRun.of(new Unary(UnaryFunction.NEG), self());
  }

  /**
   * Returns this tensor, as another view of it.
   *
   * @throws IllegalArgumentException if its elements are booleans
   */
  default Tensor positive() {
    if (self().dtype() == DType.BOOL) {
      throw new IllegalArgumentException("positive: input has dtype bool, expected a number type");
    }
    return self().sharing("positive");
  }

  /** Returns radians as degrees. */
  default Tensor rad2deg() {
    return PointwiseRun.of(new Unary(UnaryFunction.RAD2DEG), self());
  }

  /** Returns {@code 1 / x}. */
  default Tensor reciprocal() {
    return PointwiseRun.of(new Unary(UnaryFunction.RECIPROCAL), self());
  }

  /** Returns {@code max(x, 0)}. */
  default Tensor relu() {
    return PointwiseRun.of(new Unary(UnaryFunction.RELU), self());
  }

  /** Returns the nearest whole number, of two the even one. Integers are copied. */
  default Tensor round() {
    return self().dtype().isFloating()
        ? PointwiseRun.of(new Unary(UnaryFunction.ROUND), self())
        : self().copy();
  }

  /**
   * Returns the nearest numbers of so many decimals, of two the one with an even last digit; fewer
   * than 0 round to tens, hundreds and so on. Integers are copied.
   */
  default Tensor round(int decimals) {
    if (decimals == 0 || !self().dtype().isFloating()) {
      return round();
    }
    double scale = Math.pow(10, Math.max(decimals, 0));
    double unit = Math.pow(10, Math.max(-decimals, 0));
    return PointwiseRun.of(new Unary(UnaryFunction.ROUND_DECIMALS, scale, unit), self());
  }

  /** Returns {@code 1 / sqrt(x)}. */
  default Tensor rsqrt() {
    return PointwiseRun.of(new Unary(UnaryFunction.RSQRT), self());
  }

  /** Returns {@code 1 / (1 + exp(-x))}. */
  default Tensor sigmoid() {
    return PointwiseRun.of(new Unary(UnaryFunction.SIGMOID), self());
  }

  /** Returns -1, 0 or 1; 0 of NaN. */
  default Tensor sign() {
    return PointwiseRun.of(new Unary(UnaryFunction.SIGN), self());
  }

  /** Returns whether the sign is negative, that of zero too. */
  default Tensor signbit() {
    return PointwiseRun.of(new Unary(UnaryFunction.SIGNBIT), self());
  }

  /** Returns {@code x / (1 + exp(-x))}. */
  default Tensor silu() {
    return PointwiseRun.of(new Unary(UnaryFunction.SILU), self());
  }

  /** Returns the sine. */
  default Tensor sin() {
    return PointwiseRun.of(new Unary(UnaryFunction.SIN), self());
  }

  /** Returns the hyperbolic sine. */
  default Tensor sinh() {
    return PointwiseRun.of(new Unary(UnaryFunction.SINH), self());
  }

  /** Returns the square root. */
  default Tensor sqrt() {
    return PointwiseRun.of(new Unary(UnaryFunction.SQRT), self());
  }

  /** Returns {@code x x}; of booleans an {@code i64}. */
  default Tensor square() {
    if (self().dtype() == DType.BOOL) {
      return self().to(DType.I64);
    }
    return PointwiseRun.of(new Unary(UnaryFunction.SQUARE), self());
  }

  /** Returns the tangent. */
  default Tensor tan() {
    return PointwiseRun.of(new Unary(UnaryFunction.TAN), self());
  }

  /** Returns the hyperbolic tangent. */
  default Tensor tanh() {
    return PointwiseRun.of(new Unary(UnaryFunction.TANH), self());
  }

  /** Returns the elements without what follows the point. Integers are copied. */
  default Tensor trunc() {
    return self().dtype().isFloating()
        ? PointwiseRun.of(new Unary(UnaryFunction.TRUNC), self())
        : self().copy();
  }

  // Of two elements.

  /** Returns the sum of the elements; of booleans, or. */
  default Tensor add(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.ADD), self(), other);
  }

  /** The same with a number; see {@link #add(Tensor)}. */
  default Tensor add(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.ADD), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #add(Tensor)}. */
  default Tensor add(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.ADD), self(), new Scalar.Whole(other));
  }

  /**
   * Returns the sum of this and the other times {@code alpha}.
   *
   * @throws IllegalArgumentException if {@code alpha} has a fraction and the elements have none
   */
  default Tensor add(Tensor other, double alpha) {
    return PointwiseRun.scaled("add", self(), other, alpha);
  }

  /** Returns the angle of the point (other, this), from -pi to pi. */
  default Tensor atan2(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.ATAN2), self(), other);
  }

  /** Returns the bits that are set in both. */
  default Tensor bitwiseAnd(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.BITWISE_AND), self(), other);
  }

  /** The same with a whole number; see {@link #bitwiseAnd(Tensor)}. */
  default Tensor bitwiseAnd(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.BITWISE_AND), self(), new Scalar.Whole(other));
  }

  /** Returns integers times a power of two; 0 from the number of bits on. */
  default Tensor bitwiseLeftShift(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.SHIFT_LEFT), self(), other);
  }

  /** The same with a whole number; see {@link #bitwiseLeftShift(Tensor)}. */
  default Tensor bitwiseLeftShift(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.SHIFT_LEFT), self(), new Scalar.Whole(other));
  }

  /** Returns the bits that are set in one or both. */
  default Tensor bitwiseOr(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.BITWISE_OR), self(), other);
  }

  /** The same with a whole number; see {@link #bitwiseOr(Tensor)}. */
  default Tensor bitwiseOr(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.BITWISE_OR), self(), new Scalar.Whole(other));
  }

  /** Returns integers divided by a power of two, rounded down. */
  default Tensor bitwiseRightShift(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.SHIFT_RIGHT), self(), other);
  }

  /** The same with a whole number; see {@link #bitwiseRightShift(Tensor)}. */
  default Tensor bitwiseRightShift(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.SHIFT_RIGHT), self(), new Scalar.Whole(other));
  }

  /** Returns the bits that are set in one. */
  default Tensor bitwiseXor(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.BITWISE_XOR), self(), other);
  }

  /** The same with a whole number; see {@link #bitwiseXor(Tensor)}. */
  default Tensor bitwiseXor(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.BITWISE_XOR), self(), new Scalar.Whole(other));
  }

  /** Returns the size of this with the sign of the other. */
  default Tensor copysign(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.COPYSIGN), self(), other);
  }

  /** The same with a number; see {@link #copysign(Tensor)}. */
  default Tensor copysign(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.COPYSIGN), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #copysign(Tensor)}. */
  default Tensor copysign(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.COPYSIGN), self(), new Scalar.Whole(other));
  }

  /** Returns the true quotient; integers divide as {@code f32}. */
  default Tensor div(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.DIV), self(), other);
  }

  /** The same with a number; see {@link #div(Tensor)}. */
  default Tensor div(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.DIV), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #div(Tensor)}. */
  default Tensor div(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.DIV), self(), new Scalar.Whole(other));
  }

  /** Returns the quotient without what follows the point; an integer divided by 0 is an error. */
  default Tensor truncDivide(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.DIV_TRUNC), self(), other);
  }

  /** The same with a number; see {@link #truncDivide(Tensor)}. */
  default Tensor truncDivide(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.DIV_TRUNC), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #truncDivide(Tensor)}. */
  default Tensor truncDivide(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.DIV_TRUNC), self(), new Scalar.Whole(other));
  }

  /** Returns whether the elements are equal. */
  default Tensor eq(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.EQ), self(), other);
  }

  /** The same with a number; see {@link #eq(Tensor)}. */
  default Tensor eq(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.EQ), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #eq(Tensor)}. */
  default Tensor eq(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.EQ), self(), new Scalar.Whole(other));
  }

  /** Returns the quotient rounded down; an integer divided by 0 is an error. */
  default Tensor floorDivide(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.DIV_FLOOR), self(), other);
  }

  /** The same with a number; see {@link #floorDivide(Tensor)}. */
  default Tensor floorDivide(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.DIV_FLOOR), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #floorDivide(Tensor)}. */
  default Tensor floorDivide(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.DIV_FLOOR), self(), new Scalar.Whole(other));
  }

  /** Returns the larger of both; of a number and NaN the number. */
  default Tensor fmax(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.FMAX), self(), other);
  }

  /** Returns the smaller of both; of a number and NaN the number. */
  default Tensor fmin(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.FMIN), self(), other);
  }

  /** Returns what is left after whole multiples of the other, with the sign of this. */
  default Tensor fmod(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.FMOD), self(), other);
  }

  /** The same with a number; see {@link #fmod(Tensor)}. */
  default Tensor fmod(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.FMOD), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #fmod(Tensor)}. */
  default Tensor fmod(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.FMOD), self(), new Scalar.Whole(other));
  }

  /** Returns whether this is the larger, or both are equal. */
  default Tensor ge(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.GE), self(), other);
  }

  /** The same with a number; see {@link #ge(Tensor)}. */
  default Tensor ge(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.GE), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #ge(Tensor)}. */
  default Tensor ge(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.GE), self(), new Scalar.Whole(other));
  }

  /** Returns whether this is the larger. */
  default Tensor gt(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.GT), self(), other);
  }

  /** The same with a number; see {@link #gt(Tensor)}. */
  default Tensor gt(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.GT), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #gt(Tensor)}. */
  default Tensor gt(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.GT), self(), new Scalar.Whole(other));
  }

  /** Returns 0 of negative elements, 1 of positive ones, the other of 0. */
  default Tensor heaviside(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.HEAVISIDE), self(), other);
  }

  /** Returns {@code sqrt(x^2 + y^2)}, which does not overflow before the result does. */
  default Tensor hypot(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.HYPOT), self(), other);
  }

  /** Returns whether the elements differ by at most {@code 1e-8 + 1e-5 |other|}. */
  default Tensor isclose(Tensor other) {
    return isclose(other, 1e-5, 1e-8, false);
  }

  /**
   * Returns whether {@code |x - other| <= atol + rtol |other|}; integers are compared as {@code
   * f64}.
   *
   * @param equalNan whether NaN is close to NaN
   * @throws IllegalArgumentException if a tolerance is negative or NaN
   */
  default Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
    return PointwiseRun.isClose(self(), other, rtol, atol, equalNan);
  }

  /** Returns whether all elements are close; see {@link #isclose}. */
  default boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
    try (Tensor close = isclose(other, rtol, atol, equalNan)) {
      return PointwiseRun.all(close);
    }
  }

  /** Returns whether both have the same shape and equal elements; NaN equals nothing. */
  default boolean equal(Tensor other) {
    self().checkOpen("equal");
    other.checkOpen("equal");
    if (!self().shape().equals(other.shape())) {
      return false;
    }
    try (Tensor equal = eq(other)) {
      return PointwiseRun.all(equal);
    }
  }

  /** Returns whether this is the smaller, or both are equal. */
  default Tensor le(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LE), self(), other);
  }

  /** The same with a number; see {@link #le(Tensor)}. */
  default Tensor le(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.LE), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #le(Tensor)}. */
  default Tensor le(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.LE), self(), new Scalar.Whole(other));
  }

  /** Returns {@code x + weight (end - x)}. */
  default Tensor lerp(Tensor end, double weight) {
    return PointwiseRun.of(new Binary(BinaryFunction.LERP, weight), self(), end);
  }

  /** Returns {@code x + weight (end - x)} of tensors that broadcast. */
  default Tensor lerp(Tensor end, Tensor weight) {
    return PointwiseRun.of(new Ternary(TernaryFunction.LERP), self(), end, weight);
  }

  /** Returns {@code log(exp(x) + exp(y))}, which does not overflow. */
  default Tensor logaddexp(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LOGADDEXP), self(), other);
  }

  /** Returns {@code log2(2^x + 2^y)}, which does not overflow. */
  default Tensor logaddexp2(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LOGADDEXP2), self(), other);
  }

  /** Returns whether both are not 0. */
  default Tensor logicalAnd(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LOGICAL_AND), self(), other);
  }

  /** Returns whether one is not 0. */
  default Tensor logicalOr(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LOGICAL_OR), self(), other);
  }

  /** Returns whether just one is not 0. */
  default Tensor logicalXor(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LOGICAL_XOR), self(), other);
  }

  /** Returns whether this is the smaller. */
  default Tensor lt(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.LT), self(), other);
  }

  /** The same with a number; see {@link #lt(Tensor)}. */
  default Tensor lt(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.LT), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #lt(Tensor)}. */
  default Tensor lt(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.LT), self(), new Scalar.Whole(other));
  }

  /** Returns the larger of both; NaN where one is. */
  default Tensor maximum(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.MAXIMUM), self(), other);
  }

  /** Returns the smaller of both; NaN where one is. */
  default Tensor minimum(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.MINIMUM), self(), other);
  }

  /** Returns the product of the elements. */
  default Tensor mul(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.MUL), self(), other);
  }

  /** The same with a number; see {@link #mul(Tensor)}. */
  default Tensor mul(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.MUL), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #mul(Tensor)}. */
  default Tensor mul(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.MUL), self(), new Scalar.Whole(other));
  }

  /** Returns whether the elements differ. */
  default Tensor ne(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.NE), self(), other);
  }

  /** The same with a number; see {@link #ne(Tensor)}. */
  default Tensor ne(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.NE), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #ne(Tensor)}. */
  default Tensor ne(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.NE), self(), new Scalar.Whole(other));
  }

  /**
   * Returns the power {@code x^y}: 1 where {@code y} is 0 or {@code x} is 1. Of integers with the
   * overflow of their width; to a negative power they give 0, 1 or -1.
   */
  default Tensor pow(Tensor exponent) {
    return PointwiseRun.of(new Binary(BinaryFunction.POW), self(), exponent);
  }

  /** Returns the elements to the power of a number; see {@link #pow(Tensor)}. */
  default Tensor pow(double exponent) {
    return PointwiseRun.power(self(), new Scalar.Real(exponent));
  }

  /**
   * Returns the elements to the power of a whole number; see {@link #pow(Tensor)}.
   *
   * @throws IllegalArgumentException if it is negative and the elements are integers
   */
  default Tensor pow(long exponent) {
    return PointwiseRun.power(self(), new Scalar.Whole(exponent));
  }

  /** Returns a number to the power of the elements; see {@link #pow(Tensor)}. */
  default Tensor rpow(double base) {
    return PointwiseRun.left(new Binary(BinaryFunction.POW), new Scalar.Real(base), self());
  }

  /** Returns a whole number to the power of the elements; see {@link #pow(Tensor)}. */
  default Tensor rpow(long base) {
    return PointwiseRun.left(new Binary(BinaryFunction.POW), new Scalar.Whole(base), self());
  }

  /** Returns a number divided by the elements. */
  default Tensor rdiv(double other) {
    return PointwiseRun.left(new Binary(BinaryFunction.DIV), new Scalar.Real(other), self());
  }

  /** Returns what is left after whole multiples of the other, with the sign of the other. */
  default Tensor remainder(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.REMAINDER), self(), other);
  }

  /** The same with a number; see {@link #remainder(Tensor)}. */
  default Tensor remainder(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.REMAINDER), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #remainder(Tensor)}. */
  default Tensor remainder(long other) {
    return PointwiseRun.right(
        new Binary(BinaryFunction.REMAINDER), self(), new Scalar.Whole(other));
  }

  /** Returns a number minus the elements. */
  default Tensor rsub(double other) {
    return PointwiseRun.left(new Binary(BinaryFunction.SUB), new Scalar.Real(other), self());
  }

  /** Returns a whole number minus the elements. */
  default Tensor rsub(long other) {
    return PointwiseRun.left(new Binary(BinaryFunction.SUB), new Scalar.Whole(other), self());
  }

  /** Returns the difference of the elements; of booleans an error. */
  default Tensor sub(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.SUB), self(), other);
  }

  /** The same with a number; see {@link #sub(Tensor)}. */
  default Tensor sub(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.SUB), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #sub(Tensor)}. */
  default Tensor sub(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.SUB), self(), new Scalar.Whole(other));
  }

  /**
   * Returns the difference of this and the other times {@code alpha}.
   *
   * @throws IllegalArgumentException if {@code alpha} has a fraction and the elements have none
   */
  default Tensor sub(Tensor other, double alpha) {
    return PointwiseRun.scaled("sub", self(), other, -alpha);
  }

  /** Returns {@code x log(y)}, 0 where {@code x} is 0. */
  default Tensor xlogy(Tensor other) {
    return PointwiseRun.of(new Binary(BinaryFunction.XLOGY), self(), other);
  }

  /** The same with a number; see {@link #xlogy(Tensor)}. */
  default Tensor xlogy(double other) {
    return PointwiseRun.right(new Binary(BinaryFunction.XLOGY), self(), new Scalar.Real(other));
  }

  /** The same with a whole number; see {@link #xlogy(Tensor)}. */
  default Tensor xlogy(long other) {
    return PointwiseRun.right(new Binary(BinaryFunction.XLOGY), self(), new Scalar.Whole(other));
  }

  // Of three elements.

  /** Returns {@code x + value numerator / denominator}. */
  default Tensor addcdiv(Tensor numerator, Tensor denominator, double value) {
    return PointwiseRun.of(
        new Ternary(TernaryFunction.ADDCDIV, value), self(), numerator, denominator);
  }

  /**
   * Returns {@code x + value a b}.
   *
   * @throws IllegalArgumentException if {@code value} has a fraction and the elements have none
   */
  default Tensor addcmul(Tensor a, Tensor b, double value) {
    return PointwiseRun.addcmul(self(), a, b, value);
  }

  /**
   * Returns this tensor's elements with a number where the mask is true. The result has this
   * tensor's dtype, and the shape that both broadcast to.
   *
   * @param mask of {@code bool}
   * @throws IllegalArgumentException if the mask is not, or the number has a fraction and the
   *     elements have none
   */
  default Tensor maskedFill(Tensor mask, double value) {
    return PointwiseRun.maskedFill(self(), mask, new Scalar.Real(value));
  }

  /** The same with a whole number; see {@link #maskedFill(Tensor, double)}. */
  default Tensor maskedFill(Tensor mask, long value) {
    return PointwiseRun.maskedFill(self(), mask, new Scalar.Whole(value));
  }

  /**
   * The same with the element of a 0-d tensor; see {@link #maskedFill(Tensor, double)}.
   *
   * @throws IllegalArgumentException if the value has dimensions
   */
  default Tensor maskedFill(Tensor mask, Tensor value) {
    return PointwiseRun.maskedFill(self(), mask, value);
  }

  /**
   * Returns this tensor's elements where the condition is true, the other's where it is not.
   *
   * @param condition of {@code bool}
   */
  default Tensor where(Tensor condition, Tensor other) {
    return PointwiseRun.where(condition, self(), other);
  }

  /** The same with a number where the condition is not true. */
  default Tensor where(Tensor condition, double other) {
    return PointwiseRun.where(condition, self(), new Scalar.Real(other));
  }

  /** The same with a whole number where the condition is not true. */
  default Tensor where(Tensor condition, long other) {
    return PointwiseRun.where(condition, self(), new Scalar.Whole(other));
  }

  // In place.

  /**
   * Replaces this tensor's elements by what an operator makes of them and the others, such as
   * {@code x.applyInPlace(new Unary(UnaryFunction.EXP))}. The others broadcast to this tensor's
   * shape, and may share memory with it.
   *
   * @throws IllegalArgumentException if the others broadcast to another shape, the result's dtype
   *     is of a higher kind than this tensor's, or this tensor repeats elements, as {@link
   *     Tensor#expand} does, or is read-only
   */
  default void applyInPlace(Pointwise op, Tensor... others) {
    PointwiseRun.inPlace(op, self(), others);
  }

  /** Adds the other to this tensor; see {@link #applyInPlace}. */
  default void addInPlace(Tensor other) {
    applyInPlace(new Binary(BinaryFunction.ADD), other);
  }

  /** Adds a number to this tensor; see {@link #applyInPlace}. */
  default void addInPlace(double other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.ADD), self(), new Scalar.Real(other));
  }

  /** Adds a whole number to this tensor; see {@link #applyInPlace}. */
  default void addInPlace(long other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.ADD), self(), new Scalar.Whole(other));
  }

  /** Subtracts the other from this tensor; see {@link #applyInPlace}. */
  default void subInPlace(Tensor other) {
    applyInPlace(new Binary(BinaryFunction.SUB), other);
  }

  /** Subtracts a number from this tensor; see {@link #applyInPlace}. */
  default void subInPlace(double other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.SUB), self(), new Scalar.Real(other));
  }

  /** Subtracts a whole number from this tensor; see {@link #applyInPlace}. */
  default void subInPlace(long other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.SUB), self(), new Scalar.Whole(other));
  }

  /** Multiplies this tensor by the other; see {@link #applyInPlace}. */
  default void mulInPlace(Tensor other) {
    applyInPlace(new Binary(BinaryFunction.MUL), other);
  }

  /** Multiplies this tensor by a number; see {@link #applyInPlace}. */
  default void mulInPlace(double other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.MUL), self(), new Scalar.Real(other));
  }

  /** Multiplies this tensor by a whole number; see {@link #applyInPlace}. */
  default void mulInPlace(long other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.MUL), self(), new Scalar.Whole(other));
  }

  /** Divides this tensor by the other; see {@link #applyInPlace}. */
  default void divInPlace(Tensor other) {
    applyInPlace(new Binary(BinaryFunction.DIV), other);
  }

  /** Divides this tensor by a number; see {@link #applyInPlace}. */
  default void divInPlace(double other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.DIV), self(), new Scalar.Real(other));
  }

  /** Divides this tensor by a whole number; see {@link #applyInPlace}. */
  default void divInPlace(long other) {
    PointwiseRun.inPlace(new Binary(BinaryFunction.DIV), self(), new Scalar.Whole(other));
  }

  /** Replaces the elements by a number where the mask is true; see {@link #maskedFill}. */
  default void maskedFillInPlace(Tensor mask, double value) {
    PointwiseRun.maskedFillInPlace(self(), mask, new Scalar.Real(value));
  }
}
