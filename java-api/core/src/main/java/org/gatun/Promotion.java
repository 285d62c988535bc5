package org.gatun;

import org.gatun.op.PointwiseFunction;
import org.jspecify.annotations.Nullable;

/**
 * The dtypes in which pointwise methods of {@link Tensor} compute, by PyTorch's rules: a tensor of
 * dimensions decides, unless one of none is of a higher kind, or a number of a kind above both;
 * booleans are below integers, and these below floating-point numbers.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/tensor_attributes.html">PyTorch, type
 * promotion</a>.
 */
final class Promotion {
  private @Nullable DType dimensioned;
  private @Nullable DType scalar;
  private @Nullable DType number;

  /** Starts with no operands. */
  Promotion() {}

  /** Returns the dtype that some tensors are combined in. */
  static DType of(Tensor... operands) {
    Promotion promotion = new Promotion();
    for (Tensor operand : operands) {
      promotion.add(operand.layout());
    }
    return promotion.result();
  }

  /** Returns the dtype that a tensor and a number are combined in. */
  static DType of(Layout operand, Scalar number) {
    return new Promotion().add(operand).add(number).result();
  }

  /** Adds a tensor. */
  Promotion add(Layout operand) {
    if (operand.rank() > 0) {
      dimensioned = joined(dimensioned, operand.dtype());
    } else {
      scalar = joined(scalar, operand.dtype());
    }
    return this;
  }

  /** Adds a number. */
  Promotion add(Scalar operand) {
    number = joined(number, operand.dtype());
    return this;
  }

  private static DType joined(@Nullable DType before, DType next) {
    return before == null ? next : DType.promote(before, next);
  }

  /** Returns the dtype in which the operands are combined. */
  DType result() {
    DType result = yielding(yielding(dimensioned, scalar), number);
    if (result == null) {
      throw new IllegalStateException("promotion: no operands");
    }
    return result;
  }

  /** Returns what decides, unless the other is of a higher kind. */
  private static @Nullable DType yielding(@Nullable DType deciding, @Nullable DType other) {
    if (deciding == null || other == null) {
      return deciding == null ? other : deciding;
    }
    boolean higher = (other.isFloating() && !deciding.isFloating()) || deciding == DType.BOOL;
    return higher ? DType.promote(deciding, other) : deciding;
  }

  /** Returns the dtype in which a function computes: integers as {@code f32} if it takes none. */
  static DType computed(PointwiseFunction function, DType dtype) {
    return function.takesFloatingAlone() && !dtype.isFloating() ? DType.F32 : dtype;
  }
}
