package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Functional;
import org.gatun.nn.Gradients;
import org.jspecify.annotations.Nullable;

/** PyTorch's activations and softmax. */
final class TorchActivation {
  /** What an activation takes beside x, and its gradient. */
  private record Function(String name, TorchOperators.Single call, TorchGradients.Call gradient) {}

  private static final List<Function> FUNCTIONS =
      List.of(
          of(
              "celu",
              a -> Activations.celu(a.input(), a.number(1, "alpha", 1)),
              (g, a) -> Gradients.celu(g, a.input(), a.number(1, "alpha", 1))),
          of(
              "elu",
              a -> Activations.elu(a.input(), a.number(1, "alpha", 1)),
              (g, a) -> Gradients.elu(g, a.input(), a.number(1, "alpha", 1))),
          of("gelu", TorchActivation::gelu, TorchActivation::geluGradient),
          of(
              "glu",
              a -> Activations.glu(a.input(), a.integer(1, "dim", -1)),
              (g, a) -> Gradients.glu(g, a.input(), a.integer(1, "dim", -1))),
          of(
              "hardshrink",
              a -> Activations.hardshrink(a.input(), a.number(1, "lambd", 0.5)),
              (g, a) -> Gradients.hardshrink(g, a.input(), a.number(1, "lambd", 0.5))),
          of(
              "hardsigmoid",
              a -> Activations.hardsigmoid(a.input()),
              (g, a) -> Gradients.hardsigmoid(g, a.input())),
          of(
              "hardswish",
              a -> Activations.hardswish(a.input()),
              (g, a) -> Gradients.hardswish(g, a.input())),
          of(
              "hardtanh",
              a ->
                  Activations.hardtanh(
                      a.input(), a.number(1, "min_val", -1), a.number(2, "max_val", 1)),
              (g, a) ->
                  Gradients.hardtanh(
                      g, a.input(), a.number(1, "min_val", -1), a.number(2, "max_val", 1))),
          of(
              "leaky_relu",
              a -> Activations.leakyRelu(a.input(), a.number(1, "negative_slope", 0.01)),
              (g, a) -> Gradients.leakyRelu(g, a.input(), a.number(1, "negative_slope", 0.01))),
          of(
              "logsigmoid",
              a -> Activations.logSigmoid(a.input()),
              (g, a) -> Gradients.logSigmoid(g, a.input())),
          of("mish", a -> Activations.mish(a.input()), (g, a) -> Gradients.mish(g, a.input())),
          new Function(
              "prelu",
              a -> Activations.prelu(a.input(), a.tensor(1, "weight")),
              (g, a) ->
                  List.of(
                      Gradients.prelu(g, a.input(), a.tensor(1, "weight")),
                      Gradients.preluWeight(g, a.input(), a.tensor(1, "weight")))),
          of("relu", a -> a.input().relu(), (g, a) -> Gradients.relu(g, a.input())),
          of("relu6", a -> Activations.relu6(a.input()), (g, a) -> Gradients.relu6(g, a.input())),
          of("rrelu", TorchActivation::rrelu, TorchActivation::rreluGradient),
          of("selu", a -> Activations.selu(a.input()), (g, a) -> Gradients.selu(g, a.input())),
          of("sigmoid", a -> a.input().sigmoid(), (g, a) -> Gradients.sigmoid(g, a.input())),
          of("silu", a -> a.input().silu(), (g, a) -> Gradients.silu(g, a.input())),
          of(
              "softplus",
              a ->
                  Activations.softplus(
                      a.input(), a.number(1, "beta", 1), a.number(2, "threshold", 20)),
              (g, a) ->
                  Gradients.softplus(
                      g, a.input(), a.number(1, "beta", 1), a.number(2, "threshold", 20))),
          of(
              "softshrink",
              a -> Activations.softshrink(a.input(), a.number(1, "lambd", 0.5)),
              (g, a) -> Gradients.softshrink(g, a.input(), a.number(1, "lambd", 0.5))),
          of(
              "softsign",
              a -> Activations.softsign(a.input()),
              (g, a) -> Gradients.softsign(g, a.input())),
          of("tanh", a -> a.input().tanh(), (g, a) -> Gradients.tanh(g, a.input())),
          of(
              "tanhshrink",
              a -> Activations.tanhshrink(a.input()),
              (g, a) -> Gradients.tanhshrink(g, a.input())),
          of(
              "threshold",
              a ->
                  Activations.threshold(
                      a.input(), a.number(1, "threshold", 0), a.number(2, "value", 0)),
              (g, a) -> Gradients.threshold(g, a.input(), a.number(1, "threshold", 0))));

