package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Shape;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.ActivationGradient;
import org.gatun.op.GradientFunction;
import org.gatun.op.Pointwise;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Activations and their gradients. */
final class ActivationCases {
  /** What a slope is made of may cancel: as exact as the parts, which are about 1. */
  private static final Tolerance CANCELS = new Tolerance.Ulps(8, 4);

  private ActivationCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (ActivationFunction function : ActivationFunction.values()) {
      Activation op = new Activation(function, numbers(function));
      addAll(cases, op, 0, function.operands(), tolerance(function));
    }
    // Exponentials of positive numbers, nearly up to those that overflow.
    cases.add(
        Case.of(
            "celu/negative-alpha",
            new Activation(ActivationFunction.CELU, -0.75),
            Tolerance.ulps(5),
            new Operand(Shape.of(702), new Operand.Values.Uniform(-66.3, 12), false)));
    for (GradientFunction function : GradientFunction.values()) {
      ActivationGradient op = new ActivationGradient(function, numbers(function));
      addAll(cases, op, 1, function.operands() - 1, tolerance(function));
    }
    return List.copyOf(cases);
  }

  private static double[] numbers(ActivationFunction function) {
    return switch (function) {
      case CELU, ELU -> new double[] {1.5};
      case HARDSHRINK, SOFTSHRINK -> new double[] {0.75};
      case HARDSIGMOID_SCALED -> new double[] {0.2, 0.4};
      case HARDTANH -> new double[] {-2, 5};
      case LEAKY_RELU -> new double[] {0.01};
      case SOFTPLUS -> new double[] {2, 6};
      case THRESHOLD -> new double[] {1, -7};
      default -> new double[0];
    };
  }

  private static double[] numbers(GradientFunction function) {
    return switch (function) {
      case CELU, ELU -> new double[] {1.5};
      case HARDSHRINK, SOFTSHRINK -> new double[] {0.75};
      case HARDTANH -> new double[] {-2, 5};
      case LEAKY_RELU -> new double[] {0.01};
      case SOFTPLUS -> new double[] {2, 6};
      case THRESHOLD -> new double[] {1};
      default -> new double[0];
    };
  }

  private static Tolerance tolerance(ActivationFunction function) {
    return switch (function) {
      case HARDSHRINK, HARDTANH, LEAKY_RELU, PRELU, RELU6, SOFTSHRINK, THRESHOLD ->
          Tolerance.exact();
      case HARDSIGMOID_SCALED, TANHSHRINK -> CANCELS;
      default -> Tolerance.ulps(5);
    };
  }

  private static Tolerance tolerance(GradientFunction function) {
    return switch (function) {
      case HARDSHRINK,
          HARDTANH,
          LEAKY_RELU,
          PRELU,
          PRELU_WEIGHT,
          RELU,
          RELU6,
          SOFTSHRINK,
          THRESHOLD ->
          Tolerance.exact();
      // The other operand, up to 12, is a factor of what cancels.
      case SWIGLU_GATE -> new Tolerance.Ulps(8, 48);
      default -> CANCELS;
    };
  }

  /**
   * Adds the cases of an operator.
   *
   * @param cotangents the number of first inputs that are one
   * @param operands the number of the others
   */
  private static void addAll(
      List<Case> cases, Pointwise op, int cotangents, int operands, Tolerance tolerance) {
    List<Shape> shapes =
        List.of(
            Shape.of(),
            Shape.of(3, 0, 2),
            Shape.of(13),
            Shape.of(702),
            Shape.of(2, 3, 5, 7),
            Shape.of(1024, 1024));
    for (Shape shape : shapes) {
      List<Operand> inputs = new ArrayList<>();
      for (int i = 0; i < cotangents + operands; i++) {
        inputs.add(i < cotangents ? cotangent(shape) : operand(shape));
      }
      String name = shape.rank() == 2 ? "1M" : shape.rank() == 0 ? "scalar" : shape.toString();
      Case c = of(op, name, tolerance, inputs);
      cases.add(shape.rank() == 2 ? c.bench() : c);
    }
    if (operands == 2) {
      // The second is one for each channel, or one for all.
      for (Shape second : List.of(Shape.of(3, 1, 1), Shape.of())) {
        List<Operand> inputs = new ArrayList<>();
        for (int i = 0; i < cotangents + operands; i++) {
          Shape shape = i < cotangents + 1 ? Shape.of(2, 3, 5, 7) : second;
          inputs.add(i < cotangents ? cotangent(shape) : operand(shape));
        }
        cases.add(of(op, "2x3x5x7-by-" + second, tolerance, inputs));
      }
    }
  }

  private static Case of(Pointwise op, String name, Tolerance tolerance, List<Operand> inputs) {
    return Case.of(op.name() + "/" + name, op, tolerance, inputs.toArray(Operand[]::new));
  }

  private static Operand operand(Shape shape) {
    return new Operand(shape, new Operand.Values.Uniform(-12, 12), false);
  }

  /** Finite numbers: an infinite one times a slope says whether that is 0 or too small for f32. */
  private static Operand cotangent(Shape shape) {
    return new Operand(shape, new Operand.Values.Given(null, 1, -0.5, 0.75, 0.3, -1, 0), false);
  }
}
