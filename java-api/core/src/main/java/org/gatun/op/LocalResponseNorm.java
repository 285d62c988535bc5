package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * Each element divided by a power of what its neighbours in adjacent channels amount to: {@code x /
 * (k + alpha * s)^beta}, where s is the sum of the squares of {@code size} channels, from {@code
 * size / 2} before the element's to {@code (size - 1) / 2} behind it, divided by {@code size}
 * although some of them may not be there.
 *
 * <p>Input: x of shape (N, C, spatial...).
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html">PyTorch,
 * local_response_norm</a>; ONNX LRN, which for even sizes has the window one channel further on.
 *
 * @param size the channels of a window
 * @param alpha the factor of the mean square
 * @param beta the exponent
 * @param k what is added to the mean square
 */
public record LocalResponseNorm(int size, double alpha, double beta, double k)
    implements Normalization {

  /** Checks the arguments. */
  public LocalResponseNorm {
    if (size < 1) {
      throw new IllegalArgumentException(
          "local_response_norm: size " + size + ", expected 1 or more");
    }
    Statistics.finite("local_response_norm", "alpha", alpha);
    Statistics.finite("local_response_norm", "beta", beta);
    Statistics.finite("local_response_norm", "k", k);
  }

  @Override
  public String name() {
    return "local_response_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout x = inputs.getFirst();
    Checks.floating(this, x, "input");
    Checks.check(
        x.rank() >= 3, this, "input has shape " + x.shape() + ", expected (N, C, spatial...)");
    return List.of(Layout.like(x, x.dtype(), x.shape()));
  }
}
