package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.Tensor;
import org.gatun.onnx.model.ElementType;
import org.jspecify.annotations.Nullable;

/**
 * A graph of one node, run as {@link BothEngines} runs graphs:
 *
 * <pre>{@code
 * NodeCheck.of("Add", 14).in(x, y).gives(ElementType.FLOAT, new double[] {3, 5}, 2);
 * NodeCheck.of("com.microsoft", "Gelu").in(integers).refuses("Gelu", "i32");
 * }</pre>
 */
public final class NodeCheck {
  private final String domain;
  private final String operator;
  private final long opset;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final List<String> inputs = new ArrayList<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final List<Constant> constants = new ArrayList<>();
  private final Random random = new Random(11);
  private boolean[] wanted = {true};
  private boolean againstReference = true;

  private record Constant(String name, ElementType type, MemorySegment elements, long count) {}

  private NodeCheck(String domain, String operator, long opset) {
    this.domain = domain;
    this.operator = operator;
    this.opset = opset;
  }

  /** Starts with an operator as a version of ONNX has it. */
  public static NodeCheck of(String operator, long opset) {
    return new NodeCheck("", operator, opset);
  }

  /** Starts with an operator of another domain. */
  public static NodeCheck of(String domain, String operator) {
    return new NodeCheck(domain, operator, 17);
  }

  /** Adds an attribute. */
  public NodeCheck with(String attribute, Object value) {
    attributes.put(attribute, value);
    return this;
  }

  // Inputs.

  /** Adds inputs, null for one that is left out. */
  public NodeCheck in(@Nullable Tensor... tensors) {
    for (Tensor tensor : tensors) {
      if (tensor == null) {
        inputs.add("");
      } else {
        in(ElementType.of(tensor.dtype()), tensor);
      }
    }
    return this;
  }

  /** Adds an input of a type that a tensor carries. */
  public NodeCheck in(ElementType type, Tensor tensor) {
    values.put(named("x"), new Value.Dense(type, tensor));
    return this;
  }

  /** Adds an input of these numbers. */
  public NodeCheck in(ElementType type, double[] numbers, long... shape) {
    return in(type, Tensor.of(numbers, shape).to(type.carrier()));
  }

  /** Adds an input of one number. */
  public NodeCheck in(ElementType type, double number) {
    return in(type, new double[] {number});
  }

  /** Adds an input of normal numbers. */
  public NodeCheck normal(long... shape) {
    return in(SampleTensors.normal(random, shape));
  }

  /** Adds an initializer of {@code int64}. */
  public NodeCheck constant(long... numbers) {
    return constant(ElementType.INT64, MemorySegment.ofArray(numbers), numbers.length);
  }

  /** Adds an initializer of {@code float}. */
  public NodeCheck constant(float... numbers) {
    return constant(ElementType.FLOAT, MemorySegment.ofArray(numbers), numbers.length);
  }

  /** Adds an initializer of {@code int32}. */
  public NodeCheck constant(int... numbers) {
    return constant(ElementType.INT32, MemorySegment.ofArray(numbers), numbers.length);
  }

  private NodeCheck constant(ElementType type, MemorySegment elements, long count) {
    constants.add(new Constant(named("c"), type, elements, count));
    return this;
  }

  private String named(String letter) {
    inputs.add(letter + inputs.size());
    return inputs.getLast();
  }

  /** Leaves an input out. */
  public NodeCheck none() {
    return none(1);
  }

  /** Leaves inputs out. */
  public NodeCheck none(int count) {
    for (int i = 0; i < count; i++) {
      inputs.add("");
    }
    return this;
  }

  // Outputs.

  /** Says how many outputs are wanted. */
  public NodeCheck outputs(int count) {
    wanted = new boolean[count];
    Arrays.fill(wanted, true);
    return this;
  }

  /** Runs natively and once alone: what is drawn at random, or what doubles do not hold. */
  public NodeCheck nativeOnly() {
    againstReference = false;
    return this;
  }

  /** Returns the first output. */
  public Value.Dense result() {
    return results().getFirst();
  }

  /** Returns all outputs. */
  public List<Value.Dense> results() {
    GraphBuilder graph = graph();
    return dense(
        againstReference ? BothEngines.run(graph, values) : BothEngines.runOnce(graph, values));
  }

  /** Returns the elements of the first output, row by row. */
  public double[] values() {
    return Agreement.doubles(tensor());
  }

  /** Returns the tensor of the first output. */
  public Tensor tensor() {
    return result().tensor();
  }

  /** Returns the tensors of all outputs. */
  public List<Tensor> tensors() {
    return results().stream().map(Value.Dense::tensor).toList();
  }

  /** Returns the tensors of those outputs that are wanted. */
  public List<Tensor> tensors(boolean... outputs) {
    wanted = outputs;
    return tensors();
  }

  /** Checks the first output on both engines: its type, its shape and its numbers. */
  public NodeCheck gives(ElementType type, double[] numbers, long... shape) {
    return gives(0, type, numbers, shape);
  }

  /** Checks an output on both engines: its type, its shape and its numbers. */
  public NodeCheck gives(int output, ElementType type, double[] numbers, long... shape) {
    GraphBuilder graph = graph();
    double largest = Arrays.stream(numbers).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    for (Map<String, Value> run :
        List.of(BothEngines.runTwice(graph, values), BothEngines.runByReference(graph, values))) {
      Value.Dense result = dense(run).get(output);
      assertEquals(type, result.type());
      assertArrayEquals(shape, result.tensor().shape().dims());
      assertArrayEquals(numbers, Agreement.doubles(result.tensor()), 1e-6 * Math.max(1, largest));
    }
    return this;
  }

  /** Fails unless the operator refuses its arguments with a message that has the words. */
  public void refuses(String... words) {
    OnnxException e = assertThrows(OnnxException.class, () -> BothEngines.runOnce(graph(), values));
    for (String word : words) {
      if (!String.valueOf(e.getMessage()).contains(word)) {
        fail("message '" + e.getMessage() + "', expected '" + word + "' in it");
      }
    }
  }

  private GraphBuilder graph() {
    GraphBuilder graph = new GraphBuilder(opset);
    if (!domain.isEmpty()) {
      graph.domain(domain, 1);
    }
    values.forEach(
        (input, value) -> {
          Value.Dense dense = (Value.Dense) value;
          graph.input(input, dense.type(), dense.tensor().shape().dims());
        });
    for (Constant constant : constants) {
      graph.constant(constant.name(), constant.type(), constant.elements(), constant.count());
    }
    List<String> results = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      results.add(wanted[i] ? "y" + i : "");
      if (wanted[i]) {
        graph.output("y" + i);
      }
    }
    return graph.node(domain, operator, inputs, results, attributes);
  }

  private static List<Value.Dense> dense(Map<String, Value> outputs) {
    return outputs.values().stream().map(Value.Dense.class::cast).toList();
  }
}
