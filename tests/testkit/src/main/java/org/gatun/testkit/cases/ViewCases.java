package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.op.Diagonal;
import org.gatun.op.Expand;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.op.Reshape;
import org.gatun.op.Slice;
import org.gatun.op.Split;
import org.gatun.op.UnfoldAxis;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Views; a benchmark of one is that of the copy that its result costs. */
final class ViewCases {
  private ViewCases() {}

  static List<Case> list() {
    return List.of(
        of("diagonal/main", new Diagonal(0, 0, 1), Operand.of(5, 7)),
        of("diagonal/above", new Diagonal(2, 0, 1), Operand.of(5, 4)),
        of("diagonal/below", new Diagonal(-3, 0, 1), Operand.of(5, 7)),
        of("diagonal/batch", new Diagonal(1, -1, 0), Operand.of(5, 3, 4)),
        of("diagonal/outside", new Diagonal(9, 0, 1), Operand.of(5, 7)),
        of("diagonal/far-below", new Diagonal(Long.MIN_VALUE, 0, 1), Operand.of(5, 7)),
        of("expand/row", new Expand(Longs.of(5, -1)), Operand.of(1, 13)),
        of("expand/column", new Expand(Longs.of(5, 7)), Operand.of(5, 1)),
        of("expand/new-dimensions", new Expand(Longs.of(2, 3, 5)), Operand.of(5)),
        of("expand/scalar", new Expand(Longs.of(3)), Operand.of()),
        of("expand/to-empty", new Expand(Longs.of(0, 13)), Operand.of(1, 13)),
        of("expand/1024x1024", new Expand(Longs.of(1024, 1024)), Operand.of(1024, 1)).bench(),
        of("permute/matrix", new Permute(Ints.of(1, 0)), Operand.of(13, 37)),
        of("permute/heads", new Permute(Ints.of(0, 2, 1, 3)), Operand.of(2, 5, 3, 4)),
        of("permute/negative", new Permute(Ints.of(-1, 0, 1)), Operand.of(2, 3, 5)),
        of("permute/scalar", new Permute(Ints.of()), Operand.of()),
        of("permute/empty", new Permute(Ints.of(1, 0)), Operand.of(0, 3)),
        of("permute/1024x1024", new Permute(Ints.of(1, 0)), Operand.of(1024, 1024)).bench(),
        of("permute/heads-128x12x32", new Permute(Ints.of(1, 0, 2)), Operand.of(128, 12, 32))
            .bench(),
        of("reshape/inferred", new Reshape(Longs.of(-1, 6), true), Operand.of(4, 9)),
        of("reshape/to-scalar", new Reshape(Longs.of(), true), Operand.of(1, 1)),
        of("reshape/from-scalar", new Reshape(Longs.of(1, 1), true), Operand.of()),
        of("reshape/split-and-join", new Reshape(Longs.of(2, 2, 15), true), Operand.of(4, 3, 5)),
        of("reshape/empty", new Reshape(Longs.of(0, 7), true), Operand.of(3, 0)),
        of("reshape/1024x1024", new Reshape(Longs.of(512, 2048), true), Operand.of(1024, 1024))
            .bench(),
        of("slice/middle", new Slice(1, 2, 9, 1), Operand.of(3, 13)),
        of("slice/step", new Slice(-1, 1, Long.MAX_VALUE, 3), Operand.of(3, 13)),
        of("slice/negative", new Slice(0, -3, -1, 1), Operand.of(7, 5)),
        of("slice/clamped", new Slice(0, -100, 100, 2), Operand.of(7, 5)),
        of("slice/empty", new Slice(0, 5, 2, 1), Operand.of(7, 5)),
        of("slice/1024x1024", new Slice(1, 0, Long.MAX_VALUE, 2), Operand.of(1024, 1024)).bench(),
        of("split/parts", new Split(1, Longs.of(2, 0, 5, 6)), Operand.of(3, 13)),
        of("split/first", new Split(0, Longs.of(1, 2)), Operand.of(3, 13)),
        of("split/1024x1024", new Split(0, Longs.of(512, 512)), Operand.of(1024, 1024)).bench(),
        of("unfold/overlapping", new UnfoldAxis(1, 3, 2), Operand.of(2, 8, 3)),
        of("unfold/apart", new UnfoldAxis(-1, 2, 5), Operand.of(3, 13)),
        of("unfold/one", new UnfoldAxis(0, 3, 7), Operand.of(3, 2)),
        of("unfold/nothing", new UnfoldAxis(0, 0, 2), Operand.of(3, 2)),
        of("unfold/scalar", new UnfoldAxis(0, 1, 1), Operand.of()));
  }

  private static Case of(String name, Op op, Operand x) {
    return Case.of(name, op, Tolerance.exact(), x);
  }
}
