package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Norm;
import org.gatun.op.NuclearNorm;
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
      axes(
          cases,
          function.spelling(),
          tolerance(function),
          (axes, keepDims) -> new Reduce(function, axes, keepDims),
          operands(function));
    }
    axes(cases, "var", Tolerance.sum(), (axes, keepDims) -> new Variance(axes, 1, keepDims));
    axes(
        cases,
        "std_mean",
        Tolerance.sum(),
        (axes, keepDims) -> new Variance(axes, 1, true, true, keepDims));
    for (double order : new double[] {1, 2}) {
      norms(cases, order, Tolerance.sum());
    }
    norms(cases, Double.POSITIVE_INFINITY, Tolerance.exact());
    for (double order : new double[] {0, 0.5, 1.5, 3, -1, -2}) {
      few(cases, order, Tolerance.sum());
    }
    few(cases, Double.NEGATIVE_INFINITY, Tolerance.exact());
    none(cases);
    integers(cases);
    extrema(cases, "max", MaxWithIndices::new);
    extrema(cases, "min", MinWithIndices::new);
    special(cases);
    cosines(cases);
    nuclearNorms(cases);
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

  private static Tolerance tolerance(ReduceFunction function) {
    return switch (function) {
      case ALL, ANY, COUNT_NONZERO, MAX, MIN -> Tolerance.exact();
      case LOG_SUM_EXP, MEAN, NAN_SUM, PROD, SUM -> Tolerance.sum();
    };
  }

  /** Factors near 1, so that products neither vanish nor grow beyond; zeros to be counted. */
  private static Function<long[], Operand> operands(ReduceFunction function) {
    return switch (function) {
      case ALL, ANY, COUNT_NONZERO ->
          shape -> given(shape, 1, 0, -3, 0, Double.NaN, 0.25, -0.0, 1, 1, 0, 2);
      case PROD ->
          shape -> new Operand(Shape.of(shape), new Operand.Values.Uniform(0.6, 1.5), false);
      case LOG_SUM_EXP, MAX, MEAN, MIN, NAN_SUM, SUM -> Operand::of;
    };
  }

  private static Operand given(long[] shape, double... numbers) {
    return new Operand(Shape.of(shape), new Operand.Values.Given(null, numbers), false);
  }

  private static void norms(List<Case> cases, double order, Tolerance tolerance) {
    axes(
        cases,
        "vector_norm/" + order,
        tolerance,
        (axes, keepDims) -> new Norm(order, axes, keepDims));
  }

  private static void few(List<Case> cases, double order, Tolerance tolerance) {
    String name = "vector_norm/" + order;
    Operand x = Operand.of(3, 13, 21);
    cases.add(Case.of(name + "/last", new Norm(order, Ints.of(-1), false), tolerance, x));
    cases.add(Case.of(name + "/first", new Norm(order, Ints.of(0), true), tolerance, x));
    cases.add(Case.of(name + "/all", new Norm(order, Ints.of(), false), tolerance, x));
  }

  /** Values that a kernel may get wrong: those whose squares overflow, infinite exponents. */
  private static void special(List<Case> cases) {
    double[] vast = {1e30, -1e-30, 3e30, 0};
    double[] tiny = {1e-30, -2e-30, 0, 3e-30};
    for (int axis : new int[] {0, 1}) {
      cases.add(
          Case.of(
              "vector_norm/vast-" + axis,
              new Norm(2, Ints.of(axis), false),
              Tolerance.sum(),
              given(new long[] {37, 41}, vast)));
      cases.add(
          Case.of(
              "vector_norm/tiny-" + axis,
              new Norm(2, Ints.of(axis), false),
              Tolerance.sum(),
              given(new long[] {37, 41}, tiny)));
      cases.add(
          Case.of(
              "logsumexp/minus-infinity-" + axis,
              new Reduce(ReduceFunction.LOG_SUM_EXP, Ints.of(axis), false),
              Tolerance.sum(),
              given(new long[] {37, 37}, Double.NEGATIVE_INFINITY)));
      cases.add(
          Case.of(
              "logsumexp/vast-" + axis,
              new Reduce(ReduceFunction.LOG_SUM_EXP, Ints.of(axis), false),
              Tolerance.sum(),
              given(new long[] {37, 41}, 1e30, -1e30, 700, 90, -90)));
      cases.add(
          Case.of(
              "prod/partial-overflow-" + axis,
              new Reduce(ReduceFunction.PROD, Ints.of(axis), false),
              Tolerance.sum(),
              given(new long[] {40, 40}, 1e20, 1e-20, -1e20, 1e-20)));
      cases.add(
          Case.of(
              "nansum/only-nan-" + axis,
              new Reduce(ReduceFunction.NAN_SUM, Ints.of(axis), false),
              Tolerance.sum(),
              given(new long[] {17, 17}, Double.NaN)));
    }
  }

  private static void cosines(List<Case> cases) {
    cases.add(cosine("scalars", 0, 1e-8, Operand.of(), Operand.of()));
    cases.add(cosine("vectors", -1, 0.5, Operand.of(207), Operand.of(207)));
    cases.add(cosine("last", -1, 1e-8, Operand.of(5, 702), Operand.of(5, 702)));
    cases.add(cosine("first", 0, 1e-8, Operand.of(21, 37), Operand.of(21, 37)));
    cases.add(cosine("broadcast", -1, 1e-8, Operand.of(7, 1, 13), Operand.of(5, 13)));
    cases.add(cosine("broadcast-axis", 1, 1e-8, Operand.of(7, 1, 13), Operand.of(5, 1)));
    cases.add(cosine("none", 1, 1e-8, Operand.of(3, 0), Operand.of(3, 0)));
    cases.add(cosine("zeros", 1, 1e-8, given(new long[] {3, 4}, 0), Operand.of(3, 4)));
    cases.add(cosine("1024x768", 1, 1e-8, Operand.of(1024, 768), Operand.of(1024, 768)).bench());
  }

  private static void nuclearNorms(List<Case> cases) {
    cases.add(nuclear("square", new NuclearNorm(0, 1, false), Operand.of(7, 7)));
    cases.add(nuclear("wide", new NuclearNorm(-2, -1, true), Operand.of(3, 5, 13)));
    cases.add(nuclear("tall", new NuclearNorm(2, 0, false), Operand.of(5, 3, 21)));
    cases.add(nuclear("rank-one", new NuclearNorm(0, 1, false), given(new long[] {6, 4}, 1, -2)));
    cases.add(nuclear("empty", new NuclearNorm(1, 2, false), Operand.of(3, 0, 2)));
    cases.add(nuclear("64@16", new NuclearNorm(1, 2, false), Operand.of(16, 64, 64)).bench());
  }

  private static Case nuclear(String name, NuclearNorm op, Operand x) {
    return Case.of("nuclear_norm/" + name, op, Tolerance.sum(), x);
  }

  private static Case cosine(String name, int axis, double eps, Operand a, Operand b) {
    return Case.of(
        "cosine_similarity/" + name, new CosineSimilarity(axis, eps), Tolerance.sum(), a, b);
  }

  private static void axes(List<Case> cases, String name, Tolerance tolerance, Maker maker) {
    axes(cases, name, tolerance, maker, Operand::of);
  }

  private static void axes(
      List<Case> cases,
      String name,
      Tolerance tolerance,
      Maker maker,
      Function<long[], Operand> operand) {
    cases.add(
        Case.of(
            name + "/scalar",
            maker.make(Ints.of(), false),
            tolerance,
            operand.apply(new long[] {})));
    cases.add(
        Case.of(
            name + "/scalar-axis",
            maker.make(Ints.of(-1), true),
            tolerance,
            operand.apply(new long[] {})));
    for (int size : new int[] {1, 13, 207, 702, 4098, 9001}) {
      cases.add(
          Case.of(
              name + "/" + size,
              maker.make(Ints.of(), false),
              tolerance,
              operand.apply(new long[] {size})));
    }
    cases.add(
        Case.of(
            name + "/last",
            maker.make(Ints.of(-1), false),
            tolerance,
            operand.apply(new long[] {5, 207})));
    cases.add(
        Case.of(
            name + "/first",
            maker.make(Ints.of(0), false),
            tolerance,
            operand.apply(new long[] {702, 37})));
    cases.add(
        Case.of(
            name + "/narrow",
            maker.make(Ints.of(0), false),
            tolerance,
            operand.apply(new long[] {3001, 3})));
    cases.add(
        Case.of(
            name + "/middle",
            maker.make(Ints.of(1), true),
            tolerance,
            operand.apply(new long[] {3, 13, 21})));
    cases.add(
        Case.of(
            name + "/outer-two",
            maker.make(Ints.of(0, 2), false),
            tolerance,
            operand.apply(new long[] {4, 5, 13})));
    cases.add(
        Case.of(
            name + "/spatial",
            maker.make(Ints.of(2, 3), true),
            tolerance,
            operand.apply(new long[] {2, 3, 5, 7})));
    cases.add(
        Case.of(
            name + "/batch-norm",
            maker.make(Ints.of(0, 2, 3), false),
            tolerance,
            operand.apply(new long[] {2, 3, 5, 7})));
    cases.add(
        Case.of(
            name + "/all",
            maker.make(Ints.of(), false),
            tolerance,
            operand.apply(new long[] {3, 5, 7})));
    cases.add(
        Case.of(
            name + "/no-rows",
            maker.make(Ints.of(1), false),
            tolerance,
            operand.apply(new long[] {0, 5})));
    cases.add(
        Case.of(
                name + "/last-1024x1024",
                maker.make(Ints.of(1), false),
                tolerance,
                operand.apply(new long[] {1024, 1024}))
            .bench());
    cases.add(
        Case.of(
                name + "/first-1024x1024",
                maker.make(Ints.of(0), false),
                tolerance,
                operand.apply(new long[] {1024, 1024}))
            .bench());
    cases.add(
        Case.of(
                name + "/first-100001x3",
                maker.make(Ints.of(0), false),
                tolerance,
                operand.apply(new long[] {100_001, 3}))
            .bench());
    cases.add(
        Case.of(
                name + "/all-1024x1024",
                maker.make(Ints.of(), false),
                tolerance,
                operand.apply(new long[] {1024, 1024}))
            .bench());
  }

  /** Nothing to reduce: 0, 1 or NaN, and for a maximum an error, which is no case. */
  private static void none(List<Case> cases) {
    Operand none = Operand.of(3, 0);
    for (ReduceFunction function : ReduceFunction.values()) {
      if (function != ReduceFunction.MAX && function != ReduceFunction.MIN) {
        cases.add(
            Case.of(
                function.spelling() + "/none",
                new Reduce(function, Ints.of(1), false),
                tolerance(function),
                none));
      }
    }
    cases.add(Case.of("var/none", new Variance(Ints.of(1), 1, false), Tolerance.sum(), none));
    cases.add(
        Case.of(
            "var_mean/none",
            new Variance(Ints.of(1), 1, false, true, false),
            Tolerance.sum(),
            none));
    cases.add(Case.of("vector_norm/none", new Norm(2, Ints.of(1), false), Tolerance.sum(), none));
  }

  private static void integers(List<Case> cases) {
    for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64, DType.BOOL)) {
      Operand x = whole(dtype, 3, 13, 7);
      String suffix = "/" + dtype.spelling();
      for (ReduceFunction function : ReduceFunction.values()) {
        if (function == ReduceFunction.MEAN || function == ReduceFunction.LOG_SUM_EXP) {
          continue;
        }
        cases.add(
            Case.of(
                    function.spelling() + suffix + "-middle",
                    new Reduce(function, Ints.of(1), false),
                    Tolerance.exact(),
                    x)
                .with(dtype));
        cases.add(
            Case.of(
                    function.spelling() + suffix + "-outer",
                    new Reduce(function, Ints.of(0, 2), true),
                    Tolerance.exact(),
                    x)
                .with(dtype));
        cases.add(
            Case.of(
                    function.spelling() + suffix + "-last",
                    new Reduce(function, Ints.of(-1), true),
                    Tolerance.exact(),
                    whole(dtype, 3, 702))
                .with(dtype));
      }
      cases.add(
          Case.of("max" + suffix, new MaxWithIndices(-1, false), Tolerance.exact(), x).with(dtype));
      cases.add(
          Case.of("min" + suffix, new MinWithIndices(1, false), Tolerance.exact(), x).with(dtype));
    }
  }

  private static Operand whole(DType dtype, long... shape) {
    long bound = dtype == DType.BOOL ? 2 : 4;
    return new Operand(Shape.of(shape), new Operand.Values.Index(dtype, bound), false);
  }

  @FunctionalInterface
  private interface AlongAxis {
    Op make(int axis, boolean keepDims);
  }

  private static void extrema(List<Case> cases, String name, AlongAxis maker) {
    cases.add(extremum(name + "/scalar", maker.make(-1, true), Operand.of()));
    cases.add(extremum(name + "/one", maker.make(0, false), Operand.of(1)));
    cases.add(extremum(name + "/last", maker.make(-1, false), Operand.of(5, 207)));
    cases.add(extremum(name + "/last-4098", maker.make(1, true), Operand.of(2, 4098)));
    cases.add(extremum(name + "/first", maker.make(0, false), Operand.of(13, 37)));
    cases.add(extremum(name + "/middle", maker.make(1, true), Operand.of(3, 13, 21)));
    cases.add(extremum(name + "/no-rows", maker.make(1, false), Operand.of(0, 5)));
    // Few different values: the first of many equal ones counts.
    Operand equal = given(new long[] {8, 40}, 1, 3, 0, 2, 3, 3, 0);
    cases.add(extremum(name + "/equal-last", maker.make(1, false), equal));
    cases.add(extremum(name + "/equal-first", maker.make(0, false), equal));
    Operand large = Operand.of(1024, 1024);
    cases.add(extremum(name + "/last-1024x1024", maker.make(1, false), large).bench());
    cases.add(extremum(name + "/first-1024x1024", maker.make(0, false), large).bench());
  }

  private static Case extremum(String name, Op op, Operand x) {
    return Case.of(name, op, Tolerance.exact(), x);
  }

  /** Numbers about 10000, of deviation 1. */
  private static Operand far(long... shape) {
    return new Operand(
        Shape.of(shape), new Operand.Values.Uniform(10000 - 1.7, 10000 + 1.7), false);
  }
}
