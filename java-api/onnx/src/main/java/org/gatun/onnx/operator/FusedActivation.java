package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.gatun.Tensor;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.UnaryFunction;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The activation that a fused operator ends with: the name of one of ONNX's operators, such as
 * {@code LeakyRelu}, and the numbers that are its attributes.
 *
 * <p>Source: <a
 * href="https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md">ONNX Runtime,
 * FusedConv and FusedGemm</a>.
 *
 * @param name of the operator, empty for none
 * @param numbers its attributes; those at the end may be left out
 */
record FusedActivation(String name, float... numbers) {
  private static final Set<String> COMPOSED =
      Set.of("", "Identity", "HardSigmoid", "QuickGelu", "ScaledTanh", "Affine", "Selu");
  private static final double SIXTH = 1 / 6.0;
  private static final double NEAR = 1e-6;

  /** Returns the activation that the attributes of a convolution tell. */
  static FusedActivation ofConvolution(Call call) {
    float[] numbers = call.numbers("activation_params");
    return new FusedActivation(
        call.text("activation", ""), numbers == null ? new float[0] : numbers);
  }

  /**
   * Returns what an operator gives, then some steps, then the activation.
   *
   * @param call the node, for messages
   * @param inputs those of the operator, and then of the steps
   */
  Tensor run(Call call, Op operator, List<? extends Fused.Step> before, Tensor... inputs) {
    List<Fused.Step> steps = new ArrayList<>(before);
    Fused.Step own = step();
    if (own != null) {
      steps.add(own);
    } else if (!COMPOSED.contains(name)) {
      throw call.failure("attribute activation is '" + name + "', which is no activation");
    }
    Tensor result =
        Engine.current().run(steps.isEmpty() ? operator : new Fused(operator, steps), inputs);
    return own != null ? result : composed(result);
  }

  /** The activation as a step of the operator before it, or null where core has no such step. */
  private Fused.@Nullable Step step() {
    return switch (name) {
      case "Relu" -> new Fused.Step.Activate(UnaryFunction.RELU);
      case "Sigmoid" -> new Fused.Step.Activate(UnaryFunction.SIGMOID);
      case "Tanh" -> new Fused.Step.Activate(UnaryFunction.TANH);
      case "Gelu" -> new Fused.Step.Activate(UnaryFunction.GELU);
      case "FastGelu", "GeluTanh" -> new Fused.Step.Activate(UnaryFunction.GELU_TANH);
      case "Silu", "Swish" -> new Fused.Step.Activate(UnaryFunction.SILU);
      case "Clip" ->
          new Fused.Step.Activate(
              ActivationFunction.HARDTANH, number(0, -Float.MAX_VALUE), number(1, Float.MAX_VALUE));
      case "LeakyRelu" -> new Fused.Step.Activate(ActivationFunction.LEAKY_RELU, number(0, 0.01f));
      case "ThresholdedRelu" ->
          new Fused.Step.Activate(ActivationFunction.THRESHOLD, number(0, 1), 0);
      case "Elu" -> new Fused.Step.Activate(ActivationFunction.ELU, number(0, 1));
      case "Celu" -> new Fused.Step.Activate(ActivationFunction.CELU, number(0, 1));
      case "Selu" -> numbers.length == 0 ? new Fused.Step.Activate(ActivationFunction.SELU) : null;
      case "HardSwish" -> new Fused.Step.Activate(ActivationFunction.HARDSWISH);
      case "HardSigmoid" ->
          near(number(0, 0.2f), SIXTH) && near(number(1, 0.5f), 0.5)
              ? new Fused.Step.Activate(ActivationFunction.HARDSIGMOID)
              : null;
      case "Mish" -> new Fused.Step.Activate(ActivationFunction.MISH);
      case "Softplus" -> new Fused.Step.Activate(ActivationFunction.SOFTPLUS, 1, 100);
      case "Softsign" -> new Fused.Step.Activate(ActivationFunction.SOFTSIGN);
      case "QuickGelu" ->
          near(number(0, 1.702f), 1.702)
              ? new Fused.Step.Activate(ActivationFunction.GELU_SIGMOID)
              : null;
      default -> null;
    };
  }

  /** The activations that core has no step for, or not with these numbers. */
  private Tensor composed(Tensor x) {
    return switch (name) {
      case "", "Identity" -> x;
      case "HardSigmoid" -> x.mul(number(0, 0.2f)).add(number(1, 0.5f)).clamp(0.0, 1.0);
      case "QuickGelu" -> x.mul(x.mul(number(0, 1.702f)).sigmoid());
      case "ScaledTanh" -> x.mul(number(1, 1)).tanh().mul(number(0, 1));
      case "Affine" -> x.mul(number(0, 1)).add(number(1, 0));
      case "Selu" -> {
        double alpha = number(0, (float) ActivationFunction.SELU_ALPHA);
        double gamma = number(1, (float) ActivationFunction.SELU_SCALE);
        yield x.clampMin(0.0).add(x.clampMax(0.0).expm1().mul(alpha)).mul(gamma);
      }
      default -> throw new AssertionError(name);
    };
  }

  private double number(int index, float otherwise) {
    return index < numbers.length ? numbers[index] : otherwise;
  }

  private static boolean near(double value, double wanted) {
    return Math.abs(value - wanted) < NEAR;
  }
}
