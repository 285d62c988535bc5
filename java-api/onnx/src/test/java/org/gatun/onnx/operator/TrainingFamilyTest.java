package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.Value;
import org.junit.jupiter.api.Test;

class TrainingFamilyTest {
  private static NodeCheck optimizer(String name, long steps, int outputs) {
    return NodeCheck.of("ai.onnx.preview.training", name)
        .outputs(outputs)
        .in(Tensor.scalar(0.1f))
        .in(Tensor.of(new long[] {steps}, new long[0]));
  }

  private static Tensor number(double value) {
    return Tensor.full(DType.F64, value, 1);
  }

  private static void assertResults(NodeCheck operator, double... expected) {
    List<Value.Dense> results = operator.results();
    assertEquals(expected.length, results.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], results.get(i).tensor().item(), 1e-6);
    }
  }

  @Test
  void adagradDividesByWhatWasSeen() {
    double gradient = 0.5 * 3 + 2;
    double squares = 4 + gradient * gradient;
    double rate = 0.1f / (1 + 2 * 0.25);
    assertResults(
        optimizer("Adagrad", 2, 2)
            .with("norm_coefficient", 0.5f)
            .with("decay_factor", 0.25f)
            .with("epsilon", 1f)
            .in(number(3))
            .in(number(2))
            .in(number(4)),
        3 - rate * gradient / (Math.sqrt(squares) + 1),
        squares);
  }

  @Test
  void adamCorrectsItsFirstMeans() {
    double mean = 0.5 * 1 + 0.5 * 2;
    double square = 0.75 * 4 + 0.25 * 4;
    double rate = 0.1f * Math.sqrt(1 - 0.75 * 0.75) / (1 - 0.25);
    NodeCheck adam =
        optimizer("Adam", 2, 3)
            .with("alpha", 0.5f)
            .with("beta", 0.75f)
            .with("norm_coefficient_post", 0.5f)
            .in(number(3))
            .in(number(2))
            .in(number(1))
            .in(number(4));
    assertResults(adam, 0.5 * (3 - rate * mean / Math.sqrt(square)), mean, square);
    NodeCheck first =
        optimizer("Adam", 0, 3)
            .with("alpha", 0.5f)
            .with("beta", 0.75f)
            .in(number(3))
            .in(number(2))
            .in(number(1))
            .in(number(4));
    assertResults(first, 3 - 0.1f * mean / Math.sqrt(square), mean, square);
  }

  @Test
  void momentumTakesTheFirstGradientWhole() {
    for (long steps : new long[] {0, 1}) {
      double gradient = 0.5 * 3 + 2;
      double velocity = 0.5 * 4 + (steps == 0 ? 1 : 0.25) * gradient;
      for (String mode : List.of("standard", "nesterov")) {
        double direction = mode.equals("standard") ? velocity : gradient + 0.5 * velocity;
        assertResults(
            optimizer("Momentum", steps, 2)
                .with("alpha", 0.5f)
                .with("beta", 0.25f)
                .with("norm_coefficient", 0.5f)
                .with("mode", mode)
                .in(number(3))
                .in(number(2))
                .in(number(4)),
            3 - 0.1f * direction,
            velocity);
      }
    }
  }

  @Test
  void tensorsComeInGroups() {
    List<Value.Dense> results =
        optimizer("Adagrad", 0, 4)
            .in(number(1))
            .in(number(2))
            .in(number(0))
            .in(number(3))
            .in(number(5))
            .in(number(7))
            .results();
    assertEquals(1, results.get(0).tensor().item());
    assertEquals(2 - 0.1f * 3 / 4, results.get(1).tensor().item(), 1e-6);
    assertEquals(5, results.get(2).tensor().item());
    assertEquals(16, results.get(3).tensor().item());
    optimizer("Adagrad", 0, 2).in(number(1)).in(number(2)).refuses("Adagrad", "2 tensors");
    optimizer("Momentum", 0, 2)
        .in(number(1))
        .in(number(1))
        .in(number(1))
        .refuses("Momentum", "alpha");
  }
}
