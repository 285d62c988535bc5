package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** The checks that the normalizations share. */
final class Statistics {
  private Statistics() {}

  /**
   * Checks what is added to variances. PyTorch takes 0, and negative numbers as well: where more is
   * taken away than there is, the result is NaN.
   */
  static void eps(String name, double eps) {
    finite(name, "eps", eps);
  }

  /** Checks a number. */
  static void finite(String name, String argument, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          name + ": " + argument + " " + value + ", expected a finite number");
    }
  }

  /** Checks the sizes of the last dimensions of an input. */
  static void normalizedShape(String name, Longs normalizedShape) {
    if (normalizedShape.size() == 0) {
      throw new IllegalArgumentException(
          name + ": normalized shape [], expected one dimension or more");
    }
  }

  /** Checks that the last dimensions of an input are these. */
  static void endsIn(Op op, Layout x, Longs normalizedShape) {
    Shape normalized = Shape.of(normalizedShape.toArray());
    int kept = x.rank() - normalized.rank();
    Checks.check(
        kept >= 0 && x.shape().range(kept, x.rank()).equals(normalized),
        op,
        "input has shape "
            + x.shape()
            + ", expected it to end in the normalized shape "
            + normalized);
  }

  /** Checks the inputs after x, each with a number for each channel. */
  static void perChannel(
      Op op, List<Layout> inputs, boolean running, boolean weight, boolean bias) {
    Layout x = inputs.getFirst();
    Shape channels = Shape.of(x.dim(x.rank() == 1 ? 0 : 1));
    int next = 1;
    if (running) {
      parameter(op, inputs, next++, "running mean", channels);
      parameter(op, inputs, next++, "running variance", channels);
    }
    parameters(op, inputs, next, weight, bias, channels);
  }

  /** Checks the weight and the bias, from input {@code first} on. */
  static void parameters(
      Op op, List<Layout> inputs, int first, boolean weight, boolean bias, Shape expected) {
    int next = first;
    if (weight) {
      parameter(op, inputs, next++, "weight", expected);
    }
    if (bias) {
      parameter(op, inputs, next, "bias", expected);
    }
  }

  /** Checks one input of x's dtype. */
  static void parameter(Op op, List<Layout> inputs, int index, String argument, Shape expected) {
    Layout parameter = inputs.get(index);
    DType dtype = inputs.getFirst().dtype();
    Checks.check(
        parameter.dtype() == dtype,
        op,
        argument + " has dtype " + parameter.dtype().spelling() + ", expected " + dtype.spelling());
    Checks.check(
        parameter.shape().equals(expected),
        op,
        argument + " has shape " + parameter.shape() + ", expected " + expected);
  }
}
