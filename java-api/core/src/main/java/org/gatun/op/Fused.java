package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * An operator followed by element-wise steps on its result, done in one pass where the kernel can.
 *
 * <p>Inputs: those of {@code base}, then one for each {@link Step.Add}, in order, of the result's
 * shape and dtype. Where no kernel fuses them the steps run one after the other: the result is the
 * same up to rounding, but for two things that oneDNN does otherwise: a fused ReLU or clamp may
 * give its lower bound for NaN, and a fused GELU NaN for infinity.
 *
 * @param base an operator with one output: convolution, linear, matmul or quantized matmul of
 *     {@code f32}
 * @param steps what follows, at least one
 */
public record Fused(Op base, List<Step> steps) implements Op {
  /** A step after the operator. */
  public sealed interface Step {
    /** Adds another input, such as the residual of a block. */
    record Add() implements Step {}

    /** Applies a function to each element. */
    record Activate(Pointwise op) implements Step {
      /** Checks that the function gives what it takes, and takes nothing else. */
      public Activate {
        Objects.requireNonNull(op, "fused: op is null");
        boolean isFunctionOfOne =
            switch (op) {
              case Unary unary -> !unary.function().kinds().isTest();
              case Activation activation -> activation.function().operands() == 1;
              default -> false;
            };
        if (!isFunctionOfOne) {
          throw new IllegalArgumentException(
              "fused: function " + op.name() + ", expected one of an element alone");
        }
      }

      /** Makes the step of a function that takes no numbers. */
      public Activate(UnaryFunction function) {
        this(new Unary(function));
      }

      /** Makes the step of an activation with these numbers. */
      public Activate(ActivationFunction function, double... numbers) {
        this(new Activation(function, numbers));
      }
    }
  }

  /** Checks that the operator is one that steps may follow. */
  public Fused {
    Objects.requireNonNull(base, "fused: base is null");
    Objects.requireNonNull(steps, "fused: steps is null");
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("fused: no steps after " + base.name());
    }
    boolean isTaken =
        switch (base) {
          case Contraction _, Convolution _ -> true;
          case QuantizedMatMul(DType dtype, boolean _) -> dtype == DType.F32;
          case Op _ -> false;
        };
    if (!isTaken) {
      throw new IllegalArgumentException(
          "fused: operator "
              + base.name()
              + ", expected a convolution, linear, matmul or quantized_matmul of f32");
    }
  }

  @Override
  public String name() {
    StringBuilder name = new StringBuilder(base.name());
    for (Step step : steps) {
      name.append('+')
          .append(
              switch (step) {
                case Step.Add _ -> "add";
                case Step.Activate(Pointwise op) -> op.name();
              });
    }
    return name.toString();
  }

  /** Returns the number of inputs that the steps take, after those of the operator. */
  public int extraInputs() {
    return (int) steps.stream().filter(Step.Add.class::isInstance).count();
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    int own = inputs.size() - extraInputs();
    Checks.check(own > 0, this, inputs.size() + " inputs, expected more than " + extraInputs());
    Layout result = base.infer(inputs.subList(0, own)).getFirst();
    for (Step step : steps) {
      if (step instanceof Step.Activate(Pointwise function)) {
        List<Layout> _ = function.infer(List.of(result));
      }
    }
    for (int i = own; i < inputs.size(); i++) {
      Checks.sameDType(this, inputs, i, result.dtype());
      Checks.check(
          inputs.get(i).shape().equals(result.shape()),
          this,
          "input "
              + i
              + " to add has shape "
              + inputs.get(i).shape()
              + ", expected "
              + result.shape());
    }
    return List.of(result);
  }
}
