package org.gatun.reference;

import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Pointwise;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;

/** Functions of the elements at one index. */
final class PointwiseReference {
  private PointwiseReference() {}

  static List<NdArray> evaluate(Pointwise op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray result = NdArray.zeros(outputs.getFirst().dtype(), outputs.getFirst().shape());
    double[] values = result.values();
    for (int i = 0; i < values.length; i++) {
      int[] index = result.index(i);
      values[i] =
          switch (op) {
            case Binary(BinaryFunction function) ->
                apply(
                    function,
                    Broadcast.get(inputs.get(0), index),
                    Broadcast.get(inputs.get(1), index));
            case Unary(UnaryFunction function) -> apply(function, inputs.getFirst().get(index));
          };
    }
    return List.of(result);
  }

  private static double apply(BinaryFunction function, double a, double b) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
    };
  }

  private static double apply(UnaryFunction function, double x) {
    return switch (function) {
      case RELU -> x < 0 ? 0 : x;
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
      case GELU -> x * (0.5 * ErrorFunction.complement(-x / Math.sqrt(2)));
      // (1 + tanh u) / 2 = 1 / (1 + exp(-2u)), which does not cancel.
      case GELU_TANH ->
          x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case SILU -> x / (1 + Math.exp(-x));
    };
  }
}
