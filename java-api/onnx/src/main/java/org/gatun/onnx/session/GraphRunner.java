package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.NodeListener;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Graph;
import org.gatun.op.Copy;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** Runs a graph on values, in an engine. Any number of threads may use it. */
public final class GraphRunner implements AutoCloseable {
  private final Engine engine;
  private final GraphCode code;

  /**
   * Makes the runner of a graph.
   *
   * @param opsets versions of the operators by domain
   * @throws org.gatun.onnx.OnnxException if a value or an operator is missing
   */
  public GraphRunner(Engine engine, Graph graph, java.util.Map<String, Long> opsets) {
    this.engine = engine;
    this.code = engine.with(() -> GraphCode.of(graph, opsets));
  }

  /**
   * Returns the outputs of the graph as tensors of their own.
   *
   * @param inputs one for each input of the graph, null for its default
   * @param listener is told of each node of the graph, or null
   */
  public List<Value> run(List<? extends @Nullable Value> inputs, @Nullable NodeListener listener) {
    return engine.with(
        () -> {
          try (Scope scope = Scope.open()) {
            List<Tensor> given = new ArrayList<>();
            List<Value> outputs = new ArrayList<>();
            Interpreter interpreter = new Interpreter(listener);
            for (Value value : interpreter.run(code, inputs)) {
              outputs.add(independent(value, interpreter, given, scope));
            }
            return outputs;
          }
        });
  }

  /** An output is row-major, and shares no memory with inputs, constants or other outputs. */
  private static Value independent(
      Value value, Interpreter interpreter, List<Tensor> given, Scope scope) {
    return switch (value) {
      case Value.Dense dense -> {
        Tensor tensor = dense.tensor();
        boolean shared =
            interpreter.sharesMemory(tensor) || given.stream().anyMatch(tensor::overlaps);
        Tensor own =
            shared || !tensor.isContiguous()
                ? Engine.current().run(new Copy(false), tensor)
                : tensor;
        given.add(own);
        yield new Value.Dense(dense.type(), scope.keep(own));
      }
      case Value.Sequence sequence ->
          new Value.Sequence(
              sequence.elements().stream()
                  .map(e -> independent(e, interpreter, given, scope))
                  .toList());
      case Value.Optional optional -> {
        Value inner = optional.value();
        yield new Value.Optional(
            inner == null ? null : independent(inner, interpreter, given, scope));
      }
    };
  }

  @Override
  public void close() {
    code.close();
  }
}
