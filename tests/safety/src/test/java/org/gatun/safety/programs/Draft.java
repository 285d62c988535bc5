package org.gatun.safety.programs;

import java.util.Arrays;
import java.util.List;
import org.gatun.op.Op;

/** Draws an operator with arguments, and what it runs on. */
@FunctionalInterface
interface Draft {
  /** An operator and the tensors it runs on. */
  record Call(Op op, List<Integer> operands) {
    /** Makes the list unmodifiable. */
    public Call {
      operands = List.copyOf(operands);
    }

    Call(Op op, int... operands) {
      this(op, Arrays.stream(operands).boxed().toList());
    }
  }

  /**
   * Returns an operator that mostly takes its operands.
   *
   * @throws IllegalArgumentException if these arguments are none of the operator
   */
  Call draw(Draw d);
}
