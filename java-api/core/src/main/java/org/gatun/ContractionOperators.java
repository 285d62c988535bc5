package org.gatun;

import org.gatun.op.MatMul;

/**
 * The methods of {@link Tensor} that multiply matrices and vectors.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface ContractionOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Returns the matrix product; see {@link MatMul}. */
  default Tensor matmul(Tensor other) {
    return self().run(new MatMul(), other);
  }

  /** Returns the product of two matrices, (m, k) times (k, n); nothing is broadcast. */
  default Tensor mm(Tensor other) {
    return product("mm", 2, other, 2);
  }

  /** Returns the products of two batches of matrices, (b, m, k) times (b, k, n). */
  default Tensor bmm(Tensor other) {
    self().checkOpen("bmm");
    if (self().rank() == 3 && other.rank() == 3 && self().dim(0) != other.dim(0)) {
      throw new IllegalArgumentException(
          "bmm: shapes "
              + self().shape()
              + " and "
              + other.shape()
              + ", batches of "
              + self().dim(0)
              + " and "
              + other.dim(0)
              + " differ");
    }
    return product("bmm", 3, other, 3);
  }

  /** Returns the product of a matrix and a vector, (m, k) times (k). */
  default Tensor mv(Tensor other) {
    return product("mv", 2, other, 1);
  }

  /** Returns the sum of the products of the elements of two vectors, as a scalar. */
  default Tensor dot(Tensor other) {
    return product("dot", 1, other, 1);
  }

  private Tensor product(String name, int rank, Tensor other, int otherRank) {
    self().checkOpen(name);
    if (self().rank() != rank || other.rank() != otherRank) {
      throw new IllegalArgumentException(
          name
              + ": shapes "
              + self().shape()
              + " and "
              + other.shape()
              + ", expected ranks "
              + rank
              + " and "
              + otherRank);
    }
    return matmul(other);
  }
}
