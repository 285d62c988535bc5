package org.gatun.op;

import java.util.List;
import java.util.Locale;

/**
 * The gradients of the functions of one element, {@link UnaryFunction}'s and {@link
 * ActivationFunction}'s: the cotangent g times the function's slope at x. Where a function has a
 * kink the slope is PyTorch's. Constants have the function's name; one of several operands has a
 * gradient in each of them.
 */
public enum GradientFunction implements PointwiseFunction {
  /** {@code g} above 0, {@code g exp(x / alpha)} elsewhere. */
  CELU(2, "alpha"),
  /** {@code g} above 0, {@code g alpha exp(x)} elsewhere. */
  ELU(2, "alpha"),
  /** {@code g (P(x) + x p(x))} with the normal distribution function P and its density p. */
  GELU(2),
  /** {@code g (s + 1.702 x s (1 - s))} where s is {@code 1 / (1 + exp(-1.702 x))}. */
  GELU_SIGMOID(2),
  /** The slope of {@code x / (1 + exp(-z))}, where z is {@code sqrt(8/pi) (x + 0.044715 x^3)}. */
  GELU_TANH(2),
  /** {@code g a s (1 - s)} where s is {@code 1 / (1 + exp(-b))}: in the gate b, of g, a and b. */
  GLU_GATE(3),
  /** 0 from {@code -lambd} to {@code lambd}, {@code g} elsewhere. */
  HARDSHRINK(2, "lambd"),
  /** {@code g / 6} between -3 and 3, 0 elsewhere. */
  HARDSIGMOID(2),
  /** 0 up to -3, {@code g (x/3 + 1/2)} up to 3, {@code g} from there on. */
  HARDSWISH(2),
  /** {@code g} between {@code min_val} and {@code max_val}, 0 elsewhere. */
  HARDTANH(2, "min_val", "max_val"),
  /** {@code g} above 0, {@code negative_slope g} elsewhere. */
  LEAKY_RELU(2, "negative_slope"),
  /** {@code g / (1 + exp(x))}. */
  LOGSIGMOID(2),
  /** {@code g (t + x (1 - t^2) / (1 + exp(-x)))} where t is {@code tanh(log(1 + exp(x)))}. */
  MISH(2),
  /** {@code g} above 0, {@code g w} elsewhere, of g, x and the slope w. */
  PRELU(3),
  /** 0 above 0, {@code g x} elsewhere: in the slope, of g and x. */
  PRELU_WEIGHT(2),
  /** {@code g} above 0, 0 elsewhere. */
  RELU(2),
  /** {@code g} between 0 and 6, 0 elsewhere. */
  RELU6(2),
  /** {@code g scale} above 0, {@code g scale alpha exp(x)} elsewhere. */
  SELU(2),
  /** {@code g s (1 - s)} where s is {@code 1 / (1 + exp(-x))}. */
  SIGMOID(2),
  /** {@code g (s + x s (1 - s))} where s is {@code 1 / (1 + exp(-x))}. */
  SILU(2),
  /** {@code g / (1 + exp(-beta x))}; {@code g} where {@code beta x > threshold}. */
  SOFTPLUS(2, "beta", "threshold"),
  /** 0 from {@code -lambd} to {@code lambd}, {@code g} elsewhere. */
  SOFTSHRINK(2, "lambd"),
  /** {@code g / (1 + |x|)^2}. */
  SOFTSIGN(2),
  /** {@code g b (s + a s (1 - s))} where s is {@code 1 / (1 + exp(-a))}: in a, of g, a and b. */
  SWIGLU_GATE(3),
  /** {@code g (s + beta x s (1 - s))} where s is {@code 1 / (1 + exp(-beta x))}, of g, x, beta. */
  SWISH(3),
  /** {@code g x^2 s (1 - s)}: the same in beta. */
  SWISH_BETA(3),
  /** {@code g (1 - tanh(x)^2)}. */
  TANH(2),
  /** {@code g tanh(x)^2}. */
  TANHSHRINK(2),
  /** {@code g} above {@code threshold}, 0 elsewhere. */
  THRESHOLD(2, "threshold");

  private final int operands;
  private final List<String> numbers;

  GradientFunction(int operands, String... numbers) {
    this.operands = operands;
    this.numbers = List.of(numbers);
  }

  /** Returns the number of operands, 2 or 3; the first is the cotangent. */
  public int operands() {
    return operands;
  }

  @Override
  public List<String> numbers() {
    return numbers;
  }

  @Override
  public String spelling() {
    return name().toLowerCase(Locale.ROOT) + "_gradient";
  }

  @Override
  public boolean takesFloatingAlone() {
    return true;
  }
}
