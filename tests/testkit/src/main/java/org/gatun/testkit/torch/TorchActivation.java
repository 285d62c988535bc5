package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.nn.Gradients;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/** PyTorch's activations and softmax. */
final class TorchActivation {
  private TorchActivation() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("_log_softmax_backward_data", a -> softmaxBackward(a, true)),
        TorchOperators.one("_softmax_backward_data", a -> softmaxBackward(a, false)),
        TorchOperators.one("log_softmax", a -> probability(a, "log_softmax")),
        TorchOperators.one("nn.functional.gelu", TorchActivation::gelu),
        TorchOperators.one("nn.functional.log_softmax", a -> probability(a, "log_softmax")),
        TorchOperators.one("nn.functional.relu", a -> a.input().relu()),
        TorchOperators.one("nn.functional.silu", a -> a.input().silu()),
        TorchOperators.one("nn.functional.softmax", a -> probability(a, "softmax")),
        TorchOperators.one("nn.functional.softmin", a -> probability(a, "softmin")),
        TorchOperators.one("softmax", a -> probability(a, "softmax")));
  }

  /** Returns the gradients by PyTorch's names of the operators. */
  static Stream<Map.Entry<String, TorchGradients.Call>> gradients() {
    return Stream.of(
        // The gradient in the cotangent, in which the operator is linear and symmetric.
        TorchGradients.one(
            "_softmax_backward_data",
            (g, a) -> Gradients.softmax(g, a.tensor(1, "output"), a.integer(2, "dim", -1))),
        TorchGradients.one("log_softmax", (g, a) -> probabilityGradient(g, a, "log_softmax")),
        TorchGradients.one(
            "nn.functional.log_softmax", (g, a) -> probabilityGradient(g, a, "log_softmax")),
        TorchGradients.one("nn.functional.softmax", (g, a) -> probabilityGradient(g, a, "softmax")),
        TorchGradients.one("nn.functional.softmin", (g, a) -> probabilityGradient(g, a, "softmin")),
        TorchGradients.one("softmax", (g, a) -> probabilityGradient(g, a, "softmax")));
  }

  private static Tensor gelu(TorchArguments a) {
    boolean tanh = a.text(1, "approximate", "none").equals("tanh");
    return TorchOperators.run(
        new Unary(tanh ? UnaryFunction.GELU_TANH : UnaryFunction.GELU), a.input());
  }

  private static Tensor probability(TorchArguments a, String function) {
    DType dtype = dtype(a);
    Tensor x = dtype == null ? a.input() : a.input().to(dtype);
    int dim = dim(a);
    return switch (function) {
      case "log_softmax" -> x.logSoftmax(dim);
      case "softmin" -> Functional.softmin(x, dim);
      default -> x.softmax(dim);
    };
  }

  private static Tensor probabilityGradient(Tensor g, TorchArguments a, String function) {
    Tensor y = probability(a, function);
    Tensor cotangent = g.to(y.dtype());
    int dim = dim(a);
    Tensor gradient =
        switch (function) {
          case "log_softmax" -> Gradients.logSoftmax(cotangent, y, dim);
          case "softmin" -> Gradients.softmin(cotangent, y, dim);
          default -> Gradients.softmax(cotangent, y, dim);
        };
    return gradient.to(a.input().dtype());
  }

  /** Returns the axis; where it is None, that which PyTorch takes then. */
  private static int dim(TorchArguments a) {
    int rank = a.input().rank();
    return a.integer(1, "dim", rank == 0 || rank == 1 || rank == 3 ? 0 : 1);
  }

  /**
   * {@code F.softmax(input, dim, _stacklevel, dtype)} and {@code torch.softmax(input, dim, dtype)}.
   */
  private static @Nullable DType dtype(TorchArguments a) {
    a.integer(-1, "_stacklevel", 0);
    return a.dtype(a.raw(2, "dtype") instanceof TorchValue.Type ? 2 : 3, "dtype");
  }

  private static Tensor softmaxBackward(TorchArguments a, boolean log) {
    Tensor g = a.input();
    Tensor y = a.tensor(1, "output");
    int dim = a.integer(2, "dim", -1);
    DType dtype = a.dtype(3, "input_dtype");
    Tensor gradient = log ? Gradients.logSoftmax(g, y, dim) : Gradients.softmax(g, y, dim);
    return dtype == null ? gradient : gradient.to(dtype);
  }
}
