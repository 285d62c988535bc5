package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AveragePool;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.LpPool;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.Pooling;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Pooling: windows at every kind of edge, in one to three dimensions, and those of real models. */
final class PoolingCases {
  private static final Operand IMAGE = Operand.of(2, 5, 13, 19);

  private static final Operand FEW = Operand.of(2, 3, 7);

  /** Two layers: windows of one that lie two apart leave one out. */
  private static final Operand LAYERS = Operand.of(2, 3, 2, 5, 8);

  private static final Operand WHOLE =
      new Operand(Shape.of(2, 5, 13, 19), new Operand.Values.Uniform(-100, 100), false);
  private static final Operand BYTES =
      new Operand(Shape.of(2, 5, 13, 19), new Operand.Values.Uniform(0, 255), false);
  private static final int LARGEST = Integer.MAX_VALUE;

  private PoolingCases() {}

  static List<Case> list() {
    return List.of(
        max("2x2", MaxPool.of(2, 2), IMAGE),
        max("3x3s1", MaxPool.of(3, 3).withStride(1), IMAGE),
        max("3x3s2p1", MaxPool.of(3, 3).withStride(2).withPadding(1), IMAGE),
        max("3x2s2x1p1x0", MaxPool.of(3, 2).withStride(2, 1).withPadding(1, 0), IMAGE),
        max("5x5s3p2", MaxPool.of(5, 5).withStride(3).withPadding(2), IMAGE),
        max("ceil", MaxPool.of(3, 3).withStride(2).withPadding(1).withCeilMode(), IMAGE),
        max(
            "ceil-drops-last",
            MaxPool.of(2, 2).withStride(3).withCeilMode(),
            Operand.of(1, 2, 6, 7)),
        max("dilated", MaxPool.of(3, 3).withStride(1).withDilation(2, 3), IMAGE),
        max(
            "dilated-one-far-step",
            MaxPool.of(2, 2).withStride(3, Integer.MAX_VALUE).withDilation(1, 2),
            Operand.of(1, 4, 6, 7)),
        max(
            "dilated-strided",
            MaxPool.of(3, 3).withStride(2).withDilation(2).withPadding(2).withCeilMode(),
            IMAGE),
        max(
            "dilated-all-padding",
            MaxPool.of(2, 2).withStride(1).withDilation(2).withPadding(1),
            Operand.of(1, 2, 1, 3)),
        max("stride-over-kernel", MaxPool.of(2, 2).withStride(5, 4), IMAGE),
        max("whole", MaxPool.of(13, 19), IMAGE),
        max(
            "begins-and-ends",
            new MaxPool(
                Ints.of(3, 3), Ints.of(2, 2), Ints.of(0, 1, 2, 0), Ints.of(1, 1), false, false),
            IMAGE),
        max("indices", MaxPool.of(3, 3).withStride(2).withPadding(1).withIndices(), IMAGE),
        max(
            "indices-dilated",
            MaxPool.of(2, 3).withStride(1, 2).withDilation(3, 2).withCeilMode().withIndices(),
            IMAGE),
        max("no-batch", MaxPool.of(3, 3).withStride(2), Operand.of(5, 13, 19)),
        max("empty-batch", MaxPool.of(3, 3), Operand.of(0, 5, 13, 19)),
        max(
            "largest-stride",
            MaxPool.of(1, 1).withStride(Integer.MAX_VALUE),
            Operand.of(2, 5, 6, 4)),
        max("one-position", MaxPool.of(1, 1), Operand.of(2, 5, 1, 1)),
        max("wide", MaxPool.of(1, 3).withStride(1, 2), Operand.of(2, 3, 4, 702)),
        max("many-channels", MaxPool.of(2, 2), Operand.of(1, 207, 6, 5)),
        max(
            "3x3s1p1-many-channels",
            MaxPool.of(3, 3).withStride(1).withPadding(1),
            Operand.of(2, 35, 5, 9)),
        max(
            "3x3s2-ceil-many-channels",
            MaxPool.of(3, 3).withStride(2).withPadding(1).withCeilMode(),
            Operand.of(2, 35, 6, 12)),
        max("1d", MaxPool.of(3).withStride(2).withPadding(1), Operand.of(2, 5, 37)),
        max("1d-no-batch", MaxPool.of(4).withStride(1).withDilation(2), Operand.of(5, 37)),
        max(
            "3d",
            MaxPool.of(3, 2, 3).withStride(2, 1, 2).withPadding(1, 1, 0).withCeilMode(),
            Operand.of(2, 3, 5, 7, 11)),
        max("3d-layers-left-out", MaxPool.of(1, 1, 2).withStride(2, 1, 2), LAYERS),
        max("far-padding", MaxPool.of(3).withStride(5).withDilation(901).withPadding(900), FEW),
        max(
            "far-padding-indices",
            MaxPool.of(2).withStride(1).withDilation(800).withPadding(400).withIndices(),
            FEW),
        max("largest-window", MaxPool.of(LARGEST).withStride(1).withPadding(LARGEST / 2), FEW),
        max(
            "largest-window-in-ceil-mode",
            MaxPool.of(LARGEST).withStride(1 << 30).withPadding(LARGEST / 2).withCeilMode(),
            FEW),
        max(
            "farthest-padding",
            MaxPool.of(2).withStride(3).withDilation(1 << 29).withPadding(1 << 28),
            FEW),
        max("integers", MaxPool.of(3, 3).withStride(2).withPadding(1), WHOLE)
            .with(DType.I8, DType.I16, DType.I32, DType.I64),
        max("bytes", MaxPool.of(2, 3).withStride(2).withIndices(), BYTES).with(DType.U8),
        max(
                "integers-all-padding",
                MaxPool.of(2, 2).withStride(1).withDilation(2).withPadding(1).withIndices(),
                new Operand(Shape.of(1, 2, 1, 3), new Operand.Values.Uniform(-90, 90), false))
            .with(DType.I8, DType.I16, DType.I32),
        max("3d-indices", MaxPool.of(2, 2, 2).withIndices(), Operand.of(3, 5, 7, 11)),
        max(
                "3x3s2-1x64x112x112",
                MaxPool.of(3, 3).withStride(2).withPadding(1),
                Operand.of(1, 64, 112, 112))
            .bench(),
        max(
                "3x3s2-8x64x112x112",
                MaxPool.of(3, 3).withStride(2).withPadding(1),
                Operand.of(8, 64, 112, 112))
            .bench(),
        average("2x2", AveragePool.of(2, 2), IMAGE),
        average("3x3s1p1", AveragePool.of(3, 3).withStride(1).withPadding(1), IMAGE),
        average("3x3s2p1", AveragePool.of(3, 3).withStride(2).withPadding(1), IMAGE),
        average(
            "pad-not-counted",
            AveragePool.of(3, 3).withStride(2).withPadding(1).withoutPadCounted(),
            IMAGE),
        average("ceil", AveragePool.of(3, 3).withStride(2).withPadding(1).withCeilMode(), IMAGE),
        average(
            "ceil-pad-not-counted",
            AveragePool.of(3, 4).withStride(2, 3).withPadding(1).withCeilMode().withoutPadCounted(),
            IMAGE),
        average(
            "divisor", AveragePool.of(3, 3).withStride(2).withPadding(1).withDivisor(-7), IMAGE),
        average("stride-over-kernel", AveragePool.of(2, 2).withStride(5, 4), IMAGE),
        average("whole", AveragePool.of(13, 19), IMAGE),
        average(
            "begins-and-ends",
            new AveragePool(Ints.of(3, 3), Ints.of(2, 2), Ints.of(0, 1, 2, 0), false, false, 0),
            IMAGE),
        average("no-batch", AveragePool.of(3, 3).withStride(2), Operand.of(5, 13, 19)),
        average("empty-batch", AveragePool.of(3, 3), Operand.of(0, 5, 13, 19)),
        average(
            "largest-stride",
            AveragePool.of(1, 2).withStride(Integer.MAX_VALUE),
            Operand.of(2, 5, 6, 2)),
        average("wide", AveragePool.of(1, 3).withStride(1, 2), Operand.of(2, 3, 4, 702)),
        average("many-channels", AveragePool.of(2, 2), Operand.of(1, 207, 6, 5)),
        average("1d", AveragePool.of(3).withStride(2).withPadding(1), Operand.of(2, 5, 37)),
        average(
            "3d",
            AveragePool.of(3, 2, 3).withStride(2, 1, 2).withPadding(1, 1, 0).withCeilMode(),
            Operand.of(2, 3, 5, 7, 11)),
        average("3d-layers-left-out", AveragePool.of(1, 1, 2).withStride(2, 1, 2), LAYERS),
        average(
                "3x3s2-1x64x112x112",
                AveragePool.of(3, 3).withStride(2).withPadding(1),
                Operand.of(1, 64, 112, 112))
            .bench(),
        average(
                "3x3s2-8x64x112x112",
                AveragePool.of(3, 3).withStride(2).withPadding(1),
                Operand.of(8, 64, 112, 112))
            .bench(),
        average(
            "largest-window", AveragePool.of(LARGEST).withStride(1).withPadding(LARGEST / 2), FEW),
        adaptive("5x7", IMAGE, 5, 7),
        adaptive("keeps", IMAGE, -1, 4),
        adaptive("one", IMAGE, 1, 1),
        adaptive("more-than-input", Operand.of(1, 3, 4, 5), 9, 5),
        adaptive("divides", Operand.of(2, 5, 12, 20), 4, 5),
        adaptive("none", IMAGE, 0, 3),
        adaptive("none-wide", IMAGE, 3, 0),
        adaptive("no-batch", Operand.of(5, 13, 19), 6, 2),
        adaptive("1d", Operand.of(2, 5, 37), 10),
        adaptive("3d", Operand.of(2, 3, 5, 7, 11), 3, -1, 4),
        adaptive("7x7-1x256x28x28", Operand.of(1, 256, 28, 28), 7, 7).bench(),
        adaptiveMax("5x7", false, IMAGE, 5, 7),
        adaptiveMax("5x7-indices", true, IMAGE, 5, 7),
        adaptiveMax("keeps", false, IMAGE, -1, 4),
        adaptiveMax("one", false, IMAGE, 1, 1),
        adaptiveMax("one-indices", true, IMAGE, 1, 1),
        adaptiveMax("more-than-input", true, Operand.of(1, 3, 4, 5), 9, 5),
        adaptiveMax("divides", false, Operand.of(2, 5, 12, 20), 4, 5),
        adaptiveMax("none", true, IMAGE, 0, 3),
        adaptiveMax("no-batch", false, Operand.of(5, 13, 19), 6, 2),
        adaptiveMax("empty-batch", true, Operand.of(0, 5, 13, 19), 6, 2),
        adaptiveMax("1d", false, Operand.of(2, 5, 37), 10),
        adaptiveMax("3d", false, Operand.of(2, 3, 5, 7, 11), 3, -1, 4),
        adaptiveMax("3d-indices", true, Operand.of(2, 3, 5, 7, 11), 3, -1, 4),
        adaptiveMax("7x7-1x256x28x28", false, Operand.of(1, 256, 28, 28), 7, 7).bench(),
        norm("2d", LpPool.of(2, 3, 2), IMAGE),
        norm("2d-ceil", LpPool.of(2, 3, 4).withStride(2, 3).withCeilMode(), IMAGE),
        norm("2d-sum", LpPool.of(1, 2, 2), Operand.positive(2, 5, 13, 19)),
        norm("cubes", LpPool.of(3, 2, 2), Operand.positive(2, 5, 13, 19)),
        norm("no-batch", LpPool.of(2.5, 3, 2), Operand.positive(5, 13, 19)),
        norm("1d", LpPool.of(2, 3).withStride(2), Operand.of(2, 5, 37)),
        norm("3d", LpPool.of(4, 3, 2, 3).withStride(2), Operand.of(2, 3, 5, 7, 11)),
        norm("empty-batch", LpPool.of(2, 3, 2), Operand.of(0, 5, 13, 19)),
        norm("3x3s2-1x64x112x112", LpPool.of(2, 3, 3).withStride(2), Operand.of(1, 64, 112, 112))
            .bench(),
        unpool("2d", Operand.of(2, 5, 4, 6), 8, 13),
        unpool("2d-same-places", Operand.of(2, 5, 9, 9), 3, 2),
        unpool("no-batch", Operand.of(5, 4, 6), 8, 13),
        unpool("empty-batch", Operand.of(0, 5, 4, 6), 8, 13),
        unpool("1d", Operand.of(2, 5, 37), 75),
        unpool("1d-no-batch", Operand.of(5, 37), 75),
        unpool("3d", Operand.of(2, 3, 2, 3, 4), 4, 6, 9),
        unpool("1x64x56x56", Operand.of(1, 64, 56, 56), 112, 112).bench(),
        global("global_avg_pool/2d", new GlobalAveragePool(), Operand.of(2, 37, 13, 19)),
        global("global_avg_pool/1d", new GlobalAveragePool(), Operand.of(2, 5, 4099)),
        global("global_avg_pool/3d", new GlobalAveragePool(), Operand.of(2, 300, 3, 5, 7)),
        global("global_avg_pool/empty-batch", new GlobalAveragePool(), Operand.of(0, 5, 3, 3)),
        global("global_avg_pool/1x64x112x112", new GlobalAveragePool(), Operand.of(1, 64, 112, 112))
            .bench(),
        global("global_avg_pool/8x64x112x112", new GlobalAveragePool(), Operand.of(8, 64, 112, 112))
            .bench(),
        Case.of(
                "global_max_pool/1x64x112x112",
                new GlobalMaxPool(),
                Tolerance.exact(),
                Operand.of(1, 64, 112, 112))
            .bench(),
        Case.of(
            "global_max_pool/2d",
            new GlobalMaxPool(),
            Tolerance.exact(),
            Operand.of(2, 37, 13, 19)),
        Case.of(
            "global_max_pool/1d", new GlobalMaxPool(), Tolerance.exact(), Operand.of(2, 5, 702)),
        Case.of(
            "global_max_pool/3d",
            new GlobalMaxPool(),
            Tolerance.exact(),
            Operand.of(2, 300, 3, 5, 7)));
  }

