package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.gatun.Tensor;
import org.gatun.kernel.Plan;

/** Runs a plan on tensors that it keeps alive meanwhile. */
final class Execution {
  private Execution() {}

  /**
   * Runs the plan.
   *
   * @param name of what is run, for messages
   * @throws IllegalStateException if a tensor is closed
   * @throws IllegalArgumentException if an output is read-only
   */
  static void run(Plan plan, Supplier<String> name, Tensor[] inputs, Tensor[] outputs) {
    TensorAccess access = TensorAccess.get();
    MemorySegment[] in = new MemorySegment[inputs.length];
    MemorySegment[] out = new MemorySegment[outputs.length];
    int heldInputs = 0;
    int heldOutputs = 0;
    List<MemorySegment> foreign = List.of();
    try {
      for (; heldInputs < in.length; heldInputs++) {
        hold(access, inputs[heldInputs], name, "input", heldInputs);
        in[heldInputs] = access.memory(inputs[heldInputs]);
      }
      for (; heldOutputs < out.length; heldOutputs++) {
        holdToWrite(access, outputs[heldOutputs], name, heldOutputs);
        out[heldOutputs] = access.memory(outputs[heldOutputs]);
      }
      for (Tensor input : inputs) {
        foreign = collect(foreign, access, input);
      }
      for (Tensor output : outputs) {
        foreign = collect(foreign, access, output);
      }
      if (foreign.isEmpty()) {
        plan.execute(in, out);
      } else {
        SegmentPin.run(foreign, () -> plan.execute(in, out));
      }
    } finally {
      release(access, inputs, heldInputs);
      release(access, outputs, heldOutputs);
    }
  }

  /**
   * Keeps the memory of a tensor alive until it is released.
   *
   * @param role what the tensor is, and {@code index} which one
   * @throws IllegalStateException if the tensor is closed
   */
  static void hold(
      TensorAccess access, Tensor tensor, Supplier<String> name, String role, int index) {
    if (!access.hold(tensor)) {
      throw new IllegalStateException(
          name.get() + ": " + role + " " + index + ", a tensor " + tensor.layout() + ", is closed");
    }
  }

  /**
   * Keeps the memory of an output alive until it is released.
   *
   * @throws IllegalArgumentException if the tensor is read-only
   * @throws IllegalStateException if it is closed
   */
  static void holdToWrite(TensorAccess access, Tensor tensor, Supplier<String> name, int index) {
    if (tensor.isReadOnly()) {
      throw new IllegalArgumentException(
          name.get()
              + ": output "
              + index
              + ", a tensor "
              + tensor.layout()
              + ", is read-only, expected a writable one");
    }
    hold(access, tensor, name, "output", index);
  }

  private static void release(TensorAccess access, Tensor[] tensors, int held) {
    for (int i = 0; i < held; i++) {
      access.release(tensors[i]);
    }
  }

  private static List<MemorySegment> collect(
      List<MemorySegment> foreign, TensorAccess access, Tensor tensor) {
    MemorySegment segment = access.foreign(tensor);
    if (segment == null) {
      return foreign;
    }
    List<MemorySegment> longer = new ArrayList<>(foreign);
    longer.add(segment);
    return longer;
  }
}
