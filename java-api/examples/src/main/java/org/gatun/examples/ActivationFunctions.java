package org.gatun.examples;

import static org.gatun.examples.Chapter.holds;
import static org.gatun.examples.Chapter.refused;
import static org.gatun.examples.Chapter.same;
import static org.gatun.examples.Chapter.section;
import static org.gatun.examples.Chapter.shape;
import static org.gatun.examples.Chapter.show;

import java.util.function.UnaryOperator;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Functional;
import org.gatun.nn.Gradients;
import org.gatun.nn.Linear;
import org.gatun.nn.PRelu;
import org.gatun.nn.RRelu;
import org.gatun.nn.Sequential;
import org.gatun.nn.Swish;

/**
 * The activations, each called by its name and written out from tensor operations: what bends the
 * line that a linear layer draws.
 */
public final class ActivationFunctions {
  private ActivationFunctions() {}

  /** Runs the chapter. */
  static void main() {
    try (Scope scope = Scope.open()) {
      Tensor x = show("x", Tensor.linspace(DType.F32, -4, 4, 17));
      rectified(x);
      exponential(x);
      sigmoids(x);
      gelus(x);
      piecewise(x);
      shrunk(x);
      learned();
      random(x);
      gated();
      shares();
      derivatives();
      layers();
    }
  }

  /** Returns x above 0, and something else elsewhere. */
  private static Tensor aboveZero(Tensor x, Tensor elsewhere) {
    return x.where(x.gt(0), elsewhere);
  }

