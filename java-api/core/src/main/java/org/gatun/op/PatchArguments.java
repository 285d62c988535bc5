package org.gatun.op;

import org.gatun.Shape;

/** What the operators on patches have in common: their checks and the number of windows. */
final class PatchArguments {
  private PatchArguments() {}

  /** Checks the arguments that both operators have. */
  static void check(String name, Ints kernel, Ints dilation, Ints padding, Ints stride) {
    pair(name, "kernel", kernel, 1);
    pair(name, "dilation", dilation, 1);
    pair(name, "padding", padding, 0);
    pair(name, "stride", stride, 1);
  }

  /** Checks a pair of numbers. */
  static void pair(String name, String argument, Ints values, int least) {
    if (values.size() != 2) {
      throw new IllegalArgumentException(
          name + ": " + argument + " " + values + ", expected two numbers");
    }
    for (int i = 0; i < 2; i++) {
      if (values.get(i) < least) {
        throw new IllegalArgumentException(
            name
                + ": "
                + argument
                + " "
                + values.get(i)
                + " in "
                + values
                + ", expected "
                + least
                + " or more");
      }
    }
  }

  /** Returns the number of windows in an image of this shape, of which there is at least one. */
  static long windows(Patches op, Shape image) {
    long count = 1;
    for (int i = 0; i < 2; i++) {
      long size = image.dim(i - 2);
      long windows = op.windows(i, size);
      Checks.check(
          windows > 0,
          op,
          "kernel "
              + op.kernel().get(i)
              + (op.dilation().get(i) == 1 ? "" : " with dilation " + op.dilation().get(i))
              + " larger than padded input "
              + (size + 2L * op.padding().get(i))
              + " in an image of shape "
              + image);
      count = product(op, count, windows);
    }
    return count;
  }

  /** Returns the product of two sizes, if a long has it. */
  static long product(Patches op, long a, long b) {
    Checks.check(
        Math.multiplyHigh(a, b) == 0 && a * b >= 0, op, "more than 2^63 - 1 elements in a result");
    return a * b;
  }
}
