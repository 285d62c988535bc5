package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Norm;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Reduction;
import org.gatun.op.Variance;

/** One result from the elements along some axes, gathered in a list first. */
final class ReductionReference {
  private ReductionReference() {}

  static List<NdArray> evaluate(Reduction op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray input = inputs.getFirst();
    DType dtype = outputs.getFirst().dtype();
    Shape shape = outputs.getFirst().shape();
    return switch (op) {
      case CosineSimilarity cosine ->
          cosines(cosine, input, inputs.getLast(), NdArray.sums(dtype, shape));
      case MaxWithIndices(int axis, boolean _) -> extremum(input, axis, true, dtype, shape);
      case MinWithIndices(int axis, boolean _) -> extremum(input, axis, false, dtype, shape);
      case Norm(double order, Ints axes, boolean _) -> {
        List<List<Double>> groups = groups(input, axes, shape);
        NdArray result = NdArray.sums(dtype, shape);
        for (int i = 0; i < groups.size(); i++) {
          double norm = norm(order, groups.get(i));
          result.store(i, norm, groups.get(i).size(), norm);
        }
        yield List.of(result);
      }
      case NuclearNorm nuclear -> SingularValues.sums(nuclear, input, NdArray.sums(dtype, shape));
      case Reduce(ReduceFunction function, Ints axes, boolean _) -> {
        List<List<Double>> groups = groups(input, axes, shape);
        NdArray result = NdArray.sums(dtype, shape);
        for (int i = 0; i < groups.size(); i++) {
          reduce(function, groups.get(i), result, i);
        }
        yield List.of(result);
      }
      case Variance variance -> {
        List<List<Double>> groups = groups(input, variance.axes(), shape);
        NdArray spreads = NdArray.sums(dtype, shape);
        NdArray means = NdArray.sums(dtype, shape);
        for (int i = 0; i < groups.size(); i++) {
          spread(groups.get(i), variance, spreads, i);
          reduce(ReduceFunction.MEAN, groups.get(i), means, i);
        }
        yield variance.withMean() ? List.of(spreads, means) : List.of(spreads);
      }
    };
  }

  private static List<NdArray> cosines(CosineSimilarity op, NdArray a, NdArray b, NdArray result) {
    Ints axes = Ints.of(op.axis());
    List<List<Double>> groupsA = groups(Broadcast.to(a, b), axes, result.shape());
    List<List<Double>> groupsB = groups(Broadcast.to(b, a), axes, result.shape());
    for (int i = 0; i < result.size(); i++) {
      List<Double> x = groupsA.get(i);
      List<Double> y = groupsB.get(i);
      CompensatedSum product = new CompensatedSum();
      for (int j = 0; j < x.size(); j++) {
        product.add(x.get(j) * y.get(j));
      }
      double norms = Math.max(norm(2, x), op.eps()) * Math.max(norm(2, y), op.eps());
      double cosine = x.isEmpty() ? 0 : product.value() / norms;
      result.store(i, cosine, x.size(), product.absolute() / norms);
    }
    return List.of(result);
  }

  private static List<NdArray> extremum(
      NdArray input, int axis, boolean largest, DType dtype, Shape shape) {
    List<List<Double>> groups = groups(input, Ints.of(axis), shape);
    NdArray values = NdArray.zeros(dtype, shape);
    NdArray indices = NdArray.zeros(DType.I64, shape);
    for (int i = 0; i < groups.size(); i++) {
      int index = indexOf(groups.get(i), largest);
      values.values()[i] = groups.get(i).get(index);
      indices.values()[i] = index;
    }
    return List.of(values, indices);
  }

  /** Returns for each element of the result the elements that it is made of, in their order. */
  private static List<List<Double>> groups(NdArray input, Ints axes, Shape result) {
    List<List<Double>> groups = new ArrayList<>();
    for (long i = 0; i < result.size(); i++) {
      groups.add(new ArrayList<>());
    }
    boolean[] reduced = new boolean[input.rank()];
    for (int i = 0; i < (axes.size() == 0 ? input.rank() : axes.size()); i++) {
      int axis = axes.size() == 0 ? i : axes.get(i);
      if (input.rank() > 0) {
        reduced[axis < 0 ? axis + input.rank() : axis] = true;
      }
    }
    for (int i = 0; i < input.size(); i++) {
      int[] index = input.index(i);
      int group = 0;
      for (int axis = 0; axis < index.length; axis++) {
        group = reduced[axis] ? group : group * input.dim(axis) + index[axis];
      }
      groups.get(group).add(input.values()[i]);
    }
    return groups;
  }

