package org.gatun.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** ONNX Runtime's attention and rotations, against ONNX Runtime. */
class RuntimeAttentionTest {
  private static final long[] ONE = {1};
  private static final long[] TWO = {2};
  private static final long[] MASK = {2, 4};

  private static Stream<DynamicTest> tests(List<RuntimeNode> nodes) {
    return nodes.stream().map(node -> DynamicTest.dynamicTest(node.name(), node::check));
  }

  // Attention.

  private static RuntimeNode attention(String what) {
    return RuntimeNode.of("Attention", what)
        .with("num_heads", 2)
        .within(1e-4)
        .normal(2, 4, 6)
        .normal(6, 24)
        .normal(24);
  }

  @TestFactory
  Stream<DynamicTest> attention() {
    int[] square = new int[32];
    for (int i = 0; i < square.length; i++) {
      square[i] = i * 7 % 3 == 0 ? 0 : 1;
    }
    int[] padded = {1, 1, 1, 0, 1, 1, 0, 0};
    return tests(
        List.of(
            attention("plain"),
            attention("mask of two dimensions").ints(MASK, padded),
            attention("nothing but padding").ints(MASK, 0, 0, 0, 0, 1, 1, 1, 1),
            attention("lengths").ints(TWO, 3, 2),
            attention("ends and starts").ints(new long[] {4}, 4, 3, 1, 0),
            attention("mask of three dimensions").ints(new long[] {2, 4, 4}, square),
            attention("filter").with("mask_filter_value", -2.0).ints(MASK, padded),
            attention("unidirectional").with("unidirectional", 1),
            attention("unidirectional, padding on the left")
                .with("unidirectional", 1)
                .ints(MASK, 0, 1, 1, 1, 0, 0, 1, 1),
            attention("scale").with("scale", 0.7),
            attention("added").none(2).normal(2, 2, 4, 4),
            attention("added to all, and a mask").ints(MASK, padded).none(1).normal(1, 1, 4, 4),
            attention("present").outputs(true, true),
            attention("past")
                .with("unidirectional", 1)
                .none(1)
                .normal(2, 2, 2, 3, 4)
                .outputs(true, true),
            RuntimeNode.of("Attention", "past and mask, of one token")
                .with("num_heads", 2)
                .with("unidirectional", 1)
                .within(1e-4)
                .normal(2, 1, 6)
                .normal(6, 24)
                .normal(24)
                .ints(MASK, 1, 1, 1, 0, 0, 1, 1, 1)
                .normal(2, 2, 2, 3, 4)
                .outputs(true, true),
            RuntimeNode.of("Attention", "values of another size")
                .with("num_heads", 2)
                .with("qkv_hidden_sizes", new long[] {8, 8, 12})
                .within(1e-4)
                .normal(2, 4, 6)
                .normal(6, 28)
                .normal(28)));
  }

  // MultiHeadAttention.

  private static RuntimeNode crossed(String what) {
    return RuntimeNode.of("MultiHeadAttention", what)
        .with("num_heads", 2)
        .within(1e-4)
        .normal(2, 4, 8)
        .normal(2, 5, 8)
        .normal(2, 5, 8);
  }

  private static RuntimeNode self(String what) {
    return RuntimeNode.of("MultiHeadAttention", what)
        .with("num_heads", 2)
        .within(1e-4)
        .normal(2, 4, 8)
        .normal(2, 4, 8)
        .normal(2, 4, 8);
  }

  private static RuntimeNode decoder(String what) {
    return RuntimeNode.of("DecoderMaskedMultiHeadAttention", what)
        .with("num_heads", 2)
        .within(1e-4)
        .normal(2, 1, 8);
  }

  @TestFactory
  Stream<DynamicTest> multiHeadAttention() {
    long[] keys = {2, 5};
    int[] padded = {1, 1, 1, 0, 0, 1, 1, 1, 1, 0};
    return tests(
        List.of(
            crossed("plain"),
            crossed("bias").normal(24),
            crossed("mask").none(1).ints(keys, padded),
            crossed("lengths").none(1).ints(TWO, 3, 5),
            crossed("added").none(2).normal(1, 2, 4, 5),
            crossed("products").none(1).ints(keys, padded).outputs(true, false, false, true),
            self("past").none(3).normal(2, 2, 3, 4).normal(2, 2, 3, 4).outputs(true, true, true),
            self("past, unidirectional")
                .with("unidirectional", 1)
                .none(3)
                .normal(2, 2, 3, 4)
                .normal(2, 2, 3, 4)
                .outputs(true, true, true),
            RuntimeNode.of("MultiHeadAttention", "past and mask")
                .with("num_heads", 2)
                .within(1e-4)
                .normal(2, 2, 8)
                .normal(2, 2, 8)
                .normal(2, 2, 8)
                .none(1)
                .ints(keys, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0)
                .none(1)
                .normal(2, 2, 3, 4)
                .normal(2, 2, 3, 4)
                .outputs(true, true, true),
            RuntimeNode.of("MultiHeadAttention", "values of another size")
                .with("num_heads", 2)
                .within(1e-4)
                .normal(2, 4, 8)
                .normal(2, 5, 8)
                .normal(2, 5, 12),
            RuntimeNode.of("MultiHeadAttention", "keys by head, bias")
                .with("num_heads", 2)
                .within(1e-4)
                .normal(2, 4, 8)
                .normal(2, 2, 5, 4)
                .normal(2, 2, 5, 4)
                .normal(24),
            decoder("past in a longer buffer")
                .with("past_present_share_buffer", 1)
                .normal(2, 1, 8)
                .normal(2, 1, 8)
                .none(2)
                .normal(2, 2, 6, 4)
                .normal(2, 2, 6, 4)
                .ints(ONE, 3)
                .outputs(true, true, true),
            decoder("keys by head").normal(2, 2, 5, 4).normal(2, 2, 5, 4),
            decoder("keys by head, products")
                .with("output_qk", 1)
                .normal(2, 2, 5, 4)
                .normal(2, 2, 5, 4)
                .outputs(true, false, false, true)));
  }

