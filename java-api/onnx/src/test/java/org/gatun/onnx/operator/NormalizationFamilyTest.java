package org.gatun.onnx.operator;

import static org.gatun.onnx.operator.NodeTester.assertElements;
import static org.gatun.onnx.operator.NodeTester.assertSame;
import static org.gatun.onnx.operator.NodeTester.counting;
import static org.gatun.onnx.operator.NodeTester.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationFamilyTest {
  private static Tensor vector(float... values) {
    return Tensor.of(values);
  }

  // By channels.

  private static NodeTester batch(long opset, Tensor x) {
    return NodeTester.of("BatchNormalization", opset)
        .input(x)
        .input(vector(2, 4))
        .input(vector(1, -1))
        .input(vector(1, 2))
        .input(vector(4, 16))
        .attribute("epsilon", 0f);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 9, 14, 15})
  void normalizesByGivenStatistics(long opset) {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 6}, 1, 2, 2);
    assertElements(batch(opset, x).run(), 1, 3, -1, 3);
  }

  @Test
  void normalizesByGivenStatisticsInVersion6() {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 6}, 1, 2, 2);
    assertElements(batch(6, x).attribute("is_test", 1).run(), 1, 3, -1, 3);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 14})
  void trainsWithTheVarianceOfThePopulation(long opset) {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 6}, 1, 2, 2);
    NodeTester node = batch(opset, x).attribute("momentum", 0.5f).outputs(3);
    List<Tensor> y = (opset < 14 ? node : node.attribute("training_mode", 1)).runAll();
    assertElements(y.get(0), -1, 3, -5, 3);
    assertElements(y.get(1), 1.5, 3);
    assertElements(y.get(2), 2.5, 10);
  }

  @Test
  void takesStatisticsOfEachElementBeforeVersion9() {
    Tensor y = batch(7, Tensor.of(new float[] {1, 2, 3, 6}, 2, 1, 2)).attribute("spatial", 0).run();
    assertElements(y, 1, -1, 3, 3);
  }

  @Test
  void takesStatisticsOfAnotherType() {
    Tensor y =
        NodeTester.of("BatchNormalization", 15)
            .input(Tensor.of(new float[] {1, 3}, 2, 1).to(DType.F16))
            .input(vector(2).to(DType.F16))
            .input(vector(1).to(DType.F16))
            .input(vector(1))
            .input(vector(4))
            .attribute("epsilon", 0f)
            .run();
    assertEquals(DType.F16, y.dtype());
    assertElements(y, 1, 3);
  }

  @Test
  void takesABatchAloneForOneChannel() {
    Tensor y =
        NodeTester.of("BatchNormalization", 9)
            .input(vector(1, 3, 5))
            .input(vector(2))
            .input(vector(1))
            .input(vector(1))
            .input(vector(4))
            .attribute("epsilon", 0f)
            .run();
    assertElements(y, 1, 3, 5);
    assertEquals(Shape.of(3), y.shape());
  }

  @Test
  void givesTheBiasForASinglePosition() {
    Tensor y =
        NodeTester.of("InstanceNormalization", 7)
            .input(mixed(2, 2, 1))
            .input(vector(3, 4))
            .input(vector(5, 6))
            .run();
    assertElements(y, 5, 6, 5, 6);
  }

  @ParameterizedTest
  @CsvSource({"18, 10, 10, 20, 20", "21, 10, 10, 30, 30"})
  void hasParametersByGroupOrByChannel(long opset, double a, double b, double c, double d) {
    // Two groups of two channels; the first channel of each is below its mean by its deviation.
    Tensor x = Tensor.of(new float[] {0, 2, 5, 9}, 1, 4, 1);
    float[] values = opset < 21 ? new float[] {10, 20} : new float[] {10, 10, 30, 30};
    Tensor y =
        NodeTester.of("GroupNormalization", opset)
            .input(x)
            .input(Tensor.of(values))
            .input(Tensor.of(values).mul(0.0))
            .attribute("num_groups", 2)
            .attribute("epsilon", 0f)
            .run();
    assertElements(y, -a, b, -c, d);
  }

  @ParameterizedTest
  @CsvSource({"1, 1 4 9 16", "2, 5 13 25 16", "3, 5 14 29 25", "4, 14 30 29 25"})
  void seesOneMoreChannelBehindThanBefore(int size, String sums) {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4, 1, 1);
    Tensor y =
        NodeTester.of("LRN", 13)
            .input(x)
            .attribute("size", size)
            .attribute("alpha", (float) size)
            .attribute("beta", 1f)
            .attribute("bias", 0f)
            .run();
    String[] parts = sums.split(" ");
    for (int i = 0; i < parts.length; i++) {
      assertEquals((i + 1) / Double.parseDouble(parts[i]), y.get(0, i, 0, 0), 1e-6);
    }
  }

  // By the last dimensions.

  @Test
  void broadcastsTheScaleOfALayer() {
    Tensor x = mixed(2, 3, 4);
    Tensor scale = mixed(4);
    Tensor bias = mixed(3, 1);
    List<Tensor> y =
        NodeTester.of("LayerNormalization", 17)
            .input(x)
            .input(scale)
            .input(bias)
            .attribute("axis", 1)
            .outputs(3)
            .runAll();
    int[] axes = {1, 2};
    Tensor mean = x.mean(axes, true);
    Tensor inverse = x.var(axes, 0, true).add(1e-5).rsqrt();
    assertSame(x.sub(mean).mul(inverse).mul(scale).add(bias), y.get(0));
    assertSame(mean, y.get(1));
    assertSame(inverse, y.get(2));
  }

  @Test
  void keepsStatisticsInTheTypeAskedFor() {
    List<Tensor> y =
        NodeTester.of("LayerNormalization", 17)
            .input(counting(2, 3).to(DType.F16))
            .input(Tensor.ones(DType.F16, 3))
            .attribute("stash_type", 11)
            .outputs(2)
            .runAll();
    assertEquals(DType.F16, y.get(0).dtype());
    assertEquals(DType.F64, y.get(1).dtype());
    assertElements(y.get(1), 1, 4);
  }

  @Test
  void scalesToTheRootOfTheMeanSquare() {
    Tensor y =
        NodeTester.of("RMSNormalization", 23)
            .input(Tensor.of(new float[] {1, 7, -7, 1}, 2, 2))
            .input(Tensor.of(new float[] {10}))
            .attribute("epsilon", 0f)
            .run();
    assertElements(y, 2, 14, -14, 2);
  }

  @Test
  void refusesAnAxisOutOfRange() {
    NodeTester.of("RMSNormalization", 23)
        .input(counting(2, 2))
        .input(counting(2))
        .attribute("axis", 2)
        .refused("axis 2");
  }
}
