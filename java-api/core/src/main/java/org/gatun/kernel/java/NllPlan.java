package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Ints;
import org.gatun.op.NllLoss;

/** The negative log-likelihood, an element of each line, or its gradient. */
final class NllPlan implements Plan {
  private static final long GRAIN = 4 * 1024;

  private final NllLoss loss;
  private final boolean gradient;
  private final LossResult result;
  private final TargetClasses classes;
  private final Loops elements;
  private final Lines lines;
  private final long step;
  private final long bytes;
  private final int width;

  private NllPlan(NllLoss loss, boolean gradient, PlanRequest request) {
    this.loss = loss;
    this.gradient = gradient;
    int first = gradient ? 1 : 0;
    Layout x = request.input(first);
    Layout target = request.input(first + 1);
    int axis = ClassLossKernel.axis(x);
    Shape losses = loss.losses(request.inputs().subList(first, request.inputs().size()));
    Layout reduced = gradient ? request.input(0) : request.output(0);
    this.result =
        new LossResult(
            request.context(), reduced, losses, loss.reduction(), ClassLossKernel.batch(x));
    this.classes = new TargetClasses(loss.name(), target, x.dim(axis), loss.ignoreIndex());
    this.elements = Loops.of(request.context(), x.dtype());
    // Of the lines only one element counts: the first one, moved on by the target's steps.
    Layout whole = gradient ? request.output(0) : x;
    int[] axes = Split.axes(Ints.of(axis), x.rank());
    Lines.Operand element = Lines.Operand.element(Split.across(whole, axes));
    this.width = x.dtype().byteSize();
    this.step = whole.stride(axis) * width;
    this.bytes = whole.size() * width;
    this.lines =
        gradient
            ? new Lines(
                request,
                GRAIN,
                element,
                Lines.Operand.element(target),
                Lines.Operand.element(
                    reduced.rank() == losses.rank()
                        ? reduced
                        : Layout.of(x.dtype(), losses, new long[losses.rank()])))
            : new Lines(request, GRAIN, result.operand(), Lines.Operand.element(target), element);
  }

  static Plan forward(NllLoss loss, PlanRequest request) {
    return new NllPlan(loss, false, request);
  }

  /** Returns the plan of the gradient, of a result without gaps. */
  static Plan gradient(NllLoss loss, PlanRequest request) {
    return new NllPlan(loss, true, request);
  }

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    int first = gradient ? 1 : 0;
    long target = inputs[first + 1].address();
    long weights = loss.weighted() ? inputs[first + 2].address() : 0;
    double total = classes.check(target, c -> weight(weights, c));
    if (gradient) {
      outputs[0].asSlice(0, bytes).fill((byte) 0);
      double divisor = result.divisor(total);
      lines.run(
          at -> gradient(weights, divisor, at), outputs[0].address(), target, inputs[0].address());
    } else {
      result.compute(
          outputs[0].address(),
          total,
          losses -> lines.run(at -> loss(weights, at), losses, target, inputs[0].address()));
    }
  }

  private double weight(long weights, long c) {
    return loss.weighted() ? elements.get(weights + c * width) : 1;
  }

  private void loss(long weights, long[] at) {
    long c = classes.at(at[1]);
    boolean counts = c != classes.ignored();
    result.store(at[0], counts ? -weight(weights, c) * elements.get(at[2] + c * step) : 0);
  }

  private void gradient(long weights, double divisor, long[] at) {
    long c = classes.at(at[1]);
    if (c != classes.ignored()) {
      elements.set(at[0] + c * step, -weight(weights, c) * elements.get(at[2]) / divisor);
    }
  }

  @Override
  public String implementation() {
    return "java:scalar";
  }
}
