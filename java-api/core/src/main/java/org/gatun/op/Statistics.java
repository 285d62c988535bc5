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
    if (!Double.isFinite(eps)) {
      throw new IllegalArgumentException(name + ": eps " + eps + ", expected a finite number");
    }
  }

  /** Checks the inputs after x, each with a number for each channel. */
  static void perChannel(
      Op op, List<Layout> inputs, boolean running, boolean weight, boolean bias) {
    Shape channels = Shape.of(inputs.getFirst().dim(1));
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

  private static void parameter(
      Op op, List<Layout> inputs, int index, String argument, Shape expected) {
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
