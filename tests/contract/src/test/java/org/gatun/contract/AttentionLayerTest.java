package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.AttentionOptions;
import org.gatun.nn.Functional;
import org.gatun.nn.MultiheadAttention;
import org.gatun.nn.MultiheadAttention.Attended;
import org.gatun.nn.MultiheadAttention.Options;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attention in several heads, by its parts. */
class AttentionLayerTest {
  private final Scope scope = Scope.open();
  private final Generator generator = new Generator(7);

  @AfterEach
  void close() {
    scope.close();
  }

  private Tensor random(long... shape) {
    return generator.randn(DType.F32, shape);
  }

  private static void assertNear(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-5f);
  }

  /** The layer's result from its parameters: a loop over the heads. */
  private static Tensor byHand(
      MultiheadAttention layer, int heads, Tensor x, @Nullable Tensor added) {
    Map<String, Tensor> p = layer.parameters();
    Tensor all = Functional.linear(x, p.get("in_proj_weight"), p.get("in_proj_bias"));
    List<Tensor> parts = all.split(x.dim(-1), -1);
    long part = x.dim(-1) / heads;
    Tensor[] found = new Tensor[heads];
    for (int head = 0; head < heads; head++) {
      Tensor query = parts.get(0).slice(-1, head * part, (head + 1) * part);
      Tensor key = parts.get(1).slice(-1, head * part, (head + 1) * part);
      Tensor value = parts.get(2).slice(-1, head * part, (head + 1) * part);
      Tensor fit = query.matmul(key.transpose(-2, -1)).mul(1 / Math.sqrt(part));
      found[head] = (added == null ? fit : fit.add(added)).softmax(-1).matmul(value);
    }
    return Functional.linear(
        Tensor.concat(-1, found), p.get("out_proj.weight"), p.get("out_proj.bias"));
  }

  @Test
  void headsAttendByThemselves() {
    try (MultiheadAttention layer =
        new MultiheadAttention(Options.of(12, 3).withBatchFirst(true), 1)) {
      Tensor x = random(2, 5, 12);
      assertNear(byHand(layer, 3, x, null), layer.forward(x));
      Tensor mask = random(5, 5);
      assertNear(byHand(layer, 3, x, mask), layer.forward(x, x, x, null, mask));
      Tensor padding =
          Tensor.of(
              new boolean[] {false, false, false, true, true, false, false, false, false, true},
              2,
              5);
      Tensor hidden = padding.to(DType.F32).mul(-1e30).unsqueeze(1);
      assertNear(byHand(layer, 3, x, hidden), layer.forward(x, x, x, padding, null));
      assertNear(byHand(layer, 3, x, hidden.add(mask)), layer.forward(x, x, x, padding, mask));
    }
  }

  @Test
  void eachDoorLeadsToTheSameResult() {
    try (MultiheadAttention layer = new MultiheadAttention(12, 3, 1)) {
      Tensor x = random(5, 2, 12);
      Tensor result = layer.forward(x);
      assertNear(result, layer.forward(x, x.copy(), x.copy(), null, null));
      Attended attended = layer.forwardWithWeights(x, x, x, null, null, true);
      assertNear(result, attended.output());
      assertEquals(Shape.of(2, 5, 5), attended.weights().shape());
      assertNear(Tensor.ones(DType.F32, 2, 5), attended.weights().sum(-1));
      Attended each = layer.forwardWithWeights(x, x, x, null, null, false);
      assertNear(attended.weights(), each.weights().mean(1));
      Tensor one = x.select(1, 0);
      assertNear(result.select(1, 0), layer.forward(one));
      assertEquals(
          Shape.of(5, 5),
          layer.forwardWithWeights(one, one, one, null, null, true).weights().shape());
    }
  }

  @Test
  void stateHasTheNamesOfPyTorch() {
    try (MultiheadAttention layer = new MultiheadAttention(12, 3, 1);
        MultiheadAttention other = new MultiheadAttention(12, 3, 2);
        MultiheadAttention apart =
            new MultiheadAttention(Options.of(12, 3).withSizes(7, 5).withBias(false), 1)) {
      assertEquals(
          List.of("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"),
          List.copyOf(layer.state().keySet()));
      assertEquals(
          List.of("q_proj_weight", "k_proj_weight", "v_proj_weight", "out_proj.weight"),
          List.copyOf(apart.state().keySet()));
      Tensor x = random(5, 2, 12);
      Tensor before = other.forward(x);
      Map<String, Tensor> state = new LinkedHashMap<>(layer.state());
      other.load(state);
      assertNear(layer.forward(x), other.forward(x));
      assertNear(layer.forward(x, x.copy(), x, null, null), other.forward(x));
      assertEquals(before.shape(), other.forward(x).shape());
      Tensor y = apart.forward(x, random(6, 2, 7), random(6, 2, 5), null, null);
      assertEquals(Shape.of(5, 2, 12), y.shape());
    }
  }

  @Test
  void dropoutIsForTraining() {
    try (MultiheadAttention layer = new MultiheadAttention(Options.of(12, 3).withDropout(0.5), 1);
        MultiheadAttention plain = new MultiheadAttention(12, 3, 1)) {
      Tensor x = random(5, 2, 12);
      layer.eval();
      assertNear(plain.forward(x), layer.forward(x));
      layer.train();
      assertEquals(
          false,
          java.util.Arrays.equals(
              plain.forward(x).toFloatArray(), layer.forward(x).toFloatArray()));
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (MultiheadAttention layer = new MultiheadAttention(12, 3, 1)) {
      Tensor x = random(5, 2, 12);
      refuses(
          "multihead_attention: key of shape [5, 2, 11], expected two or three dimensions, as many"
              + " as the query has, the last of size 12",
          () -> layer.forward(x, random(5, 2, 11), x, null, null));
      refuses(
          "multihead_attention: mask of shape [4, 5], expected [5, 5] or [6, 5, 5]",
          () -> layer.forward(x, x, x, null, random(4, 5)));
      refuses(
          "multihead_attention: key padding mask of shape [5], expected [2, 5]",
          () -> layer.forward(x, x, x, random(5), null));
      refuses(
          "multihead_attention: size 12 for 5 heads, expected a multiple of the heads",
          () -> new MultiheadAttention(12, 5, 1).forward(x));
      AttentionOptions dropping = new AttentionOptions(null, false, 1, false, 0.5, null);
      refuses(
          "scaled_dot_product_attention: dropout 0.5 without a generator, expected one",
          () -> Functional.scaledDotProductAttention(x, x, x, dropping));
    }
  }

  private static void refuses(String message, java.util.function.Supplier<Tensor> call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::get).getMessage());
  }
}
