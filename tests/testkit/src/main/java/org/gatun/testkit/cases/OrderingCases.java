package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.KthValue;
import org.gatun.op.Median;
import org.gatun.op.Mode;
import org.gatun.op.Op;
import org.gatun.op.Sort;
import org.gatun.op.TopK;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Sorting, and choosing by order, along the last axis, the first, and those between. */
final class OrderingCases {
  private OrderingCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    add(cases, "sort", axis -> new Sort(axis, false));
    add(cases, "sort/descending", axis -> new Sort(axis, true));
    add(cases, "topk/largest", axis -> new TopK(1, axis, true));
    add(cases, "topk/smallest", axis -> new TopK(1, axis, false));
    add(cases, "kthvalue", axis -> new KthValue(1, axis, false));
    add(cases, "median", axis -> new Median(axis, false, false));
    add(cases, "nanmedian", axis -> new Median(axis, true, true));
    add(cases, "mode", axis -> new Mode(axis, false));
    cases.add(of("sort/none", new Sort(1, false), Operand.of(3, 0)));
    cases.add(of("topk/none-of-13", new TopK(0, 0, true), Operand.of(13, 3)));
    // By a heap, and by sorting.
    for (boolean largest : new boolean[] {true, false}) {
      for (int k : new int[] {3, 43, 44, 702}) {
        String name = "topk/" + k + (largest ? "-largest" : "-smallest");
        cases.add(of(name, new TopK(k, -1, largest), Operand.of(2, 702)));
        cases.add(of(name + "-equal", new TopK(k, 0, largest), equal(702, 2)));
      }
    }
    for (long k : new long[] {2, 100, 207}) {
      cases.add(of("kthvalue/" + k, new KthValue(k, 1, true), Operand.of(3, 207)));
    }
    Operand large = Operand.of(512, 512);
    for (int axis : new int[] {0, 1}) {
      String name = axis == 0 ? "first-512x512" : "last-512x512";
      cases.add(of("sort/" + name, new Sort(axis, false), large).bench());
      cases.add(of("topk/" + name, new TopK(10, axis, true), large).bench());
      cases.add(of("kthvalue/" + name, new KthValue(100, axis, false), large).bench());
      cases.add(of("median/" + name, new Median(axis, false, false), large).bench());
      cases.add(of("mode/" + name, new Mode(axis, false), large).bench());
    }
    return List.copyOf(cases);
  }

  @FunctionalInterface
  private interface Maker {
    Op make(int axis);
  }

  private static void add(List<Case> cases, String name, Maker maker) {
    cases.add(of(name + "/scalar", maker.make(0), Operand.of()));
    cases.add(of(name + "/one", maker.make(-1), Operand.of(3, 1)));
    cases.add(of(name + "/last", maker.make(-1), Operand.of(5, 207)));
    cases.add(of(name + "/middle", maker.make(1), Operand.of(3, 14, 21)));
    cases.add(of(name + "/first", maker.make(0), Operand.of(13, 37)));
    cases.add(of(name + "/no-lines", maker.make(1), Operand.of(0, 5)));
    cases.add(of(name + "/equal", maker.make(1), equal(8, 40)));
    cases.add(
        of(
            name + "/nan",
            maker.make(1),
            given(3, 5, Double.NaN, 2, -1, Double.NaN, Double.NEGATIVE_INFINITY)));
    // The same upper halves, of either sign in the lower ones.
    cases.add(
        of(
            name + "/close",
            maker.make(1),
            given(3, 40, 1, 1 + 0x1p-21, 1 + 0x1p-22, 1 + 0x1p-52, 1 + 3 * 0x1p-30)));
    for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64, DType.BOOL)) {
      double[] numbers =
          switch (dtype) {
            case BOOL -> new double[] {1, 0, 0, 1, 1};
            case U8 -> new double[] {200, 3, 100, 3, 0, 255, 127};
            case I64 -> new double[] {5, -5, 1L << 40, 0xFFFF_FFFFL, 3, 1L << 31, -(1L << 50), 3};
            default -> new double[] {5, -5, 100, -100, 3, 3, 0};
          };
      Operand x = new Operand(Shape.of(4, 13), new Operand.Values.Given(dtype, numbers), false);
      cases.add(of(name + "/" + dtype.spelling(), maker.make(1), x).with(dtype));
    }
  }

  private static Operand equal(long... shape) {
    return new Operand(
        Shape.of(shape), new Operand.Values.Given(null, 1, 3, -0.0, 2, 3, 0, 3, -2, 0), false);
  }

  private static Operand given(long rows, long columns, double... numbers) {
    return new Operand(Shape.of(rows, columns), new Operand.Values.Given(null, numbers), false);
  }

  private static Case of(String name, Op op, Operand x) {
    return Case.of(name, op, Tolerance.exact(), x);
  }
}
