package org.gatun;

import org.gatun.op.BinaryFunction;

/** The dtypes in which pointwise methods of {@link Tensor} compute, by PyTorch's rules. */
final class Promotion {
  private Promotion() {}

  /** Returns the dtype in which two tensors are combined. */
  static DType of(BinaryFunction function, DType a, DType b) {
    return computed(function, DType.promote(a, b));
  }

  /**
   * Returns the dtype in which a tensor and a number are combined: the tensor's, unless the number
   * has a fraction and the tensor has none.
   */
  static DType ofNumber(BinaryFunction function, DType dtype, double number) {
    boolean whole = number == Math.rint(number) && !Double.isInfinite(number);
    if (dtype.isFloating()) {
      return dtype;
    }
    if (!whole) {
      return DType.F32;
    }
    return computed(function, dtype == DType.BOOL ? DType.I64 : dtype);
  }

  private static DType computed(BinaryFunction function, DType dtype) {
    return function == BinaryFunction.DIV && !dtype.isFloating() ? DType.F32 : dtype;
  }
}
