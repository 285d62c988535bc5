package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The linear layer and products by name, whatever computes them. */
class LinearTest {
  private final Recording backend = new Recording();
  private final Engine engine = Engine.of(backend);

  @AfterEach
  void close() {
    engine.close();
  }

  private void here(Runnable action) {
    boolean unused =
        engine.with(
            () -> {
              action.run();
              return true;
            });
  }

  private void refuses(String message, Runnable action) {
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> here(action)).getMessage());
    assertTrue(backend.requests.isEmpty(), "something was planned");
  }

  private static Tensor zeros(long... shape) {
    return Tensor.zeros(DType.F32, shape);
  }

  @Test
  void theLayerPacksItsParametersOnce() {
    here(
        () -> {
          try (Linear layer = new Linear(3, 7, 42);
              Tensor x = zeros(2, 5, 3);
              Tensor y = layer.forward(x);
              Tensor again = layer.forward(x)) {
            assertEquals(Shape.of(2, 5, 7), y.shape());
            assertEquals(y.shape(), again.shape());
          }
        });
    assertEquals(1, backend.requests.size());
    assertEquals(new org.gatun.op.Linear(true), backend.requests.getFirst().op());
    assertNull(backend.requests.getFirst().constant(0));
    assertTrue(backend.requests.getFirst().constant(1) != null, "the weight is no constant");
  }

  @Test
  void aScopeDoesNotCloseTheParametersOfALayerThatOutlivesIt() {
    here(
        () -> {
          Linear linear;
          BatchNorm2d norm;
          try (Scope _ = Scope.open()) {
            linear = new Linear(3, 7, 42);
            norm = new BatchNorm2d(3);
          }
          try (linear;
              norm;
              Tensor x = zeros(2, 3);
              Tensor y = linear.forward(x)) {
            assertEquals(Shape.of(2, 7), y.shape());
            assertEquals(List.of(), closed(linear.parameters()));
            assertEquals(List.of(), closed(norm.parameters()));
            assertEquals(List.of(), closed(norm.buffers()));
          }
        });
  }

  private static List<String> closed(Map<String, Tensor> tensors) {
    return tensors.entrySet().stream()
        .filter(entry -> entry.getValue().isClosed())
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void theParametersHavePyTorchsNamesAndRange() {
    here(
        () -> {
          try (Linear layer = new Linear(16, 8, 1);
              Linear same = new Linear(16, 8, 1);
              Linear plain = Linear.withoutBias(16, 8, 1)) {
            assertEquals(List.of("weight", "bias"), List.copyOf(layer.parameters().keySet()));
            assertEquals(List.of("weight"), List.copyOf(plain.parameters().keySet()));
            float[] weight = layer.parameters().get("weight").toFloatArray();
            assertArrayEquals(weight, same.parameters().get("weight").toFloatArray());
            for (float value : weight) {
              assertTrue(Math.abs(value) <= 0.25f, "weight " + value);
            }
          }
        });
  }

  @Test
  void theLayerRefusesParametersThatDoNotFit() {
    refuses("linear: input size 0, expected 1 or more", () -> new Linear(0, 7, 1).close());
    refuses("linear: output size -1, expected 1 or more", () -> new Linear(3, -1, 1).close());
    refuses(
        "linear: weight of shape [3], expected (out, in)",
        () -> new Linear(zeros(3), null).close());
    refuses(
        "linear: bias of shape [3], expected [7]", () -> new Linear(zeros(7, 3), zeros(3)).close());
  }

  @Test
  void aClosedLayerRefuses() {
    here(
        () -> {
          Linear layer = new Linear(3, 7, 1);
          layer.close();
          layer.close();
          try (Tensor x = zeros(2, 3)) {
            assertEquals(
                "linear: the layer is closed",
                assertThrows(IllegalStateException.class, () -> layer.forward(x)).getMessage());
          }
        });
  }

  @Test
  void productsByNameTakeTheirRanksAlone() {
    refuses(
        "mm: shapes [2, 3, 4] and [4, 5], expected ranks 2 and 2",
        () -> zeros(2, 3, 4).mm(zeros(4, 5)));
    refuses(
        "bmm: shapes [2, 3, 4] and [3, 4, 5], batches of 2 and 3 differ",
        () -> zeros(2, 3, 4).bmm(zeros(3, 4, 5)));
    refuses(
        "mv: shapes [2, 3] and [3, 1], expected ranks 2 and 1", () -> zeros(2, 3).mv(zeros(3, 1)));
    refuses("dot: shapes [2] and [2, 1], expected ranks 1 and 1", () -> zeros(2).dot(zeros(2, 1)));
    here(
        () -> {
          try (Tensor product = zeros(2, 3).mv(zeros(3))) {
            assertEquals(Shape.of(2), product.shape());
          }
        });
  }

  @Test
  void linearWithoutBiasHasTwoInputs() {
    here(() -> Functional.linear(zeros(2, 3), zeros(7, 3), null).close());
    assertEquals(new org.gatun.op.Linear(false), backend.requests.getFirst().op());
  }
}
