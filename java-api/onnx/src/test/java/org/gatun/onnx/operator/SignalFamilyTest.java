package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.FourierTransform.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalFamilyTest {
  private static double[] numbers(int count) {
    return new Random(count).doubles(count, -1, 1).toArray();
  }

  /** The sum as it stands: real parts, then imaginary ones. */
  private static double[] transformed(double[] re, double[] im, boolean inverse) {
    int n = re.length;
    double[] result = new double[2 * n];
    for (int k = 0; k < n; k++) {
      for (int j = 0; j < n; j++) {
        double angle = (inverse ? 2 : -2) * Math.PI * ((long) j * k % n) / n;
        result[k] += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
        result[n + k] += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
      }
    }
    for (int k = 0; inverse && k < 2 * n; k++) {
      result[k] /= n;
    }
    return result;
  }

  /** One, prime, of small and large divisors, and primes above which there is a convolution. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 512, 521, 1000, 1024, 1042, 2053, 4106})
  void transformsRowsOfAnyLength(int n) {
    double[] re = numbers(n);
    double[] im = numbers(n + 1);
    im = Arrays.copyOf(im, n);
    Rows rows = new Rows(Tensor.of(re, 1, n), Tensor.of(im, 1, n));
    Rows forward = FourierTransform.forward(rows, n);
    Agreement.assertClose(transformed(re, im, false), both(forward), 1e-11);
    Agreement.assertClose(both(rows), both(FourierTransform.inverse(forward)), 1e-11);
    Rows real = FourierTransform.forward(new Rows(rows.re(), null), n);
    Agreement.assertClose(transformed(re, new double[n], false), both(real), 1e-11);
  }

  private static double[] both(Rows rows) {
    try (Tensor all = Tensor.concat(0, rows.re(), rows.imaginary())) {
      return all.toDoubleArray();
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "8, 5", "5, 8", "7, 7", "1, 1"})
  void theOneSidedInverseGivesBackARealSignal(int size, int length) {
    GraphBuilder graph =
        new GraphBuilder(20)
            .input("x", ElementType.FLOAT, 2, size, 3, 1)
            .constant("n", new long[] {length})
            .constant("axis", new long[] {-3})
            .node("DFT", List.of("x", "n", "axis"), List.of("f"), Map.of("onesided", 1))
            .node(
                "DFT", List.of("f", "n", "axis"), List.of("y"), Map.of("onesided", 1, "inverse", 1))
            .output("y");
    float[] values = new float[2 * size * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
    }
    Tensor x = Tensor.of(values, 2, size, 3, 1);
    Tensor y = BothEngines.tensor(graph, Map.of("x", x));
    assertEquals(Shape.of(2, length, 3, 1), y.shape());
    double[] expected = new double[2 * length * 3];
    for (int i = 0; i < expected.length; i++) {
      int at = i / 3 % length;
      int row = i / 3 / length;
      expected[i] = at < size ? values[(row * size + at) * 3 + i % 3] : 0;
    }
    Agreement.assertClose(expected, Agreement.doubles(y), 1e-6);
  }

  @Test
  void transformsWindowsOfASignal() {
    double[] signal = numbers(20);
    float[] window = {0.5f, 1, 1, 0.25f};
    GraphBuilder graph =
        new GraphBuilder(17)
            .input("x", ElementType.DOUBLE, 1, 20, 1)
            .constant("step", new long[] {3})
            .constant("w", ElementType.DOUBLE, MemorySegment.ofArray(wide(window)), 4)
            .constant("n", new long[] {6})
            .node("STFT", List.of("x", "step", "w", "n"), List.of("y"), Map.of("onesided", 0))
            .output("y");
    Tensor y = BothEngines.tensor(graph, Map.of("x", Tensor.of(signal, 1, 20, 1)));
    assertEquals(Shape.of(1, 5, 6, 2), y.shape());
    double[] actual = Agreement.doubles(y);
    for (int frame = 0; frame < 5; frame++) {
      double[] part = new double[6];
      for (int i = 0; i < 4; i++) {
        part[i] = signal[3 * frame + i] * window[i];
      }
      double[] expected = transformed(part, new double[6], false);
      for (int k = 0; k < 6; k++) {
        assertEquals(expected[k], actual[(frame * 6 + k) * 2], 1e-12);
        assertEquals(expected[6 + k], actual[(frame * 6 + k) * 2 + 1], 1e-12);
      }
    }
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Test
  void refusesTheAxisOfRealAndImaginaryParts() {
    GraphBuilder graph =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, 4, 2)
            .node("DFT", List.of("x"), List.of("y"), Map.of("axis", 1))
            .output("y");
    Map<String, Tensor> x = Map.of("x", Tensor.of(new float[8], 4, 2));
    assertThrows(OnnxException.class, () -> BothEngines.tensor(graph, x));
  }
}
