package org.gatun.kernel.onednn;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.bindings.onednn.OneDnn;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Doubles;
import org.gatun.op.Fused;
import org.gatun.op.Pointwise;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/** The steps of a {@link Fused} operator as post-ops of a primitive. */
final class PostOps {
  /**
   * An input that a post-op adds.
   *
   * @param given how it lies
   * @param wanted how the primitive reads it: as its result lies
   */
  private record Added(int argument, int input, MemorySegment given, MemorySegment wanted) {}

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
    for (int input = firstInput; input < request.inputs().size(); input++) {
      if (!request.input(input).sameArrangement(request.output(0))) {
        return null;
      }
    }
    int inputs = request.inputs().size() - firstInput;
    return of(
        builder, steps, firstInput, Collections.nCopies(inputs, dst), builder.descriptor(dst));
  }

  /**
   * Returns the post-ops; an added input that lies otherwise than the result is reordered first.
   *
   * @param firstInput the input of the operator that the first added one is
   * @param inputs the layouts of the added inputs, with the dimensions that the primitive sees
   * @param dst the descriptor of the result
   */
  static PostOps of(
      PlanBuilder builder,
      List<Fused.Step> steps,
      int firstInput,
      List<Layout> inputs,
      MemorySegment dst) {
    if (steps.isEmpty()) {
      return new PostOps(null, List.of());
    }
    MemorySegment list = builder.postOps();
    List<Added> added = new ArrayList<>();
    for (int position = 0; position < steps.size(); position++) {
      switch (steps.get(position)) {
        case Fused.Step.Add _ -> {
          Status.check(
              OneDnn.dnnl_post_ops_append_binary(list, OneDnn.dnnl_binary_add(), dst),
              "post_ops_append_binary");
          int argument =
              OneDnn.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE() * (position + 1)
                  | OneDnn.DNNL_ARG_SRC_1();
          MemorySegment given = builder.descriptor(inputs.get(added.size()));
          added.add(new Added(argument, firstInput + added.size(), given, dst));
        }
        case Fused.Step.Activate(Pointwise function) -> {
          Algorithm algorithm = Objects.requireNonNull(algorithm(function));
          Status.check(
              OneDnn.dnnl_post_ops_append_eltwise(
                  list, algorithm.kind(), algorithm.alpha(), algorithm.beta()),
              "post_ops_append_eltwise");
        }
      }
    }
    return new PostOps(list, added);
  }

  /** Returns whether there is a post-op for every step. */
  static boolean takes(List<Fused.Step> steps) {
    return steps.stream()
        .allMatch(
            step ->
                switch (step) {
                  case Fused.Step.Add _ -> true;
                  case Fused.Step.Activate(Pointwise function) -> algorithm(function) != null;
                });
  }

  private record Algorithm(int kind, float alpha, float beta) {}

  private static @Nullable Algorithm algorithm(Pointwise op) {
    return switch (op) {
      case Unary(UnaryFunction function, Doubles numbers) -> algorithm(function, numbers);
      case Activation(ActivationFunction function, Doubles numbers) -> algorithm(function, numbers);
      default -> null;
    };
  }

  private static @Nullable Algorithm algorithm(ActivationFunction function, Doubles numbers) {
    return switch (function) {
      case ELU -> new Algorithm(OneDnn.dnnl_eltwise_elu(), (float) numbers.get(0), 0);
      case GELU_SIGMOID -> new Algorithm(OneDnn.dnnl_eltwise_swish(), 1.702f, 0);
      case HARDSWISH -> new Algorithm(OneDnn.dnnl_eltwise_hardswish(), 1 / 6f, 0.5f);
      case HARDTANH ->
          new Algorithm(OneDnn.dnnl_eltwise_clip(), (float) numbers.get(0), (float) numbers.get(1));
      case LEAKY_RELU -> new Algorithm(OneDnn.dnnl_eltwise_relu(), (float) numbers.get(0), 0);
      case MISH -> new Algorithm(OneDnn.dnnl_eltwise_mish(), 0, 0);
      case RELU6 -> new Algorithm(OneDnn.dnnl_eltwise_clip(), 0, 6);
      default -> null;
    };
  }

  private static @Nullable Algorithm algorithm(UnaryFunction function, Doubles numbers) {
    return switch (function) {
      case CLAMP ->
          new Algorithm(OneDnn.dnnl_eltwise_clip(), (float) numbers.get(0), (float) numbers.get(1));
      case RELU -> new Algorithm(OneDnn.dnnl_eltwise_relu(), 0, 0);
      case SIGMOID -> new Algorithm(OneDnn.dnnl_eltwise_logistic(), 0, 0);
      case TANH -> new Algorithm(OneDnn.dnnl_eltwise_tanh(), 0, 0);
      case GELU -> new Algorithm(OneDnn.dnnl_eltwise_gelu_erf(), 0, 0);
      case GELU_TANH -> new Algorithm(OneDnn.dnnl_eltwise_gelu_tanh(), 0, 0);
      case SILU -> new Algorithm(OneDnn.dnnl_eltwise_swish(), 1, 0);
      default -> null;
    };
  }

  /** Returns the list, null where it is empty. */
  @Nullable MemorySegment address() {
    return address;
  }

  /** Gives the primitive the inputs that are added. */
  void pass(PlanBuilder builder) {
    for (Added one : added) {
      builder.source(one.argument(), one.input(), one.given(), one.wanted());
    }
  }
}
