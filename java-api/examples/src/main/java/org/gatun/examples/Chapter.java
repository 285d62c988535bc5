package org.gatun.examples;

import java.util.function.Supplier;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;

/** What the chapters print with, and what they hold their claims against. */
final class Chapter {
  private static final double TOLERANCE = 1e-5;

  private Chapter() {}

  /** Begins a section. */
  static void section(String title) {
    IO.println();
    IO.println("== " + title);
  }

  /** Prints a tensor, and returns it. */
  static Tensor show(String expression, Tensor value) {
    IO.println(expression + " = " + value);
    return value;
  }

  /** Prints the shape of a tensor alone, and returns the tensor. */
  static Tensor shape(String expression, Tensor value, long... expected) {
    if (!value.shape().equals(Shape.of(expected))) {
      throw new AssertionError(
          expression + " has shape " + value.shape() + ", expected " + Shape.of(expected));
    }
    IO.println(expression + " has shape " + value.shape());
    return value;
  }

  /** Claims that two tensors are equal, up to rounding. */
  static void same(String claim, Tensor left, Tensor right) {
    if (!left.shape().equals(right.shape())) {
      throw new AssertionError(claim + ": shapes " + left.shape() + " and " + right.shape());
    }
    double worst = 0;
    long[] index = new long[left.rank()];
    for (long i = 0; i < left.size(); i++) {
      long rest = i;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        index[axis] = rest % left.dim(axis);
        rest /= left.dim(axis);
      }
      double a = left.get(index);
      double b = right.get(index);
      if (Double.compare(a, b) != 0 && a != b) {
        worst = Math.max(worst, Math.abs(a - b) / Math.max(1, Math.abs(b)));
      }
    }
    if (!(worst <= TOLERANCE)) {
      throw new AssertionError(claim + ": differ by " + worst + "\n" + left + "\n" + right);
    }
    IO.println("same: " + claim);
  }

  /** Claims that something holds. */
  static void holds(String claim, boolean condition) {
    if (!condition) {
      throw new AssertionError("not so: " + claim);
    }
    IO.println("true: " + claim);
  }

  /** Claims that a call is refused, and prints what it says. */
  static void refused(String call, Supplier<?> action) {
    Object result;
    try {
      result = action.get();
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | IllegalStateException
        | OnnxException e) {
      IO.println("refused: " + call + " says \"" + e.getMessage() + "\"");
      return;
    }
    throw new AssertionError(call + " was not refused but gave " + result);
  }
}
