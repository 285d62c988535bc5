package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.Dropout;

/** PyTorch's operators with a random part: what does not depend on its random numbers. */
final class TorchRandom {
  private TorchRandom() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(TorchOperators.one("nn.functional.dropout", TorchRandom::dropout));
  }

  /** Dropout that does not depend on random numbers, which are not PyTorch's. */
  private static Tensor dropout(TorchArguments a) {
    double p = a.number(1, "p", 0.5);
    boolean training = a.flag(2, "training", true);
    if (!training || a.input().size() == 0) {
      return a.input();
    }
    if (p != 0 && p != 1) {
      throw new TorchArguments.Unmapped("the random numbers are PyTorch's own");
    }
    return TorchOperators.run(new Dropout(p), a.input(), Tensor.of(new long[] {0, 0}));
  }
}
