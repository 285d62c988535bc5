package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.Interpolate;
import org.gatun.op.InterpolationMode;
import org.gatun.op.Ints;
import org.gatun.op.Resample;
import org.jspecify.annotations.Nullable;

/** {@link Interpolate} and {@link Resample} of row-major and of channels-last images. */
public final class InterpolateKernel implements Kernel {
  private static final long MOST = 1 << 28;

  /** Makes the kernel. */
  public InterpolateKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout x = request.input(0);
    Layout y = request.output(0);
    boolean picks;
    switch (request.op()) {
      case Interpolate op when op.mode() == InterpolationMode.AREA -> {
        return mean(request);
      }
      case Interpolate op -> picks = op.mode().isNearest();
      case Resample op -> picks = op.moves();
      default -> {
        return null;
      }
    }
    boolean floating = x.dtype() == DType.F32 || x.dtype() == DType.F64;
    boolean channelsLast = x.isChannelsLast() && y.isChannelsLast();
    if (!(channelsLast || request.isContiguous())
        || !(floating || picks)
        || isBeyondArrays(x)
        || isBeyondArrays(y)) {
      return null;
    }
    InterpolationAxis[] axes = {
      InterpolationAxis.none(), InterpolationAxis.none(), InterpolationAxis.none()
    };
    int dims = x.rank() - 2;
    for (int i = 0; i < dims; i++) {
      int input = Math.toIntExact(x.dim(2 + i));
      int output = Math.toIntExact(y.dim(2 + i));
      axes[axes.length - dims + i] =
          switch (request.op()) {
            case Interpolate op ->
                InterpolationAxis.of(
                    op.mode(),
                    input,
                    output,
                    op.scale(i),
                    op.alignCorners(),
                    x.dtype() != DType.F64);
            case Resample op -> InterpolationAxis.of(input, op.dimensions().get(i));
            default -> throw new AssertionError(request.op());
          };
    }
    // Of row-major images each channel is one; channels-last ones have pixels of several elements.
    boolean planes = request.isContiguous();
    long images = planes ? x.dim(0) * x.dim(1) : x.dim(0);
    int pixel = planes ? 1 : Math.toIntExact(x.dim(1));
    return picks
        ? new NearestPlan(request, axes, images, pixel)
        : new WeightedRowsPlan(request, axes, images, pixel);
  }

  /** Returns whether a row has more elements than the tables of a plan are made for. */
  private static boolean isBeyondArrays(Layout layout) {
    long longest = layout.dim(1);
    for (int axis = 2; axis < layout.rank(); axis++) {
      longest = Math.max(longest, layout.dim(axis));
    }
    return longest > MOST || layout.dim(1) * layout.dim(-1) > MOST;
  }

  private static @Nullable Plan mean(PlanRequest request) {
    Layout y = request.output(0);
    int[] size = new int[y.rank() - 2];
    for (int i = 0; i < size.length; i++) {
      size[i] = Math.toIntExact(y.dim(2 + i));
    }
    return new PoolingKernel()
        .plan(
            request.with(
                new AdaptiveAveragePool(Ints.of(size)), request.inputs(), request.outputs()));
  }
}
