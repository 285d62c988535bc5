package org.gatun.contract;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.contract.BadInputTest.Bad;
import org.gatun.op.Combination;
import org.gatun.op.Diagonal;
import org.gatun.op.Flip;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.MaskedSelect;
import org.gatun.op.NonZero;
import org.gatun.op.Pad;
import org.gatun.op.PadMode;
import org.gatun.op.Roll;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;
import org.gatun.op.Triangle;
import org.gatun.op.UnfoldAxis;

/** Arguments that no operator takes which moves elements or picks them. */
final class BadMovements {
  private BadMovements() {}

  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static Layout i64(long... dims) {
    return Layout.of(DType.I64, Shape.of(dims));
  }

  private static Layout bool(long... dims) {
    return Layout.of(DType.BOOL, Shape.of(dims));
  }

  static List<Bad> table() {
    return Stream.of(moves(), indexing()).flatMap(List::stream).toList();
  }

  private static Pad pad(PadMode mode, long before, long after) {
    return new Pad(Longs.of(before), Longs.of(after), mode, 0);
  }

  private static List<Bad> moves() {
    return List.of(
        new Bad(
            "diagonal of one axis",
            () -> new Diagonal(0, 1, -1),
            List.of(f32(2, 3)),
            "diagonal: axes 1 and -1 of shape [2, 3] are the same"),
        new Bad(
            "diagonal of a vector",
            () -> new Diagonal(0, 0, 1),
            List.of(f32(3)),
            "diagonal: shape [3], expected two dimensions or more"),
        new Bad(
            "diagonal along an axis out of range",
            () -> new Diagonal(0, 0, 2),
            List.of(f32(2, 3)),
            "diagonal: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "unfold of more than there is",
            () -> new UnfoldAxis(1, 4, 1),
            List.of(f32(2, 3)),
            "unfold: size 4 for axis 1 of shape [2, 3], expected 3 or less"),
        new Bad(
            "unfold without a step",
            () -> new UnfoldAxis(1, 2, 0),
            List.of(f32(2, 3)),
            "unfold: step 0, expected 1 or more"),
        new Bad(
            "unfold of a negative size",
            () -> new UnfoldAxis(1, -1, 1),
            List.of(f32(2, 3)),
            "unfold: size -1, expected 0 or more"),
        new Bad(
            "flip of an axis twice",
            () -> new Flip(Ints.of(0, -2)),
            List.of(f32(2, 3)),
            "flip: axis -2 given twice in [0, -2]"),
        new Bad(
            "flip of an axis out of range",
            () -> new Flip(Ints.of(2)),
            List.of(f32(2, 3)),
            "flip: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "roll along an axis out of range",
            () -> new Roll(Longs.of(1), Ints.of(-3)),
            List.of(f32(2, 3)),
            "roll: axis -3 out of range for shape [2, 3]"),
        new Bad(
            "roll with a shift too many",
            () -> new Roll(Longs.of(1, 2), Ints.of(0)),
            List.of(f32(2, 3)),
            "roll: shifts [1, 2] for axes [0], expected one for each"),
        new Bad(
            "roll of no axis",
            () -> new Roll(Longs.of(), Ints.of()),
            List.of(f32(2, 3)),
            "roll: shifts [] for axes []"),
        new Bad(
            "triangle of a vector",
            () -> new Triangle(true, 0),
            List.of(f32(3)),
            "triu: shape [3], expected two dimensions or more"),
        new Bad(
            "padding of too many dimensions",
            () -> new Pad(Longs.of(1, 1, 1), Longs.of(1, 1, 1), PadMode.CONSTANT, 0),
            List.of(f32(2, 3)),
            "pad: padding of 3 dimensions for shape [2, 3]"),
        new Bad(
            "padding before alone",
            () -> new Pad(Longs.of(1), Longs.of(), PadMode.CONSTANT, 0),
            List.of(f32(2, 3)),
            "pad: padding [1] before and [] after, expected as many of both"),
        new Bad(
            "padding that takes away too much",
            () -> pad(PadMode.CONSTANT, -2, -2),
            List.of(f32(2, 3)),
            "pad: padding -2 and -2 of axis 1 of shape [2, 3] takes away more than there is"),
        new Bad(
            "padding beyond what can be counted",
            () -> pad(PadMode.CONSTANT, Long.MAX_VALUE, 1),
            List.of(f32(2, 3)),
            "pad: padding 9223372036854775807 and 1 of axis 1 of shape [2, 3] is too much"),
        new Bad(
            "mirroring of a whole dimension",
            () -> pad(PadMode.REFLECT, 0, 3),
            List.of(f32(2, 3)),
            "pad: padding 0 and 3 of axis 1 of shape [2, 3] in mode reflect, expected 2 or less"),
        new Bad(
            "wrapping around twice",
            () -> pad(PadMode.CIRCULAR, 4, 0),
            List.of(f32(2, 3)),
            "pad: padding 4 and 0 of axis 1 of shape [2, 3] in mode circular, expected 3 or less"),
        new Bad(
            "repetition of no element",
            () -> pad(PadMode.REPLICATE, 1, 0),
            List.of(f32(2, 0)),
            "in mode replicate, expected 0 or less"),
        new Bad(
            "a value for a mode that has none",
            () -> new Pad(Longs.of(1), Longs.of(1), PadMode.REFLECT, 2),
            List.of(f32(2, 3)),
            "pad: value 2.0 in mode reflect, expected 0"));
  }

