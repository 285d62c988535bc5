package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AveragePool;
import org.gatun.op.Ints;
import org.gatun.op.MaxPool;
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
        TorchOperators.one("nn.functional.avg_pool1d", a -> average(a, 1)),
        TorchOperators.one("nn.functional.avg_pool2d", a -> average(a, 2)),
        TorchOperators.one("nn.functional.avg_pool3d", a -> average(a, 3)),
        TorchOperators.all("nn.functional.max_pool1d", a -> max(a, 1)),
        TorchOperators.all("nn.functional.max_pool2d", a -> max(a, 2)),
        TorchOperators.all("nn.functional.max_pool3d", a -> max(a, 3)));
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

  /** {@code adaptive_avg_pool(input, output_size)}. */
  static Tensor adaptiveAverage(TorchArguments a, int rank) {
    return TorchOperators.run(
        new AdaptiveAveragePool(Ints.of(a.sizes(1, "output_size", rank))), a.input());
  }

  /** The stride is the kernel where it is not given. */
  private static Ints stride(TorchArguments a, int[] kernel) {
    return Ints.of(a.isGiven(2, "stride") ? a.integers(2, "stride", kernel.length, 1) : kernel);
  }
}
