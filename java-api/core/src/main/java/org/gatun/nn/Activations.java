package org.gatun.nn;

import java.util.List;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Uniform;
import org.gatun.runtime.Engine;

/**
 * PyTorch's activations, under its names in Java's spelling, beside those that are methods of
 * {@link Tensor} and of {@link Functional}. Each element of a result is the function of the element
 * of x at its index.
 *
 * <p>Those without a state are layers as they are: {@code new Sequential(linear, Activations::mish,
 * x -> Activations.elu(x, 0.5))}. With a state there are {@link PRelu}, {@link RRelu} and {@link
 * Swish}.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the function
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public final class Activations {
  private Activations() {}

  /** Returns the CELU with an alpha of 1. */
  public static Tensor celu(Tensor x) {
    return celu(x, 1);
  }

  /** Returns x above 0, {@code alpha (exp(x / alpha) - 1)} elsewhere. */
  public static Tensor celu(Tensor x, double alpha) {
    return run(ActivationFunction.CELU, x, alpha);
  }

  /**
   * Returns the ReLU of x followed, along an axis, by that of -x: twice as many elements, of which
   * one in each pair is 0.
   *
   * <p>Source: Shang et al., <a href="https://arxiv.org/abs/1603.05201">Understanding and improving
   * convolutional neural networks via concatenated rectified linear units</a>.
   */
  public static Tensor crelu(Tensor x, int axis) {
    int from0 = axis("crelu", x, axis);
    long size = x.dim(from0);
    Engine engine = Engine.current();
    Unary relu = new Unary(UnaryFunction.RELU);
    Tensor result = Tensor.empty(Layout.of(x.dtype(), x.shape().with(from0, 2 * size)));
    try (Tensor first = result.slice(from0, 0, size);
        Tensor second = result.slice(from0, size, 2 * size);
        Tensor negative = negative(x)) {
      engine.run(relu, List.of(x), List.of(first));
      engine.run(relu, List.of(negative), List.of(second));
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  /** Returns the ELU with an alpha of 1. */
  public static Tensor elu(Tensor x) {
    return elu(x, 1);
  }

  /** Returns x above 0, {@code alpha (exp(x) - 1)} elsewhere. */
  public static Tensor elu(Tensor x, double alpha) {
    return run(ActivationFunction.ELU, x, alpha);
  }

  /** Returns {@code x / (1 + exp(-1.702 x))}, a fast approximation of the GELU. */
  public static Tensor geluSigmoid(Tensor x) {
    return run(ActivationFunction.GELU_SIGMOID, x);
  }

  /**
   * Returns the first half of x along an axis times the sigmoid of the second.
   *
   * @throws IllegalArgumentException if the axis has an odd size
   */
  public static Tensor glu(Tensor x, int axis) {
    return gated("glu", ActivationFunction.GLU, x, axis);
  }

  /** Returns 0 from -1/2 to 1/2, x elsewhere. */
  public static Tensor hardshrink(Tensor x) {
    return hardshrink(x, 0.5);
  }

  /** Returns 0 from {@code -lambda} to {@code lambda}, x elsewhere. */
  public static Tensor hardshrink(Tensor x, double lambda) {
    return run(ActivationFunction.HARDSHRINK, x, lambda);
  }

  /** Returns {@code min(max(x + 3, 0), 6) / 6}. */
  public static Tensor hardsigmoid(Tensor x) {
    return run(ActivationFunction.HARDSIGMOID, x);
  }

  /** Returns {@code min(max(alpha x + beta, 0), 1)}. */
  public static Tensor hardsigmoid(Tensor x, double alpha, double beta) {
    return run(ActivationFunction.HARDSIGMOID_SCALED, x, alpha, beta);
  }

  /** Returns {@code x min(max(x + 3, 0), 6) / 6}. */
  public static Tensor hardswish(Tensor x) {
    return run(ActivationFunction.HARDSWISH, x);
  }

  /** Returns {@code min(max(x, -1), 1)}. */
  public static Tensor hardtanh(Tensor x) {
    return hardtanh(x, -1, 1);
  }

  /** Returns {@code min(max(x, min), max)}. */
  public static Tensor hardtanh(Tensor x, double min, double max) {
    return run(ActivationFunction.HARDTANH, x, min, max);
  }

  /** Returns the leaky ReLU with a slope of 0.01. */
  public static Tensor leakyRelu(Tensor x) {
    return leakyRelu(x, 0.01);
  }

  /** Returns x above 0, {@code slope x} elsewhere. */
  public static Tensor leakyRelu(Tensor x, double slope) {
    return run(ActivationFunction.LEAKY_RELU, x, slope);
  }

  /** Returns {@code log(1 / (1 + exp(-x)))}. */
  public static Tensor logSigmoid(Tensor x) {
    return run(ActivationFunction.LOGSIGMOID, x);
  }

  /** Returns {@code x tanh(log(1 + exp(x)))}. */
  public static Tensor mish(Tensor x) {
    return run(ActivationFunction.MISH, x);
  }

  /**
   * Returns x above 0, {@code weight x} elsewhere.
   *
   * @param weight one for all elements, of shape () or (1), or one for each channel, of shape (C)
   *     for x of shape (N, C, ...)
   */
  public static Tensor prelu(Tensor x, Tensor weight) {
    try (Tensor slope = slope(x, weight)) {
      return Engine.current().run(new Activation(ActivationFunction.PRELU), x, slope);
    }
  }

  /** Returns a view of a weight that broadcasts to x. */
  static Tensor slope(Tensor x, Tensor weight) {
    if (weight.size() == 1 && weight.rank() <= 1) {
      return weight.view();
    }
    if (weight.rank() != 1 || x.rank() < 2 || weight.dim(0) != x.dim(1)) {
      throw new IllegalArgumentException(
          "prelu: weight of shape "
              + weight.shape()
              + " for an input of shape "
              + x.shape()
              + ", expected [1]"
              + (x.rank() < 2 ? "" : " or [" + x.dim(1) + "]"));
    }
    long[] dims = new long[x.rank() - 1];
    java.util.Arrays.fill(dims, 1);
    dims[0] = weight.dim(0);
    return weight.view(dims);
  }

  /** Returns {@code min(max(x, 0), 6)}. */
  public static Tensor relu6(Tensor x) {
    return run(ActivationFunction.RELU6, x);
  }

  /** Returns the randomized leaky ReLU of evaluation: the slope is the middle of its range. */
  public static Tensor rrelu(Tensor x, double lower, double upper) {
    checkRange(lower, upper);
    return leakyRelu(x, (lower + upper) / 2);
  }

  /**
   * Returns the randomized leaky ReLU of training: each element below 0 times a slope of its own,
   * uniform from {@code lower} to {@code upper}. The same generator gives the same slopes, whatever
   * the number of threads.
   */
  public static Tensor rrelu(Tensor x, double lower, double upper, Generator generator) {
    try (Tensor slopes = rreluSlopes(x.dtype(), x.shape(), lower, upper, generator)) {
      return rrelu(x, slopes);
    }
  }

  /**
   * Returns x above 0, {@code slopes x} elsewhere: with {@link #rreluSlopes} the randomized leaky
   * ReLU of training, of which a gradient needs the slopes again.
   */
  public static Tensor rrelu(Tensor x, Tensor slopes) {
    return Engine.current().run(new Activation(ActivationFunction.PRELU), x, slopes);
  }

  /** Returns new slopes for a randomized leaky ReLU. */
  public static Tensor rreluSlopes(
      DType dtype, Shape shape, double lower, double upper, Generator generator) {
    checkRange(lower, upper);
    try (Tensor seed = generator.next()) {
      return Engine.current().run(new Uniform(lower, upper, dtype, shape), seed);
    }
  }

  static void checkRange(double lower, double upper) {
    if (!(lower <= upper)) {
      throw new IllegalArgumentException(
          "rrelu: lower " + lower + " and upper " + upper + ", expected lower not to be more");
    }
  }

  /** Returns {@code scale x} above 0, {@code scale alpha (exp(x) - 1)} elsewhere. */
  public static Tensor selu(Tensor x) {
    return run(ActivationFunction.SELU, x);
  }

  /** Returns {@code log(1 + exp(x))}. */
  public static Tensor softplus(Tensor x) {
    return softplus(x, 1, 20);
  }

  /** Returns {@code log(1 + exp(beta x)) / beta}; x where {@code beta x > threshold}. */
  public static Tensor softplus(Tensor x, double beta, double threshold) {
    return run(ActivationFunction.SOFTPLUS, x, beta, threshold);
  }

  /** Returns 0 from -1/2 to 1/2, and x nearer to 0 by 1/2 elsewhere. */
  public static Tensor softshrink(Tensor x) {
    return softshrink(x, 0.5);
  }

  /** Returns 0 from {@code -lambda} to {@code lambda}, and x nearer to 0 by lambda elsewhere. */
  public static Tensor softshrink(Tensor x, double lambda) {
    return run(ActivationFunction.SOFTSHRINK, x, lambda);
  }

  /** Returns {@code x / (1 + |x|)}. */
  public static Tensor softsign(Tensor x) {
    return run(ActivationFunction.SOFTSIGN, x);
  }

  /**
   * Returns the SiLU of the first half of x along an axis times the second.
   *
   * <p>Source: Shazeer, <a href="https://arxiv.org/abs/2002.05202">GLU variants improve
   * transformer</a>.
   *
   * @throws IllegalArgumentException if the axis has an odd size
   */
  public static Tensor swiglu(Tensor x, int axis) {
    return gated("swiglu", ActivationFunction.SWIGLU, x, axis);
  }

  /** Returns {@code x / (1 + exp(-beta x))}. */
  public static Tensor swish(Tensor x, double beta) {
    try (Tensor number = Tensor.full(x.dtype(), beta)) {
      return swish(x, number);
    }
  }

  /**
   * Returns {@code x / (1 + exp(-beta x))}.
   *
   * @param beta which broadcasts to x, such as a number to be learned
   */
  public static Tensor swish(Tensor x, Tensor beta) {
    return Engine.current().run(new Activation(ActivationFunction.SWISH), x, beta);
  }

  /** Returns {@code x - tanh(x)}. */
  public static Tensor tanhshrink(Tensor x) {
    return run(ActivationFunction.TANHSHRINK, x);
  }

  /** Returns x above the threshold, the value elsewhere. */
  public static Tensor threshold(Tensor x, double threshold, double value) {
    return run(ActivationFunction.THRESHOLD, x, threshold, value);
  }

  static Tensor negative(Tensor x) {
    return Engine.current().run(new Unary(UnaryFunction.NEG), x);
  }

  private static Tensor gated(String name, ActivationFunction function, Tensor x, int axis) {
    int from0 = axis(name, x, axis);
    long half = half(name, x, from0);
    try (Tensor first = x.slice(from0, 0, half);
        Tensor second = x.slice(from0, half, 2 * half)) {
      return Engine.current().run(new Activation(function), first, second);
    }
  }

  /** Returns half of the size of an axis. */
  static long half(String name, Tensor x, int axis) {
    if (x.dim(axis) % 2 != 0) {
      throw new IllegalArgumentException(
          name
              + ": axis "
              + axis
              + " of shape "
              + x.shape()
              + " has an odd size, expected an even one");
    }
    return x.dim(axis) / 2;
  }

  /** Returns the axis counted from the first dimension. */
  static int axis(String name, Tensor x, int axis) {
    if (axis < -x.rank() || axis >= x.rank()) {
      throw new IllegalArgumentException(
          name + ": axis " + axis + " out of range for shape " + x.shape());
    }
    return axis < 0 ? axis + x.rank() : axis;
  }

  private static Tensor run(ActivationFunction function, Tensor x, double... numbers) {
    return Engine.current().run(new Activation(function, numbers), x);
  }
}
