package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Col2Im;
import org.gatun.op.Im2Col;
import org.gatun.op.Ints;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Patches as columns and back: windows with and without gaps, overlaps and padding. */
final class PatchesCases {
  private static final Operand IMAGE = Operand.of(2, 3, 7, 9);

  private PatchesCases() {}

  static List<Case> list() {
    return List.of(
        apart("2x2", apart(2, 2, 1, 1, 0, 0, 1, 1), IMAGE),
        apart("3x3p1", apart(3, 3, 1, 1, 1, 1, 1, 1), IMAGE),
        apart("3x2s2x3", apart(3, 2, 1, 1, 0, 1, 2, 3), IMAGE),
        apart("2x3d2x3p2", apart(2, 3, 2, 3, 2, 2, 1, 1), IMAGE),
        apart("more-padding-than-image", apart(2, 2, 1, 1, 11, 10, 1, 2), IMAGE),
        apart("whole", apart(7, 9, 1, 1, 0, 0, 1, 1), IMAGE),
        apart("no-batch", apart(2, 2, 1, 1, 0, 0, 2, 2), Operand.of(3, 7, 9)),
        apart("empty-batch", apart(2, 2, 1, 1, 0, 0, 2, 2), Operand.of(0, 3, 7, 9)),
        apart("bytes", apart(3, 3, 1, 1, 1, 1, 2, 2), bytes()).with(DType.U8),
        apart("3x3-1x64x56x56", apart(3, 3, 1, 1, 1, 1, 1, 1), Operand.of(1, 64, 56, 56)).bench(),
        together("2x2", together(7, 9, 2, 1, 0, 1), Operand.of(2, 12, 48)),
        together("3x3p1", together(7, 9, 3, 1, 1, 1), Operand.of(2, 27, 63)),
        together("3x3s2", together(7, 9, 3, 1, 0, 2), Operand.of(2, 27, 12)),
        together("2x2d3p1s2", together(7, 9, 2, 3, 1, 2), Operand.of(2, 12, 12)),
        together("gaps", together(7, 9, 1, 1, 0, 3), Operand.of(2, 3, 9)),
        together("no-batch", together(7, 9, 2, 1, 0, 1), Operand.of(12, 48)),
        together("empty-batch", together(7, 9, 2, 1, 0, 1), Operand.of(0, 12, 48)),
        together("3x3-1x64x56x56", together(56, 56, 3, 1, 1, 1), Operand.of(1, 576, 3136)).bench());
  }

  private static Operand bytes() {
    return new Operand(Shape.of(2, 3, 7, 9), new Operand.Values.Index(DType.U8, 256), false);
  }

  /** Pairs: kernel, dilation, padding, stride. */
  private static Im2Col apart(int... n) {
    return new Im2Col(
        Ints.of(n[0], n[1]), Ints.of(n[2], n[3]), Ints.of(n[4], n[5]), Ints.of(n[6], n[7]));
  }

  private static Col2Im together(
      int height, int width, int kernel, int dilation, int padding, int stride) {
    return new Col2Im(
        Ints.of(height, width),
        Ints.repeat(kernel, 2),
        Ints.repeat(dilation, 2),
        Ints.repeat(padding, 2),
        Ints.repeat(stride, 2));
  }

  private static Case apart(String name, Im2Col op, Operand x) {
    return Case.of("im2col/" + name, op, Tolerance.exact(), x);
  }

  private static Case together(String name, Col2Im op, Operand x) {
    return Case.of("col2im/" + name, op, Tolerance.sum(), x);
  }
}
