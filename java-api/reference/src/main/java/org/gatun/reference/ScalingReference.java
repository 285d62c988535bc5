package org.gatun.reference;

import static org.gatun.reference.NormalizationReference.ROUNDINGS;

import java.util.List;
import org.gatun.DType;
import org.gatun.op.DyT;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.RmsNorm;

/** The normalizations that take no mean and no variance, by their formulas. */
final class ScalingReference {
  private ScalingReference() {}

  /** Dynamic tanh. */
  static NdArray tanh(DyT op, NdArray x, List<NdArray> inputs) {
    double alpha = inputs.get(1).values()[0];
    NdArray weight = op.weight() ? inputs.get(2) : null;
    NdArray bias = op.bias() ? inputs.getLast() : null;
    int channels = x.dim(op.channelsFirst() ? 1 : -1);
    int plane = op.channelsFirst() ? NormalizationReference.plane(x) : 1;
    NdArray y = NdArray.sums(x.dtype(), x.shape());
    for (int at = 0; at < x.size(); at++) {
      int channel = at / plane % channels;
      double w = weight == null ? 1 : weight.values()[channel];
      double b = bias == null ? 0 : bias.values()[channel];
      double weighted = Math.tanh(alpha * x.values()[at]) * w;
      y.store(at, weighted + b, ROUNDINGS, Math.abs(weighted) + Math.abs(b));
    }
    return y;
  }

  /** Division by what the neighbours amount to. */
  static NdArray response(LocalResponseNorm op, NdArray x) {
    int plane = NormalizationReference.plane(x);
    int channels = x.dim(1);
    NdArray y = NdArray.sums(x.dtype(), x.shape());
    for (int at = 0; at < x.size(); at++) {
      int channel = at / plane % channels;
      double sum = 0;
      long first = (long) channel - op.size() / 2;
      long end = Math.min(channels, first + op.size());
      for (int neighbour = (int) Math.max(0, first); neighbour < end; neighbour++) {
        double value = x.values()[at + (neighbour - channel) * plane];
        sum += value * value;
      }
      double divisor = Math.pow(op.k() + op.alpha() * sum / op.size(), op.beta());
      double value = x.values()[at] / divisor;
      y.store(at, value, ROUNDINGS, Math.abs(value) * (1 + Math.abs(op.beta())));
    }
    return y;
  }

  /** Division by the root of the mean square. */
  static NdArray rootMeanSquare(RmsNorm op, NdArray x, List<NdArray> inputs) {
    int row = NormalizationReference.length(op.normalizedShape());
    NdArray y = NdArray.sums(x.dtype(), x.shape());
    double eps = op.eps().orElse(x.dtype() == DType.F64 ? Math.ulp(1.0) : Math.ulp(1f));
    for (int first = 0; first < x.size(); first += row) {
      CompensatedSum squares = new CompensatedSum();
      for (int i = 0; i < row; i++) {
        squares.add(x.values()[first + i] * x.values()[first + i]);
      }
      double divisor = Math.sqrt(squares.value() / row + eps);
      for (int i = 0; i < row; i++) {
        double w = op.weight() ? inputs.get(1).values()[i] : 1;
        double value = x.values()[first + i] / divisor * w;
        y.store(first + i, value, ROUNDINGS, Math.abs(value));
      }
    }
    return y;
  }
}
