package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Concat;
import org.jspecify.annotations.Nullable;

/** {@link Concat}: any dtype, any strides; a copy of each input into its part of the output. */
public final class ConcatKernel implements Kernel {
  /** Makes the kernel. */
  public ConcatKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    if (!(request.op() instanceof Concat(int given))) {
      return null;
    }
    Layout output = request.output(0);
    int axis = given < 0 ? given + output.rank() : given;
    List<Part> parts = new ArrayList<>();
    long start = 0;
    for (int i = 0; i < request.inputs().size(); i++) {
      Layout input = request.input(i);
      if (input.size() > 0) {
        Layout place = Layout.of(output.dtype(), input.shape(), output.strides());
        long offset = start * output.stride(axis) * output.dtype().byteSize();
        parts.add(new Part(i, StridedCopy.of(request, input, place), offset));
      }
      // One of shape [0] may be among others of more dimensions.
      start += input.rank() == output.rank() ? input.dim(axis) : 0;
    }
    return new ConcatPlan(List.copyOf(parts), MoveLoops.of(request.context()).implementation());
  }

  /** The copy of one input to its offset, in bytes, in the output. */
  private record Part(int input, StridedCopy copy, long offset) {}

  private record ConcatPlan(List<Part> parts, String implementation) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        part.copy.run(inputs[part.input].address(), outputs[0].address() + part.offset);
      }
    }
  }
}
