package org.gatun.kernel.java;

import org.gatun.Layout;
import org.gatun.kernel.PlanRequest;
import org.jspecify.annotations.Nullable;

/** The loops over the operands of a pointwise operator. */
final class PointwiseNest {
  private PointwiseNest() {}

  /**
   * Returns the loops over the output and the inputs, or null where, along the innermost dimension,
   * the output does not lie side by side, or an input neither does nor is one element for all.
   */
  static @Nullable Nest of(PlanRequest request) {
    Layout[] operands = new Layout[request.inputs().size() + 1];
    operands[0] = request.output(0);
    for (int i = 1; i < operands.length; i++) {
      operands[i] = request.input(i - 1);
    }
    Nest nest = Nest.of(operands);
    for (int i = 0; i < operands.length && nest.columns() > 1; i++) {
      long stride = nest.columnStride(i);
      if (stride != operands[i].dtype().byteSize() && (i == 0 || stride != 0)) {
        return null;
      }
    }
    return nest;
  }
}
