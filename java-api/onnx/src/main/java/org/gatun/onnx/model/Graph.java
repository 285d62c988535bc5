package org.gatun.onnx.model;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A graph of operators: the whole model, a branch, or the body of a loop.
 *
 * @param name for messages
 * @param nodes in an order in which they can run
 * @param initializers constants by their names; one that is an input too is that input's default
 * @param sparseInitializers likewise
 * @param inputs what it takes
 * @param outputs what it gives
 * @param values what the file says of the values between
 */
public record Graph(
    String name,
    List<Node> nodes,
    List<TensorData> initializers,
    List<SparseTensorData> sparseInitializers,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs,
    List<ValueInfo> values) {
  /** Copies the lists. */
  public Graph {
    Objects.requireNonNull(name, "graph: name is null");
    Objects.requireNonNull(nodes, "graph: nodes is null");
    Objects.requireNonNull(initializers, "graph: initializers is null");
    Objects.requireNonNull(sparseInitializers, "graph: sparseInitializers is null");
    Objects.requireNonNull(inputs, "graph: inputs is null");
    Objects.requireNonNull(outputs, "graph: outputs is null");
    Objects.requireNonNull(values, "graph: values is null");
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
    sparseInitializers = List.copyOf(sparseInitializers);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    values = List.copyOf(values);
  }

  /** Returns the names of the initializers, sparse ones too. */
  public Set<String> initializerNames() {
    Set<String> names = new HashSet<>();
    initializers.forEach(data -> names.add(data.name()));
    sparseInitializers.forEach(data -> names.add(data.values().name()));
    return names;
  }

  /** Returns the graph with other nodes and constants. */
  public Graph with(List<Node> changedNodes, List<TensorData> changedInitializers) {
    return new Graph(
        name, changedNodes, changedInitializers, sparseInitializers, inputs, outputs, values);
  }
}
