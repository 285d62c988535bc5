package org.gatun;

import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;

/**
 * The methods of {@link Tensor} that compute each element from those at the same index.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface PointwiseOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Returns the sum, broadcast and promoted to a common dtype. */
  default Tensor add(Tensor other) {
    return binary(BinaryFunction.ADD, other);
  }

  /** Returns the sum with a number. */
  default Tensor add(double other) {
    return binary(BinaryFunction.ADD, other);
  }

  /** Returns the difference, broadcast and promoted to a common dtype. */
  default Tensor sub(Tensor other) {
    return binary(BinaryFunction.SUB, other);
  }

  /** Returns the difference with a number. */
  default Tensor sub(double other) {
    return binary(BinaryFunction.SUB, other);
  }

  /** Returns the product of the elements, broadcast and promoted to a common dtype. */
  default Tensor mul(Tensor other) {
    return binary(BinaryFunction.MUL, other);
  }

  /** Returns the product with a number. */
  default Tensor mul(double other) {
    return binary(BinaryFunction.MUL, other);
  }

  /** Returns the true quotient, broadcast and promoted; integers divide as {@code f32}. */
  default Tensor div(Tensor other) {
    return binary(BinaryFunction.DIV, other);
  }

  /** Returns the true quotient with a number. */
  default Tensor div(double other) {
    return binary(BinaryFunction.DIV, other);
  }

  /** Returns {@code max(x, 0)}. */
  default Tensor relu() {
    return unary(UnaryFunction.RELU);
  }

  /** Returns {@code 1 / (1 + exp(-x))}. */
  default Tensor sigmoid() {
    return unary(UnaryFunction.SIGMOID);
  }

  /** Returns the hyperbolic tangent. */
  default Tensor tanh() {
    return unary(UnaryFunction.TANH);
  }

  /** Returns {@code x/2 (1 + erf(x / sqrt 2))}. */
  default Tensor gelu() {
    return unary(UnaryFunction.GELU);
  }

  /** Returns {@code x / (1 + exp(-x))}. */
  default Tensor silu() {
    return unary(UnaryFunction.SILU);
  }

  private Tensor unary(UnaryFunction function) {
    return self().run(new Unary(function));
  }

  private Tensor binary(BinaryFunction function, Tensor other) {
    DType common = Promotion.of(function, self().dtype(), other.dtype());
    if (self().dtype() == common && other.dtype() == common) {
      return self().run(new Binary(function), other);
    }
    try (Tensor a = self().to(common);
        Tensor b = other.to(common)) {
      return a.run(new Binary(function), b);
    }
  }

  private Tensor binary(BinaryFunction function, double other) {
    DType common = Promotion.ofNumber(function, self().dtype(), other);
    try (Tensor a = self().to(common);
        Tensor b = Tensor.full(common, other)) {
      return a.run(new Binary(function), b);
    }
  }
}
