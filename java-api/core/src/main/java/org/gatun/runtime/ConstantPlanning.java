package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Attention;
import org.gatun.op.Indexing;
import org.gatun.op.Lookup;
import org.gatun.op.Loss;
import org.gatun.op.LossGradient;
import org.gatun.op.Movement;
import org.gatun.op.Normalization;
import org.gatun.op.Op;
import org.gatun.op.Ordering;
import org.gatun.op.Patches;
import org.gatun.op.Pointwise;
import org.gatun.op.Pooling;
import org.gatun.op.Probability;
import org.gatun.op.Reduction;
import org.gatun.op.Scan;
import org.gatun.op.Stochastic;
import org.gatun.op.View;
import org.jspecify.annotations.Nullable;

/**
 * How an operator is planned some of whose inputs are constant.
 *
 * @param weights where what is packed is shared
 * @param op the operator
 * @param inputs the layouts of the inputs
 * @param outputs those of the outputs, none where the operator chooses them
 * @param fixed for each input the constant, or null
 * @param kept whether the plan is kept for other recordings
 */
record ConstantPlanning(
    Weights weights,
    Op op,
    Layout[] inputs,
    Layout[] outputs,
    @Nullable Constant[] fixed,
    boolean kept) {

  /**
   * Returns whether a plan may make something of inputs that are constant: products and
   * convolutions pack them, others convert those of 16 bits if they compute with their elements.
   */
  static boolean packs(Op op, Tensor[] inputs) {
    return switch (op) {
      case Indexing _, Lookup _, Movement _, Ordering _, Patches _, Stochastic _, View _ -> false;
      case Attention _,
          Loss _,
          LossGradient _,
          Normalization _,
          Pointwise _,
          Pooling _,
          Probability _,
          Reduction _,
          Scan _ ->
          anyHalf(inputs);
      default -> true;
    };
  }

  private static boolean anyHalf(Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (HalfPrecision.isHalf(input.dtype())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the plan, with the caller counted in as a user.
   *
   * @param open tensors on the constants
   * @throws IllegalStateException if one is closed
   */
  Planned plan(int threads, List<Tensor> open) {
    TensorAccess access = TensorAccess.get();
    int held = 0;
    try {
      List<MemorySegment> foreign = new ArrayList<>();
      for (; held < open.size(); held++) {
        Tensor tensor = open.get(held);
        Execution.hold(access, tensor, op::name, "constant", held);
        MemorySegment segment = access.foreign(tensor);
        if (segment != null) {
          foreign.add(segment);
        }
      }
      Planned[] planned = new Planned[1];
      SegmentPin.run(
          foreign, () -> planned[0] = weights.plan(op, inputs, outputs, threads, fixed, kept));
      return planned[0];
    } finally {
      for (int i = 0; i < held; i++) {
        access.release(open.get(i));
      }
    }
  }

  /** Returns the plan for a number of threads; null where the constants are gone. */
  @Nullable Planned replan(int threads) {
    List<Tensor> open = new ArrayList<>();
    try {
      for (Constant constant : fixed) {
        if (constant != null) {
          Tensor tensor = constant.open();
          if (tensor == null) {
            return null;
          }
          open.add(tensor);
        }
      }
      return plan(threads, open);
    } finally {
      open.forEach(Tensor::close);
    }
  }
}
