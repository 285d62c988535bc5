package org.gatun.nn;

/**
 * What {@link DeepNorm} has its stability from, by the depth of the network.
 *
 * <p>Source: <a href="https://arxiv.org/abs/2203.00555">Wang et al., DeepNet: Scaling Transformers
 * to 1,000 Layers</a>, figure 2.
 *
 * @param alpha the factor of a layer's input where it is added to the layer's result
 * @param beta the gain of the initial weights of feed-forward networks, and of the value and output
 *     projections of attention
 */
public record DeepNormFactors(double alpha, double beta) {

  /**
   * Returns the factors of a network that has an encoder alone, such as BERT, or a decoder alone,
   * such as GPT.
   *
   * @param layers of the network
   * @throws IllegalArgumentException if there are less than 1
   */
  public static DeepNormFactors of(int layers) {
    double depth = positive("layers", layers);
    return new DeepNormFactors(Math.pow(2 * depth, 0.25), Math.pow(8 * depth, -0.25));
  }

  /**
   * Returns the factors of the encoder of a network that has both.
   *
   * @param encoderLayers of the encoder
   * @param decoderLayers of the decoder
   * @throws IllegalArgumentException if there are less than 1
   */
  public static DeepNormFactors ofEncoder(int encoderLayers, int decoderLayers) {
    double encoder = positive("encoder layers", encoderLayers);
    double depth = Math.pow(encoder, 4) * positive("decoder layers", decoderLayers);
    return new DeepNormFactors(0.81 * Math.pow(depth, 1 / 16.0), 0.87 * Math.pow(depth, -1 / 16.0));
  }

  /**
   * Returns the factors of the decoder of a network that has both.
   *
   * @param decoderLayers of the decoder
   * @throws IllegalArgumentException if there are less than 1
   */
  public static DeepNormFactors ofDecoder(int decoderLayers) {
    double depth = positive("decoder layers", decoderLayers);
    return new DeepNormFactors(Math.pow(3 * depth, 0.25), Math.pow(12 * depth, -0.25));
  }

  private static int positive(String argument, int number) {
    return Parameters.positive("deep_norm", argument, number);
  }
}
