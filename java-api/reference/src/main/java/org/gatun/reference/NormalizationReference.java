package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.BatchNorm;
import org.gatun.op.DeepNorm;
import org.gatun.op.DyT;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Longs;
import org.gatun.op.Normalization;
import org.gatun.op.RmsNorm;
import org.gatun.op.SwitchNorm;
import org.jspecify.annotations.Nullable;

/** Normalization by its formula: mean, then variance around it, then each element. */
final class NormalizationReference {
  /** Roundings on the way to an element: of mean, scale and shift, and of their use. */
  static final int ROUNDINGS = 64;

  private NormalizationReference() {}

  /**
   * Mean and variance of sets of elements.
   *
   * @param count the elements of a set
   * @param absolute the mean of the absolute values, which rounding errors are relative to
   */
  private record Moments(double[] mean, double[] variance, double[] absolute, int count) {}

  static List<NdArray> evaluate(Normalization op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray x = inputs.getFirst();
    return switch (op) {
      case BatchNorm b -> batch(b, x, inputs, outputs);
      case DeepNorm d -> List.of(deep(d, x, inputs));
      case DyT d -> List.of(ScalingReference.tanh(d, x, inputs));
      case GroupNorm g -> {
        int plane = plane(x);
        int channels = x.dim(1);
        int set = Math.max(1, channels / g.groups() * plane);
        IntUnaryOperator setOf = position -> position / set;
        Moments moments = moments(x, setOf, x.size() / set);
        NdArray weight = g.weight() ? inputs.get(1) : null;
        NdArray bias = g.bias() ? inputs.getLast() : null;
        yield List.of(
            normalized(
                x, moments, setOf, position -> position / plane % channels, weight, bias, g.eps()));
      }
      case InstanceNorm i -> instance(i, x, inputs, outputs);
      case LayerNorm l -> {
        int row = length(l.normalizedShape());
        IntUnaryOperator setOf = position -> position / row;
        NdArray weight = l.weight() ? inputs.get(1) : null;
        NdArray bias = l.bias() ? inputs.getLast() : null;
        yield List.of(
            normalized(
                x,
                moments(x, setOf, x.size() / row),
                setOf,
                position -> position % row,
                weight,
                bias,
                l.eps()));
      }
      case LocalResponseNorm l -> List.of(ScalingReference.response(l, x));
      case RmsNorm r -> List.of(ScalingReference.rootMeanSquare(r, x, inputs));
      case SwitchNorm s -> switched(s, x, inputs, outputs);
    };
  }

  /** Returns the elements of a row, 1 where there are none, to divide by. */
  static int length(Longs normalizedShape) {
    return Math.max(1, Math.toIntExact(Shape.of(normalizedShape.toArray()).size()));
  }

  private static NdArray deep(DeepNorm op, NdArray x, List<NdArray> inputs) {
    NdArray added = inputs.get(1);
    NdArray sum = NdArray.zeros(x.dtype(), x.shape());
    NdArray terms = NdArray.zeros(x.dtype(), x.shape());
    for (int at = 0; at < x.size(); at++) {
      sum.values()[at] = op.alpha() * x.values()[at] + added.values()[at];
      terms.values()[at] = Math.abs(op.alpha() * x.values()[at]) + Math.abs(added.values()[at]);
    }
    int row = length(op.normalizedShape());
    IntUnaryOperator setOf = position -> position / row;
    Moments ofSum = moments(sum, setOf, x.size() / row);
    double[] absolute = moments(terms, setOf, x.size() / row).mean;
    NdArray weight = op.weight() ? inputs.get(2) : null;
    NdArray bias = op.bias() ? inputs.getLast() : null;
    NdArray y = NdArray.sums(x.dtype(), x.shape());
    for (int at = 0; at < x.size(); at++) {
      double w = weight == null ? 1 : weight.values()[at % row];
      double b = bias == null ? 0 : bias.values()[at % row];
      double deviation = Math.sqrt(ofSum.variance[at / row] + op.eps());
      double value = (sum.values()[at] - ofSum.mean[at / row]) / deviation * w + b;
      double size = terms.values()[at] + absolute[at / row];
      y.store(at, value, ROUNDINGS, size / deviation * Math.abs(w) + Math.abs(b));
    }
    return y;
  }

