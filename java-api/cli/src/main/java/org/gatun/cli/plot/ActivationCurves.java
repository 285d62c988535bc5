package org.gatun.cli.plot;

import java.util.List;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Functional;
import org.gatun.nn.Gradients;

/** The activations by family, with what there is to say about each. */
final class ActivationCurves {
  private ActivationCurves() {}

  /**
   * A family.
   *
   * @param title its name
   * @param text what its members have in common
   * @param curves its members
   */
  record Family(String title, String text, List<Curve> curves) {}

  static List<Family> families() {
    return List.of(
        new Family(
            "S-shaped",
            "Squash any number into a range. Far from 0 they are flat: no gradient comes back, and"
                + " deep stacks of them learn slowly.",
            sigmoids()),
        new Family(
            "Rectifiers",
            "Straight lines with a bend. Cheap, and the gradient does not fade above 0; below it"
                + " they differ in what they let through.",
            rectifiers()),
        new Family(
            "Exponential below 0",
            "Like a rectifier above 0, and a smooth floor below, which brings the mean of the"
                + " results near 0.",
            exponentials()),
        new Family(
            "Smooth gates",
            "x times how much of it should pass. A little below 0 they dip, and the slope is a"
                + " little more than 1 above: today's networks are mostly built of these.",
            gates()),
        new Family(
            "Shrinking",
            "Take small numbers for noise and set them to 0, or pull everything towards it.",
            shrinking()),
        new Family(
            "Pairs",
            "Functions of two halves of a tensor or of several numbers along an axis; drawn where"
                + " all but one of them follow from x.",
            pairs()));
  }

  private static List<Curve> sigmoids() {
    return List.of(
        new Curve(
            "Sigmoid",
            "1 / (1 + e<sup>−x</sup>)",
            "f (1 − f)",
            "Probabilities of two classes, and the gates of LSTMs.",
            Functional::sigmoid,
            Gradients::sigmoid),
        new Curve(
            "Tanh",
            "(e<sup>x</sup> − e<sup>−x</sup>) / (e<sup>x</sup> + e<sup>−x</sup>)",
            "1 − f²",
            "States of recurrent networks: like the sigmoid, around 0.",
            Functional::tanh,
            Gradients::tanh),
        new Curve(
            "Softsign",
            "x / (1 + |x|)",
            "1 / (1 + |x|)²",
            "A tanh with longer tails and no exponential.",
            Activations::softsign,
            Gradients::softsign),
        new Curve(
            "Hardsigmoid",
            "min(max(x + 3, 0), 6) / 6",
            "1/6 from −3 to 3, else 0",
            "The sigmoid of small devices: MobileNetV3's squeeze and excitation.",
            Activations::hardsigmoid,
            Gradients::hardsigmoid),
        new Curve(
            "Hardtanh",
            "min(max(x, −1), 1)",
            "1 from −1 to 1, else 0",
            "A tanh of straight lines; quantized networks.",
            Activations::hardtanh,
            (g, x) -> Gradients.hardtanh(g, x, -1, 1)),
        new Curve(
            "LogSigmoid",
            "log(1 / (1 + e<sup>−x</sup>))",
            "1 / (1 + e<sup>x</sup>)",
            "Inside losses: the logarithm of a probability, exact where that is tiny.",
            Activations::logSigmoid,
            Gradients::logSigmoid));
  }

