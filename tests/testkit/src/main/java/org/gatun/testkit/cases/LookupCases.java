package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.BagMode;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Renorm;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Bags of rows of every mode, and rows of limited norms. */
final class LookupCases {
  private LookupCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (BagMode mode : BagMode.values()) {
      bags(cases, mode);
    }
    Operand table = Operand.of(13, 7);
    Operand starts = offsets(DType.I64, 0, 2, 2, 5);
    cases.add(
        bag(
            "sum-weights",
            new EmbeddingBag(BagMode.SUM, -1, true, false, true),
            table,
            Operand.index(13, 8),
            starts,
            Operand.of(8)));
    cases.add(
        bag(
            "sum-weights-of-equal-bags",
            new EmbeddingBag(BagMode.SUM, 3, false, false, true),
            table,
            Operand.index(13, 2, 4),
            Operand.of(2, 4)));
    cases.add(renorm("2", 2, 1.5, Operand.of(13, 7)));
    cases.add(renorm("1", 1, 3, Operand.of(13, 7)));
    cases.add(renorm("3", 3, 1, Operand.of(13, 7)));
    cases.add(renorm("infinity", Double.POSITIVE_INFINITY, 0.9, Operand.of(13, 7)));
    cases.add(renorm("zero", 2, 0, Operand.of(3, 7)));
    cases.add(renorm("no-rows", 2, 1, Operand.of(0, 7)));
    cases.add(renorm("no-columns", 2, 1, Operand.of(3, 0)));
    cases.add(renorm("1024x384", 2, 1, Operand.of(1024, 384)).bench());
    return List.copyOf(cases);
  }

  private static void bags(List<Case> cases, BagMode mode) {
    String name = mode.name().toLowerCase(java.util.Locale.ROOT);
    Operand table = Operand.of(13, 7);
    EmbeddingBag equal = new EmbeddingBag(mode, -1, false, false, false);
    EmbeddingBag any = new EmbeddingBag(mode, -1, true, false, false);
    cases.add(bag(name, equal, table, Operand.index(13, 3, 5)));
    cases.add(bag(name + "-empty", equal, table, Operand.index(13, 3, 0)));
    cases.add(bag(name + "-no-bags", equal, table, Operand.index(13, 0, 5)));
    cases.add(bag(name + "-no-width", equal, Operand.of(13, 0), Operand.index(13, 3, 5)));
    cases.add(
        bag(name + "-offsets", any, table, Operand.index(13, 8), offsets(DType.I64, 0, 2, 2, 5)));
    cases.add(
        bag(
            name + "-end",
            new EmbeddingBag(mode, -1, true, true, false),
            table,
            Operand.index(13, 8),
            offsets(DType.I32, 0, 2, 2, 7)));
    cases.add(
        bag(
            name + "-padding",
            new EmbeddingBag(mode, 1, false, false, false),
            Operand.of(3, 7),
            Operand.index(3, 5, 6)));
    cases.add(
        bag(name + "-30522x384-64x32", equal, Operand.of(30522, 384), Operand.index(30522, 64, 32))
            .with(DType.F32)
            .bench());
  }

  private static Operand offsets(DType dtype, double... starts) {
    return new Operand(Shape.of(starts.length), new Operand.Values.Given(dtype, starts), false);
  }

  private static Case bag(String name, EmbeddingBag op, Operand... operands) {
    return Case.of(
        "embedding_bag/" + name,
        op,
        op.mode() == BagMode.MAX ? Tolerance.exact() : Tolerance.sum(),
        operands);
  }

  private static Case renorm(String name, double p, double limit, Operand x) {
    return Case.of("renorm/" + name, new Renorm(p, limit), Tolerance.ulps(4), x);
  }
}