  private static void rectified(Tensor x) {
    section("relu and its relatives: x above 0, little or nothing below");
    show("x.relu()", x.relu());
    same("relu = max(x, 0)", x.relu(), x.clampMin(0));
    same("relu6 = min(max(x, 0), 6)", Activations.relu6(x.mul(2)), x.mul(2).clamp(0, 6));
    same("leaky_relu has a slope below 0", Activations.leakyRelu(x), aboveZero(x, x.mul(0.01)));
    same("which may be another", Activations.leakyRelu(x, 0.2), aboveZero(x, x.mul(0.2)));
    same(
        "crelu is relu of x and of -x, side by side",
        Activations.crelu(x, 0),
        Tensor.concat(0, x.relu(), x.neg().relu()));
    same(
        "threshold puts a value where x is not above it",
        Activations.threshold(x, 1, -7),
        x.maskedFill(x.le(1), -7));
    Tensor nan = Tensor.of(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0.0f});
    show("NaN stays NaN: relu", nan.relu());
  }

  private static void exponential(Tensor x) {
    section("elu and its relatives: an exponential below 0");
    same("elu = exp(x) - 1 below 0", Activations.elu(x), aboveZero(x, x.expm1()));
    same("times alpha", Activations.elu(x, 0.5), aboveZero(x, x.expm1().mul(0.5)));
    same(
        "celu = alpha (exp(x / alpha) - 1) below 0, without a kink for any alpha",
        Activations.celu(x, 0.5),
        aboveZero(x, x.div(0.5).expm1().mul(0.5)));
    double alpha = 1.6732632423543772;
    double scale = 1.0507009873554805;
    same(
        "selu = scale * elu(x, alpha), of two numbers that keep mean 0 and variance 1",
        Activations.selu(x),
        Activations.elu(x, alpha).mul(scale));
    Tensor normal = new Generator(1).randn(DType.F32, 100_000);
    Tensor after = Activations.selu(normal);
    show("mean of selu of normal numbers", after.mean());
    show("and their variance", after.var());
    same("softplus = log(1 + exp(x))", Activations.softplus(x), x.exp().log1p());
    same(
        "softplus with beta = log(1 + exp(beta x)) / beta",
        Activations.softplus(x, 3, 20),
        x.mul(3).exp().log1p().div(3));
    show("far from 0 it is x, not infinity", Activations.softplus(Tensor.of(new float[] {1000})));
  }

  private static void sigmoids(Tensor x) {
    section("sigmoid and tanh: between two bounds");
    same("sigmoid = 1 / (1 + exp(-x))", x.sigmoid(), x.neg().exp().add(1).reciprocal());
    same("tanh = 2 sigmoid(2x) - 1", x.tanh(), x.mul(2).sigmoid().mul(2).sub(1));
    same("logsigmoid = log(sigmoid(x))", Activations.logSigmoid(x), x.sigmoid().log());
    Tensor far = Tensor.of(new float[] {-200});
    show("by hand the logarithm of 0", far.sigmoid().log());
    show("by the function the number", Activations.logSigmoid(far));
    same("softsign = x / (1 + |x|)", Activations.softsign(x), x.div(x.abs().add(1)));
  }

  private static void gelus(Tensor x) {
    section("gelu, silu, mish: x times how likely it is");
    same(
        "gelu = x/2 (1 + erf(x / sqrt 2))",
        x.gelu(),
        x.div(2).mul(x.div(Math.sqrt(2)).erf().add(1)));
    Tensor inner = x.add(x.pow(3).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
    Tensor byTanh = x.div(2).mul(inner.tanh().add(1));
    same("its approximation by tanh", Functional.geluTanh(x), byTanh);
    same(
        "and by sigmoid, x sigmoid(1.702 x)",
        Activations.geluSigmoid(x),
        x.mul(x.mul(1.702).sigmoid()));
    show("how far the first is from gelu", byTanh.sub(x.gelu()).abs().max());
    show("and the second", Activations.geluSigmoid(x).sub(x.gelu()).abs().max());
    same("silu = x sigmoid(x)", x.silu(), x.mul(x.sigmoid()));
    same("swish = x sigmoid(beta x)", Activations.swish(x, 2), x.mul(x.mul(2).sigmoid()));
    same("mish = x tanh(softplus(x))", Activations.mish(x), x.mul(x.exp().log1p().tanh()));
  }

  private static void piecewise(Tensor x) {
    section("the hard ones: straight lines in place of curves");
    Tensor ramp = x.add(3).clamp(0, 6).div(6);
    same("hardtanh = min(max(x, -1), 1)", Activations.hardtanh(x), x.clamp(-1, 1));
    same("between other bounds", Activations.hardtanh(x, -2, 3), x.clamp(-2, 3));
    same("hardsigmoid = min(max(x + 3, 0), 6) / 6", Activations.hardsigmoid(x), ramp);
    same("hardswish = x hardsigmoid(x)", Activations.hardswish(x), x.mul(ramp));
  }

  private static void shrunk(Tensor x) {
    section("the shrinking ones: small numbers become 0");
    same(
        "hardshrink: 0 from -1/2 to 1/2",
        Activations.hardshrink(x),
        x.maskedFill(x.abs().le(0.5), 0));
    same(
        "softshrink: the others come nearer to 0 by as much",
        Activations.softshrink(x, 1.5),
        x.sign().mul(x.abs().sub(1.5).clampMin(0)));
    same("tanhshrink = x - tanh(x)", Activations.tanhshrink(x), x.sub(x.tanh()));
    refused("a lambda below 0", () -> Activations.softshrink(x, -1));
  }

  private static void learned() {
    section("prelu and swish: slopes to be learned");
    Tensor images = new Generator(2).randn(DType.F32, 2, 3, 4, 4);
    Tensor slopes = Tensor.of(new float[] {0.1f, 0.5f, 2});
    same(
        "prelu has a slope for each channel",
        Activations.prelu(images, slopes),
        aboveZero(images, images.mul(slopes.view(3, 1, 1))));
    refused(
        "two slopes for three channels", () -> Activations.prelu(images, slopes.slice(0, 0, 2)));
    try (PRelu prelu = new PRelu(1);
        Swish swish = new Swish()) {
      show("the layer begins with", prelu.parameters().get("weight"));
      same("which is leaky_relu", prelu.forward(images), Activations.leakyRelu(images, 0.25));
      show("swish begins with", swish.parameters().get("beta"));
      same("which is silu", swish.forward(images), images.silu());
    }
  }

  private static void random(Tensor x) {
    section("rrelu: random slopes in training, the middle one in evaluation");
    RRelu layer = new RRelu(0.1, 0.3, 42);
    Tensor trained = show("in training", layer.forward(x));
    Tensor slopes = trained.div(x).slice(0, 0, 8);
    holds(
        "slopes are from 0.1 to 0.3",
        slopes.ge(0.1f).logicalAnd(slopes.le(0.3f)).all().item() == 1);
    holds("no two are the same", slopes.amin().item() < slopes.amax().item());
    layer.eval();
    same("in evaluation leaky_relu", layer.forward(x), Activations.leakyRelu(x, 0.2));
  }

  private static void gated() {
    section("glu and swiglu: one half opens the gate for the other");
    Tensor x = new Generator(3).randn(DType.F32, 2, 5, 8);
    Tensor first = x.slice(-1, 0, 4);
    Tensor second = x.slice(-1, 4, 8);
    Tensor glu = shape("glu of 8 features", Activations.glu(x, -1), 2, 5, 4);
    same("glu = a sigmoid(b)", glu, first.mul(second.sigmoid()));
    same("swiglu = silu(a) b", Activations.swiglu(x, -1), first.silu().mul(second));
    refused("five do not have two halves", () -> Activations.glu(x, 1));
  }

  private static void shares() {
    section("softmax: shares of 1, along an axis");
    Tensor x = show("x", Tensor.of(new float[] {1, 2, 3, -1, 0, 1000}, 2, 3));
    Tensor shares = show("x.softmax(1)", x.softmax(1));
    same("each row adds up to 1", shares.sum(1), Tensor.ones(DType.F32, 2));
    Tensor below = x.sub(x.amax(new int[] {1}, true)).exp();
    same(
        "exp(x - max) / sum(exp(x - max)), which no large x makes infinite",
        shares,
        below.div(below.sum(new int[] {1}, true)));
    show("without the maximum taken away", x.exp().div(x.exp().sum(new int[] {1}, true)));
    same(
        "log_softmax = x - logsumexp(x)", x.logSoftmax(1), x.sub(x.logsumexp(new int[] {1}, true)));
    show("where the logarithm of a share would be -inf", x.logSoftmax(1));
    same("softmin is softmax of -x", Functional.softmin(x, 1), x.neg().softmax(1));
    same("along the other axis", x.softmax(0), x.transpose(0, 1).softmax(1).transpose(0, 1));
  }

  private static void derivatives() {
    section("derivatives: by Gradients, and by how much a small step changes the result");
    // Away from the kinks at 0 and at the bounds, where there is no derivative.
    Tensor x = Tensor.linspace(DType.F64, -4.03, 4.05, 23);
    Tensor one = Tensor.ones(DType.F64, 23);
    same("relu", Gradients.relu(one, x), slope(Tensor::relu, x));
    same("sigmoid", Gradients.sigmoid(one, x), slope(Tensor::sigmoid, x));
    same("tanh", Gradients.tanh(one, x), slope(Tensor::tanh, x));
    same("gelu", Gradients.gelu(one, x), slope(Tensor::gelu, x));
    same("silu", Gradients.silu(one, x), slope(Tensor::silu, x));
    same("mish", Gradients.mish(one, x), slope(Activations::mish, x));
    same("selu", Gradients.selu(one, x), slope(Activations::selu, x));
    same("hardswish", Gradients.hardswish(one, x), slope(Activations::hardswish, x));
    same("softplus", Gradients.softplus(one, x, 1, 20), slope(Activations::softplus, x));
    same("elu", Gradients.elu(one, x, 0.5), slope(y -> Activations.elu(y, 0.5), x));
    same(
        "the first argument is what comes down the chain rule",
        Gradients.mish(x.cos(), x),
        slope(y -> Activations.mish(y), x).mul(x.cos()));
  }

  /** Returns central differences of a function of single elements. */
  private static Tensor slope(UnaryOperator<Tensor> function, Tensor x) {
    double step = 1e-5;
    return function.apply(x.add(step)).sub(function.apply(x.sub(step))).div(2 * step);
  }

  private static void layers() {
    section("between layers: a function is a layer as it is");
    try (Sequential network =
        new Sequential(
            new Linear(8, 16, 1),
            Tensor::gelu,
            new Linear(16, 4, 2),
            x -> Activations.elu(x, 0.5))) {
      shape("two linear layers", network.forward(Tensor.ones(DType.F32, 5, 8)), 5, 4);
    }
  }
}
