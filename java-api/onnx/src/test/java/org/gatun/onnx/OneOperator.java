package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.model.ElementType;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/**
 * A graph of one node, run on the native engine, twice, so that the second run may be a replayed
 * one, and on the reference. The three have to agree.
 */
public final class OneOperator {
  private final String name;
  private final long opset;
  private String domain = "";
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final List<String> inputs = new ArrayList<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private int outputs = 1;
  private boolean againstReference = true;

  private OneOperator(String name, long opset) {
    this.name = name;
    this.opset = opset;
  }

  /** Starts with an operator as a version of ONNX has it. */
  public static OneOperator of(String name, long opset) {
    return new OneOperator(name, opset);
  }

  /** Says that the operator is one of another domain. */
  public OneOperator domain(String other) {
    domain = other;
    return this;
  }

  /** Adds an attribute. */
  public OneOperator with(String attribute, Object value) {
    attributes.put(attribute, value);
    return this;
  }

  /** Adds an input. */
  public OneOperator in(Tensor tensor) {
    return in(ElementType.of(tensor.dtype()), tensor);
  }

  /** Adds an input of a type that a tensor carries. */
  public OneOperator in(ElementType type, Tensor tensor) {
    String input = "x" + inputs.size();
    inputs.add(input);
    values.put(input, new Value.Dense(type, tensor));
    return this;
  }

  /** Leaves an input out. */
  public OneOperator absent() {
    inputs.add("");
    return this;
  }

  /** Says how many outputs are wanted. */
  public OneOperator outputs(int count) {
    outputs = count;
    return this;
  }

  /** Runs natively alone: what is drawn at random, or what doubles do not hold. */
  public OneOperator nativeOnly() {
    againstReference = false;
    return this;
  }

  /** Returns the first output. */
  public Value.Dense result() {
    return results().getFirst();
  }

  /** Returns the elements of the first output, row by row. */
  public double[] values() {
    return doubles(result().tensor());
  }

  /** Returns all outputs. */
  public List<Value.Dense> results() {
    OnnxModel model = model();
    List<Value.Dense> first;
    try (OnnxSession session = model.session()) {
      first = run(session);
      if (againstReference) {
        compare(first, run(session), 0);
      }
    }
    if (againstReference) {
      Engine reference = Engine.of(new ReferenceBackend());
      compare(reference.with(() -> runOnce(model)), first, 1);
    }
    return first;
  }

  /** Fails unless the operator refuses its arguments with a message that has the words. */
  public void refuses(String... words) {
    OnnxException e = assertThrows(OnnxException.class, () -> runOnce(model()));
    for (String word : words) {
      if (!String.valueOf(e.getMessage()).contains(word)) {
        fail("message '" + e.getMessage() + "', expected '" + word + "' in it");
      }
    }
  }

  private OnnxModel model() {
    GraphBuilder graph = new GraphBuilder(opset);
    if (!domain.isEmpty()) {
      graph.domain(domain, 1);
    }
    values.forEach(
        (input, value) -> {
          Value.Dense dense = (Value.Dense) value;
          graph.input(input, dense.type(), dense.tensor().shape().dims());
        });
    List<String> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      results.add("y" + i);
    }
    graph.node(domain, name, inputs, results, attributes);
    return graph.output(results.toArray(String[]::new)).model();
  }

  private List<Value.Dense> runOnce(OnnxModel model) {
    try (OnnxSession session = model.session()) {
      return run(session);
    }
  }

  private List<Value.Dense> run(OnnxSession session) {
    return session.runValues(values).values().stream().map(Value.Dense.class::cast).toList();
  }

  private static void compare(List<Value.Dense> expected, List<Value.Dense> actual, double scale) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      Tensor want = expected.get(i).tensor();
      Tensor have = actual.get(i).tensor();
      assertEquals(expected.get(i).type(), actual.get(i).type());
      assertEquals(want.shape(), have.shape());
      assertClose(doubles(want), doubles(have), scale * tolerance(want.dtype()));
    }
  }

  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-12;
      case F32 -> 1e-5;
      case F16 -> 2e-3;
      case BF16 -> 2e-2;
      default -> 0;
    };
  }

  /** Fails unless numbers are equal within a part of each, or of 1. */
  public static void assertClose(double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      boolean close =
          Double.compare(expected[i], actual[i]) == 0
              || expected[i] == actual[i]
              || Math.abs(expected[i] - actual[i])
                  <= tolerance * Math.max(1, Math.abs(expected[i]));
      if (!close) {
        fail("element " + i + " is " + actual[i] + ", expected " + expected[i]);
      }
    }
  }

  private static double[] doubles(Tensor tensor) {
    try (Tensor wide = tensor.to(DType.F64)) {
      return wide.toDoubleArray();
    }
  }
}