  private static List<Curve> rectifiers() {
    Tensor weight = Tensor.of(new double[] {0.25});
    return List.of(
        new Curve(
            "ReLU",
            "max(x, 0)",
            "1 above 0, else 0",
            "The default of convolutional networks, since AlexNet.",
            Functional::relu,
            Gradients::relu),
        new Curve(
            "ReLU6",
            "min(max(x, 0), 6)",
            "1 from 0 to 6, else 0",
            "MobileNets: a bounded range survives low precision.",
            Activations::relu6,
            Gradients::relu6),
        new Curve(
            "LeakyReLU, slope 0.1",
            "x above 0, else 0.1 x",
            "1 above 0, else 0.1",
            "GANs and YOLO: a unit that is off still learns. PyTorch's default slope is 0.01.",
            x -> Activations.leakyRelu(x, 0.1),
            (g, x) -> Gradients.leakyRelu(g, x, 0.1)),
        new Curve(
            "PReLU, slope 1/4",
            "x above 0, else w x",
            "1 above 0, else w",
            "A leaky ReLU that learns its slope, one for all or one for each channel.",
            x -> Activations.prelu(x, weight),
            (g, x) -> Gradients.prelu(g, x, weight)),
        new Curve(
            "RReLU in evaluation",
            "x above 0, else 11/48 x",
            "1 above 0, else 11/48",
            "In training each element draws its slope from 1/8 to 1/3; here their middle.",
            x -> Activations.rrelu(x, 1.0 / 8, 1.0 / 3),
            (g, x) -> Gradients.rrelu(g, x, 1.0 / 8, 1.0 / 3)),
        new Curve(
            "Threshold, 1 and −1",
            "x above 1, else −1",
            "1 above 1, else 0",
            "A ReLU that bends, or breaks, elsewhere.",
            x -> Activations.threshold(x, 1, -1),
            (g, x) -> Gradients.threshold(g, x, 1)),
        new Curve(
            "Softplus",
            "log(1 + e<sup>x</sup>)",
            "1 / (1 + e<sup>−x</sup>)",
            "A smooth ReLU; makes variances and rates positive.",
            Activations::softplus,
            (g, x) -> Gradients.softplus(g, x, 1, 20)));
  }

  private static List<Curve> exponentials() {
    return List.of(
        new Curve(
            "ELU",
            "x above 0, else e<sup>x</sup> − 1",
            "1 above 0, else e<sup>x</sup>",
            "Image classifiers before batch normalization was everywhere.",
            Activations::elu,
            (g, x) -> Gradients.elu(g, x, 1)),
        new Curve(
            "SELU",
            "1.0507 x above 0, else 1.7581 (e<sup>x</sup> − 1)",
            "1.0507 above 0, else 1.7581 e<sup>x</sup>",
            "Keeps mean 0 and variance 1 from layer to layer, with alpha dropout.",
            Activations::selu,
            Gradients::selu),
        new Curve(
            "CELU, α = 2",
            "x above 0, else α (e<sup>x/α</sup> − 1)",
            "1 above 0, else e<sup>x/α</sup>",
            "An ELU whose slope has no jump, whatever α.",
            x -> Activations.celu(x, 2),
            (g, x) -> Gradients.celu(g, x, 2)));
  }

  private static List<Curve> gates() {
    Tensor half = Tensor.of(new double[] {0.5});
    Tensor two = Tensor.of(new double[] {2});
    return List.of(
        new Curve(
            "GELU",
            "x Φ(x), Φ the normal distribution",
            "Φ(x) + x φ(x)",
            "BERT, GPT-2, ViT: x times the chance that it is larger than noise.",
            Functional::gelu,
            Gradients::gelu),
        new Curve(
            "GELU by tanh",
            "x/2 (1 + tanh(√(2/π) (x + 0.0447 x³)))",
            "by the product rule",
            "The same in the first GPTs, when erf was slow.",
            Functional::geluTanh,
            Gradients::geluTanh),
        new Curve(
            "GELU by sigmoid",
            "x / (1 + e<sup>−1.702 x</sup>)",
            "s + 1.702 x s (1 − s)",
            "The quick GELU of CLIP.",
            Activations::geluSigmoid,
            Gradients::geluSigmoid),
        new Curve(
            "SiLU",
            "x / (1 + e<sup>−x</sup>)",
            "s + x s (1 − s)",
            "EfficientNet, YOLO, and gated inside Llama.",
            Functional::silu,
            Gradients::silu),
        new Curve(
            "Swish, β = 1/2",
            "x / (1 + e<sup>−βx</sup>)",
            "s + βx s (1 − s)",
            "A SiLU that may learn β: 0 is half of x ...",
            x -> Activations.swish(x, half),
            (g, x) -> Gradients.swish(g, x, half)),
        new Curve(
            "Swish, β = 2",
            "x / (1 + e<sup>−βx</sup>)",
            "s + βx s (1 − s)",
            "... and a large β is the ReLU.",
            x -> Activations.swish(x, two),
            (g, x) -> Gradients.swish(g, x, two)),
        new Curve(
            "Hardswish",
            "x min(max(x + 3, 0), 6) / 6",
            "x/3 + 1/2 from −3 to 3",
            "MobileNetV3: a SiLU of a parabola and two lines.",
            Activations::hardswish,
            Gradients::hardswish),
        new Curve(
            "Mish",
            "x tanh(log(1 + e<sup>x</sup>))",
            "by the product rule",
            "YOLOv4.",
            Activations::mish,
            Gradients::mish));
  }

