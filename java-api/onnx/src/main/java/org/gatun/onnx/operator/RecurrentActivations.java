package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.gatun.Tensor;
import org.gatun.nn.Activations;

/**
 * The activations of recurrent operators, by name. Their numbers stand in two lists, alphas and
 * betas, from which each function in turn takes those that it has.
 */
final class RecurrentActivations {
  private final Call call;
  private final float[] alphas;
  private final float[] betas;
  private int nextAlpha;
  private int nextBeta;

  private RecurrentActivations(Call call) {
    this.call = call;
    float[] alpha = call.numbers("activation_alpha");
    float[] beta = call.numbers("activation_beta");
    this.alphas = alpha == null ? new float[0] : alpha;
    this.betas = beta == null ? new float[0] : beta;
  }

  /**
   * Returns the activations of a node, those of the second direction after those of the first.
   *
   * @param defaults of one direction
   */
  static List<UnaryOperator<Tensor>> of(Call call, List<String> defaults, int directions) {
    List<String> names = call.texts("activations");
    int count = defaults.size() * directions;
    if (names != null && names.size() != count) {
      throw call.failure("attribute activations is " + names + ", expected " + count + " names");
    }
    RecurrentActivations reader = new RecurrentActivations(call);
    List<UnaryOperator<Tensor>> activations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = names == null ? defaults.get(i % defaults.size()) : names.get(i);
      activations.add(reader.clipped(reader.activation(name)));
    }
    return activations;
  }

  private float alpha(double otherwise) {
    return nextAlpha < alphas.length ? alphas[nextAlpha++] : (float) otherwise;
  }

  private float beta(double otherwise) {
    return nextBeta < betas.length ? betas[nextBeta++] : (float) otherwise;
  }

  private UnaryOperator<Tensor> clipped(UnaryOperator<Tensor> activation) {
    if (!call.hasAttribute("clip")) {
      return activation;
    }
    float bound = call.number("clip", 0);
    if (!(bound > 0)) {
      throw call.failure("attribute clip is " + bound + ", expected more than 0");
    }
    return x -> activation.apply(x.clamp(-bound, bound));
  }

  private UnaryOperator<Tensor> activation(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "relu" -> Tensor::relu;
      case "tanh" -> Tensor::tanh;
      case "sigmoid" -> Tensor::sigmoid;
      case "softsign" -> Activations::softsign;
      case "softplus" -> Activations::softplus;
      case "affine" -> {
        float alpha = alpha(1);
        float beta = beta(0);
        yield x -> x.mul(alpha).add(beta);
      }
      case "leakyrelu" -> {
        float alpha = alpha(0.01);
        yield x -> Activations.leakyRelu(x, alpha);
      }
      case "thresholdedrelu" -> {
        float alpha = alpha(1);
        yield x -> x.where(x.ge(alpha), 0.0);
      }
      case "scaledtanh" -> {
        float alpha = alpha(1);
        float beta = beta(1);
        yield x -> x.mul(beta).tanh().mul(alpha);
      }
      case "hardsigmoid" -> {
        float alpha = alpha(0.2);
        float beta = beta(0.5);
        yield x -> x.mul(alpha).add(beta).clamp(0.0, 1.0);
      }
      case "elu" -> {
        float alpha = alpha(1);
        yield x -> Activations.elu(x, alpha);
      }
      default ->
          throw call.failure(
              "attribute activations has "
                  + name
                  + ", expected Relu, Tanh, Sigmoid, Affine, LeakyRelu, ThresholdedRelu,"
                  + " ScaledTanh, HardSigmoid, Elu, Softsign or Softplus");
    };
  }
}
