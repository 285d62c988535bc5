package org.gatun.benchmarks.peers;

import static org.gatun.benchmarks.peers.TorchOperands.numbers;
import static org.gatun.benchmarks.peers.TorchOperands.unsized;

import java.util.stream.LongStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongArrayRef;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.gatun.Shape;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AveragePool;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Interpolate;
import org.gatun.op.Ints;
import org.gatun.op.MaxPool;
import org.gatun.op.Op;
import org.jspecify.annotations.Nullable;

/** Convolutions, pooling and resizing of images on libtorch. */
final class TorchImages {
  private TorchImages() {}

  /** Returns the call, null if the operator is none of these or libtorch has none. */
  static @Nullable TorchCall call(Op op, TorchOperands operands) {
    return switch (op) {
      case Convolution convolution -> convolution(convolution, operands);
      case MaxPool pool -> max(pool, operands.get(0));
      case AveragePool pool -> average(pool, operands.get(0));
      case GlobalAveragePool _ -> globalAverage(operands.get(0));
      case GlobalMaxPool _ -> globalMax(operands.get(0));
      case AdaptiveAveragePool(Ints size) -> adaptive(size, operands.get(0));
      case Interpolate resize -> resize(resize, operands);
      default -> null;
    };
  }

  private static @Nullable TorchCall convolution(Convolution op, TorchOperands operands) {
    Tensor given = operands.get(0);
    Tensor x = given.dim() == op.spatialRank() + 1 ? given.unsqueeze(0) : given;
    Tensor weights = operands.get(1);
    TensorOptional bias = operands.optional(op.bias(), 2);
    LongArrayRef stride = numbers(op.stride());
    LongArrayRef dilation = numbers(op.dilation());
    Ints after = op.paddingAfter();
    boolean even = op.paddingBefore().equals(after);
    return switch (op) {
      case Conv conv -> {
        LongArrayRef none = numbers(new long[op.spatialRank()]);
        LongArrayRef padding = even ? numbers(after) : none;
        Call convolve =
            input ->
                torch.convolution(
                    input, weights, bias, stride, padding, dilation, false, none, conv.groups());
        yield even
            ? TorchCall.making(() -> convolve.of(x))
            : padded(convolve, x, op.paddingBefore(), after);
      }
      case ConvTranspose transpose -> {
        if (!even) {
          yield null;
        }
        LongArrayRef padding = numbers(after);
        LongArrayRef more = numbers(transpose.outputPadding());
        yield TorchCall.making(
            () ->
                torch.convolution(
                    x, weights, bias, stride, padding, dilation, true, more, transpose.groups()));
      }
    };
  }

  /** A call of one image. */
  private interface Call {
    Tensor of(Tensor image);
  }