  private static List<NdArray> switched(
      SwitchNorm op, NdArray x, List<NdArray> inputs, List<Layout> outputs) {
    int plane = plane(x);
    int channels = x.dim(1);
    IntUnaryOperator planeOf = position -> position / plane;
    IntUnaryOperator memberOf = position -> position / plane / channels;
    IntUnaryOperator channelOf = position -> position / plane % channels;
    List<Moments> parts = new ArrayList<>();
    parts.add(moments(x, planeOf, x.dim(0) * channels));
    parts.add(moments(x, memberOf, x.dim(0)));
    if (op.batch()) {
      parts.add(
          op.training()
              ? moments(x, channelOf, channels)
              : running(inputs.get(1).values(), inputs.get(2).values()));
    }
    double[] ofMeans = proportions(inputs.get(op.mixture()));
    double[] ofVariances = proportions(inputs.get(op.mixture() + 1));
    NdArray weight = op.weight() ? inputs.get(op.running() ? 3 : 1) : null;
    NdArray bias = op.bias() ? inputs.get(op.mixture() - 1) : null;
    List<IntUnaryOperator> sets = List.of(planeOf, memberOf, channelOf);
    NdArray y = NdArray.sums(x.dtype(), x.shape());
    for (int at = 0; at < x.size(); at++) {
      double mean = 0;
      double variance = 0;
      double terms = Math.abs(x.values()[at]);
      for (int part = 0; part < parts.size(); part++) {
        int set = sets.get(part).applyAsInt(at);
        mean += ofMeans[part] * parts.get(part).mean[set];
        variance += ofVariances[part] * parts.get(part).variance[set];
        terms += ofMeans[part] * Math.abs(parts.get(part).absolute[set]);
      }
      double w = weight == null ? 1 : weight.values()[channelOf.applyAsInt(at)];
      double b = bias == null ? 0 : bias.values()[channelOf.applyAsInt(at)];
      double deviation = Math.sqrt(variance + op.eps());
      double value = (x.values()[at] - mean) / deviation * w + b;
      y.store(at, value, ROUNDINGS, terms / deviation * Math.abs(w) + Math.abs(b));
    }
    return op.training() && op.running()
        ? withRunning(y, parts.get(2), inputs, outputs, op.momentum(), 1)
        : List.of(y);
  }

