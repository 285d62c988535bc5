package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertElements;
import static org.gatun.onnx.Agreement.assertSame;
import static org.gatun.onnx.SampleTensors.counting;
import static org.gatun.onnx.SampleTensors.mixed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.NodeCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationFamilyTest {
  private static Tensor vector(float... values) {
    return Tensor.of(values);
  }

  // By channels.

  private static NodeCheck batch(long opset, Tensor x) {
    return NodeCheck.of("BatchNormalization", opset)
        .in(x)
        .in(vector(2, 4))
        .in(vector(1, -1))
        .in(vector(1, 2))
        .in(vector(4, 16))
        .with("epsilon", 0f);
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 9, 14, 15})
  void normalizesByGivenStatistics(long opset) {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 6}, 1, 2, 2);
    assertElements(batch(opset, x).tensor(), 1, 3, -1, 3);
  }

  @Test
  void normalizesByGivenStatisticsInVersion6() {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 6}, 1, 2, 2);
    assertElements(batch(6, x).with("is_test", 1).tensor(), 1, 3, -1, 3);
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 14})
  void trainsWithTheVarianceOfThePopulation(long opset) {
    Tensor x = Tensor.of(new float[] {1, 3, 2, 6}, 1, 2, 2);
    NodeCheck node = batch(opset, x).with("momentum", 0.5f).outputs(3);
    List<Tensor> y = (opset < 14 ? node : node.with("training_mode", 1)).tensors();
    assertElements(y.get(0), -1, 3, -5, 3);
    assertElements(y.get(1), 1.5, 3);
    assertElements(y.get(2), 2.5, 10);
  }

  @Test
  void takesStatisticsOfEachElementBeforeVersion9() {
    Tensor y = batch(7, Tensor.of(new float[] {1, 2, 3, 6}, 2, 1, 2)).with("spatial", 0).tensor();
    assertElements(y, 1, -1, 3, 3);
  }

  @Test
  void takesStatisticsOfAnotherType() {
    Tensor y =
        NodeCheck.of("BatchNormalization", 15)
            .in(Tensor.of(new float[] {1, 3}, 2, 1).to(DType.F16))
            .in(vector(2).to(DType.F16))
            .in(vector(1).to(DType.F16))
            .in(vector(1))
            .in(vector(4))
            .with("epsilon", 0f)
            .tensor();
    assertEquals(DType.F16, y.dtype());
    assertElements(y, 1, 3);
  }

  @Test
  void takesABatchAloneForOneChannel() {
    Tensor y =
        NodeCheck.of("BatchNormalization", 9)
            .in(vector(1, 3, 5))
            .in(vector(2))
            .in(vector(1))
            .in(vector(1))
            .in(vector(4))
            .with("epsilon", 0f)
            .tensor();
    assertElements(y, 1, 3, 5);
    assertEquals(Shape.of(3), y.shape());
  }

  @Test
  void givesTheBiasForASinglePosition() {
    Tensor y =
        NodeCheck.of("InstanceNormalization", 7)
            .in(mixed(2, 2, 1))
            .in(vector(3, 4))
            .in(vector(5, 6))
            .tensor();
    assertElements(y, 5, 6, 5, 6);
  }

  @ParameterizedTest
  @CsvSource({"18, 10, 10, 20, 20", "21, 10, 10, 30, 30"})
  void hasParametersByGroupOrByChannel(long opset, double a, double b, double c, double d) {
    // Two groups of two channels; the first channel of each is below its mean by its deviation.
    Tensor x = Tensor.of(new float[] {0, 2, 5, 9}, 1, 4, 1);
    float[] values = opset < 21 ? new float[] {10, 20} : new float[] {10, 10, 30, 30};
    Tensor y =
        NodeCheck.of("GroupNormalization", opset)
            .in(x)
            .in(Tensor.of(values))
            .in(Tensor.of(values).mul(0.0))
            .with("num_groups", 2)
            .with("epsilon", 0f)
            .tensor();
    assertElements(y, -a, b, -c, d);
  }

  @ParameterizedTest
  @CsvSource({"1, 1 4 9 16", "2, 5 13 25 16", "3, 5 14 29 25", "4, 14 30 29 25"})
  void seesOneMoreChannelBehindThanBefore(int size, String sums) {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 4, 1, 1);
    Tensor y =
        NodeCheck.of("LRN", 13)
            .in(x)
            .with("size", size)
            .with("alpha", (float) size)
            .with("beta", 1f)
            .with("bias", 0f)
            .tensor();
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
        NodeCheck.of("LayerNormalization", 17)
            .in(x)
            .in(scale)
            .in(bias)
            .with("axis", 1)
            .outputs(3)
            .tensors();
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
        NodeCheck.of("LayerNormalization", 17)
            .in(counting(2, 3).to(DType.F16))
            .in(Tensor.ones(DType.F16, 3))
            .with("stash_type", 11)
            .outputs(2)
            .tensors();
    assertEquals(DType.F16, y.get(0).dtype());
    assertEquals(DType.F64, y.get(1).dtype());
    assertElements(y.get(1), 1, 4);
  }

  @Test
  void scalesToTheRootOfTheMeanSquare() {
    Tensor y =
        NodeCheck.of("RMSNormalization", 23)
            .in(Tensor.of(new float[] {1, 7, -7, 1}, 2, 2))
            .in(Tensor.of(new float[] {10}))
            .with("epsilon", 0f)
            .tensor();
    assertElements(y, 2, 14, -14, 2);
  }

  @Test
  void refusesAnAxisOutOfRange() {
    NodeCheck.of("RMSNormalization", 23)
        .in(counting(2, 2))
        .in(counting(2))
        .with("axis", 2)
        .refuses("axis 2");
  }
}
