package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AveragePool;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Ints;
import org.gatun.op.MaxPool;
import org.gatun.op.Pooling;
import org.jspecify.annotations.Nullable;

/** Pooling of f32 and f64 in Java. */
public final class PoolingKernel implements Kernel {
  /** Makes the kernel. */
  public PoolingKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout x = request.input(0);
    Layout y = request.output(0);
    boolean contiguous =
        x.isContiguous() && request.outputs().stream().allMatch(Layout::isContiguous);
    if (!(request.op() instanceof Pooling op)) {
      return null;
    }
    // The layout takes (C, H, W) for (N, C, L); without a batch channels-last has no meaning.
    boolean channelsLast =
        isBatched(op, x)
            && x.isChannelsLast()
            && request.outputs().stream().allMatch(Layout::isChannelsLast);
    if ((x.dtype() != DType.F32 && x.dtype() != DType.F64) || (!contiguous && !channelsLast)) {
      return null;
    }
    PoolingProblem problem = problem(op, x, y);
    if (op instanceof MaxPool max && max.indices()) {
      return new IndexedMaxPooling(request, problem, !contiguous);
    }
    if (problem.isGlobal()) {
      return new GlobalPooling(request, problem, !contiguous);
    }
    return contiguous ? new PlanePooling(request, problem) : new PixelPooling(request, problem);
  }

  private static boolean isBatched(Pooling op, Layout x) {
    int dims =
        switch (op) {
          case AdaptiveAveragePool a -> a.outputSize().size();
          case AveragePool a -> a.kernel().size();
          case GlobalAveragePool _, GlobalMaxPool _ -> x.rank() - 2;
          case MaxPool m -> m.kernel().size();
        };
    return x.rank() == dims + 2;
  }

  private static PoolingProblem problem(Pooling op, Layout x, Layout y) {
    return switch (op) {
      case AdaptiveAveragePool a -> {
        int dims = a.outputSize().size();
        WindowAxis[] axes = new WindowAxis[dims];
        for (int i = 0; i < dims; i++) {
          axes[i] = WindowAxis.adaptive(spatial(x, dims, i), spatial(y, dims, i));
        }
        yield PoolingProblem.of(x, false, 0, axes);
      }
      case AveragePool a -> {
        int dims = a.kernel().size();
        Ints ones = Ints.repeat(1, dims);
        WindowAxis[] axes =
            sliding(x, y, a.kernel(), a.stride(), a.padding(), ones, a.countIncludePad());
        yield PoolingProblem.of(x, false, a.divisorOverride(), axes);
      }
      case GlobalAveragePool _ -> global(x, false);
      case GlobalMaxPool _ -> global(x, true);
      case MaxPool m ->
          PoolingProblem.of(
              x, true, 0, sliding(x, y, m.kernel(), m.stride(), m.padding(), m.dilation(), false));
    };
  }

  /** All positions of a channel as one dimension: they follow one another in both arrangements. */
  private static PoolingProblem global(Layout x, boolean max) {
    long positions = 1;
    for (int axis = 2; axis < x.rank(); axis++) {
      positions *= x.dim(axis);
    }
    WindowAxis all = WindowAxis.adaptive(Math.toIntExact(positions), 1);
    return new PoolingProblem(
        max, 0, x.dim(0), x.dim(1), WindowAxis.single(), WindowAxis.single(), all);
  }

  private static WindowAxis[] sliding(
      Layout x,
      Layout y,
      Ints kernel,
      Ints stride,
      Ints padding,
      Ints dilation,
      boolean countPadding) {
    int dims = kernel.size();
    WindowAxis[] axes = new WindowAxis[dims];
    for (int i = 0; i < dims; i++) {
      axes[i] =
          WindowAxis.sliding(
              spatial(x, dims, i),
              spatial(y, dims, i),
              kernel.get(i),
              stride.get(i),
              padding.get(i),
              padding.get(padding.size() == dims ? i : dims + i),
              dilation.get(i),
              countPadding);
    }
    return axes;
  }

  private static int spatial(Layout layout, int dims, int i) {
    return Math.toIntExact(layout.dim(layout.rank() - dims + i));
  }
}
