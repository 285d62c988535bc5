package org.gatun.kernel.java;

import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossGradient;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/** {@link ElementLoss} of f32 and f64 and its gradients, of any layout. */
public final class ElementLossKernel implements Kernel {
  /** Makes the kernel. */
  public ElementLossKernel() {}

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
      case ElementLoss loss -> new ElementLossPlan(loss, LossTerm.Part.LOSS, request);
      case LossGradient(Loss of, boolean ofTarget) when of instanceof ElementLoss loss ->
          new ElementLossPlan(
              loss, ofTarget ? LossTerm.Part.TARGET_SLOPE : LossTerm.Part.SLOPE, request);
      case Op _ -> null;
    };
  }
}
