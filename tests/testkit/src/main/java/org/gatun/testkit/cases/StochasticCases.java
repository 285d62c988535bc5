package org.gatun.testkit.cases;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.AlphaDropout;
import org.gatun.op.Bernoulli;
import org.gatun.op.Dropout;
import org.gatun.op.Exponential;
import org.gatun.op.Normal;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Stochastic;
import org.gatun.op.Uniform;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Operators with a random part: the same seed gives the reference's numbers. */
final class StochasticCases {
  private static final double BELOW_ALL = Double.NEGATIVE_INFINITY;
  private static final double ABOVE_ALL = Double.POSITIVE_INFINITY;

  private StochasticCases() {}

  static List<Case> list() {
    return Stream.of(dropouts(), draws(DType.F32), draws(DType.F64), integers())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Case> dropouts() {
    return List.of(
        dropout("scalar", 0.5, 0, Operand.of()),
        dropout("empty", 0.5, 0, Operand.of(0, 3)),
        dropout("13", 0.1, 0, Operand.of(13)),
        dropout("207", 0.9, 0, Operand.of(207)),
        dropout("none", 0, 0, Operand.of(13)),
        dropout("all", 1, 0, Operand.of(13)),
        dropout("images", 0.25, 0, Operand.of(2, 3, 5, 7)),
        dropout("channels", 0.5, 2, Operand.of(5, 7, 5, 7)),
        dropout("channels-no-batch", 0.5, 1, Operand.of(23, 7)),
        dropout("channels-empty", 0.5, 2, Operand.of(5, 7, 0, 7)),
        dropout("whole", 0.5, 2, Operand.of(5, 7)),
        dropout("1M", 0.1, 0, Operand.of(1 << 20)).bench(),
        alphaDropout("207", 0.5, 0, Operand.of(207)),
        alphaDropout("scalar", 0.5, 0, Operand.of()),
        alphaDropout("none", 0, 0, Operand.of(13)),
        alphaDropout("all", 1, 0, Operand.of(13)),
        alphaDropout("images", 0.25, 0, Operand.of(2, 3, 5, 7)),
        alphaDropout("channels", 0.25, 2, Operand.of(5, 7, 5, 7)),
        alphaDropout("1M", 0.1, 0, Operand.of(1 << 20)).bench(),
        bernoulli("scalar"),
        bernoulli("empty", 0, 3),
        bernoulli("207", 207),
        bernoulli("matrix", 13, 29),
        bernoulli("1M", 1 << 20).bench());
  }

  private static List<Case> draws(DType dtype) {
    return List.of(
        draw("scalar", new Uniform(0, 1, dtype, Shape.of()), dtype, 1),
        draw("empty", new Uniform(0, 1, dtype, Shape.of(0, 3)), dtype, 1),
        draw("702", new Uniform(0, 1, dtype, Shape.of(702)), dtype, 1),
        draw("between", new Uniform(-3, 5.5, dtype, Shape.of(13, 29)), dtype, 1),
        draw("one-number", new Uniform(2, 2, dtype, Shape.of(13)), dtype, 1),
        draw("1M", new Uniform(0, 1, dtype, Shape.of(1 << 20)), dtype, 1).bench(),
        draw("702", new Normal(0, 1, dtype, Shape.of(702)), dtype, NORMAL_ULPS),
        draw("4098", new Normal(0.5, 2, dtype, Shape.of(4098)), dtype, NORMAL_ULPS),
        draw("no-deviation", new Normal(2, 0, dtype, Shape.of(13)), dtype, 1),
        draw("truncated", new Normal(0, 1, -2, 2, dtype, Shape.of(702)), dtype, NORMAL_ULPS),
        draw("tail", new Normal(0, 1, 3, ABOVE_ALL, dtype, Shape.of(702)), dtype, NORMAL_ULPS),
        draw("below", new Normal(1, 2, BELOW_ALL, 0.5, dtype, Shape.of(702)), dtype, NORMAL_ULPS),
        draw("64K", new Normal(0, 1, dtype, Shape.of(1 << 16)), dtype, NORMAL_ULPS).bench(),
        draw("702", new Exponential(1, dtype, Shape.of(702)), dtype, 4),
        draw("rate", new Exponential(2.5, dtype, Shape.of(13, 29)), dtype, 4),
        draw("1M", new Exponential(1, dtype, Shape.of(1 << 20)), dtype, 4).bench());
  }

  /** What the reference's Newton steps and the kernel's quotients leave. */
  private static final double NORMAL_ULPS = 16;

  private static List<Case> integers() {
    return List.of(
        integers("bytes", -128, 128, DType.I8),
        integers("unsigned-bytes", 0, 256, DType.U8),
        integers("shorts", -300, 300, DType.I16),
        integers("ints", -5, 1000, DType.I32),
        integers("longs", -5, 1L << 40, DType.I64),
        integers("booleans", 0, 2, DType.BOOL),
        integers("floats", 3, 11, DType.F32),
        integers("doubles", 3, 11, DType.F64),
        integers("one-number", 7, 8, DType.I64),
        draw("1M", new RandomIntegers(0, 1000, DType.I64, Shape.of(1 << 20)), DType.I64, 0)
            .bench());
  }

  private static Case integers(String name, long low, long high, DType dtype) {
    return draw(name, new RandomIntegers(low, high, dtype, Shape.of(13, 29)), dtype, 0);
  }

  private static Operand seed() {
    return new Operand(
        Shape.of(2), new Operand.Values.Given(DType.I64, 0x1234567890ABL, 77), false);
  }

  private static Case dropout(String name, double p, int shared, Operand x) {
    return Case.of("dropout/" + name, new Dropout(p, shared), Tolerance.ulps(2), x, seed());
  }

  private static Case alphaDropout(String name, double p, int shared, Operand x) {
    AlphaDropout op = new AlphaDropout(p, shared);
    // Two roundings of numbers that may cancel.
    return Case.of("alpha_dropout/" + name, op, new Tolerance.Ulps(2, 4), x, seed());
  }

  private static Case bernoulli(String name, long... shape) {
    Operand.Values p = new Operand.Values.Given(null, 0, 0.1, 0.5, 0.75, 1);
    Operand operand = new Operand(Shape.of(shape), p, false);
    return Case.of("bernoulli/" + name, new Bernoulli(), Tolerance.exact(), operand, seed());
  }

  private static Case draw(String name, Stochastic op, DType dtype, double ulps) {
    Tolerance tolerance = ulps == 0 ? Tolerance.exact() : new Tolerance.Ulps(ulps, ulps);
    String of = op.name() + "/" + dtype.spelling() + "-" + name;
    return Case.of(of, op, tolerance, seed()).with(dtype);
  }
}
