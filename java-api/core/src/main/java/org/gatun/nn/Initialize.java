package org.gatun.nn;

import java.util.Objects;
import org.gatun.Generator;
import org.gatun.Shape;
import org.gatun.Tensor;

/**
 * Initial values of parameters: each function replaces the elements of a tensor, of a
 * floating-point dtype, by numbers that the generator gives, and returns that tensor.
 *
 * <p>The fan of a weight (out, in, kernel...) is the number of inputs that make an output, or of
 * outputs that an input goes into: {@code in} or {@code out} times the size of the kernel.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/nn.init.html">PyTorch, torch.nn.init</a>; He
 * et al., <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers</a>; Glorot and
 * Bengio, <a href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of
 * training deep feedforward neural networks</a>.
 */
public final class Initialize {
  private Initialize() {}

  /** Which of its fans a weight keeps the variance over. */
  public enum Fan {
    /** The inputs: the variance is kept in the forward pass. */
    IN,
    /** The outputs: the variance is kept in the backward pass. */
    OUT
  }

  /**
   * By how much an activation has the deviation of the weights before it grow.
   *
   * @param value the factor
   */
  public record Gain(double value) {
    /** Of no activation, and of sigmoid. */
    public static final Gain LINEAR = new Gain(1);

    /** Of relu, the square root of 2. */
    public static final Gain RELU = new Gain(Math.sqrt(2));

    /** Of selu, 3/4. */
    public static final Gain SELU = new Gain(0.75);

    /** Of tanh, 5/3. */
    public static final Gain TANH = new Gain(5.0 / 3);

    /** Checks that the factor is finite. */
    public Gain {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("gain: " + value + ", expected a finite number");
      }
    }

    /** Returns the gain of leaky_relu, {@code sqrt(2 / (1 + slope^2))}. */
    public static Gain leakyRelu(double slope) {
      return new Gain(Math.sqrt(2 / (1 + slope * slope)));
    }
  }

  /**
   * Fills a weight with uniform numbers between plus and minus {@code gain sqrt(3 / fan)}.
   *
   * @throws IllegalArgumentException if the weight has less than two dimensions
   */
  public static Tensor kaimingUniform(Tensor weight, Fan fan, Gain gain, Generator generator) {
    double bound = kaiming("kaiming_uniform", weight, fan, gain) * Math.sqrt(3);
    generator.fillUniform(weight, -bound, bound);
    return weight;
  }

  /**
   * Fills a weight with normal numbers of mean 0 and deviation {@code gain / sqrt(fan)}.
   *
   * @throws IllegalArgumentException if the weight has less than two dimensions
   */
  public static Tensor kaimingNormal(Tensor weight, Fan fan, Gain gain, Generator generator) {
    generator.fillNormal(weight, 0, kaiming("kaiming_normal", weight, fan, gain));
    return weight;
  }

  /**
   * Fills a weight with uniform numbers between plus and minus {@code gain sqrt(6 / (fan in + fan
   * out))}.
   *
   * @throws IllegalArgumentException if the weight has less than two dimensions
   */
  public static Tensor xavierUniform(Tensor weight, Gain gain, Generator generator) {
    double bound = xavier("xavier_uniform", weight, gain) * Math.sqrt(3);
    generator.fillUniform(weight, -bound, bound);
    return weight;
  }

  /**
   * Fills a weight with normal numbers of mean 0 and deviation {@code gain sqrt(2 / (fan in + fan
   * out))}.
   *
   * @throws IllegalArgumentException if the weight has less than two dimensions
   */
  public static Tensor xavierNormal(Tensor weight, Gain gain, Generator generator) {
    generator.fillNormal(weight, 0, xavier("xavier_normal", weight, gain));
    return weight;
  }

  /**
   * Fills a tensor with what lies of a normal distribution between two bounds; see {@link
   * org.gatun.op.Normal}.
   */
  public static Tensor truncNormal(
      Tensor x, double mean, double std, double low, double high, Generator generator) {
    generator.fillTruncatedNormal(x, mean, std, low, high);
    return x;
  }

  private static double kaiming(String name, Tensor weight, Fan fan, Gain gain) {
    return deviation(gain.value(), fan(name, weight.shape(), fan));
  }

  private static double xavier(String name, Tensor weight, Gain gain) {
    double fans = fan(name, weight.shape(), Fan.IN) + fan(name, weight.shape(), Fan.OUT);
    return deviation(gain.value(), fans / 2);
  }

  /** A weight without inputs or outputs has no elements to fill. */
  private static double deviation(double gain, double fan) {
    return fan == 0 ? 0 : Math.abs(gain) / Math.sqrt(fan);
  }

  private static double fan(String name, Shape weight, Fan fan) {
    Objects.requireNonNull(fan, name + ": fan is null");
    if (weight.rank() < 2) {
      throw new IllegalArgumentException(
          name + ": weight of shape " + weight + ", expected 2 dimensions or more");
    }
    double size = weight.dim(fan == Fan.IN ? 1 : 0);
    for (int axis = 2; axis < weight.rank(); axis++) {
      size *= weight.dim(axis);
    }
    return size;
  }
}
