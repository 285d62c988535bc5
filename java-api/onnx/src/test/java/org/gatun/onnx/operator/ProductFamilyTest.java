package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Agreement;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductFamilyTest {
  private static Tensor run(GraphBuilder graph, Tensor x) {
    return BothEngines.tensor(graph, Map.of("x", x));
  }

  @ParameterizedTest
  @CsvSource({
    "'ij->ji', '2 2', '0 2 1 3'",
    "'ij', '2 2', '0 1 2 3'",
    "'ji', '2 2', '0 2 1 3'",
    "'ii->i', '2', '0 3'",
    "'...ii ->...i', '2', '0 3'",
    "'ij->', '', '6'",
    "'AB->A', '2', '1 5'"
  })
  void sumsByEquations(String equation, String shape, String expected) {
    GraphBuilder graph =
        new GraphBuilder(12)
            .input("x", ElementType.FLOAT, 2, 2)
            .node("Einsum", List.of("x"), List.of("y"), Map.of("equation", equation))
            .output("y");
    Tensor y = run(graph, Tensor.arange(4).to(DType.F32).reshape(2, 2));
    assertEquals(Shape.of(numbers(shape)), y.shape());
    double[] wanted = new double[(int) y.size()];
    long[] values = numbers(expected);
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = values[i];
    }
    assertArrayEquals(wanted, Agreement.doubles(y));
  }

  private static long[] numbers(String text) {
    return text.isEmpty()
        ? new long[0]
        : Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @Test
  void sumsOfScalarsAndProducts() {
    GraphBuilder scalar =
        new GraphBuilder(12)
            .input("x", ElementType.FLOAT)
            .node("Einsum", List.of("x"), List.of("y"), Map.of("equation", "->"))
            .output("y");
    assertEquals(5, run(scalar, Tensor.scalar(5f)).item());
    GraphBuilder product =
        new GraphBuilder(12)
            .input("x", ElementType.INT64, 2)
            .node("Einsum", List.of("x", "x"), List.of("y"), Map.of("equation", "i,i"))
            .output("y");
    assertEquals(25, run(product, Tensor.of(new long[] {3, 4})).item());
  }

  @Test
  void multipliesIntegersThatWrapAround() {
    GraphBuilder graph =
        new GraphBuilder(13)
            .constant("x", ElementType.UINT32, MemorySegment.ofArray(new int[] {-1, 2, 3, 4}), 2, 2)
            .node("MatMul", List.of("x", "x"), List.of("y"), Map.of())
            .output("y");
    Value.Dense y = (Value.Dense) BothEngines.runTwice(graph, Map.of()).get("y");
    long max = 0xffffffffL;
    assertArrayEquals(
        new long[] {(max * max + 6) & max, (2 * max + 8) & max, (3 * max + 12) & max, 22},
        y.tensor().toLongArray());
  }

  @Test
  void gemmTakesAllItsArguments() {
    for (Map<String, ?> attributes :
        List.<Map<String, ?>>of(
            Map.of(), Map.of("alpha", 2f, "beta", 0.5f), Map.of("transA", 1, "transB", 1))) {
      boolean transposed = attributes.containsKey("transA");
      for (boolean biased : new boolean[] {true, false}) {
        GraphBuilder graph =
            new GraphBuilder(13)
                .input("x", ElementType.FLOAT, 2, 2)
                .constant("b", new float[] {1, 2, 3, 4}, 2, 2)
                .constant("c", new float[] {10, 20}, 2, 1)
                .node(
                    "Gemm",
                    biased ? List.of("x", "b", "c") : List.of("x", "b"),
                    List.of("y"),
                    attributes)
                .output("y");
        double[] y = Agreement.doubles(run(graph, Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)));
        double[] product = transposed ? new double[] {7, 15, 10, 22} : new double[] {7, 10, 15, 22};
        double alpha = attributes.containsKey("alpha") ? 2 : 1;
        double beta = attributes.containsKey("beta") ? 0.5 : 1;
        for (int i = 0; i < 4; i++) {
          double bias = biased ? beta * (i < 2 ? 10 : 20) : 0;
          assertEquals(alpha * product[i] + bias, y[i], 1e-5);
        }
      }
    }
  }

  @Test
  void refusesInputsOfTwoTypes() {
    GraphBuilder graph =
        new GraphBuilder(13)
            .input("x", ElementType.FLOAT, 1)
            .constant("w", new long[] {1}, 1)
            .node("MatMul", List.of("x", "w"), List.of("y"), Map.of())
            .output("y");
    OnnxException e =
        assertThrows(OnnxException.class, () -> run(graph, Tensor.of(new float[] {1})));
    assertTrue(e.getMessage().contains("MatMul"), e.getMessage());
  }
}
