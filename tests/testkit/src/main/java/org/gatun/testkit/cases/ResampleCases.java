package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Doubles;
import org.gatun.op.Ints;
import org.gatun.op.Resample;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Resampling by weights: one to three dimensions, one to seven taps, in and out of order. */
final class ResampleCases {
  private static final Operand SIGNAL = Operand.of(2, 3, 19);
  private static final Operand IMAGE = Operand.of(2, 5, 7, 11);
  private static final Operand VOLUME = Operand.of(2, 3, 4, 3, 5);

  private ResampleCases() {}

  static List<Case> list() {
    Operand bytes =
        new Operand(Shape.of(2, 3, 5, 6), new Operand.Values.Index(DType.U8, 256), false);
    return List.of(
        picking("1d-pick", SIGNAL, pick(19, 31)),
        picking("2d-pick", IMAGE, pick(7, 9), pick(11, 4)),
        picking("2d-pick-u8", bytes, pick(5, 9), pick(6, 4)).with(DType.U8),
        picking("3d-pick", VOLUME, pick(4, 6), pick(3, 1), pick(5, 7)),
        weighted("1d-three", SIGNAL, taps(19, 8, 3)),
        weighted("2d-pick-two", IMAGE, pick(7, 9), taps(11, 5, 2)),
        weighted("2d-two-pick", IMAGE, taps(7, 9, 2), pick(11, 5)),
        weighted("2d-four-seven", IMAGE, taps(7, 3, 4), taps(11, 5, 7)),
        weighted("2d-pixels", Operand.of(2, 37, 5, 6), taps(5, 9, 3), taps(6, 8, 2)),
        weighted("3d", VOLUME, taps(4, 3, 3), taps(3, 5, 2), taps(5, 4, 4)),
        weighted("empty-batch", Operand.of(0, 2, 3, 4), taps(3, 5, 2), taps(4, 2, 2)),
        weighted(
                "antialias-1x64x56x56", Operand.of(1, 64, 56, 56), taps(56, 28, 4), taps(56, 28, 4))
            .bench());
  }

  private static Case picking(String name, Operand x, Resample.Taps... dimensions) {
    Resample op = new Resample(List.of(dimensions));
    return Case.of("resample/" + name, op, Tolerance.exact(), x);
  }

  private static Case weighted(String name, Operand x, Resample.Taps... dimensions) {
    Resample op = new Resample(List.of(dimensions));
    return Case.of("resample/" + name, op, Tolerance.sum(), x);
  }

  /** Elements of all parts of the input, neither ascending nor each once. */
  private static Resample.Taps pick(int input, int output) {
    int[] indices = new int[output];
    double[] weights = new double[output];
    for (int i = 0; i < output; i++) {
      indices[i] = i * 5 % input;
      weights[i] = 1;
    }
    return new Resample.Taps(1, Ints.of(indices), Doubles.of(weights));
  }

  /** Neighbours, those beyond the end replaced by the last, with weights of both signs. */
  private static Resample.Taps taps(int input, int output, int count) {
    int[] indices = new int[output * count];
    double[] weights = new double[output * count];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = Math.min(input - 1, i / count * input / output + i % count);
      weights[i] = (i % 7 - 2) / 5.0;
    }
    return new Resample.Taps(count, Ints.of(indices), Doubles.of(weights));
  }
}
