package org.gatun.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What ONNX Runtime makes one operator of, and what else its domain has, against itself. */
class RuntimeFusionsTest {
  private static Stream<DynamicTest> tests(List<RuntimeNode> nodes) {
    return nodes.stream().map(node -> DynamicTest.dynamicTest(node.name(), node::check));
  }

  private static long[] matrix(boolean transposed, long rows, long columns) {
    return transposed ? new long[] {columns, rows} : new long[] {rows, columns};
  }

  private static long[] matrices(boolean transposed, boolean inside, long rows, long columns) {
    long[] shape = matrix(transposed, rows, columns);
    return inside ? new long[] {shape[0], 2, shape[1]} : new long[] {2, shape[0], shape[1]};
  }

  @TestFactory
  Stream<DynamicTest> products() {
    List<RuntimeNode> nodes = new ArrayList<>();
    for (int which = 0; which < 4; which++) {
      boolean transA = which % 2 == 1;
      boolean transB = which / 2 == 1;
      String how = (transA ? "A'" : "A") + (transB ? " B'" : " B");
      nodes.add(product("FusedMatMul", how, transA, transB).with("alpha", 0.5));
      nodes.add(product("TransposeMatMul", how, transA, transB));
      for (int batch = 0; batch < 4; batch++) {
        boolean batchA = batch % 2 == 1;
        boolean batchB = batch / 2 == 1;
        nodes.add(
            RuntimeNode.of("FusedMatMul", how + " of batches " + batchA + " " + batchB)
                .with("transA", transA ? 1 : 0)
                .with("transB", transB ? 1 : 0)
                .with("transBatchA", batchA ? 1 : 0)
                .with("transBatchB", batchB ? 1 : 0)
                .normal(matrices(transA, batchA, 3, 4))
                .normal(matrices(transB, batchB, 4, 5)));
      }
      nodes.add(
          product("FusedGemm", how + ", scaled, sigmoid", transA, transB)
              .with("activation", "Sigmoid")
              .with("alpha", 0.5)
              .with("beta", 2.0)
              .normal(5));
      nodes.add(
          product("FusedGemm", how + ", relu", transA, transB)
              .with("activation", "Relu")
              .normal(1, 5));
      nodes.add(
          product("FusedGemm", how + ", leaky relu", transA, transB)
              .with("activation", "LeakyRelu")
              .with("activation_alpha", 0.3));
    }
    nodes.add(RuntimeNode.of("FusedMatMul", "vector").normal(4).normal(4, 5));
    return tests(nodes);
  }

  private static RuntimeNode product(String operator, String how, boolean transA, boolean transB) {
    return RuntimeNode.of(operator, how)
        .with("transA", transA ? 1 : 0)
        .with("transB", transB ? 1 : 0)
        .normal(matrix(transA, 3, 4))
        .normal(matrix(transB, 4, 5));
  }

  @TestFactory
  Stream<DynamicTest> activations() {
    return tests(
        List.of(
            RuntimeNode.of("Gelu", "plain").normal(3, 4),
            RuntimeNode.of("BiasGelu", "plain").normal(3, 4).normal(4),
            RuntimeNode.of("FastGelu", "plain").normal(3, 4),
            RuntimeNode.of("FastGelu", "bias").normal(3, 4).normal(4),
            RuntimeNode.of("QuickGelu", "plain").normal(3, 4),
            RuntimeNode.of("QuickGelu", "alpha").with("alpha", 0.5).normal(3, 4)));
  }

  private static RuntimeNode skip(String operator, String what) {
    return RuntimeNode.of(operator, what).normal(2, 3, 8);
  }

  @TestFactory
  Stream<DynamicTest> norms() {
    long[] words = {2, 3};
    String layer = "SkipLayerNormalization";
    return tests(
        List.of(
            skip(layer, "scale alone").normal(2, 3, 8).normal(8),
            skip(layer, "all")
                .normal(2, 3, 8)
                .normal(8)
                .normal(8)
                .normal(8)
                .outputs(true, false, false, true),
            skip(layer, "one for all").normal(1, 3, 8).normal(8).none(1).normal(8),
            skip(layer, "two dimensions").normal(3, 8).normal(8).with("epsilon", 1e-3),
            skip("SkipSimplifiedLayerNormalization", "all")
                .normal(2, 3, 8)
                .normal(8)
                .normal(8)
                .outputs(true, false, false, true),
            RuntimeNode.ofOnnx("SimplifiedLayerNormalization", "plain").normal(2, 3, 8).normal(8),
            RuntimeNode.of("EmbedLayerNormalization", "all")
                .ints(words, 1, 2, 3, 4, 0, 2)
                .ints(words, 0, 1, 1, 0, 0, 1)
                .normal(6, 8)
                .normal(5, 8)
                .normal(2, 8)
                .normal(8)
                .normal(8)
                .ints(words, 1, 1, 0, 1, 1, 1)
                .outputs(true, true, true),
            RuntimeNode.of("EmbedLayerNormalization", "positions, no segments")
                .ints(words, 1, 2, 3, 4, 0, 2)
                .none(1)
                .normal(6, 8)
                .normal(5, 8)
                .none(1)
                .normal(8)
                .normal(8)
                .none(1)
                .ints(new long[] {1, 3}, 4, 3, 2)
                .outputs(true, true)));
  }

