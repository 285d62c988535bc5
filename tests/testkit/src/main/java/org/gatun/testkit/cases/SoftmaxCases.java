package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.Shape;
import org.gatun.op.Softmax;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Softmax along the last axis and along others. */
final class SoftmaxCases {
  private SoftmaxCases() {}

  static List<Case> list() {
    return List.of(
        of("scalar", 0, wide()),
        of("one", -1, wide(3, 1)),
        of("13", -1, wide(13)),
        of("207", -1, wide(5, 207)),
        of("4098", -1, wide(2, 4098)),
        of("first", 0, wide(13, 37)),
        of("middle", 1, wide(3, 13, 21)),
        of("channels", 1, wide(2, 5, 3, 7)),
        of("no-rows", -1, wide(0, 5)),
        of("no-columns", -1, wide(5, 0)),
        of("128x1000", -1, wide(128, 1000)).bench(),
        of("1536x128", -1, wide(1536, 128)).bench(),
        of("channels-8x21x64x64", 1, wide(8, 21, 64, 64)).bench());
  }

  private static Operand wide(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Uniform(-10, 10), false);
  }

  private static Case of(String name, int axis, Operand x) {
    // Rounded are the exponential, the sum of exponentials and its reciprocal.
    return Case.of("softmax/" + name, new Softmax(axis), Tolerance.ulps(8), x);
  }
}
