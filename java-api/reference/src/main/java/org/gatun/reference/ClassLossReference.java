package org.gatun.reference;

import java.util.List;
import org.gatun.op.CrossEntropy;
import org.gatun.op.Loss;
import org.gatun.op.NllLoss;

/** The losses of classes: minus the sum of the target's share of each class times its logarithm. */
final class ClassLossReference {
  private ClassLossReference() {}

  static LossReference.Losses losses(CrossEntropy op, List<NdArray> inputs) {
    NdArray x = inputs.getFirst();
    List<Line> lines = lines(x);
    NdArray logs = SoftmaxReference.logSoftmax(x, axis(x));
    double[] values = new double[lines.size()];
    double[] absolute = new double[lines.size()];
    for (int i = 0; i < values.length; i++) {
      Line line = lines.get(i);
      double[] q = target(op, inputs, line, i);
      double max = line.max(x.values());
      CompensatedSum sum = new CompensatedSum();
      for (int c = 0; c < q.length; c++) {
        int at = line.positions()[c];
        if (q[c] != 0 || inputs.get(1).dtype().isFloating()) {
          sum.add(-q[c] * logs.values()[at]);
          absolute[i] += Math.abs(q[c]) * (1 + 2 * Math.abs(x.values()[at] - max));
        }
      }
      values[i] = sum.value();
    }
    return new LossReference.Losses(
        values, absolute, x.dim(axis(x)), weights(op, inputs), batch(x));
  }

  static LossReference.Losses losses(NllLoss op, List<NdArray> inputs) {
    NdArray x = inputs.getFirst();
    List<Line> lines = lines(x);
    double weights = weights(op, inputs);
    double[] values = new double[lines.size()];
    double[] absolute = new double[lines.size()];
    for (int i = 0; i < values.length; i++) {
      int c = (int) inputs.get(1).values()[i];
      if (c != op.ignoreIndex()) {
        values[i] = -weight(inputs, c) * x.values()[lines.get(i).positions()[c]];
        absolute[i] = Math.abs(values[i]);
      }
    }
    return new LossReference.Losses(values, absolute, 1, weights, batch(x));
  }

  static void gradient(
      CrossEntropy op, boolean ofTarget, NdArray cotangent, List<NdArray> inputs, NdArray result) {
    NdArray x = inputs.getFirst();
    NdArray logs = SoftmaxReference.logSoftmax(x, axis(x));
    double divisor = LossReference.divisor(op.reduction(), weights(op, inputs), batch(x));
    List<Line> lines = lines(x);
    for (int i = 0; i < lines.size(); i++) {
      double factor = cotangent.values()[cotangent.size() == 1 ? 0 : i] / divisor;
      Line line = lines.get(i);
      double[] q = target(op, inputs, line, i);
      if (isIgnored(op.ignoreIndex(), inputs, i)) {
        continue;
      }
      CompensatedSum total = new CompensatedSum();
      for (double share : q) {
        total.add(share);
      }
      for (int c = 0; c < q.length; c++) {
        int at = line.positions()[c];
        double p = Math.exp(logs.values()[at]);
        // What the exponential is taken of is rounded by half a unit, and of the units of a sum
        // four are counted.
        double rounded = p * (1 + Math.abs(logs.values()[at]) / 8);
        double ofLogs = -factor * weight(inputs, c) * (1 - op.labelSmoothing());
        double value = ofTarget ? ofLogs * logs.values()[at] : factor * (total.value() * p - q[c]);
        double absolute =
            ofTarget
                ? Math.abs(ofLogs) * (1 + 2 * Math.abs(logs.values()[at]))
                : Math.abs(factor) * (total.absolute() * rounded + Math.abs(q[c]));
        result.store(at, value, q.length, absolute);
      }
    }
  }

  static void gradient(NllLoss op, NdArray cotangent, List<NdArray> inputs, NdArray result) {
    NdArray x = inputs.getFirst();
    double divisor = LossReference.divisor(op.reduction(), weights(op, inputs), batch(x));
    List<Line> lines = lines(x);
    for (int i = 0; i < lines.size(); i++) {
      int c = (int) inputs.get(1).values()[i];
      if (c != op.ignoreIndex()) {
        double value =
            -weight(inputs, c) * cotangent.values()[cotangent.size() == 1 ? 0 : i] / divisor;
        result.store(lines.get(i).positions()[c], value, 1, Math.abs(value));
      }
    }
  }

  private static int axis(NdArray x) {
    return x.rank() == 1 ? 0 : 1;
  }

  private static int batch(NdArray x) {
    return x.rank() == 1 ? 1 : x.dim(0);
  }

  /** The lines of classes, in the order of the targets. */
  private static List<Line> lines(NdArray x) {
    return Line.along(x, axis(x));
  }

  private static boolean isIgnored(long ignored, List<NdArray> inputs, int i) {
    NdArray target = inputs.get(1);
    return target.dtype().isInteger() && target.values()[i] == ignored;
  }

  private static double weight(List<NdArray> inputs, int c) {
    return inputs.size() > 2 ? inputs.get(2).values()[c] : 1;
  }

  /** The weighted and smoothed share that each class has of a line's target. */
  private static double[] target(CrossEntropy op, List<NdArray> inputs, Line line, int i) {
    NdArray target = inputs.get(1);
    double[] q = new double[line.length()];
    if (isIgnored(op.ignoreIndex(), inputs, i)) {
      return q;
    }
    for (int c = 0; c < q.length; c++) {
      double p =
          target.dtype().isFloating()
              ? target.values()[line.positions()[c]]
              : target.values()[i] == c ? 1 : 0;
      double smoothing = op.labelSmoothing();
      q[c] = weight(inputs, c) * ((1 - smoothing) * p + smoothing / q.length);
    }
    return q;
  }

  /** The weights of the targets that count, or the number of lines of probabilities. */
  private static double weights(Loss op, List<NdArray> inputs) {
    NdArray target = inputs.get(1);
    if (target.dtype().isFloating()) {
      return lines(inputs.getFirst()).size();
    }
    long ignored =
        switch (op) {
          case CrossEntropy loss -> loss.ignoreIndex();
          case NllLoss loss -> loss.ignoreIndex();
          case Loss _ -> throw new IllegalArgumentException(op.name() + ": not a loss of classes");
        };
    double sum = 0;
    for (double c : target.values()) {
      checkClass(op, c, ignored, inputs.getFirst());
      sum += c == ignored ? 0 : weight(inputs, (int) c);
    }
    return sum;
  }

  private static void checkClass(Loss op, double c, long ignored, NdArray x) {
    if (c != ignored && (c < 0 || c >= x.dim(axis(x)))) {
      throw new IllegalArgumentException(
          op.name()
              + ": target class "
              + (long) c
              + ", expected 0 or more and less than "
              + x.dim(axis(x)));
    }
  }
}
