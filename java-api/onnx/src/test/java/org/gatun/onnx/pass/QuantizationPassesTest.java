package org.gatun.onnx.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.junit.jupiter.api.Test;

/** Graphs of numbers between integers, and what computes them with integers alone. */
class QuantizationPassesTest {
  private static final Tensor X =
      Tensor.of(new float[] {0.1f, -0.2f, 0.7f, 1, -1, 0.35f, 0.6f, -0.9f}, 1, 2, 2, 2);
  private static final Tensor ROWS = Tensor.of(new float[] {0.1f, -0.2f, 0.7f, 1, -1, 0.3f}, 2, 3);

  private static GraphBuilder graph(int rank) {
    long[] shape = new long[rank];
    Arrays.fill(shape, -1);
    return new GraphBuilder(17)
        .input("x", ElementType.FLOAT, shape)
        .constant("xs", new float[] {0.01f})
        .constant("xz", ElementType.UINT8, MemorySegment.ofArray(new byte[] {100}))
        .constant("ys", new float[] {0.02f})
        .constant("yz", ElementType.UINT8, MemorySegment.ofArray(new byte[] {0}))
        .constant("z", ElementType.INT8, MemorySegment.ofArray(new byte[1]))
        .node("QuantizeLinear", List.of("x", "xs", "xz"), List.of("xq"), Map.of())
        .node("DequantizeLinear", List.of("xq", "xs", "xz"), List.of("xd"), Map.of());
  }

