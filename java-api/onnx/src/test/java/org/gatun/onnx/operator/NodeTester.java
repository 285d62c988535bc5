package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.BothEngines;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;

/** Runs a graph of one node on the native and the reference engine. */
final class NodeTester {
  private final String domain;
  private final String operator;
  private final GraphBuilder graph;
  private final List<String> inputs = new ArrayList<>();
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private int outputs = 1;

  private NodeTester(String domain, String operator, long opset) {
    this.domain = domain;
    this.operator = operator;
    this.graph = new GraphBuilder(opset).domain("org.gatun", 1);
  }

  /** Starts a node of ONNX's own operators of a version. */
  static NodeTester of(String operator, long opset) {
    return new NodeTester("", operator, opset);
  }

  /** Starts a node of another domain. */
  static NodeTester of(String domain, String operator) {
    return new NodeTester(domain, operator, 17);
  }

  /** Returns the numbers from 0 on. */
  static Tensor counting(long... shape) {
    return Tensor.arange(Shape.of(shape).size()).to(DType.F32).reshape(shape);
  }

  /** Returns numbers between -1 and 1 without an order. */
  static Tensor mixed(long... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 12.9898 + values.length);
    }
    return Tensor.of(values, shape);
  }

  NodeTester input(Tensor tensor) {
    return input(ElementType.of(tensor.dtype()), tensor);
  }

  NodeTester input(ElementType type, Tensor tensor) {
    String name = "x" + inputs.size();
    inputs.add(name);
    graph.input(name, type, tensor.shape().dims());
    values.put(name, new Value.Dense(type, tensor));
    return this;
  }

  NodeTester none() {
    inputs.add("");
    return this;
  }

  NodeTester constant(long... numbers) {
    String name = "c" + inputs.size();
    inputs.add(name);
    graph.constant(name, numbers, numbers.length);
    return this;
  }

  NodeTester constant(float... numbers) {
    String name = "c" + inputs.size();
    inputs.add(name);
    graph.constant(name, numbers, numbers.length);
    return this;
  }

  NodeTester constant(int... numbers) {
    String name = "c" + inputs.size();
    inputs.add(name);
    graph.constant(name, ElementType.INT32, MemorySegment.ofArray(numbers), numbers.length);
    return this;
  }

  NodeTester attribute(String name, Object value) {
    attributes.put(name, value);
    return this;
  }

  NodeTester outputs(int count) {
    outputs = count;
    return this;
  }

  /** Returns the outputs. */
  List<Tensor> runAll() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      names.add("y" + i);
    }
    graph.node(domain, operator, inputs, names, attributes);
    graph.output(names.toArray(String[]::new));
    Map<String, Value> results = BothEngines.run(graph, values);
    return names.stream().map(name -> ((Value.Dense) results.get(name)).tensor()).toList();
  }

  /** Returns the first output. */
  Tensor run() {
    return runAll().getFirst();
  }

  /** Fails unless the node is refused with a message that has this part. */
  void refused(String part) {
    OnnxException e = assertThrows(OnnxException.class, this::runAll);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  /** Fails unless the tensor has these elements. */
  static void assertElements(Tensor actual, double... expected) {
    assertArrayEquals(expected, BothEngines.doubles(actual), 1e-5);
  }

  /** Fails unless two tensors are the same but for rounding. */
  static void assertSame(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    BothEngines.assertClose(
        "elements", BothEngines.doubles(expected), BothEngines.doubles(actual), 1e-5);
  }
}
