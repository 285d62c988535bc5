package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;

class RandomFamilyTest {
  private static NodeCheck random(String operator, long opset) {
    return NodeCheck.of(operator, opset).nativeOnly();
  }

  @Test
  void numbersAreOfTheDistribution() {
    double[] normal =
        random("RandomNormal", 22)
            .with("shape", new long[] {100, 100})
            .with("mean", 3f)
            .with("scale", 2f)
            .with("dtype", ElementType.DOUBLE.code())
            .values();
    double mean = Arrays.stream(normal).average().orElseThrow();
    double variance =
        Arrays.stream(normal).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    assertEquals(3, mean, 0.2);
    assertEquals(4, variance, 0.4);
    double[] uniform =
        random("RandomUniformLike", 1)
            .with("low", -2f)
            .with("high", 4f)
            .in(Tensor.zeros(DType.F32, 10_000))
            .values();
    assertTrue(Arrays.stream(uniform).allMatch(x -> x >= -2 && x < 4));
    assertEquals(1, Arrays.stream(uniform).average().orElseThrow(), 0.2);
    random("RandomNormalLike", 1)
        .in(Tensor.zeros(DType.I32, 2))
        .refuses("RandomNormalLike", "int32");
    random("RandomUniform", 1).refuses("RandomUniform", "shape");
  }

  @Test
  void aSeedGivesTheSameNumbersAgain() {
    NodeCheck seeded = random("RandomUniform", 22).with("shape", new long[] {20}).with("seed", 5f);
    assertArrayEquals(seeded.values(), seeded.values());
    NodeCheck free = random("RandomUniform", 22).with("shape", new long[] {20});
    assertFalse(Arrays.equals(free.values(), free.values()));
  }

  @Test
  void bernoulliDrawsOnesByTheirProbability() {
    Value.Dense y =
        random("Bernoulli", 22)
            .with("dtype", ElementType.INT32.code())
            .in(Tensor.of(new float[] {0, 1, 0.25f}).unsqueeze(1).expand(3, 10_000))
            .result();
    assertEquals(ElementType.INT32, y.type());
    double[] sums = y.tensor().sum(1).to(DType.F64).toDoubleArray();
    assertEquals(0, sums[0]);
    assertEquals(10_000, sums[1]);
    assertEquals(2_500, sums[2], 300);
  }

  @Test
  void multinomialDrawsOutcomesByTheirWeight() {
    Tensor logits = Tensor.of(new double[] {0, Math.log(3), -1e9, 5, -1e9, -1e9}, 2, 3);
    Value.Dense y =
        random("Multinomial", 7).with("sample_size", 10_000).in(logits.to(DType.F32)).result();
    assertEquals(ElementType.INT32, y.type());
    assertEquals(Shape.of(2, 10_000), y.tensor().shape());
    double[] sums = y.tensor().sum(1).to(DType.F64).toDoubleArray();
    assertEquals(7_500, sums[0], 300);
    assertEquals(0, sums[1]);
    random("Multinomial", 7)
        .with("dtype", ElementType.FLOAT.code())
        .in(logits)
        .refuses("Multinomial", "float");
  }

  @Test
  void nothingIsDroppedWithoutTraining() {
    Tensor x = Tensor.of(new float[] {1, 2});
    for (long opset : new long[] {7, 10, 12, 22}) {
      List<Value.Dense> both = NodeCheck.of("Dropout", opset).in(x).outputs(2).results();
      assertArrayEquals(new float[] {1, 2}, both.getFirst().tensor().toFloatArray());
      assertEquals(
          opset < 10 ? ElementType.FLOAT : ElementType.BOOL, both.getLast().type(), "" + opset);
      assertEquals(2, both.getLast().tensor().to(DType.F32).sum().item());
    }
  }

  @Test
  void trainingDropsAndScales() {
    Tensor x = Tensor.full(DType.F32, 3, 10_000);
    List<Value.Dense> both =
        random("Dropout", 13)
            .in(x)
            .in(Tensor.scalar(0.25f))
            .in(Tensor.of(new boolean[] {true}, new long[0]))
            .outputs(2)
            .results();
    float[] y = both.getFirst().tensor().toFloatArray();
    boolean[] mask = both.getLast().tensor().toBooleanArray();
    int kept = 0;
    for (int i = 0; i < y.length; i++) {
      assertEquals(mask[i] ? 4 : 0, y[i]);
      kept += mask[i] ? 1 : 0;
    }
    assertEquals(7_500, kept, 300);
  }
}
