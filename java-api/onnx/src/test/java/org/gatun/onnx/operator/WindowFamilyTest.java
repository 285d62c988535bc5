package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowFamilyTest {
  private static Tensor number(long value) {
    return Tensor.of(new long[] {value}, new long[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "HannWindow, 0 0.5 1 0.5, 0 0.75 0.75 0",
    "HammingWindow, 0.08695652 0.54347826 1 0.54347826, 0.08695652 0.77173913 0.77173913"
        + " 0.08695652",
    "BlackmanWindow, 0 0.34 1 0.34, 0 0.63 0.63 0"
  })
  void windowsArePeriodicOrSymmetric(String operator, String periodic, String symmetric) {
    Agreement.assertClose(
        numbers(periodic), NodeCheck.of(operator, 17).in(number(4)).values(), 1e-7);
    Agreement.assertClose(
        numbers(symmetric),
        NodeCheck.of(operator, 17).with("periodic", 0).in(number(4)).values(),
        1e-7);
    assertArrayEquals(
        new double[] {1}, NodeCheck.of(operator, 17).with("periodic", 0).in(number(1)).values());
    NodeCheck.of(operator, 17).in(number(-1)).refuses(operator, "-1");
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Test
  void windowsHaveTheTypeAskedFor() {
    Value.Dense y =
        NodeCheck.of("HannWindow", 17)
            .with("output_datatype", ElementType.UINT16.code())
            .in(number(4))
            .result();
    assertEquals(ElementType.UINT16, y.type());
    assertArrayEquals(new int[] {0, 0, 1, 0}, y.tensor().toIntArray());
  }

  @Test
  void melBinsAreTriangles() {
    Value.Dense y =
        NodeCheck.of("MelWeightMatrix", 17)
            .in(number(8))
            .in(number(16))
            .in(number(8192))
            .in(Tensor.scalar(0f))
            .in(Tensor.scalar(4096f))
            .result();
    assertEquals(Shape.of(9, 8), y.tensor().shape());
    Tensor peaks = y.tensor().amax(0);
    assertEquals(8, peaks.sum().item());
    assertEquals(9.0 * 8, y.tensor().size());
    NodeCheck.of("MelWeightMatrix", 17)
        .in(number(8))
        .in(number(16))
        .in(number(8192))
        .in(Tensor.scalar(0f))
        .in(Tensor.scalar(40960f))
        .refuses("MelWeightMatrix", "half the rate");
  }

  @Test
  void determinantsAreOfEachMatrix() {
    Tensor x = Tensor.of(new double[] {0, 1, 1, 0, 2, 1, 4, 2, 3, 1, 4, 2}, 3, 2, 2);
    for (DType dtype : new DType[] {DType.F64, DType.F32, DType.F16}) {
      assertArrayEquals(new double[] {-1, 0, 2}, NodeCheck.of("Det", 22).in(x.to(dtype)).values());
    }
    assertArrayEquals(new double[] {-1}, NodeCheck.of("Det", 11).in(x.select(0, 0)).values());
    NodeCheck.of("Det", 11).in(Tensor.zeros(DType.F32, 2, 3)).refuses("Det", "square");
  }

  @Test
  void normsAndDeviationsBecomeOne() {
    Tensor x = Tensor.of(new double[] {3, 4, 0, 0}, 2, 2);
    Agreement.assertClose(
        new double[] {0.6, 0.8, 0, 0}, NodeCheck.of("LpNormalization", 22).in(x).values(), 1e-12);
    Agreement.assertClose(
        new double[] {1, 1, 0, 0},
        NodeCheck.of("LpNormalization", 1).with("p", 1).with("axis", 0).in(x).values(),
        1e-12);
    NodeCheck.of("LpNormalization", 22).with("p", 3).in(x).refuses("LpNormalization", "3");
    Agreement.assertClose(
        new double[] {-1, 1, 0, 0},
        NodeCheck.of("MeanVarianceNormalization", 13).with("axes", new long[] {-1}).in(x).values(),
        1e-6);
  }
}
