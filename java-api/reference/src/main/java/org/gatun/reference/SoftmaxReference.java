package org.gatun.reference;

import java.util.List;
import org.gatun.op.Softmax;

/** Exponentials divided by their sum, along an axis. */
final class SoftmaxReference {
  private SoftmaxReference() {}

  static List<NdArray> evaluate(Softmax op, List<NdArray> inputs) {
    NdArray x = inputs.getFirst();
    NdArray y = NdArray.zeros(x.dtype(), x.shape());
    int rank = x.rank();
    int axis = op.axis() < 0 ? op.axis() + Math.max(1, rank) : op.axis();
    int length = rank == 0 ? 1 : x.dim(axis);
    int stride = 1;
    for (int inner = axis + 1; inner < rank; inner++) {
      stride *= x.dim(inner);
    }
    for (int first = 0; first < x.size(); first++) {
      if (first / stride % length == 0) {
        line(x.values(), y.values(), first, stride, length);
      }
    }
    return List.of(y);
  }

  private static void line(double[] x, double[] y, int first, int stride, int length) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      max = Math.max(max, x[first + i * stride]);
    }
    double sum = 0;
    double lost = 0;
    for (int i = 0; i < length; i++) {
      double e = Math.exp(x[first + i * stride] - max);
      double next = sum + e;
      lost += Math.abs(sum) >= e ? sum - next + e : e - next + sum;
      sum = next;
    }
    sum += lost;
    for (int i = 0; i < length; i++) {
      y[first + i * stride] = Math.exp(x[first + i * stride] - max) / sum;
    }
  }
}
