package org.gatun.onnx.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/** Runs a graph as it is written, by the reference, and after the passes, and compares. */
final class RewriteCheck {
  private RewriteCheck() {}

  /** Returns the graph after the passes, once it gave the same results twice. */
  static Graph same(GraphBuilder builder) {
    return same(builder, SessionOptions.defaults());
  }

  static Graph same(GraphBuilder builder, SessionOptions options) {
    OnnxModel model = builder.model();
    try (Scope _ = Scope.open();
        Engine reference = Engine.of(new ReferenceBackend());
        OnnxSession rewritten = model.session(options)) {
      Map<String, Tensor> inputs = inputs(model);
      Map<String, Tensor> expected =
          reference.with(
              () -> {
                try (OnnxSession plain = model.session(options.withoutPasses())) {
                  return plain.run(inputs);
                }
              });
      for (int run = 0; run < 2; run++) {
        Map<String, Tensor> actual = rewritten.run(inputs);
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, tensor) -> assertClose(name, tensor, actual.get(name)));
      }
      return rewritten.graph();
    }
  }

  private static void assertClose(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape(), name);
    assertEquals(expected.dtype(), actual.dtype(), name);
    double[] want = expected.to(DType.F64).toDoubleArray();
    double[] have = actual.to(DType.F64).toDoubleArray();
    double largest = 1;
    for (double value : want) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(want, have, 1e-5 * largest, name);
  }

  /** Dimensions of any size are 2. */
  private static Map<String, Tensor> inputs(OnnxModel model) {
    Random random = new Random(3);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (ValueInfo input : model.inputs()) {
      ValueType.OfTensor type = (ValueType.OfTensor) input.type();
      long[] shape =
          type.shape().stream()
              .mapToLong(dim -> dim instanceof Dimension.Known(long size) ? size : 2)
              .toArray();
      int count = 1;
      for (long size : shape) {
        count *= (int) size;
      }
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) random.nextGaussian();
      }
      Tensor numbers = Tensor.of(values, shape);
      inputs.put(
          input.name(),
          type.element() == ElementType.BOOL
              ? numbers.gt(-0.5)
              : numbers.to(type.element().carrier()));
    }
    return inputs;
  }

  /** Returns so many numbers, always the same. */
  static float[] numbers(int count) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Returns so many numbers between 0.5 and 1.5. */
  static float[] positive(int count) {
    float[] values = numbers(count);
    for (int i = 0; i < count; i++) {
      values[i] = 0.5f + 1 / (1 + Math.abs(values[i]));
    }
    return values;
  }

  /** Returns the operators of a graph, in order. */
  static List<String> operators(Graph graph) {
    return graph.nodes().stream().map(Node::operator).toList();
  }

  /** Returns the only node of this operator. */
  static Node node(Graph graph, String operator) {
    List<Node> found =
        graph.nodes().stream().filter(node -> node.operator().equals(operator)).toList();
    assertEquals(1, found.size(), () -> operator + " in " + operators(graph));
    return found.getFirst();
  }
}