  /** Returns the softmax of a few numbers. */
  private static double[] proportions(NdArray numbers) {
    double[] shares = new double[numbers.size()];
    double most = Double.NEGATIVE_INFINITY;
    for (double number : numbers.values()) {
      most = Math.max(most, number);
    }
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(numbers.values()[i] - most);
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  private static Moments running(double[] mean, double[] variance) {
    return new Moments(mean, variance, mean, 0);
  }

  private static List<NdArray> batch(
      BatchNorm op, NdArray x, List<NdArray> inputs, List<Layout> outputs) {
    int channels = x.dim(x.rank() == 1 ? 0 : 1);
    int plane = plane(x);
    IntUnaryOperator channelOf = position -> position / plane % channels;
    Moments moments;
    if (op.training()) {
      moments = moments(x, channelOf, channels);
    } else {
      moments = running(inputs.get(1).values(), inputs.get(2).values());
    }
    NdArray y =
        normalized(
            x,
            moments,
            channelOf,
            op.running(),
            op.weight(),
            op.bias(),
            op.eps(),
            inputs,
            channelOf);
    if (!op.training() || !op.running()) {
      return List.of(y);
    }
    return withRunning(
        y, moments, inputs, outputs, op.momentum(), moments.count / (moments.count - 1.0));
  }

  private static List<NdArray> instance(
      InstanceNorm op, NdArray x, List<NdArray> inputs, List<Layout> outputs) {
    int plane = plane(x);
    int channels = x.dim(1);
    IntUnaryOperator planeOf = position -> position / plane;
    IntUnaryOperator channelOf = position -> position / plane % channels;
    Moments moments = moments(x, planeOf, x.dim(0) * channels);
    NdArray y =
        normalized(
            x, moments, planeOf, op.running(), op.weight(), op.bias(), op.eps(), inputs, channelOf);
    if (!op.running()) {
      return List.of(y);
    }
    Moments means =
        new Moments(
            new double[channels], new double[channels], new double[channels], moments.count);
    int batch = x.size() == 0 ? 0 : x.dim(0);
    for (int at = 0; at < batch * channels; at++) {
      means.mean[at % channels] += moments.mean[at] / batch;
      means.variance[at % channels] += moments.variance[at] / batch;
      means.absolute[at % channels] += moments.absolute[at] / batch;
    }
    return withRunning(y, means, inputs, outputs, op.momentum(), means.count / (means.count - 1.0));
  }

  /** Returns the elements of a channel of one member, 1 where there are none, to divide by. */
  static int plane(NdArray x) {
    return x.size() == 0 ? 1 : x.size() / x.dim(0) / x.dim(1);
  }

  /** Sums, and what they lost by rounding beside them: the reference is to be better than f64. */
  private static final class Sums {
    private final double[] sum;
    private final double[] lost;

    Sums(int count) {
      this.sum = new double[count];
      this.lost = new double[count];
    }

    void add(int at, double value) {
      double before = sum[at];
      double after = before + value;
      double added = after - before;
      lost[at] += before - (after - added) + (value - added);
      sum[at] = after;
    }

    /** Returns the sums divided by a number. */
    double[] over(double divisor) {
      double[] result = new double[sum.length];
      for (int at = 0; at < result.length; at++) {
        // What an infinite sum lost is not a number.
        result[at] = (Double.isFinite(sum[at]) ? sum[at] + lost[at] : sum[at]) / divisor;
      }
      return result;
    }
  }

  private static Moments moments(NdArray x, IntUnaryOperator setOf, int sets) {
    int count = sets == 0 ? 0 : x.size() / sets;
    Sums sums = new Sums(sets);
    Sums absolute = new Sums(sets);
    for (int at = 0; at < x.size(); at++) {
      sums.add(setOf.applyAsInt(at), x.values()[at]);
      absolute.add(setOf.applyAsInt(at), Math.abs(x.values()[at]));
    }
    double[] mean = sums.over(count);
    Sums remainders = new Sums(sets);
    for (int at = 0; at < x.size(); at++) {
      int set = setOf.applyAsInt(at);
      remainders.add(set, x.values()[at] - mean[set]);
    }
    double[] remainder = remainders.over(count);
    for (int set = 0; set < sets; set++) {
      // Equal elements have exactly their value as the mean.
      mean[set] += Double.isFinite(mean[set]) ? remainder[set] : 0;
    }
    Sums squares = new Sums(sets);
    for (int at = 0; at < x.size(); at++) {
      double deviation = x.values()[at] - mean[setOf.applyAsInt(at)];
      squares.add(setOf.applyAsInt(at), deviation * deviation);
    }
    return new Moments(mean, squares.over(count), absolute.over(count), count);
  }

  private static NdArray normalized(
      NdArray x,
      Moments moments,
      IntUnaryOperator setOf,
      boolean running,
      boolean weight,
      boolean bias,
      double eps,
      List<NdArray> inputs,
      IntUnaryOperator channelOf) {
    return normalized(
        x,
        moments,
        setOf,
        channelOf,
        weight ? inputs.get(running ? 3 : 1) : null,
        bias ? inputs.getLast() : null,
        eps);
  }

  private static NdArray normalized(
      NdArray x,
      Moments moments,
      IntUnaryOperator setOf,
      IntUnaryOperator parameterOf,
      @Nullable NdArray weight,
      @Nullable NdArray bias,
      double eps) {
    NdArray y = NdArray.sums(x.dtype(), x.shape());
    for (int at = 0; at < x.size(); at++) {
      int set = setOf.applyAsInt(at);
      int parameter = parameterOf.applyAsInt(at);
      double w = weight == null ? 1 : weight.values()[parameter];
      double b = bias == null ? 0 : bias.values()[parameter];
      double deviation = Math.sqrt(moments.variance[set] + eps);
      double value = (x.values()[at] - moments.mean[set]) / deviation * w + b;
      double terms = Math.abs(x.values()[at]) + Math.abs(moments.absolute[set]);
      y.store(at, value, ROUNDINGS, terms / deviation * Math.abs(w) + Math.abs(b));
    }
    return y;
  }

  private static List<NdArray> withRunning(
      NdArray y,
      Moments moments,
      List<NdArray> inputs,
      List<Layout> outputs,
      double momentum,
      double unbias) {
    List<NdArray> results = new ArrayList<>(List.of(y));
    for (int i = 1; i <= 2; i++) {
      NdArray old = inputs.get(i);
      NdArray updated = NdArray.sums(outputs.get(i).dtype(), outputs.get(i).shape());
      for (int c = 0; c < old.size(); c++) {
        if (y.size() == 0) {
          updated.store(c, old.values()[c], 1, 0);
          continue;
        }
        double now = i == 1 ? moments.mean[c] : moments.variance[c] * unbias;
        double absolute = i == 1 ? moments.absolute[c] : now;
        updated.store(
            c,
            (1 - momentum) * old.values()[c] + momentum * now,
            ROUNDINGS,
            Math.abs((1 - momentum) * old.values()[c]) + Math.abs(momentum * absolute));
      }
      results.add(updated);
    }
    return results;
  }
}
