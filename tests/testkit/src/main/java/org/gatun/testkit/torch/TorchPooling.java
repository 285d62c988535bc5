package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AveragePool;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.LpPool;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.runtime.Engine;

/** PyTorch's pooling, of one to three spatial dimensions. */
final class TorchPooling {
  private TorchPooling() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("nn.functional.adaptive_avg_pool1d", a -> adaptiveAverage(a, 1)),
        TorchOperators.one("nn.functional.adaptive_avg_pool2d", a -> adaptiveAverage(a, 2)),
        TorchOperators.one("nn.functional.adaptive_avg_pool3d", a -> adaptiveAverage(a, 3)),
        TorchOperators.all("nn.functional.adaptive_max_pool1d", a -> adaptiveMax(a, 1)),
        TorchOperators.all("nn.functional.adaptive_max_pool2d", a -> adaptiveMax(a, 2)),
        TorchOperators.all("nn.functional.adaptive_max_pool3d", a -> adaptiveMax(a, 3)),
        TorchOperators.one("nn.functional.avg_pool1d", a -> average(a, 1)),
        TorchOperators.one("nn.functional.avg_pool2d", a -> average(a, 2)),
        TorchOperators.one("nn.functional.avg_pool3d", a -> average(a, 3)),
        TorchOperators.one("nn.functional.lp_pool1d", a -> norm(a, 1)),
        TorchOperators.one("nn.functional.lp_pool2d", a -> norm(a, 2)),
        TorchOperators.one("nn.functional.lp_pool3d", a -> norm(a, 3)),
        TorchOperators.all("nn.functional.max_pool1d", a -> max(a, 1)),
        TorchOperators.all("nn.functional.max_pool2d", a -> max(a, 2)),
        TorchOperators.all("nn.functional.max_pool3d", a -> max(a, 3)),
        TorchOperators.one("nn.functional.max_unpool1d", a -> unpool(a, 1)),
        TorchOperators.one("nn.functional.max_unpool2d", a -> unpool(a, 2)),
        TorchOperators.one("nn.functional.max_unpool3d", a -> unpool(a, 3)));
  }

  /** {@code max_pool(input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)}. */
  static List<Tensor> max(TorchArguments a, int rank) {
    int[] kernel = a.integers(1, "kernel_size", rank, 1);
    return Engine.current()
        .runAll(
            new MaxPool(
                Ints.of(kernel),
                stride(a, kernel),
                Ints.of(a.integers(3, "padding", rank, 0)),
                Ints.of(a.integers(4, "dilation", rank, 1)),
                a.flag(5, "ceil_mode", false),
                a.flag(6, "return_indices", false)),
            a.input());
  }

  /**
   * {@code avg_pool(input, kernel_size, stride, padding, ceil_mode, count_include_pad,
   * divisor_override)}.
   */
  static Tensor average(TorchArguments a, int rank) {
    int[] kernel = a.integers(1, "kernel_size", rank, 1);
    return TorchOperators.run(
        new AveragePool(
            Ints.of(kernel),
            stride(a, kernel),
            Ints.of(a.integers(3, "padding", rank, 0)),
            a.flag(4, "ceil_mode", false),
            a.flag(5, "count_include_pad", true),
            a.integer(6, "divisor_override", 0)),
        a.input());
  }

  /** {@code lp_pool(input, norm_type, kernel_size, stride, ceil_mode)}. */
  static Tensor norm(TorchArguments a, int rank) {
    int[] kernel = a.integers(2, "kernel_size", rank, 1);
    Ints stride = Ints.of(a.isGiven(3, "stride") ? a.integers(3, "stride", rank, 1) : kernel);
    boolean ceilMode = a.flag(4, "ceil_mode", false);
    LpPool op = new LpPool(a.number(1, "norm_type", 2), Ints.of(kernel), stride, ceilMode);
    return TorchOperators.run(op, a.input());
  }

  /** {@code adaptive_avg_pool(input, output_size)}. */
  static Tensor adaptiveAverage(TorchArguments a, int rank) {
    return TorchOperators.run(
        new AdaptiveAveragePool(Ints.of(a.sizes(1, "output_size", rank))), a.input());
  }

  /** {@code adaptive_max_pool(input, output_size, return_indices)}. */
  static List<Tensor> adaptiveMax(TorchArguments a, int rank) {
    AdaptiveMaxPool op =
        new AdaptiveMaxPool(
            Ints.of(a.sizes(1, "output_size", rank)), a.flag(2, "return_indices", false));
    return Engine.current().runAll(op, a.input());
  }

  /** {@code max_unpool(input, indices, kernel_size, stride, padding, output_size)}. */
  static Tensor unpool(TorchArguments a, int rank) {
    int[] kernel = a.integers(2, "kernel_size", rank, 1);
    int[] stride = a.isGiven(3, "stride") ? a.integers(3, "stride", rank, 1) : kernel;
    int[] padding = a.integers(4, "padding", rank, 0);
    long[] given = a.wholes(5, "output_size");
    long[] size = new long[rank];
    for (int i = 0; i < rank; i++) {
      // PyTorch takes the whole shape for an output size as well.
      size[i] =
          given == null
              ? (a.input().dim(i - rank) - 1) * stride[i] - 2L * padding[i] + kernel[i]
              : given[given.length - rank + i];
    }
    return TorchOperators.run(new MaxUnpool(Longs.of(size)), a.input(), a.tensor(1, "indices"));
  }

  /** The stride is the kernel where it is not given, or an empty list. */
  private static Ints stride(TorchArguments a, int[] kernel) {
    long[] given = a.wholes(2, "stride");
    boolean isGiven = given != null && given.length > 0;
    return Ints.of(isGiven ? a.integers(2, "stride", kernel.length, 1) : kernel);
  }
}
