package org.gatun.reference;

import java.util.List;
import org.gatun.op.LogSoftmax;
import org.gatun.op.Probability;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;

/** Exponentials divided by their sum, along an axis, their logarithms and their gradients. */
final class SoftmaxReference {
  private SoftmaxReference() {}

  static List<NdArray> evaluate(Probability op, List<NdArray> inputs) {
    NdArray x = inputs.getFirst();
    return switch (op) {
      case LogSoftmax(int axis) -> List.of(logSoftmax(x, axis));
      case Softmax(int axis) -> List.of(softmax(x, axis));
      case SoftmaxGradient(int axis, boolean log) ->
          List.of(log ? logGradient(x, inputs.get(1), axis) : gradient(x, inputs.get(1), axis));
    };
  }

  static NdArray logSoftmax(NdArray x, int axis) {
    NdArray y = NdArray.zeros(x.dtype(), x.shape());
    for (Line line : Line.along(x, axis)) {
      double max = line.max(x.values());
      CompensatedSum sum = new CompensatedSum();
      for (int at : line.positions()) {
        sum.add(Math.exp(x.values()[at] - max));
      }
      for (int at : line.positions()) {
        y.values()[at] = x.values()[at] - max - Math.log(sum.value());
      }
    }
    return y;
  }

  private static NdArray softmax(NdArray x, int axis) {
    NdArray y = NdArray.zeros(x.dtype(), x.shape());
    for (Line line : Line.along(x, axis)) {
      double max = line.max(x.values());
      CompensatedSum sum = new CompensatedSum();
      for (int at : line.positions()) {
        sum.add(Math.exp(x.values()[at] - max));
      }
      for (int at : line.positions()) {
        y.values()[at] = Math.exp(x.values()[at] - max) / sum.value();
      }
    }
    return y;
  }

  private static NdArray gradient(NdArray g, NdArray y, int axis) {
    NdArray dx = NdArray.sums(y.dtype(), y.shape());
    for (Line line : Line.along(y, axis)) {
      CompensatedSum dot = new CompensatedSum();
      for (int at : line.positions()) {
        dot.add(g.values()[at] * y.values()[at]);
      }
      for (int at : line.positions()) {
        double value = y.values()[at] * (g.values()[at] - dot.value());
        double terms = Math.abs(y.values()[at]) * (Math.abs(g.values()[at]) + dot.absolute());
        dx.store(at, value, line.length(), terms);
      }
    }
    return dx;
  }

  private static NdArray logGradient(NdArray g, NdArray y, int axis) {
    NdArray dx = NdArray.sums(y.dtype(), y.shape());
    for (Line line : Line.along(y, axis)) {
      CompensatedSum sum = new CompensatedSum();
      for (int at : line.positions()) {
        sum.add(g.values()[at]);
      }
      for (int at : line.positions()) {
        double p = Math.exp(y.values()[at]);
        double value = g.values()[at] - p * sum.value();
        dx.store(at, value, line.length(), Math.abs(g.values()[at]) + p * sum.absolute());
      }
    }
    return dx;
  }
}
