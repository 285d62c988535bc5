package org.gatun.onnx.operator;

import static org.gatun.onnx.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.NodeCheck;
import org.gatun.onnx.SampleTensors;
import org.junit.jupiter.api.Test;

/** ONNX's attention, where the node tests do not look, and what passes write in its place. */
class AttentionFamilyTest {
  private final Random random = new Random(3);
  private final Tensor query = SampleTensors.normal(random, 2, 4, 3, 8);
  private final Tensor key = SampleTensors.normal(random, 2, 2, 5, 8);
  private final Tensor value = SampleTensors.normal(random, 2, 2, 5, 6);

  @Test
  void windowsMoveWithThePast() {
    Tensor pastKey = SampleTensors.normal(random, 2, 2, 4, 8);
    Tensor pastValue = SampleTensors.normal(random, 2, 2, 4, 6);
    NodeCheck node =
        NodeCheck.of("Attention", 25)
            .with("left_window_size", 2)
            .with("right_window_size", 1)
            .in(query, key, value, null, pastKey, pastValue);
    double[] expected =
        AttentionDefinition.attend(
            query,
            Tensor.concat(2, pastKey, key),
            Tensor.concat(2, pastValue, value),
            0,
            (b, h, i, j) -> i + 4 - 2 <= j && j <= i + 4 + 1);
    assertClose(expected, node.tensor(), 1e-5);
    double[] causal =
        AttentionDefinition.attend(
            query,
            Tensor.concat(2, pastKey, key),
            Tensor.concat(2, pastValue, value),
            0,
            (b, h, i, j) -> i + 4 - 2 <= j && j <= i + 4);
    assertClose(causal, node.with("is_causal", 1).tensor(), 1e-5);
  }

  @Test
  void windowsMoveWithTheLengthsOfABatch() {
    Tensor lengths = Tensor.of(new long[] {5, 2});
    long[] known = {5, 2};
    NodeCheck node =
        NodeCheck.of("Attention", 25)
            .with("left_window_size", 1)
            .with("is_causal", 1)
            .in(query, key, value, null, null, null, lengths);
    // The second has fewer keys than queries: its first query sees none, and gets zeros.
    double[] expected =
        AttentionDefinition.attend(
            query,
            key,
            value,
            0,
            (b, h, i, j) -> {
              long at = i + known[b] - 3;
              return j < known[b] && at - 1 <= j && j <= at;
            });
    assertClose(expected, node.tensor(), 1e-5);
  }

  @Test
  void masksOfFewerKeysHideTheRest() {
    Tensor mask = Tensor.ones(DType.BOOL, 3, 2);
    double[] expected = AttentionDefinition.attend(query, key, value, 0.5, (b, h, i, j) -> j < 2);
    NodeCheck node =
        NodeCheck.of("Attention", 24).with("softcap", 0.5f).in(query, key, value, mask);
    assertClose(expected, node.tensor(), 1e-5);
    // One column stands for all keys before opset 24.
    double[] all = AttentionDefinition.attend(query, key, value, 0, (b, h, i, j) -> true);
    Tensor column = Tensor.ones(DType.BOOL, 3, 1);
    assertClose(all, NodeCheck.of("Attention", 23).in(query, key, value, column).tensor(), 1e-5);
  }

  @Test
  void softmaxInOtherPrecisions() {
    double[] expected = AttentionDefinition.attend(query, key, value, 0, (b, h, i, j) -> true);
    for (int type : new int[] {1, 10, 11, 16}) {
      NodeCheck node =
          NodeCheck.of("Attention", 23).with("softmax_precision", type).in(query, key, value);
      assertClose(expected, node.tensor(), type == 16 ? 2e-2 : type == 10 ? 2e-3 : 1e-5);
    }
    Tensor half =
        NodeCheck.of("Attention", 23)
            .in(query.to(DType.F16), key.to(DType.F16), value.to(DType.F16))
            .tensor();
    assertEquals(DType.F16, half.dtype());
    assertClose(expected, half, 2e-3);
  }

  @Test
  void queriesWithoutKeysGetZeros() {
    Tensor mask = Tensor.zeros(DType.BOOL, 3, 5);
    List<Tensor> outputs =
        NodeCheck.of("Attention", 23)
            .with("qk_matmul_output_mode", 3)
            .in(query, key, value, mask)
            .tensors(true, false, false, true);
    assertArrayEquals(new double[2 * 4 * 3 * 6], Agreement.doubles(outputs.get(0)));
    assertArrayEquals(new double[2 * 4 * 3 * 5], Agreement.doubles(outputs.get(1)));
  }

  @Test
  void badArguments() {
    NodeCheck past = NodeCheck.of("Attention", 23).in(query, key, value, null, key);
    past.refuses("past_key and past_value");
    NodeCheck both =
        NodeCheck.of("Attention", 24)
            .in(query, key, value, null, key, value, Tensor.of(new long[] {1, 1}));
    both.refuses("nonpad_kv_seqlen with past_key");
    NodeCheck mode =
        NodeCheck.of("Attention", 23).with("left_window_size", -3).in(query, key, value);
    mode.refuses("left_window_size -3");
    NodeCheck heads = NodeCheck.of("Attention", 23).normal(1, 2, 6).normal(1, 2, 6).normal(1, 2, 6);
    heads.refuses("q_num_heads");
    NodeCheck uneven =
        NodeCheck.of("RotaryEmbedding", 23)
            .with("num_heads", 2)
            .normal(1, 2, 8)
            .normal(1, 2, 3)
            .normal(1, 2, 3);
    uneven.refuses("cos_cache of shape [1, 2, 3]");
  }

