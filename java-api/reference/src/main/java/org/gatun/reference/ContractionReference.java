package org.gatun.reference;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Contraction;
import org.gatun.op.Gemm;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.jspecify.annotations.Nullable;

/** Matrix products, by the definition: one sum for each element of the result. */
final class ContractionReference {
  private ContractionReference() {}

  static List<NdArray> evaluate(Contraction op, List<NdArray> inputs, List<Layout> outputs) {
    return List.of(
        switch (op) {
          case Gemm(double alpha, double beta) ->
              matmul(inputs.get(0), inputs.get(1), outputs.get(0), alpha, beta, inputs.get(2));
          case Linear(boolean bias) ->
              linear(inputs.get(0), inputs.get(1), bias ? inputs.get(2) : null, outputs.get(0));
          case MatMul _ -> matmul(inputs.get(0), inputs.get(1), outputs.get(0), 1, 0, null);
        });
  }

  private static NdArray linear(NdArray x, NdArray weights, @Nullable NdArray bias, Layout output) {
    NdArray y = NdArray.sums(output.dtype(), output.shape());
    int in = x.dim(-1);
    int out = weights.rank() == 1 ? 1 : weights.dim(0);
    int rows = in == 0 ? y.size() / Math.max(1, out) : x.size() / in;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < out; column++) {
        double sum = bias == null ? 0 : bias.values()[column];
        double absolute = Math.abs(sum);
        for (int k = 0; k < in; k++) {
          double product = x.values()[row * in + k] * weights.values()[column * in + k];
          sum += product;
          absolute += Math.abs(product);
        }
        y.store(row * out + column, sum, in + 1, absolute);
      }
    }
    return y;
  }

  private static NdArray matmul(
      NdArray a, NdArray b, Layout output, double alpha, double beta, @Nullable NdArray added) {
    int m = a.rank() == 1 ? 1 : a.dim(-2);
    int k = a.dim(-1);
    int n = b.rank() == 1 ? 1 : b.dim(-1);
    NdArray c = NdArray.sums(output.dtype(), output.shape());
    Shape batch =
        output.shape().range(0, output.rank() - (a.rank() == 1 ? 0 : 1) - (b.rank() == 1 ? 0 : 1));
    NdArray batches = NdArray.zeros(output.dtype(), batch);
    for (int i = 0; i < batches.size(); i++) {
      int[] index = batches.index(i);
      int atA = matrix(a, index) * m * k;
      int atB = matrix(b, index) * k * n;
      for (int row = 0; row < m; row++) {
        for (int column = 0; column < n; column++) {
          int position = (i * m + row) * n + column;
          double start =
              added == null || beta == 0 ? 0 : beta * Broadcast.get(added, c.index(position));
          double sum = start;
          double absolute = Math.abs(start);
          long whole = (long) start; // Whole numbers wrap around, and doubles would not.
          for (int inner = 0; inner < k && alpha != 0; inner++) {
            double x = a.values()[atA + row * k + inner];
            double y = b.values()[atB + inner * n + column];
            double product = alpha * x * y;
            sum += product;
            absolute += Math.abs(product);
            whole += (long) alpha * (long) x * (long) y;
          }
          if (!output.dtype().isFloating()) {
            sum = output.dtype() == DType.I64 ? whole : (int) whole;
          }
          c.store(position, sum, start == 0 ? k : k + 1, absolute);
        }
      }
    }
    return c;
  }

  /** Returns which matrix of an operand stands at a batch index; sizes of 1 are broadcast. */
  private static int matrix(NdArray operand, int[] batch) {
    int leading = Math.max(0, operand.rank() - 2);
    int position = 0;
    for (int axis = 0; axis < leading; axis++) {
      int size = operand.dim(axis);
      int index = batch[batch.length - leading + axis];
      position = position * size + (size == 1 ? 0 : index);
    }
    return position;
  }
}
