package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Functional;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.runtime.Engine;

/** The activations of networks, softmax among them. */
final class ActivationFamily {
  /** The numbers that ONNX gives the SELU, which are those of the paper as {@code f32}. */
  private static final float SELU_ALPHA = (float) ActivationFunction.SELU_ALPHA;

  private static final float SELU_GAMMA = (float) ActivationFunction.SELU_SCALE;

  /** From here on {@code log(1 + exp(x))} is x, in {@code f64} too. */
  private static final double SOFTPLUS_IS_LINEAR = 40;

  private ActivationFamily() {}

  static void register(Registry onnx) {
    onnx.add("Celu", 12, c -> Activations.celu(c.tensor(0), c.number("alpha", 1)));
    onnx.add("Elu", 6, c -> Activations.elu(c.tensor(0), c.number("alpha", 1)));
    onnx.add("Gelu", 20, ActivationFamily::gelu);
    onnx.add("HardSigmoid", 6, ActivationFamily::hardSigmoid);
    onnx.add("HardSwish", 14, c -> Activations.hardswish(c.tensor(0)));
    alongAxis(onnx, "Hardmax", ActivationFamily::hardmax);
    onnx.add("LeakyRelu", 6, c -> Activations.leakyRelu(c.tensor(0), c.number("alpha", 0.01f)));
    alongAxis(onnx, "LogSoftmax", Tensor::logSoftmax);
    onnx.add("Mish", 18, c -> Activations.mish(c.tensor(0)));
    onnx.add("PRelu", 6, Typing.ANY, c -> prelu(c, legacySlope(c)));
    onnx.add("PRelu", 7, Typing.ANY, c -> prelu(c, c.tensor(1)));
    onnx.add("Relu", 6, c -> c.tensor(0).relu());
    onnx.add("Selu", 6, ActivationFamily::selu);
    onnx.add("Shrink", 9, Typing.ANY, ActivationFamily::shrink);
    onnx.add("Sigmoid", 6, c -> c.tensor(0).sigmoid());
    alongAxis(onnx, "Softmax", Tensor::softmax);
    onnx.add("Softplus", 1, c -> Activations.softplus(c.tensor(0), 1, SOFTPLUS_IS_LINEAR));
    onnx.add("Softsign", 1, c -> Activations.softsign(c.tensor(0)));
    onnx.add("SwiGLU", 28, ActivationFamily::swiglu);
    onnx.add("Swish", 24, c -> swish(c.tensor(0), c.number("alpha", 1)));
    onnx.add(
        "ThresholdedRelu", 10, c -> Activations.threshold(c.tensor(0), c.number("alpha", 1), 0));
  }

  /** Adds a function along an axis; before version 13 it is one of the axis and all behind it. */
  private static void alongAxis(
      Registry onnx, String name, BiFunction<Tensor, Integer, Tensor> function) {
    onnx.add(name, 1, c -> flattened(c, function));
    onnx.add(name, 13, c -> function.apply(c.tensor(0), axis(c, -1)));
  }

  private static int axis(Call call, int otherwise) {
    return call.axis(call.integer("axis", otherwise), call.tensor(0).rank());
  }

  private static Tensor flattened(Call call, BiFunction<Tensor, Integer, Tensor> function) {
    Tensor x = call.tensor(0);
    int axis = axis(call, 1);
    if (axis == x.rank() - 1) {
      return function.apply(x, axis);
    }
    long rows = x.shape().range(0, axis).size();
    long columns = x.shape().range(axis, x.rank()).size();
    return function.apply(x.reshape(rows, columns), 1).reshape(x.shape().dims());
  }

  private static Tensor hardmax(Tensor x, int axis) {
    long[] along = new long[x.rank() - axis];
    Arrays.fill(along, 1);
    along[0] = x.dim(axis);
    Tensor places = Tensor.arange(x.dim(axis)).reshape(along);
    return x.argmax(axis, true).eq(places).to(x.dtype());
  }

