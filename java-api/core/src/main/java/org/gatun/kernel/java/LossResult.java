package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.DOUBLE;

import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.LossReduction;

/**
 * Where the single losses go: to the result, or, where that is their sum or mean, to memory that
 * they are added up from in a fixed order, whatever the number of threads.
 *
 * @param context whose memory holds them meanwhile
 * @param output the layout of the result
 * @param losses the shape of the single losses
 * @param reduction what becomes of them
 * @param batch the size of the first dimension of the input
 */
record LossResult(
    KernelContext context, Layout output, Shape losses, LossReduction reduction, long batch) {
  /** Losses that are added one after the other; the sums of as many runs are added then. */
  private static final long RUN = 64;

  /** Computes the losses, each stored by {@link #store}. */
  @FunctionalInterface
  interface Computation {
    void run(long losses);
  }

  /** Returns the operand that a line's loss is stored to. */
  Lines.Operand operand() {
    return Lines.Operand.element(isReduced() ? Layout.of(DType.F64, losses) : output);
  }

  boolean isReduced() {
    return reduction != LossReduction.NONE;
  }

  /** Stores a single loss. */
  void store(long address, double loss) {
    if (isReduced() || output.dtype() == DType.F64) {
      ALL.set(DOUBLE, address, loss);
    } else {
      ALL.set(Elements.FLOAT, address, (float) loss);
    }
  }

  /** Returns what the sum of the losses, and with it a gradient, is divided by. */
  double divisor(double weights) {
    return switch (reduction) {
      case NONE, SUM -> 1;
      case MEAN -> weights;
      case BATCH_MEAN -> batch;
    };
  }

  /** Computes the result. */
  void compute(long dst, double weights, Computation computation) {
    if (!isReduced()) {
      computation.run(dst);
      return;
    }
    try (ScratchMemory.Block scratch =
        context.memory().borrow(Math.multiplyExact(losses.size(), Double.BYTES))) {
      long single = scratch.segment().address();
      computation.run(single);
      double total = sum(single, losses.size()) / divisor(weights);
      if (output.dtype() == DType.F64) {
        ALL.set(DOUBLE, dst, total);
      } else {
        ALL.set(Elements.FLOAT, dst, (float) total);
      }
    }
  }

  /** Returns the sum of {@code double}s. */
  static double sum(long src, long count) {
    double sum = 0;
    for (long from = 0; from < count; from += RUN) {
      double run = 0;
      for (long i = from; i < Math.min(count, from + RUN); i++) {
        run += ALL.get(DOUBLE, src + i * Double.BYTES);
      }
      sum += run;
    }
    return sum;
  }
}
