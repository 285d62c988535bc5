package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Softmax;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;

/** PyTorch's activations and softmax. */
final class TorchActivation {
  private TorchActivation() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("nn.functional.gelu", TorchActivation::gelu),
        TorchOperators.one("nn.functional.relu", a -> a.input().relu()),
        TorchOperators.one("nn.functional.silu", a -> a.input().silu()),
        TorchOperators.one("softmax", TorchActivation::softmax));
  }

  private static Tensor gelu(TorchArguments a) {
    boolean tanh = a.text(1, "approximate", "none").equals("tanh");
    return TorchOperators.run(
        new Unary(tanh ? UnaryFunction.GELU_TANH : UnaryFunction.GELU), a.input());
  }

  private static Tensor softmax(TorchArguments a) {
    DType dtype = a.dtype(-1, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    return TorchOperators.run(new Softmax(a.integer(1, "dim", -1)), input);
  }
}
