package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Interpolate;
import org.gatun.op.InterpolationMode;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Interpolation: every mode, up and down, by size and by scale, in one to three dimensions. */
final class InterpolateCases {
  private static final Operand SIGNAL = Operand.of(2, 3, 19);
  private static final Operand IMAGE = Operand.of(2, 5, 7, 11);
  private static final Operand VOLUME = Operand.of(2, 3, 4, 3, 5);

  private InterpolateCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (InterpolationMode mode : InterpolationMode.values()) {
      cases.add(of(mode, "2d-up", Interpolate.toSize(mode, 13, 25), IMAGE));
      cases.add(of(mode, "2d-down", Interpolate.toSize(mode, 3, 5), IMAGE));
      cases.add(of(mode, "2d-same", Interpolate.toSize(mode, 7, 11), IMAGE));
      cases.add(of(mode, "2d-to-one", Interpolate.toSize(mode, 1, 1), IMAGE));
      cases.add(of(mode, "2d-from-one", Interpolate.toSize(mode, 4, 9), Operand.of(1, 3, 1, 1)));
      cases.add(of(mode, "2d-twice", Interpolate.byScale(mode, 2, 2), IMAGE));
      cases.add(of(mode, "2d-by-1.7", Interpolate.byScale(mode, 1.7, 1.7), IMAGE));
      cases.add(of(mode, "2d-by-0.6", Interpolate.byScale(mode, 0.6, 0.31), IMAGE));
      cases.add(of(mode, "2d-by-1.05", Interpolate.byScale(mode, 1.05, 1), IMAGE));
      cases.add(of(mode, "2d-pixels", Interpolate.toSize(mode, 9, 8), Operand.of(2, 37, 5, 6)));
      cases.add(of(mode, "empty-batch", Interpolate.toSize(mode, 3, 5), Operand.of(0, 2, 3, 4)));
      cases.add(
          of(mode, "1x64x56x56", Interpolate.toSize(mode, 112, 112), Operand.of(1, 64, 56, 56))
              .bench());
      if (mode != InterpolationMode.CUBIC) {
        cases.add(of(mode, "1d-up", Interpolate.toSize(mode, 702), SIGNAL));
        cases.add(of(mode, "1d-by-0.6", Interpolate.byScale(mode, 0.6), SIGNAL));
        cases.add(of(mode, "3d-up", Interpolate.toSize(mode, 5, 7, 6), VOLUME));
        cases.add(of(mode, "3d-down", Interpolate.toSize(mode, 3, 2, 4), VOLUME));
        cases.add(of(mode, "3d-by-1.7", Interpolate.byScale(mode, 1.7, 0.6, 1.3), VOLUME));
      }
      if (mode.isNearest()) {
        Operand bytes =
            new Operand(Shape.of(2, 3, 5, 6), new Operand.Values.Index(DType.U8, 256), false);
        cases.add(of(mode, "u8", Interpolate.toSize(mode, 8, 13), bytes).with(DType.U8));
      }
    }
    for (InterpolationMode mode : List.of(InterpolationMode.LINEAR, InterpolationMode.CUBIC)) {
      cases.add(aligned("2d-up", Interpolate.toSize(mode, 13, 25), IMAGE));
      cases.add(aligned("2d-down", Interpolate.toSize(mode, 3, 5), IMAGE));
      cases.add(aligned("2d-to-one", Interpolate.toSize(mode, 1, 1), IMAGE));
      cases.add(aligned("2d-by-1.7", Interpolate.byScale(mode, 1.7, 1.7), IMAGE));
    }
    cases.add(aligned("3d-up", Interpolate.toSize(InterpolationMode.LINEAR, 5, 7, 6), VOLUME));
    return cases;
  }

  private static Case of(InterpolationMode mode, String name, Interpolate op, Operand x) {
    return Case.of(
        "interpolate/" + mode.spelling() + "-" + name,
        op,
        mode.isNearest() ? Tolerance.exact() : Tolerance.sum(),
        x);
  }

  private static Case aligned(String name, Interpolate op, Operand x) {
    return of(op.mode(), "aligned-" + name, op.withAlignedCorners(), x);
  }
}
