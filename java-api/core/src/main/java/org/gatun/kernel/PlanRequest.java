package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel is asked to plan. The operator has checked the input layouts already.
 *
 * @param op the operator
 * @param inputs the layout of each input
 * @param outputs the layout of each output
 * @param constants for each input its memory where it is constant for the life of the plan (weights
 *     of a bound runner, to be packed while planning and not to be kept), else null
 * @param threads the number of threads that the plan runs with, 1 or more
 * @param context the threads and the memory to run with
 */
public record PlanRequest(
    Op op,
    List<Layout> inputs,
    List<Layout> outputs,
    List<@Nullable MemorySegment> constants,
    int threads,
    KernelContext context) {

  /** Returns the layout of an input. */
  public Layout input(int index) {
    return inputs.get(index);
  }

  /** Returns the layout of an output. */
  public Layout output(int index) {
    return outputs.get(index);
  }

  /** Returns the memory of an input that is constant for the life of the plan, else null. */
  public @Nullable MemorySegment constant(int index) {
    return constants.get(index);
  }

  /** Returns whether every floating-point input and output has this type. */
  public boolean isFloating(DType dtype) {
    return java.util.stream.Stream.concat(inputs.stream(), outputs.stream())
        .map(Layout::dtype)
        .filter(DType::isFloating)
        .allMatch(d -> d == dtype);
  }

  /** Returns whether every input and output lies in row-major order without gaps. */
  public boolean isContiguous() {
    return inputs.stream().allMatch(Layout::isContiguous)
        && outputs.stream().allMatch(Layout::isContiguous);
  }

  /** Returns this request for so many threads at most. */
  public PlanRequest onThreads(long most) {
    int count = (int) Math.clamp(most, 1, threads);
    return count == threads
        ? this
        : new PlanRequest(op, inputs, outputs, constants, count, context);
  }

  /** Returns this request for another operator and other operands, without constants. */
  public PlanRequest with(Op other, List<Layout> otherInputs, List<Layout> otherOutputs) {
    return new PlanRequest(
        other,
        otherInputs,
        otherOutputs,
        java.util.Collections.nCopies(otherInputs.size(), null),
        threads,
        context);
  }
}
