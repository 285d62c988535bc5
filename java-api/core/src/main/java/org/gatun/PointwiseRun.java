package org.gatun;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.gatun.op.Activation;
import org.gatun.op.ActivationGradient;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.Pointwise;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Where;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Runs pointwise operators on operands that were converted to the dtype they are combined in. */
final class PointwiseRun {
  private PointwiseRun() {}

  private static IllegalArgumentException error(Pointwise op, String problem) {
    return new IllegalArgumentException(op.name() + ": " + problem);
  }

  /** Returns the dtype that the operands of an operator are converted to. */
  private static DType common(Pointwise op, DType promoted) {
    PointwiseFunction function =
        switch (op) {
          case Activation activation -> activation.function();
          case ActivationGradient gradient -> gradient.function();
          case Unary unary -> unary.function();
          case Binary binary -> binary.function();
          case Ternary ternary -> ternary.function();
          case Where _ -> null;
        };
    return function == null ? promoted : Promotion.computed(function, promoted);
  }

  /** Operands of one dtype: those given, and copies of those that had to be converted. */
  private static final class Converted implements AutoCloseable {
    private final Tensor[] operands;
    private final Tensor[] given;

    Converted(DType dtype, Tensor... given) {
      this.given = given;
      this.operands = given.clone();
      try {
        for (int i = 0; i < given.length; i++) {
          if (given[i].dtype() != dtype) {
            operands[i] = given[i].to(dtype);
          }
        }
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
    }

    @Override
    public void close() {
      for (int i = 0; i < given.length; i++) {
        if (operands[i] != given[i]) {
          operands[i].close();
        }
      }
    }
  }

  private static boolean haveDType(Tensor[] operands, DType dtype) {
    for (Tensor operand : operands) {
      if (operand.dtype() != dtype) {
        return false;
      }
    }
    return true;
  }

  static Tensor of(Pointwise op, Tensor... operands) {
    return in(op, common(op, Promotion.of(operands)), operands);
  }

  /** Returns the result of operands that are converted to a dtype. */
  private static Tensor in(Pointwise op, DType dtype, Tensor... operands) {
    if (haveDType(operands, dtype)) {
      return Engine.current().run(op, operands);
    }
    // What no broadcast helps, and closed operands, are the operator's to complain of.
    check(op, dtype, operands);
    try (Converted converted = new Converted(dtype, operands)) {
      return Engine.current().run(op, converted.operands);
    }
  }

  /** Checks operands before one of them is converted. */
  private static Layout check(Pointwise op, DType dtype, Tensor... operands) {
    for (Tensor operand : operands) {
      operand.checkOpen(op.name());
    }
    return op.infer(Arrays.stream(operands).map(x -> x.layout().withDType(dtype)).toList())
        .getFirst();
  }

  /** Returns the result with a number as the right operand. */
  static Tensor right(Binary op, Tensor a, Scalar b) {
    DType dtype = common(op, Promotion.of(a.layout(), b));
    try (Tensor number = b.toTensor(dtype)) {
      return in(op, dtype, a, number);
    }
  }

  /** Returns the result with a number as the left operand. */
  static Tensor left(Binary op, Scalar a, Tensor b) {
    DType dtype = common(op, Promotion.of(b.layout(), a));
    try (Tensor number = a.toTensor(dtype)) {
      return in(op, dtype, number, b);
    }
  }

  static Tensor scaled(String name, Tensor a, Tensor b, double alpha) {
    BinaryFunction plain = name.equals("sub") ? BinaryFunction.SUB : BinaryFunction.ADD;
    double one = name.equals("sub") ? -1 : 1;
    if (alpha == one) {
      return of(new Binary(plain), a, b);
    }
    DType dtype = Promotion.of(a, b);
    if (name.equals("sub")) {
      check(new Binary(BinaryFunction.SUB), dtype, a, b);
    }
    whole(name, "alpha", one * alpha, dtype);
    return in(new Binary(BinaryFunction.ADD_SCALED, alpha), dtype, a, b);
  }

  private static void whole(String name, String argument, double number, DType dtype) {
    if (!dtype.isFloating() && number != Math.rint(number)) {
      throw new IllegalArgumentException(
          name
              + ": "
              + argument
              + " "
              + number
              + " for elements of "
              + dtype.spelling()
              + ", expected a whole number");
    }
  }

  static Tensor addcmul(Tensor x, Tensor a, Tensor b, double value) {
    whole("addcmul", "value", value, Promotion.of(x, a, b));
    return of(new Ternary(TernaryFunction.ADDCMUL, value), x, a, b);
  }

  static Tensor clamp(Tensor x, @Nullable Scalar min, @Nullable Scalar max) {
    Promotion promotion = new Promotion().add(x.layout());
    if (min != null) {
      promotion.add(min);
    }
    if (max != null) {
      promotion.add(max);
    }
    DType dtype = promotion.result();
    Unary op =
        min == null
            ? new Unary(UnaryFunction.CLAMP_MAX, java.util.Objects.requireNonNull(max).asDouble())
            : max == null
                ? new Unary(UnaryFunction.CLAMP_MIN, min.asDouble())
                : new Unary(UnaryFunction.CLAMP, min.asDouble(), max.asDouble());
    return in(op, dtype, x);
  }

  static double largest(DType dtype) {
    return switch (dtype) {
      case F16 -> 65504;
      case BF16 -> 0x1.FEp127;
      case F32 -> Float.MAX_VALUE;
      default -> Double.MAX_VALUE;
    };
  }

