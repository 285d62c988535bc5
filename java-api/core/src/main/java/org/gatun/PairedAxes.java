package org.gatun;

import java.util.ArrayList;
import java.util.List;

/** Sums of products over pairs of dimensions, as one product of two matrices. */
final class PairedAxes {
  private PairedAxes() {}

  /** Returns what {@link ContractionOperators#tensordot(Tensor, int[], int[])} does. */
  static Tensor contract(Tensor a, Tensor b, int[] axesOfA, int[] axesOfB) {
    if (axesOfA.length != axesOfB.length) {
      throw new IllegalArgumentException(
          "tensordot: "
              + axesOfA.length
              + " and "
              + axesOfB.length
              + " axes, expected as many of both tensors");
    }
    List<Integer> pairedA = resolved(a, axesOfA);
    List<Integer> pairedB = resolved(b, axesOfB);
    try (Scope scope = Scope.open()) {
      Tensor left = a;
      Tensor right = b;
      long k = 1;
      for (int i = 0; i < pairedA.size(); i++) {
        long mine = a.dim(pairedA.get(i));
        long other = b.dim(pairedB.get(i));
        if (mine == other) {
          k *= mine;
        } else if (other == 1) {
          left = left.sum(new int[] {pairedA.get(i)}, true).to(a.dtype());
        } else if (mine == 1) {
          right = right.sum(new int[] {pairedB.get(i)}, true).to(b.dtype());
        } else {
          throw new IllegalArgumentException(
              "tensordot: shapes "
                  + a.shape()
                  + " and "
                  + b.shape()
                  + ", axes "
                  + axesOfA[i]
                  + " and "
                  + axesOfB[i]
                  + " have sizes "
                  + mine
                  + " and "
                  + other);
        }
      }
      List<Integer> keptA = others(a, pairedA);
      List<Integer> keptB = others(b, pairedB);
      Shape rows = sizes(a, keptA);
      Shape columns = sizes(b, keptB);
      Tensor product =
          left.permute(joined(keptA, pairedA))
              .reshape(rows.size(), k)
              .matmul(right.permute(joined(pairedB, keptB)).reshape(k, columns.size()));
      return scope.keep(product.reshape(rows.concat(columns).dims()));
    }
  }

  private static List<Integer> resolved(Tensor x, int[] axes) {
    List<Integer> list = new ArrayList<>();
    for (int axis : axes) {
      int at = x.axis("tensordot", axis, x.rank());
      if (list.contains(at)) {
        throw new IllegalArgumentException(
            "tensordot: axis " + axis + " of shape " + x.shape() + " given twice");
      }
      list.add(at);
    }
    return list;
  }

  private static List<Integer> others(Tensor x, List<Integer> axes) {
    List<Integer> rest = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!axes.contains(axis)) {
        rest.add(axis);
      }
    }
    return rest;
  }

  private static Shape sizes(Tensor x, List<Integer> axes) {
    return Shape.of(axes.stream().mapToLong(x::dim).toArray());
  }

  private static int[] joined(List<Integer> first, List<Integer> second) {
    List<Integer> all = new ArrayList<>(first);
    all.addAll(second);
    return all.stream().mapToInt(i -> i).toArray();
  }
}
