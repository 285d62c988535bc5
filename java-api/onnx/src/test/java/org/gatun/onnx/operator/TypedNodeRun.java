package org.gatun.onnx.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.GraphBuilder;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/** A model of one node, run on the native engine and on the reference. */
final class TypedNodeRun {
  private static final Engine REFERENCE = Engine.of(new ReferenceBackend());

  private final long opset;
  private final String domain;
  private final String operator;
  private final Map<String, Object> attributes = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private int outputs = 1;

  private TypedNodeRun(long opset, String domain, String operator) {
    this.opset = opset;
    this.domain = domain;
    this.operator = operator;
  }

  /** A node of ONNX's own domain, of a version. */
  static TypedNodeRun onnx(long opset, String operator) {
    return new TypedNodeRun(opset, "", operator);
  }

  /** A node of ONNX Runtime's domain. */
  static TypedNodeRun microsoft(String operator) {
    return new TypedNodeRun(17, "com.microsoft", operator);
  }

  TypedNodeRun with(String attribute, Object value) {
    attributes.put(attribute, value);
    return this;
  }

  TypedNodeRun outputs(int count) {
    outputs = count;
    return this;
  }

  /** Adds an input that is absent. */
  TypedNodeRun none() {
    names.add("");
    return this;
  }

  /** Adds an input of these numbers. */
  TypedNodeRun in(ElementType type, double[] numbers, long... shape) {
    String name = "in" + names.size();
    names.add(name);
    Tensor tensor = Tensor.of(numbers, shape).to(type.carrier());
    inputs.put(name, new Value.Dense(type, tensor));
    return this;
  }

  /** Adds an input of one number. */
  TypedNodeRun in(ElementType type, double number) {
    return in(type, new double[] {number});
  }

  private List<Value> run(Engine engine) {
    GraphBuilder builder = new GraphBuilder(opset);
    inputs.forEach(
        (name, value) -> {
          Value.Dense dense = (Value.Dense) value;
          builder.input(name, dense.type(), dense.tensor().shape().dims());
        });
    List<String> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      results.add("out" + i);
    }
    OnnxModel model =
        builder
            .node(domain, operator, names, results, attributes)
            .output(results.toArray(String[]::new))
            .model();
    return engine.with(
        () -> {
          try (OnnxSession session = model.session()) {
            List<Value> found = List.copyOf(session.runValues(inputs).values());
            // The second run replays what the first one noted.
            List<Value> again = List.copyOf(session.runValues(inputs).values());
            for (int i = 0; i < found.size(); i++) {
              assertArrayEquals(numbers(found.get(i)), numbers(again.get(i)));
            }
            return found;
          }
        });
  }

  private static double[] numbers(Value value) {
    return ((Value.Dense) value).tensor().to(DType.F64).toDoubleArray();
  }

  /** Checks an output on both engines: its type, its shape and its numbers. */
  TypedNodeRun gives(int output, ElementType type, double[] numbers, long... shape) {
    for (Engine engine : List.of(Engine.current(), REFERENCE)) {
      Value.Dense result = (Value.Dense) run(engine).get(output);
      assertEquals(type, result.type());
      assertArrayEquals(shape, result.tensor().shape().dims());
      assertArrayEquals(numbers, numbers(result), 1e-5);
    }
    return this;
  }

  /** Checks the only output. */
  TypedNodeRun gives(ElementType type, double[] numbers, long... shape) {
    return gives(0, type, numbers, shape);
  }

  /** Checks that the node is refused with a message that contains this. */
  void isRefused(String message) {
    OnnxException refused = assertThrows(OnnxException.class, () -> run(Engine.current()));
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused::getMessage);
  }
}
