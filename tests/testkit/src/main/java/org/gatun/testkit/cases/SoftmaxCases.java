package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Shape;
import org.gatun.op.LogSoftmax;
import org.gatun.op.Probability;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Softmax, its logarithm and their gradients along the last axis and along others. */
final class SoftmaxCases {
  private record Along(String name, int axis, long... shape) {}

  private static final List<Along> SMALL =
      List.of(
          new Along("scalar", 0),
          new Along("one", -1, 3, 1),
          new Along("13", -1, 13),
          new Along("207", -1, 5, 207),
          new Along("4098", -1, 2, 4098),
          new Along("first", 0, 13, 37),
          new Along("first-long", 0, 300, 5),
          new Along("middle", 1, 3, 13, 21),
          new Along("channels", 1, 2, 5, 3, 7),
          new Along("no-rows", -1, 0, 5),
          new Along("no-columns", -1, 5, 0));

  private static final List<Along> LARGE =
      List.of(
          new Along("10000x10", -1, 10000, 10),
          new Along("128x1000", -1, 128, 1000),
          new Along("1536x128", -1, 1536, 128),
          new Along("channels-8x21x64x64", 1, 8, 21, 64, 64));

  private SoftmaxCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    SMALL.forEach(along -> addAll(cases, along, false));
    LARGE.forEach(along -> addAll(cases, along, true));
    return List.copyOf(cases);
  }

  private static void addAll(List<Case> cases, Along along, boolean benchmark) {
    Operand x = uniform(-10, 10, along.shape);
    // Rounded are the exponential, the sum of exponentials and its reciprocal.
    add(cases, along, benchmark, new Softmax(along.axis), Tolerance.ulps(8), x);
    // Near 0, where one element has all of the sum, the logarithm of the sum is what is rounded.
    add(cases, along, benchmark, new LogSoftmax(along.axis), new Tolerance.Ulps(4, 4), x);
    Operand g = Operand.of(along.shape);
    add(
        cases,
        along,
        benchmark,
        new SoftmaxGradient(along.axis, false),
        Tolerance.sum(),
        g,
        uniform(0, 1, along.shape));
    // The exponential is a few units in the last place off, whatever the number of terms.
    add(
        cases,
        along,
        benchmark,
        new SoftmaxGradient(along.axis, true),
        new Tolerance.Sum(4),
        g,
        uniform(-10, 0, along.shape));
  }

  private static Operand uniform(double low, double high, long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Uniform(low, high), false);
  }

  private static void add(
      List<Case> cases,
      Along along,
      boolean benchmark,
      Probability op,
      Tolerance tolerance,
      Operand... operands) {
    Case c = Case.of(op.name() + "/" + along.name, op, tolerance, operands);
    cases.add(benchmark ? c.bench() : c);
  }
}