  private static Case max(String name, MaxPool op, Operand x) {
    return Case.of(op.name() + "/" + name, op, Tolerance.exact(), x);
  }

  private static Case average(String name, AveragePool op, Operand x) {
    return Case.of(op.name() + "/" + name, op, Tolerance.sum(), x);
  }

  private static Case adaptive(String name, Operand x, int... outputSize) {
    AdaptiveAveragePool op = new AdaptiveAveragePool(Ints.of(outputSize));
    return Case.of(op.name() + "/" + name, op, Tolerance.sum(), x);
  }

  private static Case adaptiveMax(String name, boolean indices, Operand x, int... outputSize) {
    AdaptiveMaxPool op = new AdaptiveMaxPool(Ints.of(outputSize), indices);
    return Case.of(op.name() + "/" + name, op, Tolerance.exact(), x);
  }

  private static Case norm(String name, LpPool op, Operand x) {
    return Case.of(op.name() + "/" + name, op, Tolerance.sum(), x);
  }

  private static Case unpool(String name, Operand x, long... outputSize) {
    MaxUnpool op = new MaxUnpool(Longs.of(outputSize));
    Operand indices = Operand.index(Shape.of(outputSize).size(), x.shape().dims());
    return Case.of(op.name() + "/" + name, op, Tolerance.exact(), x, indices);
  }

  private static Case global(String name, Pooling op, Operand x) {
    return Case.of(name, op, Tolerance.sum(), x);
  }
}
