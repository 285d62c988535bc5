package org.gatun;

/** A number beside a tensor, as Java has it: whole or not. */
sealed interface Scalar {
  /** A whole number: {@code i64} where no tensor decides. */
  record Whole(long value) implements Scalar {}

  /** A number that may have a fraction: {@code f32} where no tensor decides. */
  record Real(double value) implements Scalar {}

  /** Returns the dtype that the number has beside tensors of a lower kind. */
  default DType dtype() {
    return switch (this) {
      case Whole _ -> DType.I64;
      case Real _ -> DType.F32;
    };
  }

  /** Returns the number as a double. */
  default double asDouble() {
    return switch (this) {
      case Whole(long value) -> value;
      case Real(double value) -> value;
    };
  }

  /** Returns a new 0-d tensor of the number, converted to a dtype. */
  default Tensor toTensor(DType dtype) {
    return this instanceof Whole(long value) && dtype == DType.I64
        ? Tensor.of(new long[] {value}, new long[0])
        : Tensor.full(dtype, asDouble());
  }
}