  private static List<Curve> shrinking() {
    return List.of(
        new Curve(
            "Hardshrink, λ = 1/2",
            "0 from −λ to λ, else x",
            "0 from −λ to λ, else 1",
            "Sparse coding: keeps what is large as it is.",
            Activations::hardshrink,
            (g, x) -> Gradients.hardshrink(g, x, 0.5)),
        new Curve(
            "Softshrink, λ = 1/2",
            "x nearer to 0 by λ",
            "0 from −λ to λ, else 1",
            "Sparse coding and denoising: the step of the lasso.",
            Activations::softshrink,
            (g, x) -> Gradients.softshrink(g, x, 0.5)),
        new Curve(
            "Tanhshrink",
            "x − tanh(x)",
            "tanh²(x)",
            "A smooth shrinking, flat at 0.",
            Activations::tanhshrink,
            Gradients::tanhshrink));
  }

  private static List<Curve> pairs() {
    return List.of(
        new Curve(
            "CReLU, its second half",
            "relu(x) and relu(−x), side by side",
            "−1 below 0, else 0",
            "Keeps both signs: twice as many channels, of which half are 0.",
            x -> half(Activations.crelu(x, 0), 1),
            (g, x) -> Gradients.crelu(Tensor.concat(0, g.mul(0), g), x, 0)),
        new Curve(
            "GLU of x and x",
            "a / (1 + e<sup>−b</sup>)",
            "in a and b together",
            "Gated convolutions, Conformer: one half says how much of the other passes.",
            x -> Activations.glu(Tensor.concat(0, x, x), 0),
            (g, x) -> bothHalves(Gradients.glu(g, Tensor.concat(0, x, x), 0))),
        new Curve(
            "SwiGLU of x and x",
            "a / (1 + e<sup>−a</sup>) b",
            "in a and b together",
            "The feed-forward layers of Llama and its kin.",
            x -> Activations.swiglu(Tensor.concat(0, x, x), 0),
            (g, x) -> bothHalves(Gradients.swiglu(g, Tensor.concat(0, x, x), 0))),
        new Curve(
            "Softmax of x, 0 and 1",
            "e<sup>x</sup> / (e<sup>x</sup> + e<sup>0</sup> + e<sup>1</sup>)",
            "f (1 − f)",
            "The probability of x beside two other numbers; attention, and the last layer.",
            x -> first(besideOthers(x).softmax(1)),
            (g, x) -> first(Gradients.softmax(onlyFirst(g), besideOthers(x).softmax(1), 1))),
        new Curve(
            "LogSoftmax of x, 0 and 1",
            "x − log(e<sup>x</sup> + e<sup>0</sup> + e<sup>1</sup>)",
            "1 − softmax",
            "What the cross entropy takes: its gradient is softmax less target.",
            x -> first(besideOthers(x).logSoftmax(1)),
            (g, x) -> first(Gradients.logSoftmax(onlyFirst(g), besideOthers(x).logSoftmax(1), 1))),
        new Curve(
            "Softmin of x, 0 and 1",
            "e<sup>−x</sup> / (e<sup>−x</sup> + e<sup>0</sup> + e<sup>−1</sup>)",
            "−f (1 − f)",
            "A softmax that favours the smallest: distances.",
            x -> first(Functional.softmin(besideOthers(x), 1)),
            (g, x) ->
                first(Gradients.softmin(onlyFirst(g), Functional.softmin(besideOthers(x), 1), 1))));
  }

  private static Tensor half(Tensor both, int which) {
    long size = both.dim(0) / 2;
    return both.slice(0, which * size, (which + 1) * size);
  }

  private static Tensor bothHalves(Tensor gradient) {
    return half(gradient, 0).add(half(gradient, 1));
  }

  /** A row (x, 0, 1) for each x. */
  private static Tensor besideOthers(Tensor x) {
    Tensor column = x.unsqueeze(1);
    Tensor zero = column.mul(0);
    return Tensor.concat(1, column, zero, zero.add(1));
  }

  private static Tensor onlyFirst(Tensor cotangent) {
    Tensor column = cotangent.unsqueeze(1);
    Tensor zero = column.mul(0);
    return Tensor.concat(1, column, zero, zero);
  }

  private static Tensor first(Tensor rows) {
    return rows.select(1, 0);
  }
}