  // GroupQueryAttention.

  private static RuntimeNode grouped(String what) {
    return RuntimeNode.of("GroupQueryAttention", what)
        .with("num_heads", 4)
        .with("kv_num_heads", 2)
        .within(1e-4)
        .outputs(true, true, true);
  }

  /** A prompt of six tokens. */
  private static RuntimeNode prompt(String what) {
    return grouped(what)
        .normal(1, 6, 64)
        .normal(1, 6, 32)
        .normal(1, 6, 32)
        .none(2)
        .ints(ONE, 5)
        .ints(ONE, 6);
  }

  /** Some tokens after three. */
  private static RuntimeNode next(String what, int tokens) {
    return grouped(what)
        .normal(1, tokens, 64)
        .normal(1, tokens, 32)
        .normal(1, tokens, 32)
        .normal(1, 2, 3, 16)
        .normal(1, 2, 3, 16)
        .ints(ONE, 2 + tokens)
        .ints(ONE, 3 + tokens);
  }

  private static RuntimeNode rotated(RuntimeNode node) {
    return node.with("do_rotary", 1).in(table(16, true)).in(table(16, false));
  }

  /** The cosines or sines of ten positions. */
  private static Tensor table(int rotated, boolean cosines) {
    int pairs = rotated / 2;
    double[] values = new double[10 * pairs];
    for (int i = 0; i < values.length; i++) {
      double angle = i / pairs * Math.pow(10000, -(i % pairs) / (double) pairs);
      values[i] = cosines ? Math.cos(angle) : Math.sin(angle);
    }
    return Tensor.of(values, 10, pairs).to(DType.F32);
  }

  @TestFactory
  Stream<DynamicTest> groupQueryAttention() {
    return tests(
        List.of(
            prompt("prompt"),
            rotated(prompt("prompt, rotated")),
            rotated(prompt("prompt, rotated in pairs").with("rotary_interleaved", 1)),
            rotated(prompt("prompt, given positions")).longs(new long[] {1, 6}, 2, 3, 4, 5, 6, 7),
            prompt("window").with("local_window_size", 2),
            prompt("cap").with("softcap", 0.5),
            prompt("smooth softmax").with("smooth_softmax", 1),
            prompt("scale").with("scale", 0.3),
            prompt("added").none(3).normal(1, 4, 6, 6),
            prompt("sinks").none(4).normal(4),
            prompt("products").with("qk_output", 1).outputs(true, true, true, true),
            prompt("weights").with("qk_output", 2).outputs(true, true, true, true),
            grouped("packed").normal(1, 3, 128).none(4).ints(ONE, 2).ints(ONE, 3),
            grouped("prompts of a batch")
                .normal(2, 3, 64)
                .normal(2, 3, 32)
                .normal(2, 3, 32)
                .none(2)
                .ints(TWO, 2, 2)
                .ints(ONE, 3),
            rotated(next("next token", 1)),
            next("next tokens", 3),
            rotated(next("next tokens, rotated", 3)),
            rotated(
                grouped("next tokens of a batch")
                    .normal(2, 1, 64)
                    .normal(2, 1, 32)
                    .normal(2, 1, 32)
                    .normal(2, 2, 3, 16)
                    .normal(2, 2, 3, 16)
                    .ints(TWO, 3, 3)
                    .ints(ONE, 4))));
  }

  // Rotations.

  @TestFactory
  Stream<DynamicTest> rotaryEmbedding() {
    List<RuntimeNode> nodes = new ArrayList<>();
    long[] shape = {2, 3};
    long[] positions = {0, 1, 2, 5, 6, 7};
    for (int pairs = 0; pairs < 2; pairs++) {
      String how = pairs == 0 ? "halves, " : "pairs, ";
      nodes.add(
          RuntimeNode.of("RotaryEmbedding", how + "positions")
              .with("interleaved", pairs)
              .normal(2, 3, 32)
              .longs(shape, positions)
              .in(table(8, true))
              .in(table(8, false)));
      nodes.add(
          RuntimeNode.of("RotaryEmbedding", how + "first position")
              .with("interleaved", pairs)
              .normal(2, 3, 32)
              .longs(ONE, 5)
              .in(table(8, true))
              .in(table(8, false)));
      nodes.add(
          RuntimeNode.of("RotaryEmbedding", how + "by head")
              .with("interleaved", pairs)
              .normal(2, 4, 3, 8)
              .longs(shape, positions)
              .in(table(8, true))
              .in(table(8, false)));
      nodes.add(
          RuntimeNode.of("RotaryEmbedding", how + "half of each head")
              .with("interleaved", pairs)
              .with("num_heads", 4)
              .with("rotary_embedding_dim", 4)
              .normal(2, 3, 32)
              .longs(shape, positions)
              .in(table(4, true))
              .in(table(4, false)));
    }
    return tests(nodes);
  }
}
