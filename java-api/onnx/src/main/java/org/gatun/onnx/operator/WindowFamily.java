package org.gatun.onnx.operator;

import java.util.List;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;

/** The tables that signals are multiplied by: windows, and the weights of the mel scale. */
final class WindowFamily {
  private WindowFamily() {}

  static void register(Registry onnx) {
    // Weights of the cosines of no, one and two periods.
    window(onnx, "BlackmanWindow", 0.42, 0.5, 0.08);
    window(onnx, "HammingWindow", 25.0 / 46, 21.0 / 46, 0);
    window(onnx, "HannWindow", 0.5, 0.5, 0);
    onnx.add("MelWeightMatrix", 17, Typing.ANY, c -> output(c, melWeights(c)));
  }

  private static void window(Registry onnx, String name, double a0, double a1, double a2) {
    onnx.add(
        name,
        17,
        Typing.ANY,
        c -> {
          double[] window = new double[size(c)];
          int period = c.flag("periodic", true) ? window.length : window.length - 1;
          for (int i = 0; i < window.length; i++) {
            double angle = period == 0 ? Math.PI : 2 * Math.PI * i / period;
            window[i] = a0 - a1 * Math.cos(angle) + a2 * Math.cos(2 * angle);
          }
          return output(c, Tensor.of(window));
        });
  }

  private static int size(Call call) {
    long size = call.scalarLong(0);
    if (size < 0 || size > Integer.MAX_VALUE / Double.BYTES) {
      throw call.failure("a window of " + size + " elements, expected 0 or more that fit memory");
    }
    return (int) size;
  }

  private static List<Value> output(Call call, Tensor values) {
    ElementType type = call.elementType("output_datatype", ElementType.FLOAT);
    return List.of(Conversions.cast(Value.of(values), type));
  }

  /**
   * Returns the weights of each frequency, [dft_length / 2 + 1, num_mel_bins]: for each bin a
   * triangle over the bins' edges, which are at equal distances on the mel scale.
   */
  private static Tensor melWeights(Call call) {
    long bins = call.scalarLong(0);
    long length = call.scalarLong(1);
    long rate = call.scalarLong(2);
    if (bins < 1 || length < 1 || rate < 1 || bins > 1 << 16 || length > 1 << 24) {
      throw call.failure(
          bins
              + " mel bins of "
              + length
              + " samples at a rate of "
              + rate
              + ", expected 1 or more");
    }
    double low = mel(call.scalar(3));
    double step = (mel(call.scalar(4)) - low) / (bins + 2);
    long[] edges = new long[(int) bins + 2];
    long frequencies = length / 2 + 1;
    for (int i = 0; i < edges.length; i++) {
      double hertz = 700 * (Math.pow(10, (low + i * step) / 2595) - 1);
      edges[i] = (long) Math.floor((length + 1) * hertz / rate);
      if (edges[i] < 0 || edges[i] >= frequencies) {
        throw call.failure(
            "a mel bin up to " + hertz + " Hz, expected from 0 to half the rate, " + rate);
      }
    }
    double[] weights = new double[Math.toIntExact(frequencies * bins)];
    for (int bin = 0; bin < bins; bin++) {
      long left = edges[bin];
      long peak = edges[bin + 1];
      long right = edges[bin + 2];
      for (long f = left; f < peak; f++) {
        weights[(int) (f * bins + bin)] = (f - left) / (double) (peak - left);
      }
      for (long f = peak; f < right; f++) {
        weights[(int) (f * bins + bin)] = (right - f) / (double) (right - peak);
      }
      weights[(int) (peak * bins + bin)] = 1;
    }
    return Tensor.of(weights, frequencies, bins);
  }

  private static double mel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }
}