  static Tensor power(Tensor x, Scalar exponent) {
    DType dtype = Promotion.of(x.layout(), exponent);
    double y = exponent.asDouble();
    Binary op = new Binary(BinaryFunction.POW);
    if (!dtype.isFloating() && y < 0) {
      throw error(op, "exponent " + exponent.asDouble() + " of integers, expected 0 or more");
    }
    if (y == 2) {
      return in(new Unary(UnaryFunction.SQUARE), dtype, x);
    }
    if (y == 0.5) {
      return in(new Unary(UnaryFunction.SQRT), dtype, x);
    }
    return right(op, x, exponent);
  }

  static Tensor isClose(Tensor x, Tensor other, double rtol, double atol, boolean equalNan) {
    BinaryFunction function = equalNan ? BinaryFunction.ISCLOSE_NAN : BinaryFunction.ISCLOSE;
    Binary op = new Binary(function, rtol, atol);
    if (!(rtol >= 0) || !(atol >= 0)) {
      throw error(op, "tolerances " + rtol + " and " + atol + ", expected 0 or more");
    }
    DType promoted = Promotion.of(x, other);
    return in(op, promoted.isFloating() ? promoted : DType.F64, x, other);
  }

  /** Returns whether all of some booleans are true. */
  static boolean all(Tensor flags) {
    try (Tensor numbers = flags.to(DType.I64);
        Tensor count =
            Engine.current().run(new Reduce(ReduceFunction.SUM, Ints.of(), false), numbers)) {
      return count.item() == flags.size();
    }
  }

  static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return where(condition, a, b, Promotion.of(a, b));
  }

  static Tensor where(Tensor condition, Tensor a, Scalar b) {
    DType dtype = Promotion.of(a.layout(), b);
    try (Tensor number = b.toTensor(dtype)) {
      return where(condition, a, number, dtype);
    }
  }

  private static Tensor where(Tensor condition, Tensor a, Tensor b, DType dtype) {
    checkWhere(condition, a, b, dtype);
    try (Converted converted = new Converted(dtype, a, b)) {
      return Engine.current()
          .run(new Where(), condition, converted.operands[0], converted.operands[1]);
    }
  }

  private static void checkWhere(Tensor condition, Tensor a, Tensor b, DType dtype) {
    condition.checkOpen("where");
    a.checkOpen("where");
    b.checkOpen("where");
    Layout left = a.layout().withDType(dtype);
    new Where().infer(List.of(condition.layout(), left, b.layout().withDType(dtype)));
  }

  static Tensor maskedFill(Tensor x, Tensor mask, Scalar value) {
    checkFill(x, mask, value);
    try (Tensor number = value.toTensor(x.dtype())) {
      return Engine.current().run(new Where(), mask, number, x);
    }
  }

  private static void checkFill(Tensor x, Tensor mask, Scalar value) {
    x.checkOpen("masked_fill");
    checkMask(mask);
    if (!x.dtype().isFloating() && value instanceof Scalar.Real(double number)) {
      whole("masked_fill", "value", number, x.dtype());
    }
  }

  private static void checkMask(Tensor mask) {
    mask.checkOpen("masked_fill");
    if (mask.dtype() != DType.BOOL) {
      throw new IllegalArgumentException(
          "masked_fill: mask has dtype " + mask.dtype().spelling() + ", expected bool");
    }
  }

  static Tensor maskedFill(Tensor x, Tensor mask, Tensor value) {
    x.checkOpen("masked_fill");
    checkMask(mask);
    if (value.rank() > 0) {
      throw new IllegalArgumentException(
          "masked_fill: value of shape " + value.shape() + ", expected one of no dimensions");
    }
    try (Tensor number = value.to(x.dtype())) {
      return Engine.current().run(new Where(), mask, number, x);
    }
  }

  static void maskedFillInPlace(Tensor x, Tensor mask, Scalar value) {
    checkFill(x, mask, value);
    try (Tensor number = value.toTensor(x.dtype())) {
      Engine.current().run(new Where(), List.of(mask, number, x), List.of(x));
    }
  }

  static void inPlace(Binary op, Tensor x, Scalar other) {
    DType dtype = common(op, Promotion.of(x.layout(), other));
    try (Tensor number = other.toTensor(dtype)) {
      inPlace(op, dtype, x, number);
    }
  }

  static void inPlace(Pointwise op, Tensor x, Tensor... others) {
    if (op instanceof Where) {
      throw error(op, "in place of its condition; maskedFillInPlace writes where a mask is true");
    }
    Tensor[] operands = new Tensor[others.length + 1];
    operands[0] = x;
    System.arraycopy(others, 0, operands, 1, others.length);
    java.util.Objects.requireNonNull(op, "in place: op is null");
    inPlace(op, common(op, Promotion.of(operands)), operands);
  }

  private static void inPlace(Pointwise op, DType dtype, Tensor... operands) {
    Tensor x = operands[0];
    Layout result = check(op, dtype, operands);
    if (!result.shape().equals(x.shape())) {
      throw error(op, "in place of shape " + x.shape() + ", the result has " + result.shape());
    }
    if (kind(result.dtype()) > kind(x.dtype())) {
      throw error(
          op,
          "in place of "
              + x.dtype().spelling()
              + ", the result is "
              + result.dtype().spelling()
              + ", expected a tensor that it fits in");
    }
    if (x.layout().overlaps()) {
      throw error(
          op,
          "in place of "
              + x.layout()
              + ", whose elements share memory; expected a tensor that is not expanded");
    }
    if (result.dtype() == x.dtype() && haveDType(operands, dtype)) {
      Engine.current().run(op, List.of(operands), Collections.singletonList(x));
      return;
    }
    try (Tensor computed = in(op, dtype, operands)) {
      x.copyFrom(computed);
    }
  }

  private static int kind(DType dtype) {
    return dtype.isFloating() ? 2 : dtype.isInteger() ? 1 : 0;
  }
}
