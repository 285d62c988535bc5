package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** What {@link Stochastic} operators check alike. */
final class Draws {
  private Draws() {}

  /** Checks that a probability to be dropped is one. */
  static void probability(String name, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(name + ": p " + p + ", expected a number from 0 to 1");
    }
  }

  /** Checks that an argument is a finite number. */
  static void finite(String name, String argument, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          name + ": " + argument + " " + value + ", expected a finite number");
    }
  }

  /** Checks that real numbers can be of a dtype. */
  static void floating(String name, DType dtype) {
    if (!dtype.isFloating()) {
      throw new IllegalArgumentException(
          name + ": dtype " + dtype.spelling() + ", expected a floating-point one");
    }
  }

  /** Checks that an input is a seed and an offset. */
  static void seed(Op op, Layout seed) {
    Checks.check(
        seed.dtype() == DType.I64 && seed.shape().equals(Shape.of(2)),
        op,
        "seed is " + seed.dtype().spelling() + seed.shape() + ", expected i64[2]");
  }

  /** Checks that the one input is a seed, and returns the layout of what is drawn. */
  static List<Layout> infer(Op op, List<Layout> inputs, DType dtype, Shape shape) {
    Checks.inputs(op, inputs, 1);
    seed(op, inputs.getFirst());
    return List.of(Layout.of(dtype, shape));
  }

  /**
   * Checks the inputs of a dropout, and returns the layout of its result.
   *
   * @param shared the last dimensions whose elements share one draw
   */
  static List<Layout> dropout(Op op, List<Layout> inputs, int shared) {
    Checks.inputs(op, inputs, 2);
    Layout x = inputs.getFirst();
    Checks.floating(op, x, "input 0");
    Checks.check(
        x.rank() >= shared,
        op,
        "input has shape " + x.shape() + ", expected " + shared + " dimensions or more");
    seed(op, inputs.getLast());
    return List.of(Layout.like(x, x.dtype(), x.shape()));
  }
}
