package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Cast;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Embedding;
import org.gatun.op.Flip;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.op.Roll;
import org.gatun.op.Triangle;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Copies, conversions, joins and gathers: exact, for every dtype. */
final class MovementCases {
  private MovementCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    copies(cases);
    casts(cases);
    concats(cases);
    flips(cases);
    pads(cases);
    rolls(cases);
    triangles(cases);
    embeddings(cases);
    return List.copyOf(cases);
  }

  private static Operand of(DType dtype, long... shape) {
    if (dtype.isFloating()) {
      return Operand.of(shape);
    }
    long bound = dtype == DType.BOOL ? 2 : 100;
    return new Operand(Shape.of(shape), new Operand.Values.Index(dtype, bound), false);
  }

  private static void copies(List<Case> cases) {
    for (DType dtype : DType.values()) {
      String name = "contiguous/" + dtype.spelling();
      cases.add(copy(name, false, of(dtype, 37, 70)).with(dtype));
      cases.add(copy(name + "-images", false, of(dtype, 2, 19, 5, 7)).with(dtype));
      cases.add(copy(name + "-channels-last", true, of(dtype, 2, 19, 5, 7)).with(dtype));
    }
    cases.add(copy("contiguous/scalar", false, Operand.of()));
    cases.add(copy("contiguous/empty", false, Operand.of(2, 0, 3)));
    cases.add(copy("contiguous/4098", false, Operand.of(4098)));
    cases.add(copy("contiguous/207x702", false, Operand.of(207, 702)));
    cases.add(copy("contiguous/colours", true, Operand.of(2, 3, 37, 55)));
    cases.add(copy("contiguous/volumes", true, Operand.of(2, 17, 3, 4, 5)));
    cases.add(copy("contiguous/1M", false, Operand.of(1024, 1024)).bench());
    cases.add(copy("contiguous/nchw-to-nhwc-8x64x56x56", true, Operand.of(8, 64, 56, 56)).bench());
  }

  private static Case copy(String name, boolean channelsLast, Operand x) {
    return Case.of(name, new Copy(channelsLast), Tolerance.exact(), x);
  }

  private static void casts(List<Case> cases) {
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        cases.add(
            Case.of(
                    "to/" + from.spelling() + "-" + to.spelling(),
                    new Cast(to),
                    Tolerance.exact(),
                    from.isFloating()
                        ? new Operand(Shape.of(3, 37), new Operand.Values.Uniform(-100, 100), false)
                        : of(from, 3, 37))
                .with(from));
      }
    }
    cases.add(Case.of("to/scalar", new Cast(DType.I32), Tolerance.exact(), Operand.of()));
    cases.add(Case.of("to/empty", new Cast(DType.F16), Tolerance.exact(), Operand.of(0, 3)));
    cases.add(
        Case.of("to/images", new Cast(DType.BF16), Tolerance.exact(), Operand.of(2, 3, 5, 7)));
    cases.add(
        Case.of("to/1M-f32-bf16", new Cast(DType.BF16), Tolerance.exact(), Operand.of(1 << 20))
            .with(DType.F32)
            .bench());
  }

  private static void concats(List<Case> cases) {
    cases.add(concat("one", 0, Operand.of(13)));
    cases.add(concat("first", 0, Operand.of(2, 13), Operand.of(3, 13)));
    cases.add(concat("last", -1, Operand.of(5, 13), Operand.of(5, 1), Operand.of(5, 207)));
    cases.add(concat("middle", 1, Operand.of(2, 3, 7), Operand.of(2, 1, 7)));
    cases.add(concat("channels", 1, Operand.of(2, 3, 5, 7), Operand.of(2, 4, 5, 7)));
    cases.add(concat("left-out", 1, Operand.of(0), Operand.of(3, 13), Operand.of(0)));
    cases.add(concat("all-left-out", 0, Operand.of(0), Operand.of(0)));
    cases.add(concat("no-columns", 1, Operand.of(3, 0), Operand.of(3, 2)));
    cases.add(concat("with-empty", 0, Operand.of(0, 13), Operand.of(3, 13)));
    for (DType dtype : DType.values()) {
      cases.add(concat(dtype.spelling(), 1, of(dtype, 5, 13), of(dtype, 5, 7)).with(dtype));
    }
    Operand image = Operand.of(1, 64, 56, 56);
    cases.add(concat("4x-1x64x56x56", 1, image, image, image, image).bench());
    cases.add(concat("2x-1024x512-last", 1, Operand.of(1024, 512), Operand.of(1024, 512)).bench());
  }

  private static Case concat(String name, int axis, Operand... inputs) {
    return Case.of("concat/" + name, new Concat(axis), Tolerance.exact(), inputs);
  }

  private static void flips(List<Case> cases) {
    cases.add(flip("rows", Ints.of(0), Operand.of(5, 13)));
    cases.add(flip("columns", Ints.of(-1), Operand.of(5, 13)));
    cases.add(flip("both", Ints.of(0, 1), Operand.of(37, 70)));
    cases.add(flip("middle", Ints.of(1), Operand.of(2, 3, 7)));
    cases.add(flip("images", Ints.of(3, 1), Operand.of(2, 3, 5, 7)));
    cases.add(flip("none", Ints.of(), Operand.of(2, 3)));
    cases.add(flip("scalar", Ints.of(0), Operand.of()));
    cases.add(flip("empty", Ints.of(0), Operand.of(2, 0)));
    for (DType dtype : DType.values()) {
      cases.add(flip(dtype.spelling(), Ints.of(1), of(dtype, 5, 13)).with(dtype));
    }
    cases.add(flip("1024x1024-rows", Ints.of(0), Operand.of(1024, 1024)).bench());
    cases.add(flip("1024x1024-columns", Ints.of(1), Operand.of(1024, 1024)).bench());
  }

  private static Case flip(String name, Ints axes, Operand x) {
    return Case.of("flip/" + name, new Flip(axes), Tolerance.exact(), x);
  }

  private static void pads(List<Case> cases) {
    Longs one = Longs.of(1, 1);
    for (PadMode mode : PadMode.values()) {
      cases.add(pad("matrix", mode, Longs.of(2, 1), Longs.of(0, 3), Operand.of(5, 13)));
      cases.add(pad("last", mode, Longs.of(3), Longs.of(2), Operand.of(2, 3, 5)));
      cases.add(pad("middle", mode, Longs.of(2, 0), Longs.of(1, 0), Operand.of(2, 3, 5)));
      cases.add(pad("cut", mode, Longs.of(-2, 1), Longs.of(1, -4), Operand.of(5, 7)));
      cases.add(pad("images", mode, one, one, Operand.of(2, 3, 5, 7)));
      cases.add(pad("volumes", mode, Longs.of(1, 2, 0), one3(), Operand.of(2, 3, 3, 4, 5)));
      cases.add(pad("none", mode, Longs.of(), Longs.of(), Operand.of(2, 3)));
      cases.add(pad("no-images", mode, one, one, Operand.of(0, 3, 5, 7)));
      cases.add(pad("8x64x56x56", mode, one, one, Operand.of(8, 64, 56, 56)).bench());
    }
    cases.add(pad("all-new", PadMode.CONSTANT, one, one, Operand.of(0, 3)));
    cases.add(pad("one-away", PadMode.CONSTANT, Longs.of(1), Longs.of(-1), Operand.of(1)));
    cases.add(pad("all-away", PadMode.CONSTANT, Longs.of(-2), Longs.of(-3), Operand.of(2, 5)));
    cases.add(pad("all-away-but", PadMode.REPLICATE, Longs.of(-5), Longs.of(3), Operand.of(2, 5)));
    for (DType dtype : DType.values()) {
      cases.add(
          Case.of(
                  "pad/" + dtype.spelling(),
                  new Pad(Longs.of(1, 2), Longs.of(0, 3), PadMode.CONSTANT, 2.5),
                  Tolerance.exact(),
                  of(dtype, 5, 13))
              .with(dtype));
    }
  }

  private static Longs one3() {
    return Longs.of(1, 1, 1);
  }

  private static Case pad(String name, PadMode mode, Longs before, Longs after, Operand x) {
    return Case.of(
        "pad/" + mode.name().toLowerCase(Locale.ROOT) + "-" + name,
        new Pad(before, after, mode, mode == PadMode.CONSTANT ? 1.5 : 0),
        Tolerance.exact(),
        x);
  }

  private static void rolls(List<Case> cases) {
    cases.add(roll("vector", Longs.of(3), Ints.of(0), Operand.of(13)));
    cases.add(roll("back", Longs.of(-4), Ints.of(1), Operand.of(5, 13)));
    cases.add(roll("rows", Longs.of(2), Ints.of(0), Operand.of(5, 13)));
    cases.add(roll("both", Longs.of(2, -1), Ints.of(1, 0), Operand.of(5, 13)));
    cases.add(roll("twice", Longs.of(2, 2), Ints.of(1, -1), Operand.of(5, 3)));
    cases.add(roll("far", Longs.of(Long.MIN_VALUE), Ints.of(0), Operand.of(5, 3)));
    cases.add(roll("images", Longs.of(1, 1), Ints.of(2, 3), Operand.of(2, 3, 5, 7)));
    cases.add(roll("scalar", Longs.of(2), Ints.of(0), Operand.of()));
    cases.add(roll("empty", Longs.of(2), Ints.of(1), Operand.of(0, 3)));
    cases.add(roll("1024x1024", Longs.of(100, 7), Ints.of(0, 1), Operand.of(1024, 1024)).bench());
  }

  private static Case roll(String name, Longs shifts, Ints axes, Operand x) {
    return Case.of("roll/" + name, new Roll(shifts, axes), Tolerance.exact(), x);
  }

  private static void triangles(List<Case> cases) {
    for (boolean upper : new boolean[] {false, true}) {
      cases.add(triangle("square", upper, 0, Operand.of(7, 7)));
      cases.add(triangle("above", upper, 2, Operand.of(5, 13)));
      cases.add(triangle("below", upper, -2, Operand.of(13, 5)));
      cases.add(triangle("outside", upper, Long.MAX_VALUE, Operand.of(3, 5)));
      cases.add(triangle("far-below", upper, Long.MIN_VALUE, Operand.of(3, 5)));
      cases.add(triangle("batch", upper, 1, Operand.of(2, 3, 5, 4)));
      cases.add(triangle("empty", upper, 0, Operand.of(2, 0, 3)));
      cases.add(triangle("1024x1024", upper, 0, Operand.of(1024, 1024)).bench());
      for (DType dtype : DType.values()) {
        cases.add(triangle(dtype.spelling(), upper, 1, of(dtype, 5, 13)).with(dtype));
      }
    }
  }

  private static Case triangle(String name, boolean upper, long diagonal, Operand x) {
    Triangle op = new Triangle(upper, diagonal);
    return Case.of(op.name() + "/" + name, op, Tolerance.exact(), x);
  }

  private static void embeddings(List<Case> cases) {
    cases.add(embedding("one", Operand.of(13, 7), Operand.index(13)));
    cases.add(embedding("sequence", Operand.of(13, 7), Operand.index(13, 5)));
    cases.add(embedding("batch", Operand.of(13, 207), Operand.index(13, 2, 5)));
    cases.add(embedding("no-indices", Operand.of(13, 7), Operand.index(13, 0)));
    cases.add(embedding("no-width", Operand.of(13, 0), Operand.index(13, 3)));
    cases.add(
        embedding(
            "i32",
            Operand.of(13, 7),
            new Operand(Shape.of(2, 5), new Operand.Values.Index(DType.I32, 13), false)));
    for (DType dtype : DType.values()) {
      cases.add(embedding(dtype.spelling(), of(dtype, 13, 7), Operand.index(13, 5)).with(dtype));
    }
    cases.add(
        embedding("30522x384-128", Operand.of(30522, 384), Operand.index(30522, 128))
            .with(DType.F32)
            .bench());
  }

  private static Case embedding(String name, Operand table, Operand indices) {
    return Case.of("embedding/" + name, new Embedding(), Tolerance.exact(), table, indices);
  }
}
