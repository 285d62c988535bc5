package org.gatun.onnx.operator;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/** Functions of matrices that are no products. */
final class LinearAlgebraFamily {
  private LinearAlgebraFamily() {}

  static void register(Registry onnx) {
    onnx.add("Det", 11, LinearAlgebraFamily::determinant);
  }

  private static Tensor determinant(Call call) {
    Tensor x = call.tensor(0);
    int rank = x.rank();
    if (rank < 2 || x.dim(rank - 1) != x.dim(rank - 2) || !x.dtype().isFloating()) {
      throw call.failure("input 0 is " + x.layout() + ", expected square matrices of numbers");
    }
    int n = Math.toIntExact(x.dim(rank - 1));
    Layout layout = Layout.of(DType.F64, x.shape().range(0, rank - 2));
    HostFunction function =
        HostFunction.of(
            "det",
            (inputs, outputs) -> {
              double[] matrices = inputs.getFirst().toDoubleArray();
              double[] results = new double[(int) layout.shape().size()];
              for (int i = 0; i < results.length; i++) {
                results[i] = determinant(matrices, i * n * n, n);
              }
              outputs.getFirst().copyFrom(Tensor.of(results, layout.shape().dims()));
            });
    return Engine.current()
        .call(function, List.of(layout), x.to(DType.F64))
        .getFirst()
        .to(x.dtype());
  }

  /** Returns the product of the pivots of Gaussian elimination, which overwrites the matrix. */
  private static double determinant(double[] a, int from, int n) {
    double product = 1;
    for (int column = 0; column < n; column++) {
      int pivot = column;
      for (int row = column + 1; row < n; row++) {
        if (Math.abs(a[from + row * n + column]) > Math.abs(a[from + pivot * n + column])) {
          pivot = row;
        }
      }
      double value = a[from + pivot * n + column];
      if (value == 0) {
        return 0;
      }
      product *= pivot == column ? value : -value;
      for (int k = column; k < n; k++) {
        double moved = a[from + pivot * n + k];
        a[from + pivot * n + k] = a[from + column * n + k];
        a[from + column * n + k] = moved;
      }
      for (int row = column + 1; row < n; row++) {
        double factor = a[from + row * n + column] / value;
        for (int k = column; k < n; k++) {
          a[from + row * n + k] -= factor * a[from + column * n + k];
        }
      }
    }
    return product;
  }
}
