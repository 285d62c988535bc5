package org.gatun.benchmarks.peers;

import static org.gatun.benchmarks.peers.TorchOperands.numbers;
import static org.gatun.benchmarks.peers.TorchOperands.unsized;

import java.util.stream.LongStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.gatun.op.BatchNorm;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.Ints;
import org.gatun.op.LayerNorm;
import org.gatun.op.LogSoftmax;
import org.gatun.op.Op;
import org.gatun.op.Reduce;
import org.gatun.op.RmsNorm;
import org.gatun.op.Softmax;
import org.gatun.op.Variance;
import org.jspecify.annotations.Nullable;

/** Normalizations, softmax and reductions on libtorch. */
final class TorchStatistics {
  private TorchStatistics() {}

  /** Returns the call, null if the operator is none of these or libtorch has none. */
  static @Nullable TorchCall call(Op op, TorchOperands operands) {
    Tensor x = operands.get(0);
    return switch (op) {
      case BatchNorm norm -> batchNorm(norm, operands);
      case InstanceNorm norm -> instanceNorm(norm, operands);
      case LayerNorm norm -> {
        LongArrayRef shape = numbers(norm.normalizedShape().toArray());
        Parameters parameters = Parameters.of(operands, 1, norm.weight(), norm.bias());
        yield TorchCall.making(
            () ->
                torch.layer_norm(x, shape, parameters.weight, parameters.bias, norm.eps(), false));
      }
      case GroupNorm norm -> {
        Parameters parameters = Parameters.of(operands, 1, norm.weight(), norm.bias());
        yield TorchCall.making(
            () ->
                torch.group_norm(
                    x, norm.groups(), parameters.weight, parameters.bias, norm.eps(), false));
      }
      case RmsNorm norm -> {
        LongArrayRef shape = numbers(norm.normalizedShape().toArray());
        TensorOptional weight = operands.optional(norm.weight(), 1);
        DoubleOptional eps = new DoubleOptional();
        norm.eps().ifPresent(eps::put);
        yield TorchCall.making(() -> torch.rms_norm(x, shape, weight, eps));
      }
      case Softmax(int axis) -> {
        ScalarTypeOptional same = new ScalarTypeOptional();
        yield TorchCall.into(
            torch.empty_like(x), result -> torch.softmax_out(result, x, axis, same));
      }
      case LogSoftmax(int axis) -> {
        ScalarTypeOptional same = new ScalarTypeOptional();
        yield TorchCall.into(
            torch.empty_like(x), result -> torch.log_softmax_out(result, x, axis, same));
      }
      case Reduce reduce -> reduce(reduce, x);
      case Variance variance -> variance(variance, x);
      default -> null;
    };
  }

  /** Weight and bias, each of which may be missing. */
  private record Parameters(TensorOptional weight, TensorOptional bias) {
    static Parameters of(TorchOperands operands, int first, boolean weight, boolean bias) {
      return new Parameters(
          operands.optional(weight, first), operands.optional(bias, first + (weight ? 1 : 0)));
    }
  }

  private static TorchCall batchNorm(BatchNorm norm, TorchOperands operands) {
    Tensor x = operands.get(0);
    boolean running = norm.running();
    TensorOptional mean = operands.optional(running, 1);
    TensorOptional variance = operands.optional(running, 2);
    Parameters parameters = Parameters.of(operands, running ? 3 : 1, norm.weight(), norm.bias());
    // What it computes for derivatives comes out in any case.
    Tensor savedMean = unsized();
    Tensor savedScale = unsized();
    return TorchCall.into(
        torch.empty_like(x),
        result ->
            torch
                .native_batch_norm_out(
                    result,
                    savedMean,
                    savedScale,
                    x,
                    parameters.weight,
                    parameters.bias,
                    mean,
                    variance,
                    norm.training(),
                    norm.momentum(),
                    norm.eps())
                .close());
  }

  private static TorchCall instanceNorm(InstanceNorm norm, TorchOperands operands) {
    Tensor x = operands.get(0);
    boolean running = norm.running();
    TensorOptional mean = operands.optional(running, 1);
    TensorOptional variance = operands.optional(running, 2);
    Parameters parameters = Parameters.of(operands, running ? 3 : 1, norm.weight(), norm.bias());
    return TorchCall.making(
        () ->
            torch.instance_norm(
                x,
                parameters.weight,
                parameters.bias,
                mean,
                variance,
                true,
                norm.momentum(),
                norm.eps(),
                false));
  }

  private static @Nullable TorchCall reduce(Reduce op, Tensor x) {
    LongArrayRef axes = axes(op.axes(), x);
    LongArrayRefOptional some = new LongArrayRefOptional(axes);
    ScalarTypeOptional same = new ScalarTypeOptional();
    boolean keep = op.keepDims();
    return switch (op.function()) {
      case SUM -> TorchCall.into(unsized(), result -> torch.sum_out(result, x, some, keep, same));
      case NAN_SUM ->
          TorchCall.into(unsized(), result -> torch.nansum_out(result, x, some, keep, same));
      case MEAN -> TorchCall.into(unsized(), result -> torch.mean_out(result, x, some, keep, same));
      case MAX -> TorchCall.into(unsized(), result -> torch.amax_out(result, x, axes, keep));
      case MIN -> TorchCall.into(unsized(), result -> torch.amin_out(result, x, axes, keep));
      case LOG_SUM_EXP ->
          TorchCall.into(unsized(), result -> torch.logsumexp_out(result, x, axes, keep));
      case PROD -> {
        int axis = op.axes().size() == 1 ? op.axes().get(0) : 0;
        yield op.axes().size() == 1 || x.dim() == 1
            ? TorchCall.into(unsized(), result -> torch.prod_out(result, x, axis, keep, same))
            : null;
      }
      case ALL, ANY, COUNT_NONZERO -> null;
    };
  }

  private static @Nullable TorchCall variance(Variance op, Tensor x) {
    if (op.withMean()) {
      return null;
    }
    LongArrayRefOptional axes = new LongArrayRefOptional(axes(op.axes(), x));
    ScalarOptional correction = new ScalarOptional(new Scalar(op.correction()));
    boolean keep = op.keepDims();
    return op.root()
        ? TorchCall.into(unsized(), result -> torch.std_out(result, x, axes, correction, keep))
        : TorchCall.into(unsized(), result -> torch.var_out(result, x, axes, correction, keep));
  }

  private static LongArrayRef axes(Ints axes, Tensor x) {
    return axes.size() == 0 ? numbers(LongStream.range(0, x.dim()).toArray()) : numbers(axes);
  }
}
