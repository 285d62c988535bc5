package org.gatun.nn;

import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Gemm;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** {@code a^T W_i b + bias_i} for each output i, as two matrix products. */
final class BilinearForm {
  private static final String NAME = "bilinear";

  private BilinearForm() {}

  /** Returns what {@link Functional#bilinear} does. */
  static Tensor of(Tensor a, Tensor b, Tensor weights, @Nullable Tensor bias) {
    check(a, b, weights, bias);
    Shape leading = a.shape().range(0, a.rank() - 1);
    long rows = leading.size();
    long out = weights.dim(0);
    try (Scope scope = Scope.open()) {
      // Of shape (out, rows, in of b): each row of a times each of the matrices.
      Tensor products = a.reshape(rows, a.dim(-1)).matmul(weights).permute(1, 0, 2);
      Tensor columns = b.reshape(rows, b.dim(-1), 1);
      Tensor sums =
          bias == null
              ? products.matmul(columns)
              : Engine.current().run(new Gemm(1, 1), products, columns, bias.unsqueeze(1));
      return scope.keep(sums.reshape(leading.concat(Shape.of(out)).dims()));
    }
  }

  private static void check(Tensor a, Tensor b, Tensor weights, @Nullable Tensor bias) {
    if (weights.rank() != 3) {
      throw new IllegalArgumentException(
          NAME + ": weights of shape " + weights.shape() + ", expected (out, in1, in2)");
    }
    boolean fits =
        a.rank() >= 1
            && a.rank() == b.rank()
            && a.shape().range(0, a.rank() - 1).equals(b.shape().range(0, b.rank() - 1))
            && a.dim(-1) == weights.dim(1)
            && b.dim(-1) == weights.dim(2);
    if (!fits) {
      throw new IllegalArgumentException(
          NAME
              + ": inputs of shapes "
              + a.shape()
              + " and "
              + b.shape()
              + ", expected (..., "
              + weights.dim(1)
              + ") and (..., "
              + weights.dim(2)
              + ") for weights of shape "
              + weights.shape());
    }
    if (bias != null && !bias.shape().equals(Shape.of(weights.dim(0)))) {
      throw new IllegalArgumentException(
          NAME + ": bias of shape " + bias.shape() + ", expected [" + weights.dim(0) + "]");
    }
  }
}
