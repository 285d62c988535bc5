package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Copy;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan of what a backend has: a kernel for the very layouts, else one for row-major
 * operands with copies around it; and a fused operator that no kernel fuses, step by step.
 */
final class Planner {
  private final Backend backend;

  Planner(Backend backend) {
    this.backend = backend;
  }

  /**
   * Returns a plan.
   *
   * @throws UnsupportedOperationException if no kernel takes the operator with these dtypes
   */
  Plan plan(PlanRequest request) {
    Plan plan = backend.plan(request);
    if (plan == null && request.op() instanceof Fused fused) {
      plan = stepwise(fused, request);
    }
    if (plan == null && !(request.op() instanceof Copy)) {
      plan = withCopies(request);
    }
    if (plan == null) {
      throw new UnsupportedOperationException(
          request.op().name()
              + ": the "
              + backend.name()
              + " backend has no kernel for inputs "
              + request.inputs()
              + " and outputs "
              + request.outputs());
    }
    return plan;
  }

  private @Nullable Plan withCopies(PlanRequest request) {
    List<Layout> inputs = request.inputs().stream().map(Planner::rowMajor).toList();
    List<Layout> outputs = request.outputs().stream().map(Planner::rowMajor).toList();
    if (inputs.equals(request.inputs()) && outputs.equals(request.outputs())) {
      return null;
    }
    List<@Nullable MemorySegment> constants = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      // A constant that has to be copied is packed from the copy at every call: not a constant.
      constants.add(inputs.get(i).equals(request.input(i)) ? request.constant(i) : null);
    }
    PlanRequest dense =
        new PlanRequest(
            request.op(), inputs, outputs, constants, request.threads(), request.context());
    try (Parts parts = new Parts()) {
      Plan plan = parts.add(backend.plan(dense));
      if (plan == null) {
        return null;
      }
      @Nullable Plan[] before = new Plan[inputs.size()];
      @Nullable Plan[] after = new Plan[outputs.size()];
      for (int i = 0; i < before.length; i++) {
        before[i] = parts.add(copy(request, request.input(i), inputs.get(i)));
      }
      for (int i = 0; i < after.length; i++) {
        after[i] = parts.add(copy(request, outputs.get(i), request.output(i)));
      }
      parts.keep();
      return new CopyingPlan(plan, before, after, inputs, outputs, request.context());
    }
  }

  /** Without elements a layout counts as contiguous whatever its strides; kernels look at those. */
  private static Layout rowMajor(Layout layout) {
    return layout.isContiguous() && layout.size() > 0
        ? layout
        : Layout.of(layout.dtype(), layout.shape());
  }

  private @Nullable Plan copy(PlanRequest request, Layout from, Layout to) {
    if (from.equals(to)) {
      return null;
    }
    return plan(request.with(new Copy(false), List.of(from), List.of(to)));
  }

  /** The operator, then each step in place on its output. */
  private Plan stepwise(Fused fused, PlanRequest request) {
    int own = request.inputs().size() - fused.extraInputs();
    Layout output = request.output(0);
    try (Parts parts = new Parts()) {
      List<Plan> steps = new ArrayList<>();
      int next = own;
      for (Fused.Step step : fused.steps()) {
        PlanRequest following =
            switch (step) {
              case Fused.Step.Add _ ->
                  request.with(
                      new Binary(BinaryFunction.ADD),
                      List.of(output, request.input(next++)),
                      List.of(output));
              case Fused.Step.Activate(var function) ->
                  request.with(new Unary(function), List.of(output), List.of(output));
            };
        Plan plan = plan(following);
        parts.add(plan);
        steps.add(plan);
      }
      Op base = fused.base();
      Plan first =
          plan(
              new PlanRequest(
                  base,
                  request.inputs().subList(0, own),
                  request.outputs(),
                  request.constants().subList(0, own),
                  request.threads(),
                  request.context()));
      parts.keep();
      return new StepwisePlan(first, steps, fused.steps(), own);
    }
  }

  /** Plans that are to become parts of another; closed if the others cannot be made. */
  private static final class Parts implements AutoCloseable {
    private final List<Plan> plans = new ArrayList<>();

    @Nullable Plan add(@Nullable Plan plan) {
      if (plan != null) {
        plans.add(plan);
      }
      return plan;
    }

    void keep() {
      plans.clear();
    }

    @Override
    public void close() {
      plans.forEach(Plan::close);
    }
  }

  private record StepwisePlan(Plan base, List<Plan> plans, List<Fused.Step> steps, int own)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      base.execute(java.util.Arrays.copyOf(inputs, own), outputs);
      int next = own;
      for (int i = 0; i < steps.size(); i++) {
        MemorySegment[] operands =
            switch (steps.get(i)) {
              case Fused.Step.Add _ -> new MemorySegment[] {outputs[0], inputs[next++]};
              case Fused.Step.Activate _ -> new MemorySegment[] {outputs[0]};
            };
        plans.get(i).execute(operands, outputs);
      }
    }

    @Override
    public String implementation() {
      StringBuilder text = new StringBuilder(base.implementation());
      plans.forEach(plan -> text.append(" then ").append(plan.implementation()));
      return text.toString();
    }

    @Override
    public void close() {
      base.close();
      plans.forEach(Plan::close);
    }
  }

  /** A plan for dense operands, with copies where the caller's are not. */
  private record CopyingPlan(
      Plan plan,
      @Nullable Plan[] before,
      @Nullable Plan[] after,
      List<Layout> inputs,
      List<Layout> outputs,
      KernelContext context)
      implements Plan {
    @Override
    public void execute(MemorySegment[] from, MemorySegment[] to) {
      try (Scratch scratch = new Scratch(context.memory())) {
        MemorySegment[] in = from.clone();
        MemorySegment[] out = to.clone();
        for (int i = 0; i < before.length; i++) {
          Plan copy = before[i];
          if (copy != null) {
            in[i] = scratch.take(inputs.get(i).byteSpan());
            copy.execute(new MemorySegment[] {from[i]}, new MemorySegment[] {in[i]});
          }
        }
        for (int i = 0; i < after.length; i++) {
          if (after[i] != null) {
            out[i] = scratch.take(outputs.get(i).byteSpan());
          }
        }
        plan.execute(in, out);
        for (int i = 0; i < after.length; i++) {
          Plan copy = after[i];
          if (copy != null) {
            copy.execute(new MemorySegment[] {out[i]}, new MemorySegment[] {to[i]});
          }
        }
      }
    }

    @Override
    public String implementation() {
      return "copy+" + plan.implementation();
    }

    @Override
    public void close() {
      plan.close();
      for (Plan copy : before) {
        if (copy != null) {
          copy.close();
        }
      }
      for (Plan copy : after) {
        if (copy != null) {
          copy.close();
        }
      }
    }
  }
}
