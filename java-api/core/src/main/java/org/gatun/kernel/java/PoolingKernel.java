package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AveragePool;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Ints;
import org.gatun.op.LpPool;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.Pooling;
import org.jspecify.annotations.Nullable;

/** Pooling of f32 and f64 in Java, and of integers where the largest is asked for. */
public final class PoolingKernel implements Kernel {
  /** Makes the kernel. */
  public PoolingKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    return switch (request.op()) {
      case MaxUnpool op -> MaxUnpooling.plan(request, op);
      case Pooling op -> plan(request, op);
      default -> null;
    };
  }

  private static @Nullable Plan plan(PlanRequest request, Pooling op) {
    Layout x = request.input(0);
    boolean contiguous = request.isContiguous();
    // The layout takes (C, H, W) for (N, C, L); without a batch channels-last has no meaning.
    boolean channelsLast =
        isBatched(op, x)
            && x.isChannelsLast()
            && request.outputs().stream().allMatch(Layout::isChannelsLast);
    if (!WindowMaxima.takes(x.dtype()) || (!contiguous && !channelsLast)) {
      return null;
    }
    PoolingProblem problem = problem(op, x, request.output(0));
    boolean indices = request.outputs().size() > 1;
    // What is spread out over padding has no rows to take as a whole.
    boolean sparse = problem.width().step() > 1 && problem.width().reachesFar();
    if (indices || x.dtype().isInteger() || sparse) {
      return new WindowMaxima(request, problem, !contiguous);
    }
    if (op instanceof LpPool lp) {
      double window =
          Arrays.stream(lp.kernel().toArray()).asDoubleStream().reduce(1, (a, b) -> a * b);
      return new WindowNorms(request, problem, lp.norm(), window, !contiguous);
    }
    if (problem.isGlobal()) {
      return new GlobalPooling(request, problem, !contiguous);
    }
    if (!contiguous) {
      return new PixelPooling(request, problem);
    }
    if (StripPooling.takes(problem)) {
      return new StripPooling(request, problem);
    }
    if (BlockPooling.fits(problem)) {
      return new BlockPooling(request, problem);
    }
    return new PlanePooling(request, problem);
  }

  private static boolean isBatched(Pooling op, Layout x) {
    int dims =
        switch (op) {
          case AdaptiveAveragePool a -> a.outputSize().size();
          case AdaptiveMaxPool a -> a.outputSize().size();
          case AveragePool a -> a.kernel().size();
          case GlobalAveragePool _, GlobalMaxPool _ -> x.rank() - 2;
          case LpPool l -> l.kernel().size();
          case MaxPool m -> m.kernel().size();
          case MaxUnpool m -> m.outputSize().size();
        };
    return x.rank() == dims + 2;
  }

  private static PoolingProblem problem(Pooling op, Layout x, Layout y) {
    return switch (op) {
      case AdaptiveAveragePool a -> adaptive(x, y, a.outputSize().size(), false);
      case AdaptiveMaxPool a -> adaptive(x, y, a.outputSize().size(), true);
      case AveragePool a -> {
        int dims = a.kernel().size();
        Ints ones = Ints.repeat(1, dims);
        WindowAxis[] axes =
            sliding(x, y, a.kernel(), a.stride(), a.padding(), ones, a.countIncludePad());
        yield PoolingProblem.of(x, false, a.divisorOverride(), axes);
      }
      case GlobalAveragePool _ -> global(x, false);
      case GlobalMaxPool _ -> global(x, true);
      case LpPool l -> {
        Ints none = Ints.repeat(0, l.kernel().size());
        Ints ones = Ints.repeat(1, l.kernel().size());
        WindowAxis[] axes = sliding(x, y, l.kernel(), l.stride(), none, ones, false);
        yield PoolingProblem.of(x, false, 0, axes);
      }
      case MaxPool m ->
          PoolingProblem.of(
              x, true, 0, sliding(x, y, m.kernel(), m.stride(), m.padding(), m.dilation(), false));
      case MaxUnpool _ -> throw new AssertionError("no windows in max_unpool");
    };
  }

  private static PoolingProblem adaptive(Layout x, Layout y, int dims, boolean max) {
    WindowAxis[] axes = new WindowAxis[dims];
    for (int i = 0; i < dims; i++) {
      axes[i] = WindowAxis.adaptive(spatial(x, dims, i), spatial(y, dims, i));
    }
    return PoolingProblem.of(x, max, 0, axes);
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
