package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.CrossEntropy;
import org.gatun.op.Loss;
import org.gatun.op.LossGradient;
import org.gatun.op.NllLoss;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * {@link CrossEntropy} and {@link NllLoss} of f32 and f64 and their gradients, of any layout but of
 * weights that lie side by side.
 */
public final class ClassLossKernel implements Kernel {
  /** Makes the kernel. */
  public ClassLossKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.output(0).dtype();
    if (dtype != DType.F32 && dtype != DType.F64) {
      return null;
    }
    return switch (request.op()) {
      case CrossEntropy loss when hasDenseWeight(request, loss.weighted()) ->
          CrossEntropyPlan.forward(loss, request);
      case NllLoss loss when hasDenseWeight(request, loss.weighted()) ->
          NllPlan.forward(loss, request);
      case LossGradient(Loss of, boolean ofTarget) ->
          switch (of) {
            case CrossEntropy loss when hasDenseWeight(request, loss.weighted()) ->
                CrossEntropyPlan.gradient(loss, ofTarget, request);
            case NllLoss loss
                when hasDenseWeight(request, loss.weighted()) && request.output(0).isContiguous() ->
                NllPlan.gradient(loss, request);
            case Loss _ -> null;
          };
      case Op _ -> null;
    };
  }

  private static boolean hasDenseWeight(PlanRequest request, boolean weighted) {
    Layout last = request.inputs().getLast();
    return !weighted || last.dim(0) == 1 || last.stride(0) == 1;
  }

  /** Returns the axis of the classes. */
  static int axis(Layout x) {
    return x.rank() == 1 ? 0 : 1;
  }

  /** Returns the size of the batch, 1 where there is none. */
  static long batch(Layout x) {
    return x.rank() == 1 ? 1 : x.dim(0);
  }
}
