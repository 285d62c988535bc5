package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Functions of single elements, of awkward numbers of them, and every way to broadcast. */
final class PointwiseCases {
  private static final int[] SIZES = {1, 13, 207, 702, 4098};

  private PointwiseCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (UnaryFunction function : UnaryFunction.values()) {
      unary(cases, function);
    }
    for (BinaryFunction function : BinaryFunction.values()) {
      binary(cases, function);
    }
    return List.copyOf(cases);
  }

  private static void unary(List<Case> cases, UnaryFunction function) {
    String name = function.spelling();
    Unary op = new Unary(function);
    Tolerance tolerance =
        switch (function) {
          case RELU -> Tolerance.exact();
          case SIGMOID, TANH, GELU, GELU_TANH, SILU -> Tolerance.ulps(5);
        };
    cases.add(Case.of(name + "/scalar", op, tolerance, wide()));
    cases.add(Case.of(name + "/empty", op, tolerance, wide(3, 0, 2)));
    for (int size : SIZES) {
      cases.add(Case.of(name + "/" + size, op, tolerance, wide(size)));
    }
    cases.add(Case.of(name + "/2x3x5x7", op, tolerance, wide(2, 3, 5, 7)));
    cases.add(Case.of(name + "/16K", op, tolerance, wide(16, 1024)).bench());
    cases.add(Case.of(name + "/1M", op, tolerance, wide(1024, 1024)).bench());
    if (function == UnaryFunction.RELU) {
      cases.add(Case.of(name + "/4M", op, tolerance, wide(4, 1024, 1024)).bench());
    }
  }

  /** Numbers on both sides of where the functions bend and where they are flat. */
  private static Operand wide(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Uniform(-12, 12), false);
  }

  private static void binary(List<Case> cases, BinaryFunction function) {
    String name = function.spelling();
    cases.add(of(function, "scalars", Operand.of(), Operand.of()));
    cases.add(of(function, "empty", Operand.of(3, 0), Operand.of(1, 1)));
    for (int size : SIZES) {
      cases.add(of(function, "" + size, Operand.of(size), Operand.of(size)));
    }
    cases.add(of(function, "scalar-right", Operand.of(13, 7), Operand.of()));
    cases.add(of(function, "scalar-left", Operand.of(), Operand.of(13, 7)));
    cases.add(of(function, "row", Operand.of(5, 13), Operand.of(13)));
    cases.add(of(function, "column", Operand.of(5, 13), Operand.of(5, 1)));
    cases.add(of(function, "outer", Operand.of(5, 1), Operand.of(1, 13)));
    cases.add(of(function, "channels", Operand.of(2, 3, 4, 5), Operand.of(3, 1, 1)));
    cases.add(of(function, "middle", Operand.of(2, 1, 4, 1), Operand.of(3, 1, 5)));
    cases.add(of(function, "images", Operand.of(2, 3, 4, 5), Operand.of(2, 3, 4, 5)));
    cases.add(of(function, "16K", Operand.of(16, 1024), Operand.of(16, 1024)).bench());
    cases.add(of(function, "1M", Operand.of(1024, 1024), Operand.of(1024, 1024)).bench());
    if (function == BinaryFunction.ADD) {
      cases.add(
          of(function, "8x64x56x56+64x1x1", Operand.of(8, 64, 56, 56), Operand.of(64, 1, 1))
              .bench());
      cases.add(of(function, "4M", Operand.of(4, 1 << 20), Operand.of(4, 1 << 20)).bench());
    }
    if (function != BinaryFunction.DIV) {
      for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64)) {
        cases.add(
            Case.of(
                    name + "/" + dtype.spelling(),
                    new Binary(function),
                    Tolerance.exact(),
                    whole(dtype, 5, 13),
                    whole(dtype, 13))
                .with(dtype));
        cases.add(
            Case.of(
                    name + "/" + dtype.spelling() + "-2050",
                    new Binary(function),
                    Tolerance.exact(),
                    whole(dtype, 2050),
                    whole(dtype))
                .with(dtype));
      }
    }
  }

  private static Operand whole(DType dtype, long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Index(dtype, 100), false);
  }

  private static Case of(BinaryFunction function, String name, Operand a, Operand b) {
    return Case.of(function.spelling() + "/" + name, new Binary(function), Tolerance.exact(), a, b);
  }
}
