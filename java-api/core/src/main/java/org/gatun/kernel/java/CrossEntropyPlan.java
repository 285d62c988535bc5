package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.CrossEntropy;
import org.jspecify.annotations.Nullable;

/**
 * The cross entropy, line by line, or its gradient. With q the weighted and smoothed target it is
 * {@code sum(q) log(sum(exp(x - m))) - sum(q (x - m))}, where m is the largest element, and the
 * gradient {@code sum(q) softmax(x) - q}.
 */
final class CrossEntropyPlan implements Plan {
  private static final long GRAIN = 4 * 1024;

  /** What is computed. */
  private enum Wanted {
    LOSS,
    GRADIENT,
    TARGET_GRADIENT
  }

  private final CrossEntropy loss;
  private final Wanted wanted;
  private final PlanRequest request;
  private final LossResult result;
  private final @Nullable TargetClasses classes;
  private final Loops elements;
  private final SoftmaxLine line;
  private final Lines lines;

  private CrossEntropyPlan(CrossEntropy loss, Wanted wanted, PlanRequest request) {
    this.loss = loss;
    this.wanted = wanted;
    this.request = request;
    int first = wanted == Wanted.LOSS ? 0 : 1;
    Layout x = request.input(first);
    Layout target = request.input(first + 1);
    int axis = ClassLossKernel.axis(x);
    Shape losses = loss.losses(request.inputs().subList(first, request.inputs().size()));
    Layout reduced = wanted == Wanted.LOSS ? request.output(0) : request.input(0);
    this.result =
        new LossResult(
            request.context(), reduced, losses, loss.reduction(), ClassLossKernel.batch(x));
    boolean isClass = !target.dtype().isFloating();
    this.classes =
        isClass ? new TargetClasses(loss.name(), target, x.dim(axis), loss.ignoreIndex()) : null;
    this.elements = Loops.of(request.context(), x.dtype());
    this.line =
        new SoftmaxLine(
            SoftmaxLoops.of(request.context(), x.dtype()), x.dtype().byteSize(), x.dim(axis));
    List<Lines.Operand> operands = new ArrayList<>();
    operands.add(
        wanted == Wanted.LOSS ? result.operand() : Lines.Operand.result(request.output(0), axis));
    operands.add(Lines.Operand.input(x, axis));
    operands.add(isClass ? Lines.Operand.element(target) : Lines.Operand.input(target, axis));
    operands.add(
        Lines.Operand.element(
            Layout.of(x.dtype(), losses, cotangentStrides(wanted, request, losses))));
    if (mixes()) {
      operands.add(Lines.Operand.scratch(operands.get(1)));
    }
    this.lines = new Lines(request, GRAIN, operands.toArray(Lines.Operand[]::new));
  }

  /** One element for each line, or one for all; without meaning for the loss itself. */
  private static long[] cotangentStrides(Wanted wanted, PlanRequest request, Shape losses) {
    return wanted != Wanted.LOSS && request.input(0).rank() == losses.rank()
        ? request.input(0).strides()
        : new long[losses.rank()];
  }

  static Plan forward(CrossEntropy loss, PlanRequest request) {
    return new CrossEntropyPlan(loss, Wanted.LOSS, request);
  }

  static Plan gradient(CrossEntropy loss, boolean ofTarget, PlanRequest request) {
    return new CrossEntropyPlan(loss, ofTarget ? Wanted.TARGET_GRADIENT : Wanted.GRADIENT, request);
  }

  /** Whether the probabilities of a target become others. */
  private boolean mixes() {
    return classes == null && (loss.weighted() || loss.labelSmoothing() > 0);
  }

