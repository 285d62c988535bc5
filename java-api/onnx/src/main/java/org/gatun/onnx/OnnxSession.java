package org.gatun.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Tensor;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.pass.Passes;
import org.gatun.onnx.session.GraphRunner;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** A model that is ready to run. Any number of threads may run it at once. */
public final class OnnxSession implements AutoCloseable {
  private final OnnxModel model;
  private final Graph graph;
  private final GraphRunner runner;

  OnnxSession(OnnxModel model, SessionOptions options) {
    this.model = model;
    Map<String, Long> opsets = model.definition().opsets();
    this.graph = Passes.optimize(model.definition().graph(), opsets, options.disabledPasses());
    this.runner = new GraphRunner(Engine.current(), graph, opsets);
  }

  /** Returns the inputs that {@link #run} takes. */
  public List<ValueInfo> inputs() {
    return model.inputs();
  }

  /** Returns the outputs that {@link #run} gives. */
  public List<ValueInfo> outputs() {
    return model.outputs();
  }

  /**
   * Returns the outputs by name, as new tensors in row-major order.
   *
   * @param inputs by name; they are read and not closed
   * @throws OnnxException if an input is missing, unknown or not as the model declares it, or a
   *     node cannot run
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    Map<String, Value> values = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> values.put(name, Value.of(tensor)));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    runValues(values)
        .forEach(
            (name, value) -> {
              if (value instanceof Value.Dense dense) {
                tensors.put(name, dense.tensor());
              }
            });
    return tensors;
  }

  /**
   * Returns the outputs by name, of models that take or give sequences, optional values, or
   * elements that Gatun carries in another type. Throws as {@link #run} does.
   */
  public Map<String, Value> runValues(Map<String, Value> inputs) {
    return run(inputs, null);
  }

  /**
   * Does what {@link #runValues} does, node by node, and tells of each: for shapes and profiles.
   * Nodes in the bodies of others are a part of those, and are not told of.
   */
  public Map<String, Value> trace(Map<String, Value> inputs, NodeListener listener) {
    return run(inputs, listener);
  }

  /** Returns the graph that is run: what the file says, rewritten. */
  public Graph graph() {
    return graph;
  }

  private Map<String, Value> run(Map<String, Value> inputs, @Nullable NodeListener listener) {
    List<ValueInfo> declared = model.definition().graph().inputs();
    List<@Nullable Value> values = new ArrayList<>();
    for (ValueInfo input : declared) {
      values.add(inputs.get(input.name()));
    }
    List<Value> results = runner.run(values, listener);
    Map<String, Value> outputs = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.put(model.outputs().get(i).name(), results.get(i));
    }
    return outputs;
  }

  /** Frees what the session holds. Closing twice does nothing. */
  @Override
  public void close() {
    runner.close();
  }
}
