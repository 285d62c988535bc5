package org.gatun.testkit.torch;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gatun.Tensor;

/**
 * What Gatun has for the gradients of PyTorch's operators, by their names and with their arguments.
 */
final class TorchGradients {
  /** A call of Gatun for a backward pass of PyTorch. */
  @FunctionalInterface
  interface Call {
    /** Returns the gradients in the input and in the tensors among the arguments, in order. */
    List<Tensor> of(Tensor cotangent, TorchArguments a);
  }

  /** The same with the gradient in the input alone. */
  @FunctionalInterface
  interface Single {
    Tensor of(Tensor cotangent, TorchArguments a);
  }

  private static final Map<String, Call> CALLS =
      Stream.of(TorchActivation.gradients(), TorchLoss.gradients())
          .flatMap(calls -> calls)
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private TorchGradients() {}

  /** Returns whether Gatun has the gradients of an operator. */
  static boolean has(String op) {
    return CALLS.containsKey(op);
  }

  /** Returns the gradients of a call: as many as the sample has inputs with one, or more. */
  static List<Tensor> call(String op, Tensor cotangent, TorchArguments arguments) {
    Call call = CALLS.get(op);
    if (call == null) {
      throw new IllegalArgumentException(
          "gradients of " + op + ", expected an operator of the table");
    }
    return call.of(cotangent, arguments);
  }

  static Map.Entry<String, Call> one(String name, Single call) {
    return entry(name, (cotangent, a) -> List.of(call.of(cotangent, a)));
  }

  static Map.Entry<String, Call> all(String name, Call call) {
    return entry(name, call);
  }
}
