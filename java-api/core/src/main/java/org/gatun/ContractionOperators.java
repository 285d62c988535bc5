package org.gatun;

import java.util.Arrays;
import org.gatun.op.Gemm;
import org.gatun.op.MatMul;
import org.gatun.runtime.Engine;

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
    checkBatches("bmm", self(), other);
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

  /** Returns what {@link #dot} does: there are no complex numbers to conjugate. */
  default Tensor vdot(Tensor other) {
    return product("vdot", 1, other, 1);
  }

  /**
   * Returns the sums of products along the last dimensions, of which every one of this tensor meets
   * every one of the other: (..., k) and (___, k) give (..., ___). A scalar multiplies all elements
   * of the other tensor.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.inner.html">PyTorch,
   * inner</a>.
   */
  default Tensor inner(Tensor other) {
    self().checkOpen("inner");
    if (self().rank() == 0 || other.rank() == 0) {
      return self().mul(other);
    }
    return self().tensordot(other, new int[] {-1}, new int[] {-1});
  }

  /** Returns the products of each element of a vector with each of another, (m) and (n): (m, n). */
  default Tensor outer(Tensor other) {
    self().checkOpen("outer");
    checkRanks("outer", self(), 1, other, 1);
    try (Tensor column = self().unsqueeze(1)) {
      return column.mul(other);
    }
  }

  /**
   * Returns {@code beta x + alpha A B}, where x, this tensor, broadcasts to the product; see {@link
   * Gemm}.
   *
   * @param a of shape (m, k)
   * @param b of shape (k, n)
   */
  default Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
    return addProduct("addmm", a, 2, b, 2, beta, alpha);
  }

  /** Returns {@code x + A B}; see {@link #addmm(Tensor, Tensor, double, double)}. */
  default Tensor addmm(Tensor a, Tensor b) {
    return addmm(a, b, 1, 1);
  }

  /**
   * Returns {@code beta x + alpha A v}, where x, this tensor, broadcasts to the product.
   *
   * @param a of shape (m, k)
   * @param v of shape (k)
   */
  default Tensor addmv(Tensor a, Tensor v, double beta, double alpha) {
    return addProduct("addmv", a, 2, v, 1, beta, alpha);
  }

  /** Returns {@code x + A v}; see {@link #addmv(Tensor, Tensor, double, double)}. */
  default Tensor addmv(Tensor a, Tensor v) {
    return addmv(a, v, 1, 1);
  }

  /**
   * Returns {@code beta x + alpha u v^T}, where x, this tensor, broadcasts to the product.
   *
   * @param u of shape (m)
   * @param v of shape (n)
   */
  default Tensor addr(Tensor u, Tensor v, double beta, double alpha) {
    self().checkOpen("addr");
    checkRanks("addr", u, 1, v, 1);
    try (Tensor column = u.unsqueeze(1);
        Tensor row = v.unsqueeze(0)) {
      return addProduct("addr", column, 2, row, 2, beta, alpha);
    }
  }

  /** Returns {@code x + u v^T}; see {@link #addr(Tensor, Tensor, double, double)}. */
  default Tensor addr(Tensor u, Tensor v) {
    return addr(u, v, 1, 1);
  }

  /**
   * Returns {@code beta x + alpha (A_1 B_1 + A_2 B_2 + ...)}, where x, this tensor, broadcasts to
   * the sum of the products of a batch.
   *
   * @param a of shape (b, m, k)
   * @param b of shape (b, k, n)
   */
  default Tensor addbmm(Tensor a, Tensor b, double beta, double alpha) {
    self().checkOpen("addbmm");
    checkBatches("addbmm", a, b);
    checkRanks("addbmm", a, 3, b, 3);
    // The sum over the batch is part of the sum over k, of matrices side by side.
    try (Tensor rows = a.permute(1, 0, 2);
        Tensor wide = rows.reshape(a.dim(1), a.dim(0) * a.dim(2));
        Tensor high = b.reshape(b.dim(0) * b.dim(1), b.dim(2))) {
      return addProduct("addbmm", wide, 2, high, 2, beta, alpha);
    }
  }

  /**
   * Returns {@code x + A_1 B_1 + A_2 B_2 + ...}; see {@link #addbmm(Tensor, Tensor, double,
   * double)}.
   */
  default Tensor addbmm(Tensor a, Tensor b) {
    return addbmm(a, b, 1, 1);
  }

  /**
   * Returns {@code beta x + alpha A_i B_i} for each i of a batch, where x, this tensor, broadcasts
   * to the products.
   *
   * @param a of shape (b, m, k)
   * @param b of shape (b, k, n)
   */
  default Tensor baddbmm(Tensor a, Tensor b, double beta, double alpha) {
    self().checkOpen("baddbmm");
    checkBatches("baddbmm", a, b);
    return addProduct("baddbmm", a, 3, b, 3, beta, alpha);
  }

  /** Returns {@code x + A_i B_i}; see {@link #baddbmm(Tensor, Tensor, double, double)}. */
  default Tensor baddbmm(Tensor a, Tensor b) {
    return baddbmm(a, b, 1, 1);
  }

  /**
   * Returns the sums of products over the last {@code axes} dimensions of this tensor and the first
   * {@code axes} of the other, which have the same sizes.
   *
   * @param axes 0 for the products of each element with each
   */
  default Tensor tensordot(Tensor other, int axes) {
    self().checkOpen("tensordot");
    if (axes < 0 || axes > Math.min(self().rank(), other.rank())) {
      throw new IllegalArgumentException(
          "tensordot: axes "
              + axes
              + " for shapes "
              + self().shape()
              + " and "
              + other.shape()
              + ", expected 0 or more and not more than there are");
    }
    int[] last = new int[axes];
    int[] first = new int[axes];
    Arrays.setAll(last, i -> self().rank() - axes + i);
    Arrays.setAll(first, i -> i);
    return tensordot(other, last, first);
  }

  /**
   * Returns the sums of products over pairs of dimensions, followed by the other dimensions of this
   * tensor and then those of the other. In a pair the sizes are the same, or one is 1 and repeated.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.tensordot.html">PyTorch,
   * tensordot</a>.
   *
   * @param axes the dimensions of this tensor, negative ones counted from the last
   * @param otherAxes for each of them that of the other tensor
   */
  default Tensor tensordot(Tensor other, int[] axes, int[] otherAxes) {
    self().checkOpen("tensordot");
    return PairedAxes.contract(self(), other, axes, otherAxes);
  }

  /**
   * Returns the Kronecker product: each element of this tensor times the whole other one, side by
   * side in every dimension. Missing dimensions in front have size 1.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.kron.html">PyTorch,
   * kron</a>.
   */
  default Tensor kron(Tensor other) {
    self().checkOpen("kron");
    int rank = Math.max(self().rank(), other.rank());
    long[] mine = new long[2 * rank];
    long[] others = new long[2 * rank];
    long[] both = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      int fromEnd = axis - rank;
      mine[2 * axis] = self().rank() < -fromEnd ? 1 : self().dim(fromEnd);
      mine[2 * axis + 1] = 1;
      others[2 * axis] = 1;
      others[2 * axis + 1] = other.rank() < -fromEnd ? 1 : other.dim(fromEnd);
      both[axis] = mine[2 * axis] * others[2 * axis + 1];
    }
    try (Tensor coarse = self().reshape(mine);
        Tensor fine = other.reshape(others);
        Tensor products = coarse.mul(fine)) {
      return products.reshape(both);
    }
  }

  private Tensor product(String name, int rank, Tensor other, int otherRank) {
    self().checkOpen(name);
    checkRanks(name, self(), rank, other, otherRank);
    return matmul(other);
  }

  private Tensor addProduct(
      String name, Tensor a, int rank, Tensor b, int otherRank, double beta, double alpha) {
    self().checkOpen(name);
    checkRanks(name, a, rank, b, otherRank);
    return Engine.current().run(new Gemm(alpha, beta), a, b, self());
  }

  private static void checkRanks(String name, Tensor a, int rank, Tensor b, int otherRank) {
    if (a.rank() != rank || b.rank() != otherRank) {
      throw new IllegalArgumentException(
          name
              + ": shapes "
              + a.shape()
              + " and "
              + b.shape()
              + ", expected ranks "
              + rank
              + " and "
              + otherRank);
    }
  }

  private static void checkBatches(String name, Tensor a, Tensor b) {
    if (a.rank() == 3 && b.rank() == 3 && a.dim(0) != b.dim(0)) {
      throw new IllegalArgumentException(
          name
              + ": shapes "
              + a.shape()
              + " and "
              + b.shape()
              + ", batches of "
              + a.dim(0)
              + " and "
              + b.dim(0)
              + " differ");
    }
  }
}
