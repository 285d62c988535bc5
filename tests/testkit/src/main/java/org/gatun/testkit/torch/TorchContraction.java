package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.Linear;

/** PyTorch's products of matrices and vectors. */
final class TorchContraction {
  private TorchContraction() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("dot", a -> a.input().matmul(a.tensor(1, "other"))),
        TorchOperators.one("bmm", a -> a.input().matmul(a.tensor(1, "mat2"))),
        TorchOperators.one("matmul", a -> a.input().matmul(a.tensor(1, "other"))),
        TorchOperators.one("mm", a -> a.input().matmul(a.tensor(1, "mat2"))),
        TorchOperators.one("mv", a -> a.input().matmul(a.tensor(1, "vec"))),
        TorchOperators.one("nn.functional.linear", TorchContraction::linear));
  }

  private static Tensor linear(TorchArguments a) {
    Tensor bias = a.optionalTensor(2, "bias");
    Tensor weights = a.tensor(1, "weight");
    return bias == null
        ? TorchOperators.run(new Linear(false), a.input(), weights)
        : TorchOperators.run(new Linear(true), a.input(), weights, bias);
  }
}
