package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.DOUBLE;
import static org.gatun.onnx.model.ElementType.UINT64;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;

/**
 * Operators that reduce axes.
 *
 * <p>The axes are an attribute or, of newer versions, an input; none are all, or none at all where
 * {@code noop_with_empty_axes} says so: then what is done to the elements is done, and nothing
 * reduced.
 */
final class ReductionFamily {
  private ReductionFamily() {}

  /** A function of the elements along axes, none of which means no axis here. */
  @FunctionalInterface
  private interface Reduction {
    Tensor apply(Tensor x, Axes axes);
  }

  /** Likewise, of integers; the results may be of a wider type. */
  @FunctionalInterface
  private interface WholeReduction {
    Tensor apply(ElementType type, Tensor x, Axes axes);
  }

  /** Where the element is that is looked for. */
  @FunctionalInterface
  private interface Position {
    Tensor of(Tensor x, int axis, boolean keep);
  }

  /**
   * What a reduction reduces.
   *
   * @param axes counted from the first
   * @param keep whether they stay with size 1
   */
  private record Axes(int[] axes, boolean keep) {
    boolean isEmpty() {
      return axes.length == 0;
    }

    /** Returns the number of elements that become one. */
    long count(Tensor x) {
      return IntStream.of(axes).mapToLong(x::dim).reduce(1, (a, b) -> a * b);
    }

    /** Returns the shape of the results. */
    long[] shape(Tensor x) {
      return IntStream.range(0, x.rank())
          .filter(axis -> keep || !reduces(axis))
          .mapToLong(axis -> reduces(axis) ? 1 : x.dim(axis))
          .toArray();
    }

    private boolean reduces(int axis) {
      return IntStream.of(axes).anyMatch(reduced -> reduced == axis);
    }
  }

  static void register(Registry onnx) {
    onnx.add("ArgMax", 1, Typing.ANY, c -> position(c, Tensor::argmax));
    onnx.add("ArgMin", 1, Typing.ANY, c -> position(c, Tensor::argmin));
    add(
        onnx,
        "ReduceL1",
        (x, a) -> a.isEmpty() ? x.abs() : x.norm(1, a.axes, a.keep),
        (type, x, a) -> sum(type.isUnsigned() ? x : x.abs(), a));
    add(onnx, "ReduceL2", (x, a) -> a.isEmpty() ? x.abs() : x.norm(2, a.axes, a.keep));
    add(onnx, "ReduceLogSum", (x, a) -> sum(x, a).log());
    add(onnx, "ReduceLogSumExp", (x, a) -> a.isEmpty() ? x : x.logsumexp(a.axes, a.keep));
    onnx.add("ReduceMax", 1, Typing.ANY, c -> extremum(c, true));
    add(
        onnx,
        "ReduceMean",
        (x, a) -> a.isEmpty() ? x : x.mean(a.axes, a.keep),
        ReductionFamily::wholeMean);
    onnx.add("ReduceMin", 1, Typing.ANY, c -> extremum(c, false));
    add(onnx, "ReduceProd", ReductionFamily::product, (_, x, a) -> product(x, a));
    add(onnx, "ReduceSum", ReductionFamily::sum, (_, x, a) -> sum(x, a));
    add(onnx, "ReduceSumSquare", (x, a) -> sum(x.square(), a), (_, x, a) -> sum(x.square(), a));
  }

  /** Adds a function that is one of whole numbers too, with the overflow of their type. */
  private static void add(
      Registry onnx, String name, Reduction reduction, WholeReduction wholeReduction) {
    onnx.add(
        name,
        1,
        Typing.ANY,
        c -> {
          ElementType type = Numbers.firstType(c);
          Tensor x = c.tensor(0);
          Axes axes = axes(c);
          return x.dtype().isFloating()
              ? List.of(Value.of(reduction.apply(x, axes)))
              : Numbers.result(type, wholeReduction.apply(type, x, axes).to(x.dtype()));
        });
  }

  /** Adds a function whose values of whole numbers lose what follows the point. */
  private static void add(Registry onnx, String name, Reduction reduction) {
    onnx.add(
        name,
        1,
        Typing.ANY,
        c -> {
          ElementType type = Numbers.firstType(c);
          boolean floating = type.carrier().isFloating();
          Tensor x = floating ? c.tensor(0) : Conversions.cast(c.dense(0), DOUBLE).tensor();
          Value.Dense result = Value.of(reduction.apply(x, axes(c)));
          return List.of(Conversions.cast(result, type));
        });
  }

  private static Tensor wholeMean(ElementType type, Tensor x, Axes axes) {
    Tensor sum = sum(x, axes);
    long count = Math.max(1, axes.count(x));
    return type == UINT64
        ? Unsigned.divide(sum, Tensor.of(new long[] {count}, new long[0]))
        : sum.truncDivide(count);
  }

  private static Tensor product(Tensor x, Axes axes) {
    return axes.isEmpty() ? x : x.prod(axes.axes, axes.keep);
  }

  private static Tensor sum(Tensor x, Axes axes) {
    return axes.isEmpty() ? x : x.sum(axes.axes, axes.keep);
  }

  private static Axes axes(Call call) {
    Tensor x = call.tensor(0);
    long[] given = call.has(1) ? call.longs(1) : call.integers("axes");
    boolean keep = call.flag("keepdims", true);
    if (given != null && given.length > 0) {
      return new Axes(
          Arrays.stream(given).mapToInt(axis -> call.axis(axis, x.rank())).toArray(), keep);
    }
    return call.flag("noop_with_empty_axes", false)
        ? new Axes(new int[0], keep)
        : new Axes(IntStream.range(0, x.rank()).toArray(), keep);
  }

  private static List<Value> extremum(Call call, boolean largest) {
    ElementType type = Numbers.firstType(call);
    Axes axes = axes(call);
    Tensor x = call.tensor(0);
    if (axes.isEmpty()) {
      return List.of(call.value(0));
    }
    if (axes.count(x) == 0) {
      Tensor none = none(type, largest);
      return List.of(new Value.Dense(type, none.expand(axes.shape(x)).contiguous()));
    }
    Tensor ordered = Unsigned.ordered(type, x);
    Tensor result =
        largest ? ordered.amax(axes.axes, axes.keep) : ordered.amin(axes.axes, axes.keep);
    return List.of(new Value.Dense(type, Unsigned.ordered(type, result)));
  }

  /** The largest of no elements is what no element is below, and the smallest likewise. */
  private static Tensor none(ElementType type, boolean largest) {
    DType dtype = type.carrier();
    if (dtype.isFloating()) {
      return Tensor.full(dtype, largest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (dtype == DType.BOOL) {
      return Tensor.full(dtype, largest ? 0 : 1);
    }
    boolean unsigned = type.isUnsigned();
    long most = -1L >>> (Long.SIZE - type.bits() + (unsigned ? 0 : 1));
    long value = largest ? (unsigned ? 0 : -most - 1) : most;
    return Tensor.of(new long[] {value}, new long[0]).to(dtype);
  }

  private static List<Value> position(Call call, Position position) {
    ElementType type = Numbers.firstType(call);
    Tensor x = Unsigned.ordered(type, call.tensor(0));
    int axis = call.axis(call.integer("axis", 0), x.rank());
    boolean keep = call.flag("keepdims", true);
    Tensor places =
        call.flag("select_last_index", false)
            ? position.of(x.flip(axis), axis, keep).rsub(x.dim(axis) - 1)
            : position.of(x, axis, keep);
    return List.of(Value.of(places));
  }
}