  private static GraphBuilder withWeights(GraphBuilder builder, long... shape) {
    byte[] weights = new byte[(int) (shape[0] * shape[1])];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (byte) (37 * i - 60);
    }
    return builder
        .constant("ws", new float[] {0.03f})
        .constant("wq", ElementType.INT8, MemorySegment.ofArray(weights), shape)
        .node("DequantizeLinear", List.of("wq", "ws", "z"), List.of("w"), Map.of());
  }

  private static GraphBuilder quantized(GraphBuilder builder, String value) {
    return builder
        .node("QuantizeLinear", List.of(value, "ys", "yz"), List.of("y"), Map.of())
        .output("y");
  }

  private static List<String> check(GraphBuilder builder, Tensor x, String pass, double far) {
    try (OnnxSession fused = builder.model().session();
        OnnxSession plain = builder.model().session(SessionOptions.defaults().withoutPass(pass))) {
      double[] expected = numbers(plain.run(Map.of("x", x)));
      assertArrayEquals(expected, numbers(fused.run(Map.of("x", x))), far);
      return fused.graph().nodes().stream().map(Node::operator).toList();
    }
  }

  private static double[] numbers(Map<String, Tensor> outputs) {
    return outputs.get("y").to(DType.F64).toDoubleArray();
  }

  @Test
  void convolutionWithBiasAndRelu() {
    GraphBuilder builder =
        withWeights(graph(4), 2, 2, 1, 1)
            .constant("bs", new float[] {0.01f * 0.03f})
            .constant("bq", ElementType.INT32, MemorySegment.ofArray(new int[] {500, -800}), 2)
            .node("DequantizeLinear", List.of("bq", "bs"), List.of("b"), Map.of())
            .node("Conv", List.of("xd", "w", "b"), List.of("c"), Map.of())
            .node("Relu", List.of("c"), List.of("r"), Map.of());
    assertEquals(
        List.of("QuantizeLinear", "QLinearConv"),
        check(quantized(builder, "r"), X, "fuse-quantized", 1));
  }

  @Test
  void biasOfAnotherScaleStaysANumber() {
    GraphBuilder builder =
        withWeights(graph(4), 2, 2, 1, 1)
            .constant("b", new float[] {0.5f, -0.8f}, 2)
            .node("Conv", List.of("xd", "w", "b"), List.of("c"), Map.of());
    assertEquals(
        List.of("QuantizeLinear", "QLinearConv"),
        check(quantized(builder, "c"), X, "fuse-quantized", 1));
  }

  @Test
  void productsQuantizedOrNot() {
    GraphBuilder matmul =
        withWeights(graph(2), 3, 2).node("MatMul", List.of("xd", "w"), List.of("p"), Map.of());
    assertEquals(
        List.of("QuantizeLinear", "QLinearMatMul"),
        check(quantized(matmul, "p"), ROWS, "fuse-quantized", 1));
    GraphBuilder numbers =
        withWeights(graph(2), 3, 2)
            .node("MatMul", List.of("xd", "w"), List.of("y"), Map.of())
            .output("y");
    assertEquals(
        List.of("QuantizeLinear", "MatMulIntegerToFloat"),
        check(numbers, ROWS, "fuse-quantized", 1e-5));
    GraphBuilder gemm =
        withWeights(graph(2), 2, 3)
            .node("Gemm", List.of("xd", "w"), List.of("p"), Map.of("transB", 1));
    assertEquals(
        List.of("QuantizeLinear", "QGemm"), check(quantized(gemm, "p"), ROWS, "fuse-quantized", 1));
  }

  @Test
  void sums() {
    GraphBuilder builder = graph(4).node("Add", List.of("xd", "xd"), List.of("s"), Map.of());
    assertEquals(
        List.of("QuantizeLinear", "QLinearAdd"),
        check(quantized(builder, "s"), X, "fuse-quantized", 0));
  }

  @Test
  void dynamicQuantizationOfOneProductOrTwo() {
    assertEquals(
        List.of("DynamicQuantizeMatMul"),
        check(dynamic().output("y"), ROWS, "fuse-dynamic-quantization", 0));
    GraphBuilder twice =
        dynamic()
            .node("MatMulInteger", List.of("q", "w", "zp"), List.of("other"), Map.of())
            .output("y", "other");
    assertEquals(
        List.of("DynamicQuantizeLinear", "MatMulIntegerToFloat", "MatMulInteger"),
        check(twice, ROWS, "fuse-dynamic-quantization", 0));
  }

  @Test
  void whatFollowsAProductOfIntegers() {
    GraphBuilder block =
        dynamic("scaled")
            .constant("v", new float[] {1, 2, -1, 3, 0, 1}, 3, 2)
            .node("MatMul", List.of("x", "v"), List.of("xv"), Map.of())
            .node("Sin", List.of("xv"), List.of("r"), Map.of())
            .node("Add", List.of("scaled", "r"), List.of("sum"), Map.of())
            .node("Relu", List.of("sum"), List.of("y"), Map.of())
            .output("y");
    List<String> operators = check(block, ROWS, "fuse-integer-matmul", 1e-6);
    assertEquals(List.of("MatMul", "Sin", "DynamicQuantizeMatMul"), operators);
    GraphBuilder twice =
        dynamic("scaled")
            .node("Relu", List.of("scaled"), List.of("y"), Map.of())
            .output("y", "scaled");
    assertEquals(
        List.of("DynamicQuantizeMatMul", "Relu"), check(twice, ROWS, "fuse-integer-matmul", 0));
  }

  @Test
  void queriesKeysAndValuesOfOneProduct() {
    for (int opset : new int[] {11, 17}) {
      List<String> operators = check(attention(opset), TOKENS, "merge-integer-products", 0);
      assertEquals(1, operators.stream().filter("MatMulIntegerToFloat"::equals).count());
      assertEquals(1, operators.stream().filter("Split"::equals).count());
      assertEquals(1, operators.stream().filter("ScaledDotProductAttention"::equals).count());
    }
  }

  private static final Tensor TOKENS = Tensor.of(RewriteCheck.numbers(18), 1, 6, 3);

  /** Two heads of 2, and of 3 in the values; a scale for each column, or one for all. */
  private static GraphBuilder attention(int opset) {
    GraphBuilder graph =
        new GraphBuilder(opset)
            .input("x", ElementType.FLOAT, 1, 6, 3)
            .node("DynamicQuantizeLinear", List.of("x"), List.of("q", "s", "zp"), Map.of());
    for (String name : List.of("Q", "K", "V")) {
      int columns = name.equals("V") ? 6 : 4;
      byte[] weights = new byte[3 * columns];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (byte) (name.charAt(0) * 31 + 57 * i);
      }
      boolean one = name.equals("K");
      float[] scales = RewriteCheck.positive(one ? 1 : columns);
      graph
          .constant(name + "w", ElementType.INT8, MemorySegment.ofArray(weights), 3, columns)
          .constant(name + "s", scales, one ? new long[0] : new long[] {columns})
          .constant(name + "b", RewriteCheck.numbers(columns), columns)
          .constant(name + "shape", new long[] {1, 6, 2, columns / 2}, 4)
          .node("MatMulInteger", List.of("q", name + "w", "zp"), List.of(name + "i"), Map.of())
          .node("Cast", List.of(name + "i"), List.of(name + "f"), Map.of("to", 1))
          .node("Mul", List.of("s", name + "s"), List.of(name + "c"), Map.of())
          .node("Mul", List.of(name + "f", name + "c"), List.of(name + "p"), Map.of())
          .node("Add", List.of(name + "p", name + "b"), List.of(name + "y"), Map.of())
          .node("Reshape", List.of(name + "y", name + "shape"), List.of(name + "h"), Map.of())
          .node(
              "Transpose",
              List.of(name + "h"),
              List.of(name + "t"),
              Map.of("perm", name.equals("K") ? new int[] {0, 2, 3, 1} : new int[] {0, 2, 1, 3}));
    }
    return graph
        .node("MatMul", List.of("Qt", "Kt"), List.of("scores"), Map.of())
        .node("Softmax", List.of("scores"), List.of("weights"), Map.of("axis", 3))
        .node("MatMul", List.of("weights", "Vt"), List.of("y"), Map.of())
        .output("y");
  }

  private static GraphBuilder dynamic() {
    return dynamic("y");
  }

  private static GraphBuilder dynamic(String result) {
    byte[] weights = {3, -100, 27, 0, 88, -128};
    return new GraphBuilder(17)
        .input("x", ElementType.FLOAT, -1, -1)
        .constant("w", ElementType.INT8, MemorySegment.ofArray(weights), 3, 2)
        .constant("ws", new float[] {0.03f, 0.01f}, 2)
        .constant("wz", ElementType.INT8, MemorySegment.ofArray(new byte[2]), 2)
        .constant("b", new float[] {1, -2}, 2)
        .node("DynamicQuantizeLinear", List.of("x"), List.of("q", "s", "zp"), Map.of())
        .node("MatMulInteger", List.of("q", "w", "zp", "wz"), List.of("sums"), Map.of())
        .node("Cast", List.of("sums"), List.of("numbers"), Map.of("to", 1))
        .node("Mul", List.of("s", "ws"), List.of("scales"), Map.of())
        .node("Mul", List.of("numbers", "scales"), List.of("product"), Map.of())
        .node("Add", List.of("b", "product"), List.of(result), Map.of());
  }
}
