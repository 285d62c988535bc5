package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.KthValue;
import org.gatun.op.Median;
import org.gatun.op.Mode;
import org.gatun.op.Ordering;
import org.gatun.op.Sort;
import org.gatun.op.TopK;

/** The elements along an axis in order, line by line. */
final class OrderingReference {
  private OrderingReference() {}

  static List<NdArray> evaluate(Ordering op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray input = inputs.getFirst();
    NdArray values = NdArray.zeros(outputs.getFirst().dtype(), outputs.getFirst().shape());
    NdArray indices = NdArray.zeros(DType.I64, outputs.getFirst().shape());
    Lines lines = new Lines(input, op.axis());
    for (int line = 0; line < lines.count(); line++) {
      double[] x = lines.get(line);
      List<Integer> chosen = chosen(op, x);
      for (int i = 0; i < chosen.size(); i++) {
        int at = resultAt(op, values, line, i);
        values.values()[at] = x[chosen.get(i)];
        indices.values()[at] = chosen.get(i);
      }
    }
    return List.of(values, indices);
  }

  /** A line of the result where the axis stays, else one element. */
  private static int resultAt(Ordering op, NdArray result, int line, int i) {
    return switch (op) {
      case Sort _, TopK _ -> new Lines(result, op.axis()).at(line, i);
      case KthValue _, Median _, Mode _ -> line;
    };
  }

  private static List<Integer> chosen(Ordering op, double[] x) {
    return switch (op) {
      case Sort(int _, boolean descending) -> order(x, descending);
      case TopK(long k, int _, boolean largest) -> order(x, largest).subList(0, (int) k);
      case KthValue(long k, int _, boolean _) ->
          List.of(first(x, x[order(x, false).get((int) k - 1)]));
      case Median(int _, boolean ignoreNan, boolean _) -> List.of(median(x, ignoreNan));
      case Mode _ -> List.of(mode(x));
    };
  }

  /** NaN is larger than any number, and zeros are equal. */
  private static int compare(double a, double b) {
    return Double.compare(a + 0.0, b + 0.0);
  }

  /** By a stable sort: equal elements keep their order. */
  private static List<Integer> order(double[] x, boolean descending) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      order.add(i);
    }
    order.sort((a, b) -> descending ? compare(x[b], x[a]) : compare(x[a], x[b]));
    return order;
  }

  private static int median(double[] x, boolean ignoreNan) {
    List<Integer> order = order(x, false);
    int numbers = (int) order.stream().filter(i -> !Double.isNaN(x[i])).count();
    if (numbers == 0 || (numbers < x.length && !ignoreNan)) {
      return order.get(numbers);
    }
    return first(x, x[order.get((numbers - 1) / 2)]);
  }

  private static int first(double[] x, double value) {
    int i = 0;
    while (compare(x[i], value) != 0) {
      i++;
    }
    return i;
  }

  private static int mode(double[] x) {
    List<Integer> order = order(x, false);
    int mode = 0;
    int most = 0;
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      boolean same = i > 0 && compare(x[order.get(i)], x[order.get(i - 1)]) == 0;
      count = same ? count + 1 : 1;
      if (count > most) {
        most = count;
        mode = order.get(i);
      }
    }
    return mode;
  }
}
