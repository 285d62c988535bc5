package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.Op;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Variance;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Reductions over the last axis, the first, those between, several and all. */
final class ReductionCases {
  private ReductionCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (ReduceFunction function : ReduceFunction.values()) {
      Tolerance tolerance = function == ReduceFunction.MAX ? Tolerance.exact() : Tolerance.sum();
      axes(
          cases,
          function.spelling(),
          tolerance,
          (axes, keepDims) -> new Reduce(function, axes, keepDims));
    }
    axes(cases, "var", Tolerance.sum(), (axes, keepDims) -> new Variance(axes, 1, keepDims));
    none(cases);
    integers(cases);
    maxWithIndices(cases);
    cases.add(
        Case.of(
            "var/population",
            new Variance(Ints.of(1), 0, false),
            Tolerance.sum(),
            Operand.of(5, 13)));
    cases.add(
        Case.of("var/one", new Variance(Ints.of(1), 1, false), Tolerance.sum(), Operand.of(5, 1)));
    cases.add(
        Case.of(
            "var/far-from-zero-last",
            new Variance(Ints.of(1), 1, false),
            Tolerance.sum(),
            far(3, 702)));
    cases.add(
        Case.of(
            "var/far-from-zero-first",
            new Variance(Ints.of(0), 1, false),
            Tolerance.sum(),
            far(702, 37)));
    return List.copyOf(cases);
  }

  @FunctionalInterface
  private interface Maker {
    Op make(Ints axes, boolean keepDims);
  }

  private static void axes(List<Case> cases, String name, Tolerance tolerance, Maker maker) {
    cases.add(Case.of(name + "/scalar", maker.make(Ints.of(), false), tolerance, Operand.of()));
    cases.add(
        Case.of(name + "/scalar-axis", maker.make(Ints.of(-1), true), tolerance, Operand.of()));
    for (int size : new int[] {1, 13, 207, 702, 4098, 9001}) {
      cases.add(
          Case.of(name + "/" + size, maker.make(Ints.of(), false), tolerance, Operand.of(size)));
    }
    cases.add(
        Case.of(name + "/last", maker.make(Ints.of(-1), false), tolerance, Operand.of(5, 207)));
    cases.add(
        Case.of(name + "/first", maker.make(Ints.of(0), false), tolerance, Operand.of(702, 37)));
    cases.add(
        Case.of(name + "/middle", maker.make(Ints.of(1), true), tolerance, Operand.of(3, 13, 21)));
    cases.add(
        Case.of(
            name + "/outer-two",
            maker.make(Ints.of(0, 2), false),
            tolerance,
            Operand.of(4, 5, 13)));
    cases.add(
        Case.of(
            name + "/spatial", maker.make(Ints.of(2, 3), true), tolerance, Operand.of(2, 3, 5, 7)));
    cases.add(
        Case.of(
            name + "/batch-norm",
            maker.make(Ints.of(0, 2, 3), false),
            tolerance,
            Operand.of(2, 3, 5, 7)));
    cases.add(Case.of(name + "/all", maker.make(Ints.of(), false), tolerance, Operand.of(3, 5, 7)));
    cases.add(
        Case.of(name + "/no-rows", maker.make(Ints.of(1), false), tolerance, Operand.of(0, 5)));
    cases.add(
        Case.of(
                name + "/last-1024x1024",
                maker.make(Ints.of(1), false),
                tolerance,
                Operand.of(1024, 1024))
            .bench());
    cases.add(
        Case.of(
                name + "/first-1024x1024",
                maker.make(Ints.of(0), false),
                tolerance,
                Operand.of(1024, 1024))
            .bench());
    cases.add(
        Case.of(
                name + "/all-1024x1024",
                maker.make(Ints.of(), false),
                tolerance,
                Operand.of(1024, 1024))
            .bench());
  }

  /** Nothing to reduce: 0 or NaN, and for a maximum an error, which is no case. */
  private static void none(List<Case> cases) {
    Operand none = Operand.of(3, 0);
    cases.add(
        Case.of(
            "sum/none", new Reduce(ReduceFunction.SUM, Ints.of(1), false), Tolerance.sum(), none));
    cases.add(
        Case.of(
            "mean/none",
            new Reduce(ReduceFunction.MEAN, Ints.of(1), false),
            Tolerance.sum(),
            none));
    cases.add(Case.of("var/none", new Variance(Ints.of(1), 1, false), Tolerance.sum(), none));
  }

  private static void integers(List<Case> cases) {
    for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64, DType.BOOL)) {
      Operand x = whole(dtype, 3, 13, 7);
      String suffix = "/" + dtype.spelling();
      cases.add(
          Case.of(
                  "sum" + suffix,
                  new Reduce(ReduceFunction.SUM, Ints.of(1), false),
                  Tolerance.exact(),
                  x)
              .with(dtype));
      cases.add(
          Case.of(
                  "amax" + suffix,
                  new Reduce(ReduceFunction.MAX, Ints.of(0, 2), true),
                  Tolerance.exact(),
                  x)
              .with(dtype));
      cases.add(
          Case.of("max" + suffix, new MaxWithIndices(-1, false), Tolerance.exact(), x).with(dtype));
    }
  }

  private static Operand whole(DType dtype, long... shape) {
    long bound = dtype == DType.BOOL ? 2 : 100;
    return new Operand(Shape.of(shape), new Operand.Values.Index(dtype, bound), false);
  }

  private static void maxWithIndices(List<Case> cases) {
    cases.add(max("scalar", -1, true, Operand.of()));
    cases.add(max("one", 0, false, Operand.of(1)));
    cases.add(max("last", -1, false, Operand.of(5, 207)));
    cases.add(max("last-4098", 1, true, Operand.of(2, 4098)));
    cases.add(max("first", 0, false, Operand.of(13, 37)));
    cases.add(max("middle", 1, true, Operand.of(3, 13, 21)));
    cases.add(max("no-rows", 1, false, Operand.of(0, 5)));
    // Few different values: the first of many equal ones counts.
    Operand equal =
        new Operand(Shape.of(8, 40), new Operand.Values.Given(null, 1, 3, 2, 3, 3, 0), false);
    cases.add(max("equal-last", 1, false, equal));
    cases.add(max("equal-first", 0, false, equal));
    cases.add(max("last-1024x1024", 1, false, Operand.of(1024, 1024)).bench());
    cases.add(max("first-1024x1024", 0, false, Operand.of(1024, 1024)).bench());
  }

  private static Case max(String name, int axis, boolean keepDims, Operand x) {
    return Case.of("max/" + name, new MaxWithIndices(axis, keepDims), Tolerance.exact(), x);
  }

  /** Numbers about 10000, of deviation 1. */
  private static Operand far(long... shape) {
    return new Operand(
        Shape.of(shape), new Operand.Values.Uniform(10000 - 1.7, 10000 + 1.7), false);
  }
}