  private static Tensor gelu(Call call) {
    return switch (call.text("approximate", "none")) {
      case "none" -> Functional.gelu(call.tensor(0));
      case "tanh" -> Functional.geluTanh(call.tensor(0));
      case String other ->
          throw call.failure("attribute approximate is '" + other + "', expected none or tanh");
    };
  }

  private static Tensor hardSigmoid(Call call) {
    Tensor x = call.tensor(0);
    float alpha = call.number("alpha", 0.2f);
    float beta = call.number("beta", 0.5f);
    if (alpha == 1 / 6f && beta == 0.5f) {
      return Activations.hardsigmoid(x);
    }
    return Activations.hardsigmoid(x, alpha, beta);
  }

  private static Tensor selu(Call call) {
    Tensor x = call.tensor(0);
    float alpha = call.number("alpha", SELU_ALPHA);
    float gamma = call.number("gamma", SELU_GAMMA);
    boolean usual = alpha == SELU_ALPHA && gamma == SELU_GAMMA && x.dtype() != DType.F64;
    return usual ? Activations.selu(x) : Activations.elu(x, alpha).mul((double) gamma);
  }

  private static Tensor swish(Tensor x, float alpha) {
    return alpha == 1 ? x.silu() : Activations.swish(x, alpha);
  }

  private static Tensor swiglu(Call call) {
    Tensor gate = call.tensor(0);
    Tensor x = call.tensor(1);
    if (!gate.shape().equals(x.shape())) {
      throw call.failure("input 1 is of shape " + x.shape() + ", expected " + gate.shape());
    }
    float alpha = call.number("alpha", 1);
    return alpha == 1
        ? Engine.current().run(new Activation(ActivationFunction.SWIGLU), gate, x)
        : swish(gate, alpha).mul(x);
  }

  /** Of version 6: one slope for all, or one for each channel. */
  private static Tensor legacySlope(Call call) {
    Tensor slope = call.tensor(1);
    if (slope.size() == 1 || slope.rank() != 1) {
      return slope;
    }
    long[] dims = new long[Math.max(1, call.tensor(0).rank() - 1)];
    Arrays.fill(dims, 1);
    dims[0] = slope.size();
    return slope.reshape(dims);
  }

  private static List<Value> prelu(Call call, Tensor slope) {
    ElementType type = Numbers.type(call);
    Tensor x = call.tensor(0);
    if (x.dtype().isFloating()) {
      Tensor y = Engine.current().run(new Activation(ActivationFunction.PRELU), x, slope);
      if (!y.shape().equals(x.shape())) {
        throw call.failure(
            "slope of shape " + slope.shape() + ", expected one that broadcasts to " + x.shape());
      }
      return Numbers.result(type, y);
    }
    // Unsigned integers are not below 0.
    return type.isUnsigned()
        ? List.of(call.value(0))
        : Numbers.result(type, x.mul(slope).where(x.lt(0), x));
  }

  private static List<Value> shrink(Call call) {
    ElementType type = Numbers.type(call);
    Tensor x = call.tensor(0);
    float lambda = call.number("lambd", 0.5f);
    float bias = call.number("bias", 0);
    if (!x.dtype().isFloating()) {
      Value.Dense wide = Conversions.cast(call.dense(0), ElementType.DOUBLE);
      Tensor y = shrink(wide.tensor(), lambda, bias);
      return List.of(Conversions.cast(Value.of(y), type));
    }
    return Numbers.result(type, shrink(x, lambda, bias));
  }

  private static Tensor shrink(Tensor x, float lambda, float bias) {
    if (bias == 0 && lambda >= 0) {
      return Engine.current().run(new Activation(ActivationFunction.HARDSHRINK, lambda), x);
    }
    if (bias == lambda && lambda >= 0) {
      return Activations.softshrink(x, lambda);
    }
    Tensor zero = Tensor.full(x.dtype(), 0);
    Tensor above = x.sub((double) bias).where(x.gt((double) lambda), zero);
    return x.add((double) bias).where(x.lt((double) -lambda), above);
  }
}
