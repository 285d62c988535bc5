package org.gatun.testkit;

import org.gatun.DType;
import org.gatun.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One input of a case: its shape and which values it is filled with.
 *
 * @param shape the shape
 * @param values which values
 * @param constant whether it is a weight, which a bound runner packs
 */
public record Operand(Shape shape, Values values, boolean constant) {
  /** The values that an operand is filled with, seeded by the case and the operand's position. */
  public sealed interface Values {
    /** Real numbers, uniform between two bounds, of the dtype that the case runs with. */
    record Uniform(double low, double high) implements Values {}

    /** Whole numbers from 0 to {@code bound} exclusive, of an integer dtype. */
    record Index(DType dtype, long bound) implements Values {}

    /** Whole numbers from {@code low} to {@code high}, both included, of an integer dtype. */
    record Integers(DType dtype, long low, long high) implements Values {}

    /** Real numbers, uniform between two bounds, of this dtype whatever the case runs with. */
    record Numbers(DType dtype, double low, double high) implements Values {}

    /** Exactly these numbers, of this dtype, or of the dtype that the case runs with. */
    record Given(@Nullable DType dtype, double... numbers) implements Values {}
  }

  /** Returns an operand of numbers between -1 and 1. */
  public static Operand of(long... shape) {
    return new Operand(Shape.of(shape), new Values.Uniform(-1, 1), false);
  }

  /** Returns an operand of positive numbers, such as a variance. */
  public static Operand positive(long... shape) {
    return new Operand(Shape.of(shape), new Values.Uniform(0.1, 2), false);
  }

  /** Returns an operand of {@code i64} indices below a bound. */
  public static Operand index(long bound, long... shape) {
    return new Operand(Shape.of(shape), new Values.Index(DType.I64, bound), false);
  }

  /** Returns an operand of integers of which each stands for a number: all that the dtype has. */
  public static Operand quantized(DType dtype, long... shape) {
    long low = dtype == DType.U8 ? 0 : -(1L << (8 * dtype.byteSize() - 1));
    long high = low + (1L << (8 * dtype.byteSize())) - 1;
    return new Operand(Shape.of(shape), new Values.Integers(dtype, low, high), false);
  }

  /** Returns this operand as a weight. */
  public Operand asConstant() {
    return new Operand(shape, values, true);
  }

  /** Returns the dtype it has in a case that runs with {@code dtype}. */
  public DType dtype(DType running) {
    return switch (values) {
      case Values.Uniform _ -> running;
      case Values.Index(DType dtype, long _) -> dtype;
      case Values.Integers(DType dtype, long _, long _) -> dtype;
      case Values.Numbers(DType dtype, double _, double _) -> dtype;
      case Values.Given(DType dtype, double[] _) -> dtype == null ? running : dtype;
    };
  }
}
