package org.gatun.benchmarks.peers;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.gatun.op.Attention;
import org.gatun.op.Contraction;
import org.gatun.op.Convolution;
import org.gatun.op.Fused;
import org.gatun.op.Interpolate;
import org.gatun.op.Movement;
import org.gatun.op.Normalization;
import org.gatun.op.Op;
import org.gatun.op.Pointwise;
import org.gatun.op.Pooling;
import org.gatun.op.Probability;
import org.gatun.op.Reduction;
import org.gatun.op.View;
import org.jspecify.annotations.Nullable;

/**
 * A call of libtorch with its arguments.
 *
 * @param function makes the call and returns its result
 * @param allocates whether the result is a new tensor, which the caller closes
 */
record TorchCall(Supplier<Tensor> function, boolean allocates) {
  /** Returns the call that computes an operator, null where there is none. */
  static @Nullable TorchCall of(Op op, TorchOperands operands) {
    return switch (op) {
      case Pointwise _, Fused _ -> TorchPointwise.call(op, operands);
      case Convolution _, Pooling _, Interpolate _ -> TorchImages.call(op, operands);
      case Contraction _, Attention _ -> TorchProducts.call(op, operands);
      case Normalization _, Probability _, Reduction _ -> TorchStatistics.call(op, operands);
      case Movement _, View _ -> TorchMovements.call(op, operands);
      default -> null;
    };
  }

  /** Returns a call that writes into a tensor. */
  static TorchCall into(Tensor result, Consumer<Tensor> call) {
    return new TorchCall(
        () -> {
          call.accept(result);
          return result;
        },
        false);
  }

  /** Returns a call that makes a new tensor. */
  static TorchCall making(Supplier<Tensor> call) {
    return new TorchCall(call, true);
  }

  /** Returns this call and then one that changes its result in place. */
  TorchCall then(Consumer<Tensor> next) {
    return new TorchCall(
        () -> {
          Tensor result = function.get();
          next.accept(result);
          return result;
        },
        allocates);
  }
}