  @Test
  void attentionOfPasses() {
    double[] expected = AttentionDefinition.attend(query, key, value, 0, (b, h, i, j) -> true);
    Tensor plain =
        NodeCheck.of("org.gatun", "ScaledDotProductAttention")
            .with("q_num_heads", 4)
            .with("kv_num_heads", 2)
            .in(query, key, value)
            .tensor();
    assertClose(expected, plain, 1e-5);
    Tensor joined =
        NodeCheck.of("org.gatun", "ScaledDotProductAttention")
            .with("q_num_heads", 4)
            .with("kv_num_heads", 2)
            .with("packed_output", 1)
            .in(HeadAttention.join(query), HeadAttention.join(key), HeadAttention.join(value))
            .tensor();
    assertClose(HeadAttention.join(plain), joined, 1e-5);
    Tensor matrices =
        NodeCheck.of("org.gatun", "ScaledDotProductAttention")
            .with("scale", 0.5f)
            .normal(3, 2, 8)
            .normal(3, 4, 8)
            .normal(3, 4, 5)
            .tensor();
    assertEquals(3, matrices.rank());
  }

  @Test
  void statesInAWindowAreThoseAfterFewerTokens() {
    Tensor q = SampleTensors.normal(random, 1, 3, 8);
    Tensor k = SampleTensors.normal(random, 1, 3, 8);
    Tensor v = SampleTensors.normal(random, 1, 3, 8);
    Tensor g = SampleTensors.normal(random, 1, 3, 2);
    List<Tensor> window = linear(4, q, k, v, g);
    for (int tokens = 1; tokens <= 3; tokens++) {
      List<Tensor> state =
          linear(
              0,
              q.slice(1, 0, tokens),
              k.slice(1, 0, tokens),
              v.slice(1, 0, tokens),
              g.slice(1, 0, tokens));
      assertClose(state.get(1), window.get(1).select(0, tokens), 1e-6);
    }
    assertArrayEquals(new double[32], Agreement.doubles(window.get(1).select(0, 0)));
  }

  private static List<Tensor> linear(int window, Tensor q, Tensor k, Tensor v, Tensor g) {
    return NodeCheck.of("com.microsoft", "LinearAttention")
        .with("q_num_heads", 2)
        .with("kv_num_heads", 2)
        .with("update_rule", "gated")
        .with("state_window", window)
        .in(q.contiguous(), k.contiguous(), v.contiguous(), null, g.contiguous())
        .tensors(true, true);
  }

  @Test
  void convolutionsInOtherOrders() {
    Tensor x = SampleTensors.normal(random, 2, 4, 5);
    Tensor weights = SampleTensors.normal(random, 4, 1, 3);
    Tensor past = SampleTensors.normal(random, 2, 4, 4);
    List<Tensor> first =
        NodeCheck.of("com.microsoft", "CausalConvWithState")
            .with("dilation", 2)
            .in(x, weights, null, past)
            .tensors(true, true);
    List<Tensor> last =
        NodeCheck.of("com.microsoft", "CausalConvWithState")
            .with("dilation", 2)
            .with("channels_last", 1)
            .in(
                x.transpose(1, 2).contiguous().reshape(2, 5, 2, 2),
                weights,
                null,
                past.transpose(1, 2).contiguous().reshape(2, 4, 2, 2))
            .tensors(true, true);
    for (int i = 0; i < 2; i++) {
      Tensor turned = last.get(i).flatten(2, 3).transpose(1, 2);
      assertClose(first.get(i), turned.contiguous(), 1e-6);
    }
    // Tap j of three reads two times (2 - j) positions before.
    double expected = 0;
    for (int tap = 0; tap < 3; tap++) {
      expected += weights.get(1, 0, tap) * x.get(0, 1, 4 - 2 * (2 - tap));
    }
    assertEquals(expected, first.getFirst().get(0, 1, 4), 1e-5);
  }

  @Test
  void gatesOfEngrams() {
    // Equal keys and queries fit by the root of their size.
    Tensor x = Tensor.of(new float[] {1, -1, 1, 1}, 1, 1, 1, 4);
    Tensor values = Tensor.of(new float[] {4, 3, 2, 1}, 1, 1, 4);
    Tensor ones = Tensor.ones(DType.F32, 1, 4);
    List<Tensor> outputs =
        NodeCheck.of("com.microsoft", "EngramGate")
            .with("epsilon", 0f)
            .in(x, x, values, ones, ones, ones)
            .tensors(true, true);
    double gate = 1 / (1 + Math.exp(-Math.sqrt(2)));
    double root = Math.sqrt(30.0 / 4);
    double[] gated = {4 * gate, 3 * gate, 2 * gate, gate};
    assertClose(gated, outputs.get(0), 1e-6);
    assertClose(new double[] {4 / root, 3 / root, 2 / root, 1 / root}, outputs.get(1), 1e-6);
  }
}
