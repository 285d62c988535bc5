package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
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
      case MaxWithIndices(int axis, boolean _) -> {
        List<List<Double>> groups = groups(input, Ints.of(axis), shape);
        NdArray values = NdArray.zeros(dtype, shape);
        NdArray indices = NdArray.zeros(DType.I64, shape);
        for (int i = 0; i < groups.size(); i++) {
          int index = indexOfMax(groups.get(i));
          values.values()[i] = groups.get(i).get(index);
          indices.values()[i] = index;
        }
        yield List.of(values, indices);
      }
      case Reduce(ReduceFunction function, Ints axes, boolean _) -> {
        List<List<Double>> groups = groups(input, axes, shape);
        NdArray result = NdArray.sums(dtype, shape);
        for (int i = 0; i < groups.size(); i++) {
          reduce(function, groups.get(i), result, i);
        }
        yield List.of(result);
      }
      case Variance(Ints axes, double correction, boolean _) -> {
        List<List<Double>> groups = groups(input, axes, shape);
        NdArray result = NdArray.sums(dtype, shape);
        for (int i = 0; i < groups.size(); i++) {
          variance(groups.get(i), correction, result, i);
        }
        yield List.of(result);
      }
    };
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
      case SUM -> result.store(position, sum, count, absolute);
      case MEAN -> result.store(position, sum / count, count, absolute / count);
      case MAX -> result.store(position, group.get(indexOfMax(group)), 0, 0);
    }
  }

  private static void variance(
      List<Double> group, double correction, NdArray result, int position) {
    double mean = sum(group) / group.size();
    double squares = sum(group.stream().map(x -> (x - mean) * (x - mean)).toList());
    double divisor = Math.max(0, group.size() - correction);
    double variance = group.isEmpty() ? Double.NaN : squares / divisor;
    // The mean is a rounded number too: equal elements need not have a variance of 0.
    result.store(position, variance, group.size(), variance + mean * mean * 0x1p-52);
  }

  /**
   * Many equal f64 elements are rounded the same way at each addition; so that the reference is
   * more exact than any kernel, what rounding takes is kept and added at the end (Neumaier's sum).
   */
  private static double sum(List<Double> group) {
    double sum = 0;
    double lost = 0;
    for (double x : group) {
      double next = sum + x;
      lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
      sum = next;
    }
    return Double.isFinite(sum) ? sum + lost : sum;
  }

  private static int indexOfMax(List<Double> group) {
    int index = 0;
    for (int i = 1; i < group.size(); i++) {
      double max = group.get(index);
      double x = group.get(i);
      if (x > max || (Double.isNaN(x) && !Double.isNaN(max))) {
        index = i;
      }
    }
    return index;
  }
}
