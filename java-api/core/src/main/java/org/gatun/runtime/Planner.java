package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gatun.Layout;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Cast;
import org.gatun.op.Copy;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan of what a backend has: a kernel for the very layouts, else one for row-major
 * operands with copies around it; for f16 and bf16 one for f32 with conversions around it; and a
 * fused operator that no kernel fuses, step by step.
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
    Plan plan = find(request);
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

  private @Nullable Plan find(PlanRequest request) {
    boolean half = HalfPrecision.isHalf(request);
    Plan plan = backend.plan(request);
    // Steps of 16 bits would round between them: a fused operator of these is taken to f32 whole.
    if (plan == null && !half && request.op() instanceof Fused fused) {
      plan = stepwise(fused, request);
    }
    if (plan == null && !(request.op() instanceof Copy)) {
      plan = withCopies(request);
    }
    if (plan == null && half && !isConversion(request.op())) {
      plan = PiecewisePlan.fits(request) ? piecewise(request) : inF32(request);
    }
    return plan;
  }

  private static boolean isConversion(Op op) {
    return op instanceof Copy || op instanceof Cast;
  }

  private @Nullable Plan withCopies(PlanRequest request) {
    List<Layout> inputs = request.inputs().stream().map(Planner::rowMajor).toList();
    List<Layout> outputs = request.outputs().stream().map(Planner::rowMajor).toList();
    if (inputs.equals(request.inputs()) && outputs.equals(request.outputs())) {
      return null;
    }
    return converted("copy", request, inputs, outputs, backend::plan);
  }

  /** Without elements a layout counts as contiguous whatever its strides; kernels look at those. */
  private static Layout rowMajor(Layout layout) {
    return layout.isContiguous() && layout.size() > 0
        ? layout
        : Layout.of(layout.dtype(), layout.shape());
  }

  /** Computes in f32 and rounds the results once. */
  private @Nullable Plan inF32(PlanRequest request) {
    List<Layout> inputs = HalfPrecision.inputs(request);
    List<Layout> outputs = HalfPrecision.outputs(request, inputs);
    if (outputs == null || (inputs.equals(request.inputs()) && outputs.equals(request.outputs()))) {
      return null;
    }
    return converted("f32", request, inputs, outputs, this::find);
  }

  private @Nullable Plan piecewise(PlanRequest request) {
    long rest = request.output(0).size() % PiecewisePlan.SIZE;
    try (Parts parts = new Parts()) {
      Plan piece = parts.add(inF32(PiecewisePlan.part(request, PiecewisePlan.SIZE)));
      Plan last = rest == 0 ? null : parts.add(inF32(PiecewisePlan.part(request, rest)));
      if (piece == null || (rest != 0 && last == null)) {
        return null;
      }
      parts.keep();
      return PiecewisePlan.of(request, piece, last);
    }
  }

  /** Returns a plan for operands of these layouts, with conversions from and to the given ones. */
  private @Nullable Plan converted(
      String prefix,
      PlanRequest request,
      List<Layout> inputs,
      List<Layout> outputs,
      Function<PlanRequest, @Nullable Plan> planner) {
    @Nullable Plan[] before = new Plan[inputs.size()];
    @Nullable Plan[] after = new Plan[outputs.size()];
    ScratchMemory.@Nullable Block[] constants = new ScratchMemory.Block[inputs.size()];
    List<@Nullable MemorySegment> fixed = new ArrayList<>(request.constants());
    try (Parts parts = new Parts()) {
      for (int i = 0; i < before.length; i++) {
        Plan conversion = conversion(request, request.input(i), inputs.get(i));
        MemorySegment constant = request.constant(i);
        if (conversion == null || constant == null) {
          before[i] = parts.add(conversion);
          continue;
        }
        try (conversion) {
          ScratchMemory.Block block =
              request
                  .context()
                  .memory()
                  .packed(
                      constant,
                      new Form(request.input(i), inputs.get(i)),
                      inputs.get(i).byteSpan(),
                      to ->
                          conversion.execute(
                              new MemorySegment[] {constant}, new MemorySegment[] {to}));
          parts.add(block);
          constants[i] = block;
          fixed.set(i, block.segment());
        }
      }
      Plan plan =
          parts.add(
              planner.apply(
                  new PlanRequest(
                      request.op(), inputs, outputs, fixed, request.threads(), request.context())));
      if (plan == null) {
        return null;
      }
      for (int i = 0; i < after.length; i++) {
        after[i] = parts.add(conversion(request, outputs.get(i), request.output(i)));
      }
      parts.keep();
      dropUnread(plan, constants);
      return new ConvertingPlan(
          prefix, plan, inputs, outputs, before, after, constants, request.context());
    }
  }

  /** How a converted constant lies. */
  private record Form(Layout given, Layout wanted) {}

  /** What was converted for the plan to pack it once more has served its purpose. */
  private static void dropUnread(Plan plan, ScratchMemory.@Nullable Block[] constants) {
    for (int i = 0; i < constants.length; i++) {
      ScratchMemory.Block constant = constants[i];
      if (constant != null && !plan.reads(i)) {
        constant.close();
        constants[i] = null;
      }
    }
  }

  private @Nullable Plan conversion(PlanRequest request, Layout from, Layout to) {
    if (from.equals(to)) {
      return null;
    }
    if (from.dtype() == to.dtype()) {
      return plan(request.with(new Copy(false), List.of(from), List.of(to)));
    }
    return plan(
        request.with(
            new Cast(to.dtype()),
            List.of(HalfPrecision.once(from)),
            List.of(HalfPrecision.once(to))));
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
                  request.with(function, List.of(output), List.of(output));
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

  /** What is to become part of a plan; closed if the other parts cannot be made. */
  private static final class Parts implements AutoCloseable {
    private final List<Runnable> closes = new ArrayList<>();

    @Nullable Plan add(@Nullable Plan plan) {
      if (plan != null) {
        closes.add(plan::close);
      }
      return plan;
    }

    void add(ScratchMemory.Block block) {
      closes.add(block::close);
    }

    void keep() {
      closes.clear();
    }

    @Override
    public void close() {
      closes.forEach(Runnable::run);
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
    public boolean reads(int input) {
      return input >= own || base.reads(input);
    }

    @Override
    public boolean roundsByThreads() {
      return base.roundsByThreads() || plans.stream().anyMatch(Plan::roundsByThreads);
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
}
