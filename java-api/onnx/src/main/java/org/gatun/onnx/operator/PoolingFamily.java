package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.AveragePool;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Longs;
import org.gatun.op.MaxPool;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Operators that make an element of each window, or of each channel. */
final class PoolingFamily {
  private PoolingFamily() {}

  static void register(Registry onnx, Registry microsoft) {
    onnx.add("AveragePool", 1, PoolingFamily::average);
    onnx.add(
        "GlobalAveragePool", 1, c -> Engine.current().run(new GlobalAveragePool(), c.tensor(0)));
    onnx.add("GlobalLpPool", 1, PoolingFamily::globalLp);
    onnx.add("GlobalMaxPool", 1, c -> Engine.current().run(new GlobalMaxPool(), c.tensor(0)));
    onnx.add("LpPool", 1, PoolingFamily::lp);
    onnx.addAll("MaxPool", 1, PoolingFamily::max);
    onnx.add("MaxUnpool", 9, PoolingFamily::unpool);
    microsoft.add("MaxpoolWithMask", 1, PoolingFamily::masked);
    microsoft.add("NhwcMaxPool", 1, PoolingFamily::channelsLast);
  }

  // Maxima.

  private static List<? extends @Nullable Tensor> max(Call call) {
    Tensor x = call.tensor(0);
    MaxPool pool = maxPool(call, x.shape(), call.wants(1));
    if (!call.wants(1)) {
      return List.of(Engine.current().run(pool, x));
    }
    List<Tensor> both = Engine.current().runAll(pool, x);
    return List.of(both.get(0), among(call, x.shape(), both.get(1)));
  }

  private static MaxPool maxPool(Call call, Shape x, boolean indices) {
    SlidingWindow window = SlidingWindow.of(call, x);
    return new MaxPool(
        window.kernel(),
        window.strides(),
        window.pads(),
        window.dilations(),
        roundsUp(call),
        indices);
  }

  /** Sizes that are found by padding are whole. */
  private static boolean roundsUp(Call call) {
    return call.flag("ceil_mode", false) && !SlidingWindow.isAutomatic(call);
  }

  /**
   * Returns places among the elements of a channel as places among those of all channels, the last
   * dimension or, with {@code storage_order}, the first counting fastest.
   */
  private static Tensor among(Call call, Shape x, Tensor places) {
    Tensor within = places;
    if (call.flag("storage_order", false)) {
      long before = 1;
      long after = x.range(2, x.rank()).size();
      Tensor sum = null;
      for (int axis = 2; axis < x.rank(); axis++) {
        after /= x.dim(axis);
        Tensor coordinate = places.floorDivide(after).remainder(x.dim(axis));
        Tensor part = coordinate.mul(before);
        sum = sum == null ? part : sum.add(part);
        before *= x.dim(axis);
      }
      within = sum == null ? places : sum;
    }
    long[] starts = new long[Math.toIntExact(x.dim(0) * x.dim(1))];
    long plane = x.range(2, x.rank()).size();
    Arrays.setAll(starts, i -> i * plane);
    long[] shape = new long[x.rank()];
    Arrays.fill(shape, 1);
    shape[0] = x.dim(0);
    shape[1] = x.dim(1);
    return within.add(Tensor.of(starts, shape));
  }

  private static Tensor channelsLast(Call call) {
    Tensor x = ChannelsLast.channelsSecond(call.tensor(0));
    return ChannelsLast.channelsBehind(Engine.current().run(maxPool(call, x.shape(), false), x));
  }

  /** The largest of those elements of each window that a mask does not hide with 0. */
  private static Tensor masked(Call call) {
    Tensor x = call.tensor(0);
    Tensor visible = call.tensor(1).ne(0L).broadcastTo(x.shape().dims());
    MaxPool pool = maxPool(call, x.shape(), false);
    return Engine.current().run(pool, x.where(visible, (double) -Float.MAX_VALUE));
  }