  private static Gather gather(int... axes) {
    return new Gather("index", Ints.of(axes), true);
  }

  private static Scatter scatter(int... axes) {
    return new Scatter("index_put", Ints.of(axes), true, Combination.ADD);
  }

  private static ScatterElements scatterElements(int axis) {
    return new ScatterElements("scatter", axis, false, Combination.REPLACE);
  }

  private static List<Bad> indexing() {
    return List.of(
        new Bad(
            "gather along an axis out of range",
            () -> gather(2),
            List.of(f32(2, 3), i64(2)),
            "index: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "gather along axes in another order",
            () -> gather(1, 0),
            List.of(f32(2, 3), i64(2), i64(2)),
            "index: axes [1, 0], expected ascending ones"),
        new Bad(
            "gather along no axis",
            BadMovements::gather,
            List.of(f32(2, 3)),
            "index: no axes, expected one or more"),
        new Bad(
            "gather with an index too few",
            () -> gather(0, 1),
            List.of(f32(2, 3), i64(2)),
            "index: 2 inputs, expected 3"),
        new Bad(
            "gather by numbers with a fraction",
            () -> gather(0),
            List.of(f32(2, 3), f32(2)),
            "index: indices have dtype f32, expected i32 or i64"),
        new Bad(
            "gather by indices of two shapes",
            () -> gather(0, 1),
            List.of(f32(2, 3), i64(2), i64(3)),
            "index: indices have shapes [2] and [3], expected the same"),
        new Bad(
            "gather from nothing",
            () -> gather(1),
            List.of(f32(2, 0), i64(2)),
            "index: indices into axis 1 of shape [2, 0], which has none"),
        new Bad(
            "gather of elements along an axis out of range",
            () -> new GatherElements("gather", 2, false),
            List.of(f32(2, 3), i64(2, 3)),
            "gather: axis 2 out of range for shape [2, 3]"),
        new Bad(
            "gather of elements in a larger shape",
            () -> new GatherElements("gather", 1, false),
            List.of(f32(2, 3), i64(3, 3)),
            "gather: indices have shape [3, 3] for an input of shape [2, 3]"),
        new Bad(
            "gather of elements in fewer dimensions",
            () -> new GatherElements("gather", 0, false),
            List.of(f32(2, 3), i64(2)),
            "gather: indices have shape [2] for an input of shape [2, 3]"),
        new Bad(
            "scatter of another shape",
            () -> scatter(0),
            List.of(f32(2, 3), f32(2, 2), i64(2)),
            "index_put: source has shape [2, 2], expected [2, 3]"),
        new Bad(
            "scatter of another dtype",
            () -> scatter(0),
            List.of(f32(2, 3), i64(2, 3), i64(2)),
            "index_put: input 1 has dtype i64, expected f32"),
        new Bad(
            "scatter along axes in another order",
            () -> scatter(1, 1),
            List.of(f32(2, 3), f32(2), i64(2), i64(2)),
            "index_put: axes [1, 1], expected ascending ones"),
        new Bad(
            "scatter of fewer elements than indices",
            () -> scatterElements(0),
            List.of(f32(2, 3), f32(2, 2), i64(2, 3)),
            "scatter: source has shape [2, 2] for indices of shape [2, 3]"),
        new Bad(
            "scatter of elements of another dtype",
            () -> scatterElements(0),
            List.of(f32(2, 3), i64(2, 3), i64(2, 3)),
            "scatter: input 1 has dtype i64, expected f32"),
        new Bad(
            "scatter of elements by truth values",
            () -> scatterElements(0),
            List.of(f32(2, 3), f32(2, 3), bool(2, 3)),
            "scatter: indices have dtype bool, expected i32 or i64"),
        new Bad(
            "selection by a mask of another shape",
            () -> new MaskedSelect(1),
            List.of(f32(2, 3), bool(3)),
            "masked_select: mask is bool[3], expected bool[2, 3]"),
        new Bad(
            "selection by numbers",
            () -> new MaskedSelect(1),
            List.of(f32(2, 3), i64(2, 3)),
            "masked_select: mask is i64[2, 3], expected bool[2, 3]"),
        new Bad(
            "selection of more than there is",
            () -> new MaskedSelect(7),
            List.of(f32(2, 3), bool(2, 3)),
            "masked_select: count 7 for a mask of 6 elements, expected 0 to 6"),
        new Bad(
            "selection of other than the mask says",
            () -> new MaskedSelect(2),
            List.of(f32(2, 3), bool(2, 3)),
            "masked_select: "),
        new Bad(
            "places of numbers",
            () -> new NonZero(1),
            List.of(f32(2, 3)),
            "nonzero: input has dtype f32, expected bool"),
        new Bad(
            "places of more than there is",
            () -> new NonZero(-1),
            List.of(bool(2)),
            "nonzero: count -1 for a mask of 2 elements, expected 0 to 2"));
  }
}
