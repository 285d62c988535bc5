package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.model.ElementType;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** A node that is run by the native engine, twice, and by the reference, which must agree. */
final class NodeRun {
  private final String domain;
  private final String operator;
  private final long opset;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final List<@Nullable Tensor> inputs = new ArrayList<>();
  private final Random random = new Random(11);

  private NodeRun(String domain, String operator, long opset) {
    this.domain = domain;
    this.operator = operator;
    this.opset = opset;
  }

  static NodeRun onnx(String operator, long opset) {
    return new NodeRun("", operator, opset);
  }

  static NodeRun microsoft(String operator) {
    return new NodeRun("com.microsoft", operator, 21);
  }

  static NodeRun own(String operator) {
    return new NodeRun("org.gatun", operator, 21);
  }

  NodeRun with(String attribute, Object value) {
    attributes.put(attribute, value);
    return this;
  }

  NodeRun in(@Nullable Tensor... tensors) {
    for (Tensor tensor : tensors) {
      inputs.add(tensor);
    }
    return this;
  }

  /** Adds an input of normal numbers. */
  NodeRun normal(long... shape) {
    return in(normal(random, shape));
  }

  static Tensor normal(Random random, long... shape) {
    long size = 1;
    for (long dim : shape) {
      size *= dim;
    }
    float[] values = new float[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  NodeRun none(int count) {
    for (int i = 0; i < count; i++) {
      inputs.add(null);
    }
    return this;
  }

  /** Returns the only output. */
  Tensor run() {
    return run(true).getFirst();
  }

  /** Returns the outputs that are there. */
  List<Tensor> run(boolean... wanted) {
    List<Tensor> outputs = outputs(wanted);
    List<Tensor> expected;
    try (Engine reference = Engine.of(new ReferenceBackend())) {
      expected = reference.with(() -> outputs(wanted));
    }
    for (int i = 0; i < expected.size(); i++) {
      assertClose(expected.get(i), outputs.get(i), 2e-3);
    }
    return outputs;
  }

  private List<Tensor> outputs(boolean... wanted) {
    GraphBuilder graph = new GraphBuilder(opset).domain("ai.onnx.preview", 1);
    Map<String, Tensor> values = new LinkedHashMap<>();
    List<String> in = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      in.add(input == null ? "" : "i" + i);
      if (input != null) {
        graph.input("i" + i, ElementType.of(input.dtype()), input.shape().dims());
        values.put("i" + i, input);
      }
    }
    List<String> out = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      out.add(wanted[i] ? "o" + i : "");
      if (wanted[i]) {
        graph.output("o" + i);
      }
    }
    OnnxModel model = graph.node(domain, operator, in, out, attributes).model();
    try (OnnxSession session = model.session()) {
      List<Tensor> first = List.copyOf(session.run(values).values());
      List<Tensor> second = List.copyOf(session.run(values).values());
      for (int i = 0; i < first.size(); i++) {
        assertArrayEquals(numbers(first.get(i)), numbers(second.get(i)), "replayed");
      }
      return first;
    }
  }

  /** Returns why the node does not run. */
  String failure() {
    return String.valueOf(assertThrows(OnnxException.class, this::run).getMessage());
  }

  static double[] numbers(Tensor tensor) {
    return tensor.to(DType.F64).toDoubleArray();
  }

  /** Checks shapes, and elements against the largest one. */
  static void assertClose(Tensor expected, Tensor actual, double tolerance) {
    assertEquals(expected.shape(), actual.shape());
    assertClose(numbers(expected), actual, tolerance);
  }

  static void assertClose(double[] expected, Tensor actual, double tolerance) {
    double[] found = numbers(actual);
    assertEquals(expected.length, found.length);
    double largest = 0;
    for (double value : expected) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    for (int i = 0; i < expected.length; i++) {
      double allowed = Double.isFinite(expected[i]) ? tolerance * largest : 0;
      assertEquals(expected[i], found[i], allowed, "element " + i);
    }
  }
}