  /** What is the same for all lines of a run. */
  private record Run(long weights, long everywhere, double everywhereSum, double divisor) {}

  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    int first = wanted == Wanted.LOSS ? 0 : 1;
    long x = inputs[first].address();
    long target = inputs[first + 1].address();
    long weights = loss.weighted() ? inputs[first + 2].address() : 0;
    double total =
        classes == null ? result.losses().size() : classes.check(target, c -> weight(weights, c));
    try (ScratchMemory.Block scratch =
        request.context().memory().borrow(line.length() * line.width())) {
      long everywhere = scratch.segment().fill((byte) 0).address();
      Run run =
          new Run(weights, everywhere, everywhere(everywhere, weights), result.divisor(total));
      switch (wanted) {
        case LOSS ->
            result.compute(
                outputs[0].address(),
                total,
                losses -> lines.run(at -> loss(run, at), starts(losses, x, target, x)));
        case GRADIENT ->
            lines.run(
                at -> gradient(run, at),
                starts(outputs[0].address(), x, target, inputs[0].address()));
        case TARGET_GRADIENT ->
            lines.run(
                at -> targetGradient(run, at),
                starts(outputs[0].address(), x, target, inputs[0].address()));
      }
    }
  }

  private long[] starts(long result, long x, long target, long cotangent) {
    return mixes()
        ? new long[] {result, x, target, cotangent, 0}
        : new long[] {result, x, target, cotangent};
  }

  private double weight(long weights, long c) {
    return loss.weighted() ? elements.get(weights + c * line.width()) : 1;
  }

  /** Stores the share of the target that every class has, and returns its sum. */
  private double everywhere(long dst, long weights) {
    if (loss.labelSmoothing() == 0) {
      return 0;
    }
    double share = loss.labelSmoothing() / line.length();
    line.loops().affine(dst, 0, share, dst, line.length());
    if (loss.weighted()) {
      line.loops().multiply(weights, dst, line.length());
    }
    return line.sum(dst);
  }

  /** Returns where the weighted and smoothed probabilities of the target are. */
  private long mixed(Run run, long[] at) {
    if (!mixes()) {
      return at[2];
    }
    double smoothing = loss.labelSmoothing();
    line.loops().affine(at[2], 1 - smoothing, smoothing / line.length(), at[4], line.length());
    if (loss.weighted()) {
      line.loops().multiply(run.weights, at[4], line.length());
    }
    return at[4];
  }

  private void loss(Run run, long[] at) {
    long x = at[1];
    if (classes == null) {
      long q = mixed(run, at);
      double max = line.max(x);
      double logSum = Math.log(line.sumOfExp(x, max));
      result.store(at[0], line.sum(q) * logSum - line.dotShifted(q, x, max));
      return;
    }
    long target = classes.at(at[2]);
    if (target == classes.ignored()) {
      result.store(at[0], 0);
      return;
    }
    double max = line.max(x);
    double logSum = Math.log(line.sumOfExp(x, max));
    double own = (1 - loss.labelSmoothing()) * weight(run.weights, target);
    double value = own * (max - elements.get(x + target * line.width()) + logSum);
    if (loss.labelSmoothing() > 0) {
      value += run.everywhereSum * logSum - line.dotShifted(run.everywhere, x, max);
    }
    result.store(at[0], value);
  }

  private void gradient(Run run, long[] at) {
    long dst = at[0];
    double factor = elements.get(at[3]) / run.divisor;
    if (classes == null) {
      long q = mixed(run, at);
      softmax(at, line.sum(q) * factor);
      line.loops().addScaled(q, -factor, dst, line.length());
      return;
    }
    long target = classes.at(at[2]);
    if (target == classes.ignored()) {
      ALL.asSlice(dst, line.length() * line.width()).fill((byte) 0);
      return;
    }
    double own = (1 - loss.labelSmoothing()) * weight(run.weights, target);
    softmax(at, (own + run.everywhereSum) * factor);
    if (loss.labelSmoothing() > 0) {
      line.loops().addScaled(run.everywhere, -factor, dst, line.length());
    }
    long mine = dst + target * line.width();
    elements.set(mine, elements.get(mine) - own * factor);
  }

  private void softmax(long[] at, double factor) {
    double sum = line.exp(at[1], line.max(at[1]), at[0]);
    line.loops().scale(at[0], factor / sum, at[0], line.length());
  }

  private void targetGradient(Run run, long[] at) {
    double max = line.max(at[1]);
    double logSum = Math.log(line.sumOfExp(at[1], max));
    double factor = elements.get(at[3]) / run.divisor * (1 - loss.labelSmoothing());
    line.loops().subtract(at[1], max, logSum, at[0], line.length());
    if (loss.weighted()) {
      line.loops().multiply(run.weights, at[0], line.length());
    }
    line.loops().scale(at[0], -factor, at[0], line.length());
  }

  @Override
  public String implementation() {
    return line.loops().implementation();
  }
}
