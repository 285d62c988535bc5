package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.Convolution;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/** PyTorch's convolutions, of one to three spatial dimensions. */
final class TorchConvolution {
  private TorchConvolution() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("nn.functional.conv1d", a -> conv(a, 1)),
        TorchOperators.one("nn.functional.conv2d", a -> conv(a, 2)),
        TorchOperators.one("nn.functional.conv3d", a -> conv(a, 3)),
        TorchOperators.one("nn.functional.conv_transpose1d", a -> transposed(a, 1)),
        TorchOperators.one("nn.functional.conv_transpose2d", a -> transposed(a, 2)),
        TorchOperators.one("nn.functional.conv_transpose3d", a -> transposed(a, 3)));
  }

  /** {@code conv(input, weight, bias, stride, padding, dilation, groups)}. */
  static Tensor conv(TorchArguments a, int rank) {
    Tensor weights = a.tensor(1, "weight");
    Tensor bias = a.optionalTensor(2, "bias");
    int[] stride = a.integers(3, "stride", rank, 1);
    int[] dilation = a.integers(5, "dilation", rank, 1);
    int[] before = new int[rank];
    int[] after = new int[rank];
    if (a.raw(4, "padding") instanceof TorchValue.Text(String padding)) {
      for (int i = 0; i < rank && padding.equals("same"); i++) {
        int all = dilation[i] * (Math.toIntExact(weights.dim(2 + i)) - 1);
        before[i] = all / 2;
        after[i] = all - before[i];
      }
    } else {
      before = a.integers(4, "padding", rank, 0);
      after = before;
    }
    return run(
        new Conv(
            Ints.of(stride),
            Ints.of(before),
            Ints.of(after),
            Ints.of(dilation),
            a.integer(6, "groups", 1),
            bias != null),
        a.input(),
        weights,
        bias);
  }

  /**
   * {@code conv_transpose(input, weight, bias, stride, padding, output_padding, groups, dilation)}.
   */
  static Tensor transposed(TorchArguments a, int rank) {
    Tensor bias = a.optionalTensor(2, "bias");
    Ints padding = Ints.of(a.integers(4, "padding", rank, 0));
    return run(
        new ConvTranspose(
            Ints.of(a.integers(3, "stride", rank, 1)),
            padding,
            padding,
            Ints.of(a.integers(5, "output_padding", rank, 0)),
            Ints.of(a.integers(7, "dilation", rank, 1)),
            a.integer(6, "groups", 1),
            bias != null),
        a.input(),
        a.tensor(1, "weight"),
        bias);
  }

  private static Tensor run(Convolution op, Tensor x, Tensor weights, @Nullable Tensor bias) {
    return bias == null
        ? TorchOperators.run(op, x, weights)
        : TorchOperators.run(op, x, weights, bias);
  }
}