  private static Tensor unpool(Call call) {
    Tensor x = call.tensor(0);
    Tensor indices = call.tensor(1);
    SlidingWindow window = SlidingWindow.of(call, x.shape());
    int rank = window.rank();
    long[] inferred = x.shape().dims();
    for (int i = 0; i < rank; i++) {
      inferred[2 + i] =
          (x.dim(2 + i) - 1) * window.strides().get(i)
              - window.begins().get(i)
              - window.ends().get(i)
              + window.kernel().get(i);
    }
    Tensor unpooled =
        Tensor.zeros(x.dtype(), Shape.of(inferred).size())
            .put(indices.flatten(), x.flatten(), false)
            .reshape(inferred);
    if (!call.has(2)) {
      return unpooled;
    }
    // The indices are those of the inferred shape, which lies in the corner of the one asked for.
    long[] wanted = call.longs(2);
    if (wanted.length != inferred.length
        || IntStream.range(0, wanted.length).anyMatch(i -> wanted[i] < inferred[i])) {
      throw call.failure(
          "output_shape "
              + Longs.of(wanted)
              + ", expected at least what the kernel gives, "
              + Longs.of(inferred));
    }
    long[] padding = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      padding[2 * (rank - 1 - i) + 1] = wanted[2 + i] - inferred[2 + i];
    }
    return Functional.pad(unpooled, padding);
  }

  // Means and norms.

  private static Tensor average(Call call) {
    Tensor x = call.tensor(0);
    SlidingWindow window = SlidingWindow.of(call, x.shape());
    boolean countsPadding = call.flag("count_include_pad", false);
    if (!window.isDilated()) {
      AveragePool pool =
          new AveragePool(
              window.kernel(), window.strides(), window.pads(), roundsUp(call), countsPadding, 0);
      return Engine.current().run(pool, x);
    }
    Tensor counts = counts(window, x.shape(), roundsUp(call), countsPadding);
    return dilatedSum(window, x, roundsUp(call)).div(counts.to(x.dtype()));
  }

  private static Tensor lp(Call call) {
    Tensor x = call.tensor(0);
    SlidingWindow window = SlidingWindow.of(call, x.shape());
    long p = call.integer("p", 2);
    Tensor powers = p == 2 ? x.square() : p == 1 ? x.abs() : x.abs().pow((double) p);
    Tensor sums =
        window.isDilated()
            ? dilatedSum(window, powers, roundsUp(call))
            : Engine.current()
                .run(
                    new AveragePool(
                        window.kernel(), window.strides(), window.pads(), roundsUp(call), true, 1),
                    powers);
    return p == 2 ? sums.sqrt() : p == 1 ? sums : sums.pow(1.0 / p);
  }

  private static Tensor globalLp(Call call) {
    Tensor x = call.tensor(0);
    int[] axes = IntStream.range(2, x.rank()).toArray();
    if (axes.length == 0) {
      throw call.failure("input has shape " + x.shape() + ", expected (N, C, spatial...)");
    }
    return x.norm(call.integer("p", 2), axes, true);
  }

  /** Returns the sum of each window, its elements taken from the padded input one by one. */
  private static Tensor dilatedSum(SlidingWindow window, Tensor x, boolean ceilMode) {
    int rank = window.rank();
    long[] sizes = sizes(window, x.shape(), ceilMode);
    long[] padding = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      long needed = (sizes[i] - 1) * window.strides().get(i) + window.reach(i);
      int at = 2 * (rank - 1 - i);
      padding[at] = window.begins().get(i);
      padding[at + 1] =
          Math.max(window.ends().get(i), needed - x.dim(2 + i) - window.begins().get(i));
    }
    Tensor padded = Functional.pad(x, padding);
    List<Tensor> parts = new ArrayList<>(List.of(padded));
    for (int i = 0; i < rank; i++) {
      List<Tensor> finer = new ArrayList<>();
      long stride = window.strides().get(i);
      for (Tensor part : parts) {
        for (int k = 0; k < window.kernel().get(i); k++) {
          long start = (long) k * window.dilations().get(i);
          finer.add(part.slice(2 + i, start, start + (sizes[i] - 1) * stride + 1, stride));
        }
      }
      parts = finer;
    }
    Tensor sum = parts.getFirst();
    for (Tensor part : parts.subList(1, parts.size())) {
      sum = sum.add(part);
    }
    return sum;
  }

  private static long[] sizes(SlidingWindow window, Shape x, boolean ceilMode) {
    long[] sizes = new long[window.rank()];
    Arrays.setAll(sizes, i -> window.positions(i, x.dim(2 + i), ceilMode));
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] < 1) {
        throw new IllegalArgumentException(
            "a window of " + window.reach(i) + " elements for an input of shape " + x);
      }
    }
    return sizes;
  }

  /** Returns how many elements each window has, (1, 1, spatial...). */
  private static Tensor counts(
      SlidingWindow window, Shape x, boolean ceilMode, boolean countsPadding) {
    long[] sizes = sizes(window, x, ceilMode);
    double[] counts = {1};
    for (int i = 0; i < sizes.length; i++) {
      double[] finer = new double[Math.toIntExact(counts.length * sizes[i])];
      long least = countsPadding ? -window.begins().get(i) : 0;
      long end = x.dim(2 + i) + (countsPadding ? window.ends().get(i) : 0);
      for (int at = 0; at < finer.length; at++) {
        long start = at % sizes[i] * window.strides().get(i) - window.begins().get(i);
        long inside = 0;
        for (int k = 0; k < window.kernel().get(i); k++) {
          long position = start + (long) k * window.dilations().get(i);
          inside += position >= least && position < end ? 1 : 0;
        }
        finer[at] = counts[(int) (at / sizes[i])] * inside;
      }
      counts = finer;
    }
    long[] shape = Shape.of(1, 1).concat(Shape.of(sizes)).dims();
    return Tensor.of(counts, shape);
  }
}