  @TestFactory
  Stream<DynamicTest> recurrences() {
    return tests(
        List.of(
            RuntimeNode.of("LinearAttention", "shared heads")
                .with("q_num_heads", 4)
                .with("kv_num_heads", 2)
                .normal(2, 3, 32)
                .normal(2, 3, 16)
                .normal(2, 3, 8)
                .none(1)
                .normal(2, 3, 2)
                .normal(2, 3, 2)
                .outputs(true, true)
                .within(1e-4),
            RuntimeNode.of("LinearAttention", "more heads of values")
                .with("q_num_heads", 2)
                .with("kv_num_heads", 4)
                .normal(2, 3, 16)
                .normal(2, 3, 16)
                .normal(2, 3, 16)
                .none(1)
                .normal(2, 3, 4)
                .normal(2, 3, 4)
                .outputs(true, true)
                .within(1e-4),
            RuntimeNode.of("CausalConvWithState", "silu")
                .with("activation", "silu")
                .normal(2, 3, 5)
                .normal(3, 1, 4)
                .normal(3)
                .normal(2, 3, 3)
                .outputs(true, true)));
  }

  @TestFactory
  Stream<DynamicTest> experts() {
    List<RuntimeNode> nodes = new ArrayList<>();
    for (String activation : List.of("relu", "gelu", "silu", "identity")) {
      nodes.add(
          RuntimeNode.of("MoE", activation)
              .with("k", 2)
              .with("activation_type", activation)
              .normal(5, 8)
              .normal(5, 4)
              .normal(4, 6, 8)
              .normal(4, 6)
              .normal(4, 8, 6)
              .normal(4, 8));
    }
    nodes.add(
        RuntimeNode.of("MoE", "normalized")
            .with("k", 2)
            .with("normalize_routing_weights", 1)
            .normal(2, 3, 8)
            .normal(6, 4)
            .normal(4, 6, 8)
            .none(1)
            .normal(4, 8, 6));
    nodes.add(
        RuntimeNode.of("MoE", "swiglu in pairs")
            .with("k", 2)
            .with("activation_type", "swiglu")
            .with("swiglu_fusion", 1)
            .with("activation_alpha", 1.702)
            .with("activation_beta", 1.0)
            .with("swiglu_limit", 1.0)
            .normal(5, 8)
            .normal(5, 4)
            .normal(4, 12, 8)
            .normal(4, 12)
            .normal(4, 8, 6)
            .normal(4, 8));
    return tests(nodes);
  }

  @TestFactory
  Stream<DynamicTest> others() {
    long[] square = {2, 2};
    return tests(
        List.of(
            RuntimeNode.of("CDist", "euclidean")
                .with("metric", "euclidean")
                .normal(3, 4)
                .normal(5, 4),
            RuntimeNode.of("CDist", "squares")
                .with("metric", "sqeuclidean")
                .normal(3, 4)
                .normal(5, 4),
            RuntimeNode.of("DynamicTimeWarping", "path").normal(6, 9).within(0),
            RuntimeNode.of("ExpandDims", "last").normal(3, 4).ints(new long[0], -1).within(0),
            RuntimeNode.of("GatherND", "elements")
                .normal(2, 3, 4)
                .longs(square, 0, 1, 1, 2)
                .within(0),
            RuntimeNode.of("Inverse", "batch").normal(2, 5, 5).within(1e-3),
            RuntimeNode.of("MatMulInteger16", "product")
                .in(Tensor.of(new short[] {300, 2, -3, 4}, 2, 2))
                .in(Tensor.of(new short[] {500, 6, 7, -8}, 2, 2))
                .within(0),
            RuntimeNode.of("Pad", "constant")
                .with("mode", "constant")
                .normal(2, 3)
                .longs(new long[] {4}, 0, 1, 1, 2)
                .in(Tensor.of(new float[] {5}))
                .within(0),
            RuntimeNode.of("Range", "steps")
                .in(Tensor.of(new float[] {0}))
                .in(Tensor.of(new float[] {5}))
                .in(Tensor.of(new float[] {2}))
                .within(0),
            RuntimeNode.of("Trilu", "lower")
                .with("upper", 0)
                .normal(2, 3, 4)
                .longs(new long[0], 1)
                .within(0),
            RuntimeNode.of("UnfoldTensor", "windows")
                .with("dim", 1)
                .with("size", 3)
                .with("step", 2)
                .normal(2, 9)
                .within(0),
            RuntimeNode.of("Unique", "order of the input")
                .in(Tensor.of(new float[] {2, 1, 1, 3, 4, 3}))
                .outputs(true, true, true)
                .within(0)));
  }
}
