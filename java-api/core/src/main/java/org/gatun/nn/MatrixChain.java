package org.gatun.nn;

import org.gatun.Scope;
import org.gatun.Tensor;

/** The product of several matrices, in the order that takes the fewest multiplications. */
final class MatrixChain {
  private final Tensor[] matrices;
  private final long[] sizes;
  private final int[][] cuts;

  private MatrixChain(Tensor[] matrices) {
    this.matrices = matrices;
    this.sizes = new long[matrices.length + 1];
    this.cuts = new int[matrices.length][matrices.length];
  }

  /** Returns what {@link Functional#multiDot} does. */
  static Tensor product(Tensor... tensors) {
    int count = tensors.length;
    if (count < 2) {
      throw new IllegalArgumentException("multiDot: " + count + " tensors, expected two or more");
    }
    for (int i = 0; i < count; i++) {
      int rank = tensors[i].rank();
      boolean end = i == 0 || i == count - 1;
      if (rank != 2 && !(end && rank == 1)) {
        throw new IllegalArgumentException(
            "multiDot: tensor "
                + i
                + " of shape "
                + tensors[i].shape()
                + ", expected a matrix"
                + (end ? " or a vector" : ""));
      }
    }
    boolean row = tensors[0].rank() == 1;
    boolean column = tensors[count - 1].rank() == 1;
    try (Scope scope = Scope.open()) {
      Tensor[] matrices = tensors.clone();
      matrices[0] = row ? matrices[0].unsqueeze(0) : matrices[0];
      matrices[count - 1] = column ? matrices[count - 1].unsqueeze(1) : matrices[count - 1];
      MatrixChain chain = new MatrixChain(matrices);
      chain.measure();
      chain.cut();
      Tensor result = chain.product(0, count - 1);
      result = column ? result.squeeze(1) : result;
      return scope.keep(row ? result.squeeze(0) : result);
    }
  }

  private void measure() {
    sizes[0] = matrices[0].dim(0);
    for (int i = 0; i < matrices.length; i++) {
      sizes[i + 1] = matrices[i].dim(1);
      if (matrices[i].dim(0) != sizes[i]) {
        throw new IllegalArgumentException(
            "multiDot: tensor "
                + i
                + " has "
                + matrices[i].dim(0)
                + " rows, expected "
                + sizes[i]
                + ", the columns of the one before");
      }
    }
  }

  /** Finds for each run of matrices where to cut it in two, from the shortest runs on. */
  private void cut() {
    int count = matrices.length;
    double[][] fewest = new double[count][count];
    for (int length = 2; length <= count; length++) {
      for (int first = 0; first + length <= count; first++) {
        int last = first + length - 1;
        fewest[first][last] = Double.POSITIVE_INFINITY;
        for (int cut = first; cut < last; cut++) {
          double multiplications =
              fewest[first][cut]
                  + fewest[cut + 1][last]
                  + (double) sizes[first] * sizes[cut + 1] * sizes[last + 1];
          if (multiplications < fewest[first][last]) {
            fewest[first][last] = multiplications;
            cuts[first][last] = cut;
          }
        }
      }
    }
  }

  private Tensor product(int first, int last) {
    if (first == last) {
      return matrices[first];
    }
    int cut = cuts[first][last];
    return product(first, cut).matmul(product(cut + 1, last));
  }
}
