package org.gatun.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The weight and the bias of a layer.
 *
 * @param bias null where the layer has none
 */
record Parameters(Tensor weight, @Nullable Tensor bias) {
  /**
   * Returns random parameters of {@code f32}, by PyTorch's rule: uniform between plus and minus
   * {@code 1 / sqrt(fan in)}, the fan in being the product of all dimensions of the weight but the
   * first. (For weights this is Kaiming's rule with a = sqrt(5).)
   *
   * @param biases the size of the bias, 0 for none
   * @param seed the same gives the same parameters, to the last bit, on every platform
   */
  static Parameters random(Shape weight, long biases, long seed) {
    return random(weight, biases, weight.range(1, weight.rank()).size(), seed);
  }

  /** Returns random parameters by the same rule, of a given fan in. */
  static Parameters random(Shape weight, long biases, long fanIn, long seed) {
    double bound = fanIn == 0 ? 0 : 1 / Math.sqrt(fanIn);
    Generator generator = new Generator(seed);
    Tensor drawn = generator.uniform(-bound, bound, DType.F32, weight.dims());
    return new Parameters(
        drawn, biases == 0 ? null : generator.uniform(-bound, bound, DType.F32, biases));
  }

  /** Returns the parameters by PyTorch's names. */
  Map<String, Tensor> byName() {
    return byName(weight, bias);
  }

  /** Returns those that are there by PyTorch's names. */
  static Map<String, Tensor> byName(@Nullable Tensor weight, @Nullable Tensor bias) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    if (weight != null) {
      named.put("weight", weight);
    }
    if (bias != null) {
      named.put("bias", bias);
    }
    return named;
  }

  /**
   * Returns a number.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  static int positive(String layer, String argument, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(
          layer + ": " + argument + " " + number + ", expected 1 or more");
    }
    return number;
  }

  /**
   * Returns the channels of one group.
   *
   * @throws IllegalArgumentException if the groups do not divide the channels
   */
  static int perGroup(String layer, String argument, int channels, int groups) {
    positive(layer, argument, channels);
    positive(layer, "groups", groups);
    if (channels % groups != 0) {
      throw new IllegalArgumentException(
          layer
              + ": "
              + argument
              + " "
              + channels
              + " with groups "
              + groups
              + ", expected a multiple of the groups");
    }
    return channels / groups;
  }
}
