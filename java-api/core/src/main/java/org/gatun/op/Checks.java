package org.gatun.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** The checks that operators share; each throws what {@link Op#infer} documents. */
final class Checks {
  private Checks() {}

  /** Returns the exception {@code op: problem}. */
  static IllegalArgumentException error(Op op, String problem) {
    return new IllegalArgumentException(op.name() + ": " + problem);
  }

  /** Throws {@code op: problem} unless the condition holds. */
  static void check(boolean condition, Op op, String problem) {
    if (!condition) {
      throw error(op, problem);
    }
  }

  /** Checks that there are as many inputs as the operator takes. */
  static void inputs(Op op, List<Layout> inputs, int expected) {
    check(inputs.size() == expected, op, inputs.size() + " inputs, expected " + expected);
  }

  /** Returns the axis counted from the first dimension; negative ones count from the last. */
  static int axis(Op op, int axis, Shape shape) {
    // PyTorch takes axis 0 and -1 of a scalar as well.
    int rank = Math.max(1, shape.rank());
    check(axis >= -rank && axis < rank, op, "axis " + axis + " out of range for shape " + shape);
    return axis < 0 ? axis + rank : axis;
  }

  /**
   * Returns the axes in ascending order, counted from the first dimension; none given means all.
   */
  static int[] axes(Op op, Ints axes, Shape shape) {
    if (axes.size() == 0) {
      int[] all = new int[shape.rank()];
      Arrays.setAll(all, i -> i);
      return all;
    }
    List<Integer> resolved = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      int axis = axis(op, axes.get(i), shape);
      check(!resolved.contains(axis), op, "axis " + axes.get(i) + " given twice in " + axes);
      resolved.add(axis);
    }
    return resolved.stream().mapToInt(i -> i).sorted().filter(i -> i < shape.rank()).toArray();
  }

  /** Checks that an input has the type of another. */
  static void sameDType(Op op, List<Layout> inputs, int index, DType expected) {
    check(
        inputs.get(index).dtype() == expected,
        op,
        "input "
            + index
            + " has dtype "
            + inputs.get(index).dtype().spelling()
            + ", expected "
            + expected.spelling());
  }

  /** Checks that an input has floating-point elements. */
  static void floating(Op op, Layout input, String argument) {
    check(
        input.dtype().isFloating(),
        op,
        argument + " has dtype " + input.dtype().spelling() + ", expected a floating-point one");
  }

  /** Returns the shape that both broadcast to, by NumPy's rules. */
  static Shape broadcast(Op op, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] dims = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long m = i <= a.rank() ? a.dim(-i) : 1;
      long n = i <= b.rank() ? b.dim(-i) : 1;
      check(
          m == n || m == 1 || n == 1,
          op,
          "shapes " + a + " and " + b + " do not broadcast: " + m + " against " + n);
      dims[rank - i] = m == 1 ? n : m;
    }
    return Shape.of(dims);
  }

  /** Returns the shape that all inputs broadcast to. */
  static Shape broadcast(Op op, List<Layout> inputs) {
    Shape shape = inputs.getFirst().shape();
    for (Layout input : inputs) {
      shape = broadcast(op, shape, input.shape());
    }
    return shape;
  }

  /** Checks that there are as many numbers as a function takes. */
  static void numbers(PointwiseFunction function, Doubles numbers) {
    if (numbers.size() != function.numbers().size()) {
      throw new IllegalArgumentException(
          function.spelling()
              + ": numbers "
              + numbers
              + ", expected "
              + (function.numbers().isEmpty() ? "none" : function.numbers()));
    }
  }

  /** Returns the result's layout of floating-point operands of one dtype that broadcast. */
  static Layout floatingOperands(Op op, List<Layout> inputs, int expected) {
    inputs(op, inputs, expected);
    Layout first = inputs.getFirst();
    floating(op, first, "input 0");
    Shape shape = first.shape();
    for (int i = 1; i < expected; i++) {
      sameDType(op, inputs, i, first.dtype());
      shape = broadcast(op, shape, inputs.get(i).shape());
    }
    return Layout.like(first, first.dtype(), shape);
  }

  /** Checks that there is an element to choose along the reduced axes. */
  static void someReduced(Op op, Shape shape, Ints axes) {
    for (int axis : axes(op, axes, shape)) {
      check(
          shape.dim(axis) > 0,
          op,
          "axis " + axis + " of shape " + shape + " has size 0, expected 1 or more");
    }
  }

  /** Returns the shape without the reduced axes, or with size 1 for each where they are kept. */
  static Shape reduced(Op op, Shape shape, Ints axes, boolean keepDims) {
    int[] resolved = axes(op, axes, shape);
    long[] kept = new long[shape.rank()];
    int rank = 0;
    int next = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      boolean reduce = next < resolved.length && resolved[next] == axis;
      next += reduce ? 1 : 0;
      if (!reduce || keepDims) {
        kept[rank++] = reduce ? 1 : shape.dim(axis);
      }
    }
    return Shape.of(Arrays.copyOf(kept, rank));
  }
}