  private static void reduce(
      ReduceFunction function, List<Double> group, NdArray result, int position) {
    int count = group.size();
    double sum = sum(group);
    double absolute = 0;
    for (double x : group) {
      absolute += Math.abs(x);
    }
    switch (function) {
      case ALL -> result.store(position, count == nonzero(group) ? 1 : 0, 0, 0);
      case ANY -> result.store(position, nonzero(group) > 0 ? 1 : 0, 0, 0);
      case COUNT_NONZERO -> result.store(position, nonzero(group), 0, 0);
      case LOG_SUM_EXP -> result.store(position, logSumExp(group), count, 1);
      case MAX -> result.store(position, group.get(indexOf(group, true)), 0, 0);
      case MEAN -> result.store(position, sum / count, count, absolute / count);
      case MIN -> result.store(position, group.get(indexOf(group, false)), 0, 0);
      case NAN_SUM -> reduce(ReduceFunction.SUM, numbers(group), result, position);
      case PROD -> {
        double product = 1;
        for (double x : group) {
          product *= x;
        }
        // Equal factors are all rounded the same way; and without a factor it is another number.
        result.store(position, product, (long) count * count, Math.abs(product));
      }
      case SUM -> result.store(position, sum, count, absolute);
    }
  }

  private static long nonzero(List<Double> group) {
    return group.stream().filter(x -> x != 0).count();
  }

  private static List<Double> numbers(List<Double> group) {
    return group.stream().filter(x -> !x.isNaN()).toList();
  }

  private static double logSumExp(List<Double> group) {
    if (group.isEmpty()) {
      return Double.NEGATIVE_INFINITY;
    }
    double max = group.get(indexOf(group, true));
    if (Double.isInfinite(max)) {
      return max;
    }
    return max + Math.log(sum(group.stream().map(x -> Math.exp(x - max)).toList()));
  }

  private static double norm(double order, List<Double> group) {
    List<Double> magnitudes = group.stream().map(Math::abs).toList();
    if (order == 0) {
      return nonzero(group);
    } else if (Double.isInfinite(order)) {
      return magnitudes.get(indexOf(magnitudes, order > 0));
    }
    double sum = sum(magnitudes.stream().map(x -> Math.pow(x, order)).toList());
    return order == 2 ? Math.sqrt(sum) : Math.pow(sum, 1 / order);
  }

  private static void spread(List<Double> group, Variance op, NdArray result, int position) {
    double mean = sum(group) / group.size();
    // The mean is a rounded number: what it is off by is taken from the squares again.
    double shift = sum(group.stream().map(x -> x - mean).toList());
    double squares =
        sum(group.stream().map(x -> (x - mean) * (x - mean)).toList())
            - shift * shift / group.size();
    double divisor = Math.max(0, group.size() - op.correction());
    double variance = group.isEmpty() ? Double.NaN : Math.max(0, squares) / divisor;
    // The mean is a rounded number too: equal elements need not have a variance of 0.
    double scale = variance + mean * mean * 0x1p-52;
    if (op.root()) {
      result.store(position, Math.sqrt(variance), group.size(), Math.sqrt(scale));
    } else {
      result.store(position, variance, group.size(), scale);
    }
  }

  /**
   * Many equal f64 elements are rounded the same way at each addition; so that the reference is
   * more exact than any kernel, what rounding takes is kept and added at the end (Neumaier's sum).
   */
  static double sum(List<Double> group) {
    double sum = 0;
    double lost = 0;
    for (double x : group) {
      double next = sum + x;
      lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
      sum = next;
    }
    return Double.isFinite(sum) ? sum + lost : sum;
  }

  /** Returns where the first of the largest or smallest is, or the first NaN. */
  private static int indexOf(List<Double> group, boolean largest) {
    int index = 0;
    for (int i = 1; i < group.size(); i++) {
      double best = group.get(index);
      double x = group.get(i);
      boolean better = largest ? x > best : x < best;
      if (better || (Double.isNaN(x) && !Double.isNaN(best))) {
        index = i;
      }
    }
    return index;
  }
}
