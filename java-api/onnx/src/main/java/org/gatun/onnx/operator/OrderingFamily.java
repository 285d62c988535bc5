package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;
import org.jspecify.annotations.Nullable;

/** Operators that choose by the order of elements. */
final class OrderingFamily {
  private OrderingFamily() {}

  static void register(Registry onnx) {
    onnx.add("TopK", 1, Typing.ANY, c -> topK(c, c.integer("k")));
    onnx.add("TopK", 10, Typing.ANY, c -> topK(c, c.scalarLong(1)));
    onnx.add("Unique", 11, Typing.ANY, OrderingFamily::unique);
  }

  private static List<Value> topK(Call call, long k) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", -1), x.rank());
    boolean largest = call.flag("largest", true);
    if (k < 0 || k > x.dim(axis)) {
      throw call.failure("k " + k + " for axis " + axis + " of shape " + x.shape());
    }
    ElementType type = call.type(0);
    if (type != ElementType.UINT64) {
      ValuesAndIndices found = x.topk(k, axis, largest);
      return List.of(new Value.Dense(type, found.values()), Value.of(found.indices()));
    }
    return unsignedTopK(x, Math.toIntExact(k), axis, largest);
  }

  /** The same for integers whose order the carrier does not have. */
  private static List<Value> unsignedTopK(Tensor x, int k, int axis, boolean largest) {
    Tensor rows = x.movedim(axis, -1).contiguous();
    Layout layout = Layout.of(DType.I64, rows.shape().with(rows.rank() - 1, k));
    HostFunction function =
        HostFunction.of(
            "top k",
            (inputs, outputs) -> {
              long[] numbers = inputs.getFirst().toLongArray();
              int size = Math.toIntExact(inputs.getFirst().dim(-1));
              long[] values = new long[Math.toIntExact(layout.size())];
              long[] indices = new long[values.length];
              Comparator<Integer> order = (a, b) -> Long.compareUnsigned(numbers[a], numbers[b]);
              for (int to = 0; to < values.length; to += k) {
                int from = to / k * size;
                List<Integer> best =
                    IntStream.range(from, from + size)
                        .boxed()
                        .sorted(largest ? order.reversed() : order)
                        .toList();
                for (int i = 0; i < k; i++) {
                  values[to + i] = numbers[best.get(i)];
                  indices[to + i] = best.get(i) - (long) from;
                }
              }
              outputs.getFirst().copyFrom(Tensor.of(values, layout.shape().dims()));
              outputs.getLast().copyFrom(Tensor.of(indices, layout.shape().dims()));
            });
    List<Tensor> found = Engine.current().call(function, List.of(layout, layout), rows);
    Tensor values = found.getFirst().movedim(-1, axis);
    return List.of(
        new Value.Dense(ElementType.UINT64, values), Value.of(found.getLast().movedim(-1, axis)));
  }

  /** The different parts along an axis, or elements where there is none. */
  private static List<@Nullable Value> unique(Call call) {
    boolean flat = !call.hasAttribute("axis");
    Tensor x = flat ? call.tensor(0).flatten() : call.tensor(0);
    int axis = call.axis(call.integer("axis", 0), x.rank());
    int count = Math.toIntExact(x.dim(axis));
    Tensor parts = x.movedim(axis, 0).reshape(count, x.shape().with(axis, 1).size());
    IntBinaryOperator order = order(parts, call.type(0) == ElementType.UINT64);
    Groups groups = Groups.of(count, order, call.flag("sorted", true));
    Value values =
        new Value.Dense(call.type(0), x.indexSelect(axis, Tensor.of(groups.first)).contiguous());
    return Arrays.asList(
        values,
        call.wants(1) ? Value.of(Tensor.of(groups.first)) : null,
        call.wants(2) ? Value.of(Tensor.of(groups.group)) : null,
        call.wants(3) ? Value.of(Tensor.of(groups.size)) : null);
  }

  /** Returns an order of the rows, element by element; NaN is larger than any number. */
  private static IntBinaryOperator order(Tensor rows, boolean unsigned) {
    int width = Math.toIntExact(rows.dim(1));
    if (rows.dtype().isFloating()) {
      double[] numbers = rows.to(DType.F64).toDoubleArray();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] += 0.0; // Zeros of either sign are equal.
      }
      return (a, b) ->
          Arrays.compare(numbers, a * width, (a + 1) * width, numbers, b * width, (b + 1) * width);
    }
    long[] numbers = rows.to(DType.I64).toLongArray();
    return unsigned
        ? (a, b) ->
            Arrays.compareUnsigned(
                numbers, a * width, (a + 1) * width, numbers, b * width, (b + 1) * width)
        : (a, b) ->
            Arrays.compare(
                numbers, a * width, (a + 1) * width, numbers, b * width, (b + 1) * width);
  }

  /**
   * Which rows are equal.
   *
   * @param first the first row of each group
   * @param group the group of each row
   * @param size the number of rows of each group
   */
  private record Groups(long[] first, long[] group, long[] size) {
    static Groups of(int count, IntBinaryOperator order, boolean sorted) {
      Integer[] rows = new Integer[count];
      Arrays.setAll(rows, i -> i);
      Arrays.sort(rows, order::applyAsInt); // Stable, so that the first of equal rows comes first.
      int[] leader = new int[count];
      int groups = 0;
      for (int i = 0; i < count; i++) {
        boolean isNew = i == 0 || order.applyAsInt(rows[i - 1], rows[i]) != 0;
        leader[rows[i]] = isNew ? rows[i] : leader[rows[i - 1]];
        groups += isNew ? 1 : 0;
      }
      long[] first = new long[groups];
      long[] number = new long[count];
      int next = 0;
      for (int i = 0; i < count; i++) {
        int row = sorted ? rows[i] : i;
        if (leader[row] == row) {
          number[row] = next;
          first[next++] = row;
        }
      }
      long[] size = new long[groups];
      long[] group = new long[count];
      for (int row = 0; row < count; row++) {
        group[row] = number[leader[row]];
        size[(int) group[row]]++;
      }
      return new Groups(first, group, size);
    }
  }
}
