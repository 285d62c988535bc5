package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Scans along the last axis, the first, and those between. */
final class ScanCases {
  private ScanCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (ScanFunction function : ScanFunction.values()) {
      add(cases, function, "scalar", 0);
      add(cases, function, "one", -1, 1);
      add(cases, function, "none", 1, 3, 0);
      for (int size : new int[] {13, 207, 702, 1100}) {
        add(cases, function, "last-" + size, -1, 3, size);
      }
      add(cases, function, "middle", 1, 3, 21, 13);
      add(cases, function, "first", 0, 207, 37);
      add(cases, function, "first-of-one", 0, 40, 1);
      cases.add(
          Case.of(
              function.spelling() + "/equal",
              new Scan(function, 1),
              tolerance(function),
              new Operand(
                  Shape.of(7, 40), new Operand.Values.Given(null, 1, 0, -0.0, 1, 0.5, 1), false)));
      for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64, DType.BOOL)) {
        if (function != ScanFunction.LOGCUMSUMEXP) {
          whole(cases, function, dtype);
        }
      }
      large(cases, function);
    }
    for (ScanFunction function : List.of(ScanFunction.LOGCUMSUMEXP, ScanFunction.CUMMAX)) {
      cases.add(
          Case.of(
              function.spelling() + "/minus-infinity",
              new Scan(function, 1),
              tolerance(function),
              new Operand(
                  Shape.of(3, 9),
                  new Operand.Values.Given(
                      null,
                      Double.NEGATIVE_INFINITY,
                      Double.NEGATIVE_INFINITY,
                      3,
                      1e30,
                      Double.NEGATIVE_INFINITY),
                  false)));
    }
    return List.copyOf(cases);
  }

  private static Tolerance tolerance(ScanFunction function) {
    return switch (function) {
      case CUMMAX, CUMMIN -> Tolerance.exact();
      case CUMPROD, CUMSUM, LOGCUMSUMEXP -> Tolerance.sum();
    };
  }

  private static Operand operand(ScanFunction function, long... shape) {
    // Factors near 1, so that products neither vanish nor grow beyond.
    return function == ScanFunction.CUMPROD
        ? new Operand(Shape.of(shape), new Operand.Values.Uniform(0.6, 1.5), false)
        : Operand.of(shape);
  }

  private static void add(
      List<Case> cases, ScanFunction function, String name, int axis, long... shape) {
    cases.add(
        Case.of(
            function.spelling() + "/" + name,
            new Scan(function, axis),
            tolerance(function),
            operand(function, shape)));
  }

  private static void whole(List<Case> cases, ScanFunction function, DType dtype) {
    Operand x = new Operand(Shape.of(3, 13, 7), new Operand.Values.Index(dtype, 2), false);
    for (int axis : new int[] {1, 2}) {
      cases.add(
          Case.of(
                  function.spelling() + "/" + dtype.spelling() + "-" + axis,
                  new Scan(function, axis),
                  Tolerance.exact(),
                  x)
              .with(dtype));
    }
  }

  private static void large(List<Case> cases, ScanFunction function) {
    // The reference of the logarithm takes the square of the length.
    long size = function == ScanFunction.LOGCUMSUMEXP ? 256 : 1024;
    for (int axis : new int[] {0, 1}) {
      cases.add(
          Case.of(
                  function.spelling() + (axis == 0 ? "/first-" : "/last-") + size + "x" + size,
                  new Scan(function, axis),
                  tolerance(function),
                  operand(function, size, size))
              .bench());
    }
  }
}
