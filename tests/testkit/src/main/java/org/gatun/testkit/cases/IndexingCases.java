package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Combination;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Ints;
import org.gatun.op.MaskedSelect;
import org.gatun.op.NonZero;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Gathers, scatters and masks. */
final class IndexingCases {
  private IndexingCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    gathers(cases);
    elementGathers(cases);
    scatters(cases);
    elementScatters(cases);
    masks(cases);
    return List.copyOf(cases);
  }

  private static Operand of(DType dtype, long... shape) {
    if (dtype.isFloating()) {
      return Operand.of(shape);
    }
    long bound = dtype == DType.BOOL ? 2 : 5;
    return new Operand(Shape.of(shape), new Operand.Values.Index(dtype, bound), false);
  }

  private static Operand narrowIndex(long bound, long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Index(DType.I32, bound), false);
  }

  private static Operand given(DType dtype, double... numbers) {
    return new Operand(Shape.of(numbers.length), new Operand.Values.Given(dtype, numbers), false);
  }

  /** The only index of a scalar. */
  private static Operand zero() {
    return new Operand(Shape.scalar(), new Operand.Values.Given(DType.I64, 0), false);
  }

  private static void gathers(List<Case> cases) {
    cases.add(gather("rows", Ints.of(0), Operand.of(13, 7), Operand.index(13, 5)));
    cases.add(gather("columns", Ints.of(1), Operand.of(5, 13), Operand.index(13, 7)));
    cases.add(gather("middle", Ints.of(1), Operand.of(2, 5, 3), Operand.index(5, 4)));
    cases.add(gather("grid", Ints.of(1), Operand.of(2, 5, 3), Operand.index(5, 2, 3)));
    cases.add(gather("scalar", Ints.of(0), Operand.of(5, 3), Operand.index(5)));
    cases.add(gather("i32", Ints.of(0), Operand.of(5, 3), narrowIndex(5, 4)));
    cases.add(gather("from-the-end", Ints.of(0), Operand.of(5, 3), given(DType.I64, -1, 0, -5, 4)));
    cases.add(
        gather("two", Ints.of(0, 1), Operand.of(5, 4, 3), Operand.index(5, 6), narrowIndex(4, 6)));
    cases.add(
        gather(
            "apart", Ints.of(0, 2), Operand.of(5, 3, 4), Operand.index(5, 6), narrowIndex(4, 6)));
    cases.add(
        gather(
            "apart-of-four",
            Ints.of(1, 3),
            Operand.of(2, 5, 3, 4),
            Operand.index(5, 2, 3),
            Operand.index(4, 2, 3)));
    cases.add(
        gather(
            "every",
            Ints.of(0, 1, 2),
            Operand.of(5, 3, 4),
            Operand.index(5, 7),
            Operand.index(3, 7),
            Operand.index(4, 7)));
    cases.add(gather("images", Ints.of(1), Operand.of(2, 19, 5, 7), Operand.index(19, 4)));
    cases.add(gather("no-indices", Ints.of(0), Operand.of(5, 3), Operand.index(5, 0)));
    cases.add(gather("no-columns", Ints.of(0), Operand.of(5, 0), Operand.index(5, 3)));
    cases.add(gather("no-rows-before", Ints.of(1), Operand.of(0, 5), Operand.index(5, 3)));
    for (DType dtype : DType.values()) {
      cases.add(
          gather(dtype.spelling(), Ints.of(1), of(dtype, 5, 13), Operand.index(13, 7)).with(dtype));
    }
    cases.add(
        gather("rows-4096x256", Ints.of(0), Operand.of(4096, 256), Operand.index(4096, 4096))
            .bench());
    cases.add(
        gather("columns-1024x1024", Ints.of(1), Operand.of(1024, 1024), Operand.index(1024, 1024))
            .bench());
  }

  private static Case gather(String name, Ints axes, Operand... inputs) {
    return Case.of("gather/" + name, new Gather("index", axes, true), Tolerance.exact(), inputs);
  }

  private static void elementGathers(List<Case> cases) {
    cases.add(elements("rows", 0, Operand.of(10, 5), Operand.index(10, 7, 5)));
    cases.add(elements("columns", 1, Operand.of(10, 5), Operand.index(5, 10, 8)));
    cases.add(elements("fewer", -1, Operand.of(10, 5), Operand.index(5, 7, 2)));
    cases.add(elements("middle", 1, Operand.of(2, 5, 3), Operand.index(5, 2, 4, 3)));
    cases.add(elements("first", 0, Operand.of(5, 2, 3), narrowIndex(5, 4, 2, 2)));
    cases.add(elements("vector", 0, Operand.of(5), Operand.index(5, 9)));
    cases.add(elements("scalar", 0, Operand.of(), zero()));
    cases.add(elements("none", 0, Operand.of(5, 3), Operand.index(5, 0, 3)));
    cases.add(elements("from-the-end", 0, Operand.of(5), given(DType.I64, -1, 0, -5, 4)));
    for (DType dtype : DType.values()) {
      cases.add(
          elements(dtype.spelling(), 1, of(dtype, 5, 13), Operand.index(13, 5, 7)).with(dtype));
    }
    cases.add(
        elements("1024x1024", 1, Operand.of(1024, 1024), Operand.index(1024, 1024, 1024)).bench());
  }

  private static Case elements(String name, int axis, Operand x, Operand indices) {
    return Case.of(
        "gather-elements/" + name,
        new GatherElements("gather", axis, true),
        Tolerance.exact(),
        x,
        indices);
  }

  private static void scatters(List<Case> cases) {
    for (Combination how : Combination.values()) {
      cases.add(scatter("rows", how, 0, Operand.of(5, 7), Operand.of(9, 7), Operand.index(5, 9)));
      cases.add(scatter("columns", how, 1, Operand.of(5, 7), Operand.of(5, 3), narrowIndex(7, 3)));
      cases.add(
          scatter("middle", how, 1, Operand.of(2, 5, 3), Operand.of(2, 4, 3), Operand.index(5, 4)));
      cases.add(
          scatter(
              "from-the-end",
              how,
              0,
              Operand.of(5),
              Operand.of(4),
              given(DType.I64, -1, 0, -1, 3)));
      cases.add(scatter("none", how, 0, Operand.of(5, 7), Operand.of(0, 7), Operand.index(5, 0)));
      cases.add(
          Case.of(
              "scatter/" + spelling(how) + "-apart",
              new Scatter("index_put", Ints.of(0, 2), true, how),
              tolerance(how),
              Operand.of(5, 3, 4),
              Operand.of(6, 3),
              Operand.index(5, 6),
              Operand.index(4, 6)));
      for (DType dtype : DType.values()) {
        cases.add(
            scatter(
                    dtype.spelling(),
                    how,
                    0,
                    of(dtype, 5, 13),
                    of(dtype, 7, 13),
                    Operand.index(5, 7))
                .with(dtype));
      }
      cases.add(
          scatter(
                  "rows-4096x256",
                  how,
                  0,
                  Operand.of(4096, 256),
                  Operand.of(4096, 256),
                  Operand.index(4096, 4096))
              .bench());
    }
  }

  private static String spelling(Combination how) {
    return how.name().toLowerCase(Locale.ROOT);
  }

  /** A product of few factors between -1 and 1 has no larger an error than their sum. */
  private static Tolerance tolerance(Combination how) {
    return switch (how) {
      case REPLACE, MAX, MIN -> Tolerance.exact();
      case ADD, MULTIPLY -> Tolerance.sum();
    };
  }

  private static Case scatter(
      String name, Combination how, int axis, Operand x, Operand source, Operand indices) {
    return Case.of(
        "scatter/" + spelling(how) + "-" + name,
        new Scatter("index_put", Ints.of(axis), true, how),
        tolerance(how),
        x,
        source,
        indices);
  }

  private static void elementScatters(List<Case> cases) {
    for (Combination how : Combination.values()) {
      cases.add(into("rows", how, 0, Operand.of(5, 7), Operand.of(9, 7), Operand.index(5, 9, 7)));
      cases.add(
          into("columns", how, -1, Operand.of(5, 7), Operand.of(6, 9), Operand.index(7, 4, 8)));
      cases.add(
          into(
              "middle", how, 1, Operand.of(2, 5, 3), Operand.of(2, 4, 3), narrowIndex(5, 2, 4, 2)));
      cases.add(into("scalar", how, 0, Operand.of(), Operand.of(), zero()));
      cases.add(into("none", how, 0, Operand.of(5, 7), Operand.of(5, 7), Operand.index(5, 0, 7)));
      cases.add(
          into("from-the-end", how, 0, Operand.of(5), Operand.of(3), given(DType.I64, -1, 0, -1)));
      for (DType dtype : DType.values()) {
        cases.add(
            into(dtype.spelling(), how, 1, of(dtype, 5, 3), of(dtype, 5, 6), Operand.index(3, 5, 6))
                .with(dtype));
      }
      cases.add(
          into(
                  "1024x1024",
                  how,
                  0,
                  Operand.of(1024, 1024),
                  Operand.of(1024, 1024),
                  Operand.index(1024, 1024, 1024))
              .bench());
    }
  }

  private static Case into(
      String name, Combination how, int axis, Operand x, Operand source, Operand indices) {
    return Case.of(
        "scatter-elements/" + spelling(how) + "-" + name,
        new ScatterElements("scatter", axis, true, how),
        tolerance(how),
        x,
        source,
        indices);
  }

  private static void masks(List<Case> cases) {
    for (DType dtype : DType.values()) {
      cases.add(select(dtype.spelling(), of(dtype, 5, 7), 3).with(dtype));
    }
    cases.add(select("all", Operand.of(5, 7), 1));
    cases.add(select("scalar", Operand.of(), 1));
    cases.add(select("empty", Operand.of(0, 3), 1));
    cases.add(select("1M", Operand.of(1024, 1024), 2).bench());
    cases.add(nonZero("vector", 3, 13));
    cases.add(nonZero("volume", 2, 3, 5, 4));
    cases.add(nonZero("scalar", 1));
    cases.add(nonZero("empty", 1, 2, 0));
    cases.add(nonZero("1M", 7, 1024, 1024).bench());
  }

  /** Every so-many-th element. */
  private static Case select(String name, Operand x, int every) {
    Operand mask = mask(every, x.shape());
    MaskedSelect op = new MaskedSelect((x.shape().size() + every - 1) / every);
    return Case.of("masked_select/" + name, op, Tolerance.exact(), x, mask);
  }

  private static Case nonZero(String name, int every, long... dims) {
    Shape shape = Shape.of(dims);
    NonZero op = new NonZero((shape.size() + every - 1) / every);
    return Case.of("nonzero/" + name, op, Tolerance.exact(), mask(every, shape));
  }

  private static Operand mask(int every, Shape shape) {
    double[] numbers = IntStream.range(0, every).mapToDouble(i -> i == 0 ? 1 : 0).toArray();
    return new Operand(shape, new Operand.Values.Given(DType.BOOL, numbers), false);
  }
}
