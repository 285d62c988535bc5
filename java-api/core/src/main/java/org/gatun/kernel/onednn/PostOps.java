package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.onednn.PrimitivePlan.Operand;
import org.gatun.op.Fused;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/** The steps of a {@link Fused} operator as post-ops of a primitive. */
final class PostOps {
  /** An input that a post-op adds. */
  private record Added(int argument, int input, MemorySegment descriptor) {}

  private final @Nullable MemorySegment address;
  private final List<Added> added;

  private PostOps(@Nullable MemorySegment address, List<Added> added) {
    this.address = address;
    this.added = added;
  }

  /**
   * Returns the post-ops, or null where an added input lies otherwise than the result.
   *
   * @param firstInput the input of the operator that the first added one is
   * @param dst the layout of the result, as the primitive sees it
   */
  static @Nullable PostOps of(
      PlanBuilder builder,
      PlanRequest request,
      List<Fused.Step> steps,
      int firstInput,
      Layout dst) {
    if (steps.isEmpty()) {
      return new PostOps(null, List.of());
    }
    for (int input = firstInput; input < request.inputs().size(); input++) {
      if (!request.input(input).sameArrangement(request.output(0))) {
        return null;
      }
    }
    MemorySegment list = builder.postOps();
    List<Added> added = new ArrayList<>();
    for (int position = 0; position < steps.size(); position++) {
      switch (steps.get(position)) {
        case Fused.Step.Add _ -> {
          MemorySegment descriptor = builder.descriptor(dst);
          Status.check(
              OneDnn.dnnl_post_ops_append_binary(list, OneDnn.dnnl_binary_add(), descriptor),
              "post_ops_append_binary");
          int argument =
              OneDnn.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE() * (position + 1)
                  | OneDnn.DNNL_ARG_SRC_1();
          added.add(new Added(argument, firstInput + added.size(), descriptor));
        }
        case Fused.Step.Activate(UnaryFunction function) -> {
          Algorithm algorithm = algorithm(function);
          Status.check(
              OneDnn.dnnl_post_ops_append_eltwise(
                  list, algorithm.kind(), algorithm.alpha(), algorithm.beta()),
              "post_ops_append_eltwise");
        }
      }
    }
    return new PostOps(list, added);
  }

  private record Algorithm(int kind, float alpha, float beta) {}

  private static Algorithm algorithm(UnaryFunction function) {
    return switch (function) {
      case RELU -> new Algorithm(OneDnn.dnnl_eltwise_relu(), 0, 0);
      case SIGMOID -> new Algorithm(OneDnn.dnnl_eltwise_logistic(), 0, 0);
      case TANH -> new Algorithm(OneDnn.dnnl_eltwise_tanh(), 0, 0);
      case GELU -> new Algorithm(OneDnn.dnnl_eltwise_gelu_erf(), 0, 0);
      case GELU_TANH -> new Algorithm(OneDnn.dnnl_eltwise_gelu_tanh(), 0, 0);
      case SILU -> new Algorithm(OneDnn.dnnl_eltwise_swish(), 1, 0);
    };
  }

  /** Returns the list, null where it is empty. */
  @Nullable MemorySegment address() {
    return address;
  }

  /** Gives the primitive the inputs that are added. */
  void pass(PlanBuilder builder) {
    for (Added one : added) {
      builder.pass(one.argument(), new Operand.Input(one.input()), one.descriptor());
    }
  }
}
