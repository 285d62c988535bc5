package org.gatun.onnx.operator;

import java.util.stream.LongStream;
import org.gatun.SpreadAndMean;
import org.gatun.Tensor;

/** Operators that bring elements to a common scale along axes. */
final class ScaleFamily {
  /** What is added to a deviation, so that nothing is divided by 0. */
  private static final double EPSILON = 1e-9;

  private ScaleFamily() {}

  static void register(Registry onnx) {
    onnx.add("LpNormalization", 1, ScaleFamily::lpNormalization);
    onnx.add("MeanVarianceNormalization", 9, ScaleFamily::meanVarianceNormalization);
  }

  private static Tensor lpNormalization(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", -1), x.rank());
    long p = call.integer("p", 2);
    if (p != 1 && p != 2) {
      throw call.failure("attribute p is " + p + ", expected 1 or 2");
    }
    Tensor norm = x.norm(p, new int[] {axis}, true);
    // Of zeros alone the quotients by 1 are the zeros asked for.
    return x.div(norm.maskedFill(norm.eq(0), 1));
  }

  private static Tensor meanVarianceNormalization(Call call) {
    Tensor x = call.tensor(0);
    long[] given = call.integers("axes");
    int[] axes =
        LongStream.of(given == null ? new long[] {0, 2, 3} : given)
            .mapToInt(axis -> call.axis(axis, x.rank()))
            .toArray();
    SpreadAndMean moments = x.stdMean(axes, 0, true);
    return x.sub(moments.mean()).div(moments.spread().add(EPSILON));
  }
}