  /** libtorch pads a convolution on both sides alike; any other padding is a call of its own. */
  private static TorchCall padded(Call convolve, Tensor x, Ints before, Ints after) {
    int rank = before.size();
    long[] sides = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      sides[2 * i] = before.get(rank - 1 - i);
      sides[2 * i + 1] = after.get(rank - 1 - i);
    }
    LongArrayRef padding = numbers(sides);
    Scalar zero = new Scalar(0);
    return TorchCall.making(
        () -> {
          try (Tensor image = torch.constant_pad_nd(x, padding, zero)) {
            return convolve.of(image);
          }
        });
  }

  private static @Nullable TorchCall max(MaxPool pool, Tensor x) {
    if (pool.padding().size() != pool.kernel().size()) {
      return null;
    }
    LongArrayRef kernel = numbers(pool.kernel());
    LongArrayRef stride = numbers(pool.stride());
    LongArrayRef padding = numbers(pool.padding());
    LongArrayRef dilation = numbers(pool.dilation());
    boolean up = pool.ceilMode();
    if (pool.kernel().size() == 1) {
      return TorchCall.making(() -> torch.max_pool1d(x, kernel, stride, padding, dilation, up));
    }
    // The calls without indices compute them as well, and throw them away.
    Tensor indices = unsized().toType(torch.ScalarType.Long);
    return switch (pool.kernel().size()) {
      case 2 ->
          TorchCall.into(
              unsized(),
              result ->
                  torch
                      .max_pool2d_with_indices_out(
                          result, indices, x, kernel, stride, padding, dilation, up)
                      .close());
      case 3 ->
          TorchCall.into(
              unsized(),
              result ->
                  torch
                      .max_pool3d_with_indices_out(
                          result, indices, x, kernel, stride, padding, dilation, up)
                      .close());
      default -> null;
    };
  }

  private static @Nullable TorchCall average(AveragePool pool, Tensor x) {
    if (pool.padding().size() != pool.kernel().size()) {
      return null;
    }
    LongArrayRef kernel = numbers(pool.kernel());
    LongArrayRef stride = numbers(pool.stride());
    LongArrayRef padding = numbers(pool.padding());
    boolean up = pool.ceilMode();
    boolean all = pool.countIncludePad();
    int own = pool.divisorOverride();
    LongOptional divisor = own == 0 ? new LongOptional() : new LongOptional(own);
    return switch (pool.kernel().size()) {
      case 1 ->
          own == 0
              ? TorchCall.making(() -> torch.avg_pool1d(x, kernel, stride, padding, up, all))
              : null;
      case 2 ->
          TorchCall.into(
              unsized(),
              result -> torch.avg_pool2d_out(result, x, kernel, stride, padding, up, all, divisor));
      case 3 ->
          TorchCall.into(
              unsized(),
              result -> torch.avg_pool3d_out(result, x, kernel, stride, padding, up, all, divisor));
      default -> null;
    };
  }

  /** What libtorch's adaptive pooling to one element calls. */
  private static TorchCall globalAverage(Tensor x) {
    LongArrayRefOptional spatial = new LongArrayRefOptional(spatial(x));
    ScalarTypeOptional same = new ScalarTypeOptional();
    return TorchCall.into(unsized(), result -> torch.mean_out(result, x, spatial, true, same));
  }

  private static TorchCall globalMax(Tensor x) {
    LongArrayRef spatial = spatial(x);
    return TorchCall.into(unsized(), result -> torch.amax_out(result, x, spatial, true));
  }

  private static LongArrayRef spatial(Tensor x) {
    return numbers(LongStream.range(2, x.dim()).toArray());
  }

  private static @Nullable TorchCall adaptive(Ints size, Tensor x) {
    if (size.equals(Ints.repeat(1, size.size())) && x.dim() == size.size() + 2) {
      return globalAverage(x);
    }
    LongArrayRef sizes = numbers(size);
    return size.size() == 2
        ? TorchCall.into(unsized(), result -> torch.adaptive_avg_pool2d_out(result, x, sizes))
        : null;
  }

  private static @Nullable TorchCall resize(Interpolate op, TorchOperands operands) {
    Tensor x = operands.get(0);
    if (x.dim() != 4) {
      return null;
    }
    Shape shape = operands.result(op);
    LongArrayRef size = numbers(shape.dim(2), shape.dim(3));
    DoubleOptional rows = scale(op, 0);
    DoubleOptional columns = scale(op, 1);
    boolean aligned = op.alignCorners();
    return switch (op.mode()) {
      case NEAREST ->
          TorchCall.into(
              unsized(), result -> torch.upsample_nearest2d_out(result, x, size, rows, columns));
      case LINEAR ->
          TorchCall.into(
              unsized(),
              result -> torch.upsample_bilinear2d_out(result, x, size, aligned, rows, columns));
      case CUBIC ->
          TorchCall.into(
              unsized(),
              result -> torch.upsample_bicubic2d_out(result, x, size, aligned, rows, columns));
      default -> null;
    };
  }

  private static DoubleOptional scale(Interpolate op, int dimension) {
    return op.scales().isEmpty() ? new DoubleOptional() : new DoubleOptional(op.scale(dimension));
  }
}
