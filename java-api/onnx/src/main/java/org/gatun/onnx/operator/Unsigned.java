package org.gatun.onnx.operator;

import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.model.ElementType;

/**
 * Arithmetic of the unsigned integers that are carried in wider or signed ones: {@code uint16} in
 * {@code i32}, {@code uint32} in {@code i64}, and of {@code uint64} the bits in {@code i64}.
 */
final class Unsigned {
  private Unsigned() {}

  /** Returns the low bits of results, which have overflowed the type if they are not its own. */
  static Tensor wrap(ElementType type, Tensor x) {
    return switch (type) {
      case UINT16 -> x.bitwiseAnd(0xFFFFL);
      case UINT32 -> x.bitwiseAnd(0xFFFFFFFFL);
      case UINT4 -> x.bitwiseAnd(0xFL);
      case UINT2 -> x.bitwiseAnd(0x3L);
      default -> x;
    };
  }

  /**
   * Returns the elements such that signed comparisons have them in order: of {@code uint64} the
   * first bit is turned. Twice so they are as they were.
   */
  static Tensor ordered(ElementType type, Tensor x) {
    return type == ElementType.UINT64 ? x.bitwiseXor(Long.MIN_VALUE) : x;
  }

  /** Returns where one of two elements of {@code uint64} is 2^63 or more: signs have them wrong. */
  static Tensor differ(Tensor a, Tensor b) {
    return a.lt(0).logicalXor(b.lt(0));
  }

  /** Returns the larger of elements. */
  static Tensor maximum(ElementType type, Tensor a, Tensor b) {
    Tensor larger = a.maximum(b);
    return type == ElementType.UINT64 ? a.minimum(b).where(differ(a, b), larger) : larger;
  }

  /** Returns the smaller of elements. */
  static Tensor minimum(ElementType type, Tensor a, Tensor b) {
    Tensor smaller = a.minimum(b);
    return type == ElementType.UINT64 ? a.maximum(b).where(differ(a, b), smaller) : smaller;
  }

  /** Returns the quotients of elements of {@code uint64}, without what follows the point. */
  static Tensor divide(Tensor a, Tensor b) {
    // A divisor below 2^63 by signed numbers: half of a, doubled, is at most 1 too small. A larger
    // one is contained once or not at all.
    Tensor quotient = half(a).truncDivide(b).bitwiseLeftShift(1);
    Tensor rest = a.sub(quotient.mul(b));
    Tensor small = quotient.add(atLeast(rest, b).to(DType.I64));
    return atLeast(a, b).to(DType.I64).where(b.lt(0), small);
  }

  /** Returns what is left of elements of {@code uint64} after whole multiples of others. */
  static Tensor remainder(Tensor a, Tensor b) {
    return a.sub(divide(a, b).mul(b));
  }

  /** Returns elements of {@code uint64} divided by powers of two. */
  static Tensor shiftRight(Tensor x, Tensor bits) {
    return x.where(bits.eq(0), half(x).bitwiseRightShift(bits.sub(1)));
  }

  /** Returns elements of {@code uint64} as floating-point numbers, rounded once. */
  static Tensor toFloating(Tensor x, DType dtype) {
    // The last bit stays in half of a large number, so that it is rounded as the whole would be.
    Tensor large = half(x).bitwiseOr(x.bitwiseAnd(1)).to(dtype).mul(2.0);
    return large.where(x.lt(0), x.to(dtype));
  }

  /** Returns floating-point numbers as {@code uint64}, without what follows the point. */
  static Tensor ofFloating(Tensor x) {
    Tensor wide = x.to(DType.F64);
    Tensor large = wide.sub(0x1p63).to(DType.I64).bitwiseXor(Long.MIN_VALUE);
    return large.where(wide.ge(0x1p63), wide.to(DType.I64));
  }

  private static Tensor half(Tensor x) {
    return x.bitwiseRightShift(1).bitwiseAnd(Long.MAX_VALUE);
  }

  private static Tensor atLeast(Tensor a, Tensor b) {
    return a.ge(b).logicalXor(differ(a, b));
  }
}
