package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AveragePool;
import org.gatun.op.Col2Im;
import org.gatun.op.Doubles;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Im2Col;
import org.gatun.op.Interpolate;
import org.gatun.op.InterpolationMode;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.LpPool;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.Op;
import org.gatun.op.Resample;

/** Pooling, patches and resampling. */
final class WindowDrafts {
  private WindowDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(MaxPool.class, WindowDrafts::maxPool);
    drafts.put(AveragePool.class, WindowDrafts::averagePool);
    drafts.put(LpPool.class, WindowDrafts::lpPool);
    drafts.put(AdaptiveMaxPool.class, d -> adaptive(d, true));
    drafts.put(AdaptiveAveragePool.class, d -> adaptive(d, false));
    drafts.put(
        GlobalAveragePool.class,
        d -> new Draft.Call(new GlobalAveragePool(), images(d, d.between(1, 3), true)));
    drafts.put(
        GlobalMaxPool.class,
        d -> new Draft.Call(new GlobalMaxPool(), images(d, d.between(1, 3), true)));
    drafts.put(MaxUnpool.class, WindowDrafts::unpool);
    drafts.put(Im2Col.class, WindowDrafts::im2col);
    drafts.put(Col2Im.class, WindowDrafts::col2im);
    drafts.put(Interpolate.class, WindowDrafts::interpolate);
    drafts.put(Resample.class, WindowDrafts::resample);
  }

  /** Images with a batch, or without where they may be. */
  private static int images(Draw d, int spatial, boolean batch) {
    return d.fitting(
        x ->
            x.dtype().isFloating()
                && (x.rank() == spatial + 2 || (!batch && x.rank() == spatial + 1))
                && x.shape().range(1, x.rank()).size() > 0,
        d.floating(),
        batched(d, spatial));
  }

  private static Shape batched(Draw d, int spatial) {
    Shape shape = ContractionDrafts.image(d, spatial, 9);
    return shape.rank() == spatial + 2 ? shape : Shape.of(2).concat(shape);
  }

  /** Sizes of windows that an image has room for. */
  private static int[] kernel(Draw d, int x, int spatial) {
    int[] kernel = new int[spatial];
    for (int i = 0; i < spatial; i++) {
      kernel[i] = d.between(1, Math.clamp(d.layout(x).dim(i - spatial), 1, 4));
    }
    return kernel;
  }

  private static Ints padding(Draw d, int[] kernel) {
    int[] padding = new int[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      padding[i] = d.coin() ? 0 : d.between(0, kernel[i] / 2);
    }
    return Ints.of(padding);
  }

  private static Draft.Call maxPool(Draw d) {
    int spatial = d.of(1, 2, 2, 3);
    int x = images(d, spatial, false);
    int[] kernel = kernel(d, x, spatial);
    MaxPool op =
        new MaxPool(
            Ints.of(kernel),
            Ints.of(d.ints(spatial, 1, 3)),
            padding(d, kernel),
            d.chance(0.7) ? Ints.repeat(1, spatial) : Ints.of(d.ints(spatial, 1, 2)),
            d.coin(),
            d.coin());
    return new Draft.Call(op, x);
  }

  private static Draft.Call averagePool(Draw d) {
    int spatial = d.of(1, 2, 2, 3);
    int x = images(d, spatial, false);
    int[] kernel = kernel(d, x, spatial);
    AveragePool op =
        new AveragePool(
            Ints.of(kernel),
            Ints.of(d.ints(spatial, 1, 3)),
            padding(d, kernel),
            d.coin(),
            d.coin(),
            d.chance(0.8) ? 0 : d.of(1, 3, -2));
    return new Draft.Call(op, x);
  }

  private static Draft.Call lpPool(Draw d) {
    int spatial = d.of(1, 2, 2, 3);
    int x = images(d, spatial, false);
    LpPool op =
        new LpPool(
            d.number(2, 1, 3, 0.5),
            Ints.of(kernel(d, x, spatial)),
            Ints.of(d.ints(spatial, 1, 3)),
            d.coin());
    return new Draft.Call(op, x);
  }

  private static Draft.Call adaptive(Draw d, boolean max) {
    int spatial = d.of(1, 2, 2, 3);
    int x = images(d, spatial, false);
    int[] size = d.ints(spatial, d.chance(0.1) ? -1 : 1, 6);
    return new Draft.Call(
        max ? new AdaptiveMaxPool(Ints.of(size), d.coin()) : new AdaptiveAveragePool(Ints.of(size)),
        x);
  }

  private static Draft.Call unpool(Draw d) {
    int spatial = d.of(1, 2, 2, 3);
    int x = images(d, spatial, false);
    long[] size = new long[spatial];
    long positions = 1;
    for (int i = 0; i < spatial; i++) {
      size[i] = d.between(1, 6);
      positions *= size[i];
    }
    int indices =
        d.leaf(DType.I64, d.shape(x), new Values.Whole(0, positions - (d.chance(0.05) ? 0 : 1)));
    return new Draft.Call(new MaxUnpool(Longs.of(size)), x, indices);
  }

  private static Draft.Call im2col(Draw d) {
    int x =
        d.fitting(
            l -> (l.rank() == 3 || l.rank() == 4) && l.size() > 0 && l.size() < 2000,
            d.dtype(),
            batched(d, 2));
    int[] kernel = kernel(d, x, 2);
    Im2Col op =
        new Im2Col(
            Ints.of(kernel),
            d.chance(0.7) ? Ints.of(1, 1) : Ints.of(d.ints(2, 1, 2)),
            Ints.of(d.ints(2, 0, 2)),
            Ints.of(d.ints(2, 1, 3)));
    return new Draft.Call(op, x);
  }

  private static Draft.Call col2im(Draw d) {
    int[] size = d.ints(2, 2, 7);
    int[] kernel = {d.between(1, size[0]), d.between(1, size[1])};
    int[] stride = d.ints(2, 1, 3);
    long windows =
        ((long) (size[0] - kernel[0]) / stride[0] + 1) * ((size[1] - kernel[1]) / stride[1] + 1);
    Shape columns = Shape.of((long) d.between(1, 4) * kernel[0] * kernel[1], windows);
    int x = d.leaf(d.floating(), d.coin() ? columns : Shape.of(d.between(1, 3)).concat(columns));
    Ints none = Ints.of(0, 0);
    return new Draft.Call(
        new Col2Im(Ints.of(size), Ints.of(kernel), Ints.of(1, 1), none, Ints.of(stride)), x);
  }

  private static Draft.Call interpolate(Draw d) {
    InterpolationMode mode = d.of(InterpolationMode.values());
    int spatial = mode == InterpolationMode.CUBIC ? 2 : d.between(1, 3);
    int x = images(d, spatial, true);
    boolean corners =
        (mode == InterpolationMode.LINEAR || mode == InterpolationMode.CUBIC) && d.coin();
    if (d.coin()) {
      List<Double> scales = new ArrayList<>();
      for (int i = 0; i < spatial; i++) {
        scales.add(d.number(1, 2, 1.5, 0.75, 2.3));
      }
      return new Draft.Call(new Interpolate(mode, Longs.of(), scales, corners), x);
    }
    long[] size = new long[spatial];
    for (int i = 0; i < spatial; i++) {
      size[i] = d.between(1, 9);
    }
    return new Draft.Call(new Interpolate(mode, Longs.of(size), List.of(), corners), x);
  }

  private static Draft.Call resample(Draw d) {
    int spatial = d.between(1, 3);
    int x = images(d, spatial, true);
    List<Resample.Taps> taps = new ArrayList<>();
    for (int i = 0; i < spatial; i++) {
      int count = d.between(1, 4);
      int total = count * d.between(1, 7);
      int last = (int) d.layout(x).dim(2 + i) - 1;
      double[] weights = new double[total];
      for (int k = 0; k < total; k++) {
        weights[k] = d.number(1, 0.5, 0.25, -0.25);
      }
      taps.add(new Resample.Taps(count, Ints.of(d.ints(total, 0, last)), Doubles.of(weights)));
    }
    return new Draft.Call(new Resample(taps), x);
  }
}
