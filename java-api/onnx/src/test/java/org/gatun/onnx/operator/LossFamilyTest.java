package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.junit.jupiter.api.Test;

/** With the numbers of the examples of the operator's page. */
class LossFamilyTest {
  private static final Tensor X =
      Tensor.of(new float[] {1, 2, 2, 2, 3, 2, 0, 1, 2, 2, 1, 2}, 2, 3, 2);
  private static final Tensor TARGET = Tensor.of(new long[] {2, 1, 0, 2}, 2, 2);
  private static final Tensor WEIGHT = Tensor.of(new float[] {0.2f, 0.3f, 0.1f});

  private static NodeCheck nll() {
    return NodeCheck.of("NegativeLogLikelihoodLoss", 13);
  }

  @Test
  void takesTheElementOfTheTarget() {
    Agreement.assertClose(
        new double[] {-3, -2, 0, -2}, nll().with("reduction", "none").in(X).in(TARGET).values(), 0);
    assertEquals(-7, nll().with("reduction", "sum").in(X).in(TARGET).values()[0]);
    assertEquals(-1.75, nll().in(X).in(TARGET.to(DType.I32)).values()[0]);
  }

  @Test
  void classesHaveWeights() {
    assertEquals(
        -1.1, nll().with("reduction", "sum").in(X).in(TARGET).in(WEIGHT).values()[0], 1e-6);
    assertEquals(-1.1 / 0.7, nll().in(X).in(TARGET).in(WEIGHT).values()[0], 1e-5);
  }

  @Test
  void aTargetCanCountForNothing() {
    Tensor target = Tensor.of(new long[] {2, -7, 0, 2}, 2, 2);
    Agreement.assertClose(
        new double[] {-3, 0, 0, -2},
        nll().with("ignore_index", -7).with("reduction", "none").in(X).in(target).values(),
        0);
    assertEquals(-5 / 3.0, nll().with("ignore_index", -7).in(X).in(target).values()[0], 1e-6);
    nll().in(X).in(target).refuses("NegativeLogLikelihoodLoss", "-7");
  }

  @Test
  void crossEntropyGivesItsLogarithmsToo() {
    NodeCheck both =
        NodeCheck.of("SoftmaxCrossEntropyLoss", 13).in(X).in(TARGET).in(WEIGHT).outputs(2);
    List<Value.Dense> results = both.results();
    assertEquals(Shape.of(2, 3, 2), results.getLast().tensor().shape());
    double[] logarithms = results.getLast().tensor().to(DType.F64).toDoubleArray();
    // The sum of exponentials of the first column: e + e^2 + e^3.
    double sum = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3));
    assertEquals(1 - sum, logarithms[0], 1e-6);
    double alone =
        NodeCheck.of("SoftmaxCrossEntropyLoss", 13).in(X).in(TARGET).in(WEIGHT).values()[0];
    assertEquals(alone, results.getFirst().tensor().item(), 1e-6);
    NodeCheck.of("SoftmaxCrossEntropyLoss", 13)
        .with("reduction", "max")
        .in(X)
        .in(TARGET)
        .refuses("SoftmaxCrossEntropyLoss", "max");
  }
}