  private TorchActivation() {}

  private static Function of(
      String name, TorchOperators.Single call, TorchGradients.Single gradient) {
    return new Function(name, call, (g, a) -> List.of(gradient.of(g, a)));
  }

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    Stream<Map.Entry<String, TorchOperators.Call>> functions =
        FUNCTIONS.stream()
            .map(
                function ->
                    TorchOperators.one(
                        "nn.functional." + function.name,
                        a -> {
                          a.flag(-1, "inplace", false);
                          return function.call.of(a);
                        }));
    return Stream.concat(
        functions,
        Stream.of(
            TorchOperators.one("_log_softmax_backward_data", a -> softmaxBackward(a, true)),
            TorchOperators.one("_softmax_backward_data", a -> softmaxBackward(a, false)),
            TorchOperators.one("log_softmax", a -> probability(a, "log_softmax")),
            TorchOperators.one("nn.functional.log_softmax", a -> probability(a, "log_softmax")),
            TorchOperators.one("nn.functional.softmax", a -> probability(a, "softmax")),
            TorchOperators.one("nn.functional.softmin", a -> probability(a, "softmin")),
            TorchOperators.one("relu", a -> a.input().relu()),
            TorchOperators.one("softmax", a -> probability(a, "softmax")),
            TorchOperators.one("special.log_softmax", a -> probability(a, "log_softmax")),
            TorchOperators.one("special.softmax", a -> probability(a, "softmax"))));
  }

  /** Returns the gradients by PyTorch's names of the operators. */
  static Stream<Map.Entry<String, TorchGradients.Call>> gradients() {
    Stream<Map.Entry<String, TorchGradients.Call>> functions =
        FUNCTIONS.stream()
            .map(
                function ->
                    TorchGradients.all("nn.functional." + function.name, function.gradient));
    return Stream.concat(
        functions,
        Stream.of(
            // The gradient in the cotangent, in which the operator is linear and symmetric.
            TorchGradients.one(
                "_softmax_backward_data",
                (g, a) -> Gradients.softmax(g, a.tensor(1, "output"), a.integer(2, "dim", -1))),
            TorchGradients.one("log_softmax", (g, a) -> probabilityGradient(g, a, "log_softmax")),
            TorchGradients.one(
                "nn.functional.log_softmax", (g, a) -> probabilityGradient(g, a, "log_softmax")),
            TorchGradients.one(
                "nn.functional.softmax", (g, a) -> probabilityGradient(g, a, "softmax")),
            TorchGradients.one(
                "nn.functional.softmin", (g, a) -> probabilityGradient(g, a, "softmin")),
            TorchGradients.one("relu", (g, a) -> Gradients.relu(g, a.input())),
            TorchGradients.one("sigmoid", (g, a) -> Gradients.sigmoid(g, a.input())),
            TorchGradients.one("softmax", (g, a) -> probabilityGradient(g, a, "softmax")),
            TorchGradients.one(
                "special.log_softmax", (g, a) -> probabilityGradient(g, a, "log_softmax")),
            TorchGradients.one("special.softmax", (g, a) -> probabilityGradient(g, a, "softmax")),
            TorchGradients.one("tanh", (g, a) -> Gradients.tanh(g, a.input()))));
  }

  private static boolean isTanh(TorchArguments a) {
    return a.text(1, "approximate", "none").equals("tanh");
  }

  private static Tensor gelu(TorchArguments a) {
    return isTanh(a) ? Functional.geluTanh(a.input()) : Functional.gelu(a.input());
  }

  private static Tensor geluGradient(Tensor g, TorchArguments a) {
    return isTanh(a) ? Gradients.geluTanh(g, a.input()) : Gradients.gelu(g, a.input());
  }

  private static Tensor rrelu(TorchArguments a) {
    double lower = a.number(1, "lower", 1.0 / 8);
    double upper = a.number(2, "upper", 1.0 / 3);
    return a.flag(3, "training", false)
        ? Activations.rrelu(a.input(), TorchGenerator.slopes(a.input(), lower, upper))
        : Activations.rrelu(a.input(), lower, upper);
  }

  private static Tensor rreluGradient(Tensor g, TorchArguments a) {
    double lower = a.number(1, "lower", 1.0 / 8);
    double upper = a.number(2, "upper", 1.0 / 3);
    return a.flag(3, "training", false)
        ? Gradients.rrelu(g, a.input(), TorchGenerator.slopes(a.input(), lower, upper))
        : Gradients.rrelu(g, a.input(), lower, upper);
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
