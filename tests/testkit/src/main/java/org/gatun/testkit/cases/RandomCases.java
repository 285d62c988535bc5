package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Dropout;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Operators with a random part: the same seed gives the reference's numbers. */
final class RandomCases {
  private RandomCases() {}

  static List<Case> list() {
    return List.of(
        dropout("scalar", 0.5, Operand.of()),
        dropout("empty", 0.5, Operand.of(0, 3)),
        dropout("13", 0.1, Operand.of(13)),
        dropout("207", 0.9, Operand.of(207)),
        dropout("none", 0, Operand.of(13)),
        dropout("all", 1, Operand.of(13)),
        dropout("images", 0.25, Operand.of(2, 3, 5, 7)),
        dropout("1M", 0.1, Operand.of(1 << 20)).bench());
  }

  private static Case dropout(String name, double p, Operand x) {
    Operand seed =
        new Operand(Shape.of(2), new Operand.Values.Given(DType.I64, 0x1234567890ABL, 77), false);
    return Case.of("dropout/" + name, new Dropout(p), Tolerance.ulps(2), x, seed);
  }
}
