package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Op;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Where;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Functions of single elements, of awkward numbers of them, and every way to broadcast. */
final class PointwiseCases {
  private static final int[] SIZES = {1, 13, 207, 702, 4098};

  /** A sum of which parts may cancel: as exact as the parts, which are between -1 and 1. */
  private static final Tolerance CANCELS = new Tolerance.Ulps(4, 4);

  private static final Set<DType> WHOLE =
      EnumSet.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64, DType.BOOL);

  private PointwiseCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (UnaryFunction function : UnaryFunction.values()) {
      unary(cases, function);
    }
    for (BinaryFunction function : BinaryFunction.values()) {
      binary(cases, function);
    }
    for (TernaryFunction function : TernaryFunction.values()) {
      ternary(cases, function);
    }
    where(cases);
    return List.copyOf(cases);
  }

  /** Returns whether an operator takes these dtypes. */
  private static boolean takes(Op op, int operands, DType dtype) {
    try {
      op.infer(java.util.Collections.nCopies(operands, org.gatun.Layout.of(dtype, Shape.of())));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  // Of one element.

  private static double[] numbers(UnaryFunction function) {
    return switch (function) {
      case CLAMP -> new double[] {-2, 5};
      case CLAMP_MAX -> new double[] {5};
      case CLAMP_MIN -> new double[] {-2};
      case LOGIT -> new double[] {0.1};
      case NAN_TO_NUM -> new double[] {1.5, 100, -100};
      case ROUND_DECIMALS -> new double[] {100, 1};
      default -> new double[0];
    };
  }

  private static Tolerance tolerance(UnaryFunction function) {
    return switch (function) {
      case ABS,
          BITWISE_NOT,
          CEIL,
          CLAMP,
          CLAMP_MAX,
          CLAMP_MIN,
          FLOOR,
          FRAC,
          ISFINITE,
          ISINF,
          ISNAN,
          ISNEGINF,
          ISPOSINF,
          LOGICAL_NOT,
          NAN_TO_NUM,
          NEG,
          RECIPROCAL,
          RELU,
          ROUND,
          SIGN,
          SIGNBIT,
          SQRT,
          SQUARE,
          TRUNC ->
          Tolerance.exact();
      case DEG2RAD, RAD2DEG, ROUND_DECIMALS, RSQRT -> Tolerance.ulps(2);
      // The series and the fraction of the reference lose some units of a double themselves.
      case ERF, ERFC, ERFINV -> Tolerance.ulps(10);
      default -> Tolerance.ulps(5);
    };
  }

  /** Numbers on both sides of where a function bends, is flat, and ends. */
  private static Operand argument(UnaryFunction function, long... shape) {
    return switch (function) {
      case ACOS, ASIN, ATANH, ERFINV -> uniform(-1.05, 1.05, shape);
      case ACOSH -> uniform(0.9, 12, shape);
      case LOG, LOG10, LOG1P, LOG2, RSQRT, SQRT -> uniform(-0.5, 12, shape);
      case LOGIT -> uniform(-0.1, 1.1, shape);
      default -> uniform(-12, 12, shape);
    };
  }

  private static Operand uniform(double low, double high, long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Uniform(low, high), false);
  }

  private static void unary(List<Case> cases, UnaryFunction function) {
    Unary op = new Unary(function, numbers(function));
    String name = name(function);
    Tolerance tolerance = tolerance(function);
    if (takes(op, 1, DType.F32)) {
      cases.add(Case.of(name + "/scalar", op, tolerance, argument(function)));
      cases.add(Case.of(name + "/empty", op, tolerance, argument(function, 3, 0, 2)));
      for (int size : SIZES) {
        cases.add(Case.of(name + "/" + size, op, tolerance, argument(function, size)));
      }
      cases.add(Case.of(name + "/2x3x5x7", op, tolerance, argument(function, 2, 3, 5, 7)));
      cases.add(Case.of(name + "/16K", op, tolerance, argument(function, 16, 1024)).bench());
      if (function != UnaryFunction.ERFINV) {
        cases.add(Case.of(name + "/1M", op, tolerance, argument(function, 1024, 1024)).bench());
      }
    }
    if (function == UnaryFunction.RELU) {
      cases.add(Case.of(name + "/4M", op, tolerance, argument(function, 4, 1024, 1024)).bench());
    }
    for (DType dtype : WHOLE) {
      if (takes(op, 1, dtype)) {
        cases.add(
            Case.of(name + "/" + dtype.spelling(), op, Tolerance.exact(), whole(dtype, 5, 13))
                .with(dtype));
        cases.add(
            Case.of(
                    name + "/" + dtype.spelling() + "-2050",
                    op,
                    Tolerance.exact(),
                    whole(dtype, 2050))
                .with(dtype));
      }
    }
    if (function == UnaryFunction.BITWISE_NOT) {
      cases.add(
          Case.of(name + "/1M", op, tolerance, whole(DType.I32, 1024, 1024))
              .with(DType.I32)
              .bench());
    }
    if (function == UnaryFunction.LOGIT) {
      cases.add(
          Case.of(
              name + "/unclamped", new Unary(function, -1), tolerance, argument(function, 207)));
      cases.add(
          Case.of(
              name + "/bounds-crossed",
              new Unary(function, 1),
              tolerance,
              argument(function, 207)));
    }
    if (function == UnaryFunction.ROUND_DECIMALS) {
      cases.add(
          Case.of(name + "/tens", new Unary(function, 1, 10), tolerance, argument(function, 207)));
    }
  }

  private static String name(Enum<?> function) {
    return function.name().toLowerCase(java.util.Locale.ROOT);
  }

  // Of two elements.

  private static double[] numbers(BinaryFunction function) {
    return switch (function) {
      case ADD_SCALED -> new double[] {3};
      case ISCLOSE, ISCLOSE_NAN -> new double[] {0.25, 0.125};
      case LERP -> new double[] {0.3};
      default -> new double[0];
    };
  }

  private static Tolerance tolerance(BinaryFunction function) {
    return switch (function) {
      case ADD_SCALED, LERP, LOGADDEXP, LOGADDEXP2 -> CANCELS;
      case ATAN2, HYPOT, POW, XLOGY -> Tolerance.ulps(5);
      default -> Tolerance.exact();
    };
  }

  private static void binary(List<Case> cases, BinaryFunction function) {
    Binary op = new Binary(function, numbers(function));
    if (takes(op, 2, DType.F32)) {
      floating(cases, op);
    }
    for (DType dtype : WHOLE) {
      if (takes(op, 2, dtype)) {
        String name = name(function) + "/" + dtype.spelling();
        Operand right = divisors(function, dtype, 13);
        Operand one = divisors(function, dtype);
        cases.add(Case.of(name, op, Tolerance.exact(), whole(dtype, 5, 13), right).with(dtype));
        cases.add(
            Case.of(name + "-2050", op, Tolerance.exact(), whole(dtype, 2050), one).with(dtype));
      }
    }
    if (!takes(op, 2, DType.F32)) {
      cases.add(
          Case.of(
                  name(function) + "/1M",
                  op,
                  Tolerance.exact(),
                  whole(DType.I32, 1024, 1024),
                  divisors(function, DType.I32, 1024, 1024))
              .with(DType.I32)
              .bench());
    }
  }

  private static void floating(List<Case> cases, Binary op) {
    cases.add(of(op, "scalars", Operand.of(), Operand.of()));
    cases.add(of(op, "empty", Operand.of(3, 0), Operand.of(1, 1)));
    for (int size : SIZES) {
      cases.add(of(op, "" + size, Operand.of(size), Operand.of(size)));
    }
    cases.add(of(op, "scalar-right", Operand.of(13, 7), Operand.of()));
    cases.add(of(op, "scalar-left", Operand.of(), Operand.of(13, 7)));
    cases.add(of(op, "row", Operand.of(5, 13), Operand.of(13)));
    cases.add(of(op, "short-rows", Operand.of(211, 13), Operand.of(13)));
    cases.add(of(op, "column", Operand.of(5, 13), Operand.of(5, 1)));
    cases.add(of(op, "outer", Operand.of(5, 1), Operand.of(1, 13)));
    cases.add(of(op, "channels", Operand.of(2, 3, 4, 5), Operand.of(3, 1, 1)));
    cases.add(of(op, "middle", Operand.of(2, 1, 4, 1), Operand.of(3, 1, 5)));
    cases.add(of(op, "images", Operand.of(2, 3, 4, 5), Operand.of(2, 3, 4, 5)));
    cases.add(of(op, "some-equal", some(13, 1, 2, 0, 2.25, -3), some(13, 1, 2.5, 0, 2, -3, -3)));
    cases.add(of(op, "16K", Operand.of(16, 1024), Operand.of(16, 1024)).bench());
    cases.add(of(op, "1M", Operand.of(1024, 1024), Operand.of(1024, 1024)).bench());
    if (op.function() == BinaryFunction.ADD) {
      cases.add(
          of(op, "8x64x56x56+64x1x1", Operand.of(8, 64, 56, 56), Operand.of(64, 1, 1)).bench());
      cases.add(of(op, "4M", Operand.of(4, 1 << 20), Operand.of(4, 1 << 20)).bench());
    }
  }

  private static Case of(Binary op, String name, Operand a, Operand b) {
    return Case.of(name(op.function()) + "/" + name, op, tolerance(op.function()), a, b);
  }

  private static Operand some(long count, double... numbers) {
    return new Operand(Shape.of(count), new Operand.Values.Given(null, numbers), false);
  }

  private static Operand whole(DType dtype, long... shape) {
    double[] numbers =
        switch (dtype) {
          case BOOL -> new double[] {0, 1, 1};
          case U8 -> new double[] {0, 1, 7, 2, 100, 255, 30};
          default -> new double[] {0, -1, 7, -2, 100, -128, 127, 30};
        };
    return new Operand(Shape.of(shape), new Operand.Values.Given(dtype, numbers), false);
  }

  /** Integers that a function may divide by, or raise to, or shift by. */
  private static Operand divisors(BinaryFunction function, DType dtype, long... shape) {
    double[] numbers =
        switch (function) {
          case DIV_FLOOR, DIV_TRUNC, FMOD, REMAINDER ->
              dtype == DType.U8 ? new double[] {3, 1, 100} : new double[] {3, -1, -7, 1, 100};
          case POW -> dtype == DType.BOOL ? new double[] {0, 1} : new double[] {3, 0, 1, 2};
          case SHIFT_LEFT, SHIFT_RIGHT ->
              dtype == DType.BOOL ? new double[] {0, 1} : new double[] {3, 0, 1, 2, 9};
          default -> null;
        };
    return numbers == null
        ? whole(dtype, shape)
        : new Operand(Shape.of(shape), new Operand.Values.Given(dtype, numbers), false);
  }

  // Of three elements.

  private static void ternary(List<Case> cases, TernaryFunction function) {
    double[] numbers =
        switch (function) {
          case ADDCDIV, ADDCMUL -> new double[] {3};
          case CLAMP, LERP -> new double[0];
        };
    Ternary op = new Ternary(function, numbers);
    Tolerance tolerance = function == TernaryFunction.CLAMP ? Tolerance.exact() : CANCELS;
    String name = "ternary-" + name(function);
    three(cases, name, op, tolerance, Operand.of(), Operand.of(), Operand.of(), "scalars");
    three(cases, name, op, tolerance, Operand.of(0, 3), Operand.of(3), Operand.of(), "empty");
    for (int size : SIZES) {
      three(
          cases,
          name,
          op,
          tolerance,
          Operand.of(size),
          Operand.of(size),
          Operand.of(size),
          "" + size);
    }
    three(
        cases,
        name,
        op,
        tolerance,
        Operand.of(5, 13),
        Operand.of(5, 1),
        Operand.of(13),
        "column-row");
    three(cases, name, op, tolerance, Operand.of(5, 1), Operand.of(13), Operand.of(1, 1), "outer");
    three(cases, name, op, tolerance, Operand.of(), Operand.of(), Operand.of(2050), "ones");
    cases.add(
        Case.of(
                name + "/1M",
                op,
                tolerance,
                Operand.of(1024, 1024),
                Operand.of(1024, 1024),
                Operand.of(1024, 1024))
            .bench());
    for (DType dtype : WHOLE) {
      if (takes(op, 3, dtype)) {
        cases.add(
            Case.of(
                    name + "/" + dtype.spelling(),
                    op,
                    Tolerance.exact(),
                    whole(dtype, 5, 13),
                    whole(dtype, 13),
                    whole(dtype))
                .with(dtype));
      }
    }
  }

  private static void three(
      List<Case> cases,
      String name,
      Ternary op,
      Tolerance tolerance,
      Operand a,
      Operand b,
      Operand c,
      String what) {
    cases.add(Case.of(name + "/" + what, op, tolerance, a, b, c));
  }

  private static void where(List<Case> cases) {
    Where op = new Where();
    where(cases, op, "scalars", flags(), Operand.of(), Operand.of());
    where(cases, op, "empty", flags(3, 0), Operand.of(1), Operand.of());
    for (int size : SIZES) {
      where(cases, op, "" + size, flags(size), Operand.of(size), Operand.of(size));
    }
    where(cases, op, "number-right", flags(5, 13), Operand.of(5, 13), Operand.of());
    where(cases, op, "number-left", flags(5, 13), Operand.of(), Operand.of(5, 13));
    where(cases, op, "short-rows", flags(211, 13), Operand.of(13), Operand.of(211, 13));
    where(cases, op, "column", flags(5, 1), Operand.of(5, 13), Operand.of(13));
    where(cases, op, "numbers", flags(2050), Operand.of(), Operand.of());
    cases.add(
        Case.of(
                "where/1M",
                op,
                Tolerance.exact(),
                flags(1024, 1024),
                Operand.of(1024, 1024),
                Operand.of(1024, 1024))
            .bench());
    for (DType dtype : WHOLE) {
      cases.add(
          Case.of(
                  "where/" + dtype.spelling(),
                  op,
                  Tolerance.exact(),
                  flags(5, 13),
                  whole(dtype, 5, 13),
                  whole(dtype, 13))
              .with(dtype));
    }
  }

  private static void where(
      List<Case> cases, Where op, String name, Operand condition, Operand a, Operand b) {
    cases.add(Case.of("where/" + name, op, Tolerance.exact(), condition, a, b));
  }

  private static Operand flags(long... shape) {
    return new Operand(
        Shape.of(shape), new Operand.Values.Given(DType.BOOL, 1, 0, 0, 1, 0, 1, 1), false);
  }
}
