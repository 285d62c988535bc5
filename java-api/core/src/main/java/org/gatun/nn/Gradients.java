package org.gatun.nn;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.ActivationGradient;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.GradientFunction;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.gatun.op.SoftmaxGradient;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of {@link Functional}'s activations, {@link Activations} and {@link Losses}: each
 * method has the name of the function, and returns the gradient in the function's input of the sum
 * of its results, each weighted by an element of the cotangent. This is what a backward pass
 * multiplies step by step.
 *
 * <p>Methods take the cotangent, which has the result's shape, then what the function took, or its
 * result where that is all that is needed. Where a function has a kink they give what PyTorch
 * gives. Errors are those of the functions.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * Returns the gradient of {@link Losses#binaryCrossEntropy(Tensor, Tensor, Tensor,
   * LossReduction)}.
   */
  public static Tensor binaryCrossEntropy(
      Tensor cotangent, Tensor x, Tensor target, @Nullable Tensor weight, LossReduction reduction) {
    ElementLoss loss =
        new ElementLoss(LossFunction.BINARY_CROSS_ENTROPY, 0, weight != null, false, reduction);
    return loss(loss, cotangent, x, target, weight, null);
  }

  /**
   * Returns the gradient of {@link Losses#binaryCrossEntropyWithLogits(Tensor, Tensor, Tensor,
   * Tensor, LossReduction)}.
   */
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight,
      LossReduction reduction) {
    ElementLoss loss = Losses.withLogits(weight, positiveWeight, reduction);
    return loss(loss, cotangent, x, target, weight, positiveWeight);
  }

  /**
   * Returns the gradient of {@link Losses#crossEntropy(Tensor, Tensor, Tensor, long, double,
   * LossReduction)}.
   */
  public static Tensor crossEntropy(
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      double labelSmoothing,
      LossReduction reduction) {
    CrossEntropy loss = new CrossEntropy(weight != null, ignoreIndex, labelSmoothing, reduction);
    return loss(loss, cotangent, x, target, weight, null);
  }

  /** Returns the gradient of {@link Losses#huberLoss}. */
  public static Tensor huberLoss(
      Tensor cotangent, Tensor x, Tensor target, double delta, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.HUBER_LOSS, delta, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /** Returns the gradient of {@link Losses#klDiv}. */
  public static Tensor klDiv(
      Tensor cotangent, Tensor x, Tensor target, boolean logTarget, LossReduction reduction) {
    return loss(Losses.klDiv(logTarget, reduction), cotangent, x, target, null, null);
  }

  /** Returns the gradient of {@link Losses#l1Loss}; 0 where x is the target. */
  public static Tensor l1Loss(Tensor cotangent, Tensor x, Tensor target, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.L1_LOSS, 0, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /**
   * Returns the gradient of {@link Functional#logSoftmax}; see {@link SoftmaxGradient}.
   *
   * @param result what the function returned
   */
  public static Tensor logSoftmax(Tensor cotangent, Tensor result, int axis) {
    return Engine.current().run(new SoftmaxGradient(axis, true), cotangent, result);
  }

  /**
   * Returns the gradient of a loss in what it calls x.
   *
   * @param inputs what the loss took: x, the target, its weights
   */
  public static Tensor loss(Loss loss, Tensor cotangent, Tensor... inputs) {
    return loss(new LossGradient(loss, false), cotangent, Stream.of(inputs));
  }

  /**
   * Returns the gradient of a loss in its target, which is not one of classes.
   *
   * @param inputs what the loss took: x, the target, its weights
   */
  public static Tensor lossTarget(Loss loss, Tensor cotangent, Tensor... inputs) {
    return loss(new LossGradient(loss, true), cotangent, Stream.of(inputs));
  }

  private static Tensor loss(
      Loss loss,
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight) {
    Stream<Tensor> weights = Stream.of(weight, positiveWeight).filter(Objects::nonNull);
    Stream<Tensor> inputs =
        Stream.concat(
            Stream.of(
                Objects.requireNonNull(x, "gradient: x is null"),
                Objects.requireNonNull(target, "gradient: target is null")),
            weights);
    return loss(new LossGradient(loss, false), cotangent, inputs);
  }

  private static Tensor loss(LossGradient op, Tensor cotangent, Stream<Tensor> inputs) {
    Objects.requireNonNull(cotangent, "gradient: cotangent is null");
    Tensor[] operands = inputs.toArray(Tensor[]::new);
    if (!(op.loss() instanceof ElementLoss loss) || operands.length < 2) {
      return run(op, cotangent, operands);
    }
    Tensor x = operands[op.ofTarget() ? 1 : 0];
    Shape shape = loss.losses(Stream.of(operands).map(Tensor::layout).toList());
    if (x.shape().equals(shape)) {
      return run(op, cotangent, operands);
    }
    // Of an operand that was broadcast each element took part in several losses.
    try (Tensor wide = x.expand(shape.dims())) {
      operands[op.ofTarget() ? 1 : 0] = wide;
      try (Tensor gradients = run(op, cotangent, operands)) {
        return sumTo(gradients, x, x);
      }
    }
  }

  private static Tensor run(LossGradient op, Tensor cotangent, Tensor[] operands) {
    return Engine.current()
        .run(op, Stream.concat(Stream.of(cotangent), Stream.of(operands)).toArray(Tensor[]::new));
  }

  /** Returns the gradient of {@link Losses#mseLoss}. */
  public static Tensor mseLoss(Tensor cotangent, Tensor x, Tensor target, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.MSE_LOSS, 0, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /**
   * Returns the gradient of {@link Losses#nllLoss(Tensor, Tensor, Tensor, long, LossReduction)}.
   */
  public static Tensor nllLoss(
      Tensor cotangent,
      Tensor x,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      LossReduction reduction) {
    NllLoss loss = new NllLoss(weight != null, ignoreIndex, reduction);
    return loss(loss, cotangent, x, target, weight, null);
  }

  /** Returns the gradient of {@link Losses#smoothL1Loss}. */
  public static Tensor smoothL1Loss(
      Tensor cotangent, Tensor x, Tensor target, double beta, LossReduction reduction) {
    ElementLoss loss = Losses.element(LossFunction.SMOOTH_L1_LOSS, beta, reduction);
    return loss(loss, cotangent, x, target, null, null);
  }

  /**
   * Returns the gradient of {@link Functional#softmax}; see {@link SoftmaxGradient}.
   *
   * @param result what the function returned
   */
  public static Tensor softmax(Tensor cotangent, Tensor result, int axis) {
    return Engine.current().run(new SoftmaxGradient(axis, false), cotangent, result);
  }

  /**
   * Returns the gradient of {@link Functional#softmin}.
   *
   * @param result what the function returned
   */
  public static Tensor softmin(Tensor cotangent, Tensor result, int axis) {
    try (Tensor gradient = softmax(cotangent, result, axis)) {
      return Activations.negative(gradient);
    }
  }

  /** Returns the gradient of {@link Activations#celu(Tensor, double)}. */
  public static Tensor celu(Tensor cotangent, Tensor x, double alpha) {
    return run(GradientFunction.CELU, cotangent, x, alpha);
  }

  /** Returns the gradient of {@link Activations#elu(Tensor, double)}. */
  public static Tensor elu(Tensor cotangent, Tensor x, double alpha) {
    return run(GradientFunction.ELU, cotangent, x, alpha);
  }

  /** Returns the gradient of {@link Functional#gelu}. */
  public static Tensor gelu(Tensor cotangent, Tensor x) {
    return run(GradientFunction.GELU, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#geluSigmoid}. */
  public static Tensor geluSigmoid(Tensor cotangent, Tensor x) {
    return run(GradientFunction.GELU_SIGMOID, cotangent, x);
  }

  /** Returns the gradient of {@link Functional#geluTanh}. */
  public static Tensor geluTanh(Tensor cotangent, Tensor x) {
    return run(GradientFunction.GELU_TANH, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#hardshrink(Tensor, double)}. */
  public static Tensor hardshrink(Tensor cotangent, Tensor x, double lambda) {
    return run(GradientFunction.HARDSHRINK, cotangent, x, lambda);
  }

  /** Returns the gradient of {@link Activations#hardsigmoid}. */
  public static Tensor hardsigmoid(Tensor cotangent, Tensor x) {
    return run(GradientFunction.HARDSIGMOID, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#hardswish}. */
  public static Tensor hardswish(Tensor cotangent, Tensor x) {
    return run(GradientFunction.HARDSWISH, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#hardtanh(Tensor, double, double)}. */
  public static Tensor hardtanh(Tensor cotangent, Tensor x, double min, double max) {
    return run(GradientFunction.HARDTANH, cotangent, x, min, max);
  }

  /** Returns the gradient of {@link Activations#leakyRelu(Tensor, double)}. */
  public static Tensor leakyRelu(Tensor cotangent, Tensor x, double slope) {
    return run(GradientFunction.LEAKY_RELU, cotangent, x, slope);
  }

  /** Returns the gradient of {@link Activations#logSigmoid}. */
  public static Tensor logSigmoid(Tensor cotangent, Tensor x) {
    return run(GradientFunction.LOGSIGMOID, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#mish}. */
  public static Tensor mish(Tensor cotangent, Tensor x) {
    return run(GradientFunction.MISH, cotangent, x);
  }

  /** Returns the gradient of {@link Functional#relu}. */
  public static Tensor relu(Tensor cotangent, Tensor x) {
    return run(GradientFunction.RELU, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#relu6}. */
  public static Tensor relu6(Tensor cotangent, Tensor x) {
    return run(GradientFunction.RELU6, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#selu}. */
  public static Tensor selu(Tensor cotangent, Tensor x) {
    return run(GradientFunction.SELU, cotangent, x);
  }

  /** Returns the gradient of {@link Functional#sigmoid}. */
  public static Tensor sigmoid(Tensor cotangent, Tensor x) {
    return run(GradientFunction.SIGMOID, cotangent, x);
  }

  /** Returns the gradient of {@link Functional#silu}. */
  public static Tensor silu(Tensor cotangent, Tensor x) {
    return run(GradientFunction.SILU, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#softplus(Tensor, double, double)}. */
  public static Tensor softplus(Tensor cotangent, Tensor x, double beta, double threshold) {
    return run(GradientFunction.SOFTPLUS, cotangent, x, beta, threshold);
  }

  /** Returns the gradient of {@link Activations#softshrink(Tensor, double)}. */
  public static Tensor softshrink(Tensor cotangent, Tensor x, double lambda) {
    return run(GradientFunction.SOFTSHRINK, cotangent, x, lambda);
  }

  /** Returns the gradient of {@link Activations#softsign}. */
  public static Tensor softsign(Tensor cotangent, Tensor x) {
    return run(GradientFunction.SOFTSIGN, cotangent, x);
  }

  /** Returns the gradient of {@link Functional#tanh}. */
  public static Tensor tanh(Tensor cotangent, Tensor x) {
    return run(GradientFunction.TANH, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#tanhshrink}. */
  public static Tensor tanhshrink(Tensor cotangent, Tensor x) {
    return run(GradientFunction.TANHSHRINK, cotangent, x);
  }

  /** Returns the gradient of {@link Activations#threshold}. */
  public static Tensor threshold(Tensor cotangent, Tensor x, double threshold) {
    return run(GradientFunction.THRESHOLD, cotangent, x, threshold);
  }

  /** Returns the gradient of {@link Activations#crelu}. */
  public static Tensor crelu(Tensor cotangent, Tensor x, int axis) {
    int from0 = Activations.axis("crelu", x, axis);
    long size = x.dim(from0);
    try (Tensor first = cotangent.slice(from0, 0, size);
        Tensor second = cotangent.slice(from0, size, 2 * size);
        Tensor negative = Activations.negative(x);
        Tensor above = relu(first, x);
        Tensor below = relu(second, negative)) {
      return above.sub(below);
    }
  }

  /** Returns the gradient of {@link Activations#glu}. */
  public static Tensor glu(Tensor cotangent, Tensor x, int axis) {
    Objects.requireNonNull(cotangent, "glu: cotangent is null");
    int from0 = Activations.axis("glu", x, axis);
    long half = Activations.half("glu", x, from0);
    Engine engine = Engine.current();
    Tensor gradient = Tensor.empty(Layout.of(x.dtype(), x.shape()));
    try (Tensor a = x.slice(from0, 0, half);
        Tensor b = x.slice(from0, half, 2 * half);
        Tensor ofA = gradient.slice(from0, 0, half);
        Tensor ofB = gradient.slice(from0, half, 2 * half)) {
      Activation gate = new Activation(ActivationFunction.GLU);
      engine.run(gate, List.of(cotangent, b), List.of(ofA));
      ActivationGradient gradientOfGate = new ActivationGradient(GradientFunction.GLU_GATE);
      engine.run(gradientOfGate, List.of(cotangent, a, b), List.of(ofB));
      return gradient;
    } catch (RuntimeException e) {
      gradient.close();
      throw e;
    }
  }

  /** Returns the gradient of {@link Activations#prelu} in x. */
  public static Tensor prelu(Tensor cotangent, Tensor x, Tensor weight) {
    try (Tensor slope = Activations.slope(x, weight)) {
      return rrelu(cotangent, x, slope);
    }
  }

  /** Returns the gradient of {@link Activations#prelu} in the weight, of its shape. */
  public static Tensor preluWeight(Tensor cotangent, Tensor x, Tensor weight) {
    try (Tensor slope = Activations.slope(x, weight);
        Tensor products = run(GradientFunction.PRELU_WEIGHT, cotangent, x)) {
      return sumTo(products, slope, weight);
    }
  }

  /** Returns the gradient of {@link Activations#rrelu(Tensor, Tensor)} in x. */
  public static Tensor rrelu(Tensor cotangent, Tensor x, Tensor slopes) {
    return Engine.current()
        .run(new ActivationGradient(GradientFunction.PRELU), cotangent, x, slopes);
  }

  /** Returns the gradient of {@link Activations#rrelu(Tensor, double, double)}. */
  public static Tensor rrelu(Tensor cotangent, Tensor x, double lower, double upper) {
    return leakyRelu(cotangent, x, (lower + upper) / 2);
  }

  /** Returns the gradient of {@link Activations#swiglu}. */
  public static Tensor swiglu(Tensor cotangent, Tensor x, int axis) {
    Objects.requireNonNull(cotangent, "swiglu: cotangent is null");
    int from0 = Activations.axis("swiglu", x, axis);
    long half = Activations.half("swiglu", x, from0);
    Engine engine = Engine.current();
    Tensor gradient = Tensor.empty(Layout.of(x.dtype(), x.shape()));
    try (Tensor a = x.slice(from0, 0, half);
        Tensor b = x.slice(from0, half, 2 * half);
        Tensor ofA = gradient.slice(from0, 0, half);
        Tensor ofB = gradient.slice(from0, half, 2 * half)) {
      ActivationGradient gradientOfGate = new ActivationGradient(GradientFunction.SWIGLU_GATE);
      engine.run(gradientOfGate, List.of(cotangent, a, b), List.of(ofA));
      Activation gate = new Activation(ActivationFunction.SWIGLU);
      engine.run(gate, List.of(a, cotangent), List.of(ofB));
      return gradient;
    } catch (RuntimeException e) {
      gradient.close();
      throw e;
    }
  }

  /** Returns the gradient of {@link Activations#swish(Tensor, Tensor)} in x. */
  public static Tensor swish(Tensor cotangent, Tensor x, Tensor beta) {
    return Engine.current().run(new ActivationGradient(GradientFunction.SWISH), cotangent, x, beta);
  }

  /** Returns the gradient of {@link Activations#swish(Tensor, Tensor)} in beta, of its shape. */
  public static Tensor swishBeta(Tensor cotangent, Tensor x, Tensor beta) {
    try (Tensor products =
        Engine.current()
            .run(new ActivationGradient(GradientFunction.SWISH_BETA), cotangent, x, beta)) {
      return sumTo(products, beta, beta);
    }
  }

  /**
   * Returns the sums over the axes that an operand was broadcast along.
   *
   * @param operand as it was broadcast
   * @param shaped what has the shape that the result is to have
   */
  private static Tensor sumTo(Tensor products, Tensor operand, Tensor shaped) {
    int missing = products.rank() - operand.rank();
    int[] axes =
        IntStream.range(0, products.rank())
            .filter(axis -> axis < missing || operand.dim(axis - missing) == 1)
            .toArray();
    if (axes.length == 0) {
      return products.reshape(shaped.shape().dims());
    }
    try (Tensor sums = products.sum(axes, true)) {
      return sums.reshape(shaped.shape().dims());
    }
  }

  private static Tensor run(
      GradientFunction function, Tensor cotangent, Tensor x, double... numbers) {
    return Engine.current().run(new ActivationGradient(function, numbers), cotangent, x);
  }
}
