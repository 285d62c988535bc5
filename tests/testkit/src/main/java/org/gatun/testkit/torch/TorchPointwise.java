package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;

/** PyTorch's functions of the elements at one index. */
final class TorchPointwise {
  private TorchPointwise() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("add", a -> a.input().add(scaled(a))),
        TorchOperators.one("div", TorchPointwise::div),
        TorchOperators.one("mul", a -> a.input().mul(a.tensor(1, "other"))),
        TorchOperators.one("rsub", TorchPointwise::rsub),
        TorchOperators.one("sigmoid", a -> a.input().sigmoid()),
        TorchOperators.one("sub", a -> a.input().sub(scaled(a))),
        TorchOperators.one("tanh", a -> a.input().tanh()));
  }

  private static Tensor scaled(TorchArguments a) {
    Tensor other = a.tensor(1, "other");
    return a.isGiven(-1, "alpha") ? other.mul(a.number(-1, "alpha", 1)) : other;
  }

  private static Tensor rsub(TorchArguments a) {
    Tensor scaled = a.input().mul(a.number(-1, "alpha", 1));
    return a.isTensor(1, "other")
        ? a.tensor(1, "other").sub(scaled)
        : scaled.mul(-1).add(a.number(1, "other", 0));
  }

  private static Tensor div(TorchArguments a) {
    if (a.isGiven(-1, "rounding_mode")) {
      throw new TorchArguments.Unmapped("division that rounds is not there yet");
    }
    return a.input().div(a.tensor(1, "other"));
  }
}
