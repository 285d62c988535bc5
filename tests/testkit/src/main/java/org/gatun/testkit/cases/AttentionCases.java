package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Attention: masks, heads that are shared, and blocks of queries. */
final class AttentionCases {
  private static final double DEFAULT = Double.NaN;

  private AttentionCases() {}

  static List<Case> list() {
    return List.of(
        plain("matrices", Operand.of(5, 8), Operand.of(7, 8), Operand.of(7, 3)),
        plain("batch", Operand.of(2, 5, 8), Operand.of(2, 7, 8), Operand.of(2, 7, 8)),
        plain("heads", Operand.of(2, 3, 5, 8), Operand.of(2, 3, 7, 8), Operand.of(2, 3, 7, 9)),
        plain("broadcast", Operand.of(3, 5, 8), Operand.of(2, 1, 7, 8), Operand.of(2, 3, 7, 8)),
        plain(
            "one-query", Operand.of(2, 3, 1, 8), Operand.of(2, 3, 40, 8), Operand.of(2, 3, 40, 8)),
        plain("one-key", Operand.of(3, 5, 8), Operand.of(3, 1, 8), Operand.of(3, 1, 4)),
        plain("blocks", Operand.of(300, 16), Operand.of(207, 16), Operand.of(207, 16)),
        plain("long", Operand.of(20, 4), Operand.of(4098, 4), Operand.of(4098, 2)),
        plain("no-queries", Operand.of(2, 0, 8), Operand.of(2, 7, 8), Operand.of(2, 7, 8)),
        plain("no-keys", Operand.of(2, 5, 8), Operand.of(2, 0, 8), Operand.of(2, 0, 8)),
        plain("no-values", Operand.of(2, 5, 8), Operand.of(2, 7, 8), Operand.of(2, 7, 0)),
        plain("no-batch", Operand.of(0, 5, 8), Operand.of(0, 7, 8), Operand.of(0, 7, 8)),
        attention(
            "scale",
            new ScaledDotProductAttention(false, false, 0.7, 0, false),
            Operand.of(2, 5, 8),
            Operand.of(2, 7, 8),
            Operand.of(2, 7, 8)),
        causal("causal", Operand.of(2, 7, 8), Operand.of(2, 7, 8), Operand.of(2, 7, 8)),
        causal("causal-long", Operand.of(150, 8), Operand.of(130, 8), Operand.of(130, 8)),
        causal("causal-wide", Operand.of(5, 8), Operand.of(13, 8), Operand.of(13, 8)),
        masked("mask", heads(), Operand.of(2, 3, 5, 7)),
        masked("mask-broadcast", heads(), Operand.of(5, 7)),
        masked("mask-of-keys", heads(), Operand.of(2, 1, 1, 7)),
        masked("mask-of-queries", heads(), Operand.of(5, 1)),
        masked("mask-bool", heads(), flags(2, 1, 5, 7)),
        masked("mask-bool-keys", heads(), flags(7)),
        masked("mask-hides-all", heads(), given(DType.BOOL, 0, 1, 7)),
        masked("mask-of-infinities", heads(), given(null, Double.NEGATIVE_INFINITY, 5, 1)),
        grouped("grouped", Operand.of(2, 6, 5, 8), Operand.of(2, 2, 7, 8), Operand.of(2, 2, 7, 8)),
        grouped("grouped-one", Operand.of(6, 5, 8), Operand.of(1, 7, 8), Operand.of(1, 7, 4)),
        grouped("grouped-apart", Operand.of(6, 5, 8), Operand.of(3, 7, 8), Operand.of(2, 7, 4)),
        dropout("dropout", 0.3, Operand.of(2, 5, 8), Operand.of(2, 7, 8), Operand.of(2, 7, 8)),
        dropout("dropout-all", 1, Operand.of(2, 5, 8), Operand.of(2, 7, 8), Operand.of(2, 7, 8)),
        dropout(
            "dropout-narrow", 0.3, Operand.of(2, 6, 1), Operand.of(2, 5, 1), Operand.of(2, 5, 1)),
        plain(
                "12x128x32",
                Operand.of(1, 12, 128, 32),
                Operand.of(1, 12, 128, 32),
                Operand.of(1, 12, 128, 32))
            .bench(4.0 * 12 * 128 * 128 * 32),
        causal(
                "causal-8x1024x64",
                Operand.of(1, 8, 1024, 64),
                Operand.of(1, 8, 1024, 64),
                Operand.of(1, 8, 1024, 64))
            .bench(2.0 * 8 * 1024 * 1024 * 64));
  }

  private static Operand[] heads() {
    return new Operand[] {Operand.of(2, 3, 5, 8), Operand.of(2, 3, 7, 8), Operand.of(2, 3, 7, 8)};
  }

  /** Mostly true. */
  private static Operand flags(long... shape) {
    return new Operand(
        Shape.of(shape), new Operand.Values.Given(DType.BOOL, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1), false);
  }

  private static Operand given(
      @org.jspecify.annotations.Nullable DType dtype, double number, long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Given(dtype, number), false);
  }

  private static Case plain(String name, Operand... operands) {
    return attention(
        name, new ScaledDotProductAttention(false, false, DEFAULT, 0, false), operands);
  }

  private static Case causal(String name, Operand... operands) {
    return attention(name, new ScaledDotProductAttention(false, true, DEFAULT, 0, false), operands);
  }

  private static Case grouped(String name, Operand... operands) {
    return attention(name, new ScaledDotProductAttention(false, false, DEFAULT, 0, true), operands);
  }

  private static Case masked(String name, Operand[] operands, Operand mask) {
    return attention(
        name, new ScaledDotProductAttention(true, false, DEFAULT, 0, false), with(operands, mask));
  }

  private static Case dropout(String name, double p, Operand... operands) {
    Operand seed =
        new Operand(Shape.of(2), new Operand.Values.Given(DType.I64, 0x1234567890ABL, 77), false);
    return attention(
        name, new ScaledDotProductAttention(false, false, DEFAULT, p, false), with(operands, seed));
  }

  private static Operand[] with(Operand[] operands, Operand last) {
    List<Operand> all = new ArrayList<>(List.of(operands));
    all.add(last);
    return all.toArray(Operand[]::new);
  }

  private static Case attention(String name, ScaledDotProductAttention op, Operand... operands) {
    // The roundings of exponentials do not cancel where keys are alike: 1.8 of the sum's own
    // tolerance for blocks, f64, with a repeated dimension.
    return Case.of("attention/" + name, op, new Tolerance.Sum(3), operands);
  }
}
