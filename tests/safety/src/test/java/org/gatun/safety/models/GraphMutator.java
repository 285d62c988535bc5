package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.onnx.operator.Operator;
import org.gatun.onnx.operator.OperatorTable;

/** Changes a graph: its nodes, how they are connected, and what it says of inputs and outputs. */
final class GraphMutator {
  private static final int DEEPEST = 8;

  private static final List<Operator> OPERATORS = OperatorTable.get().all();

  private final RandomGenerator random;
  private final List<Seed> others;
  private final TensorMutator tensors;
  private final AttributeMutator attributes;
  private final HostileNodes hostile;

  GraphMutator(RandomGenerator random, List<Seed> others) {
    this.random = random;
    this.others = others;
    this.tensors = new TensorMutator(random);
    this.attributes = new AttributeMutator(random);
    this.hostile = new HostileNodes(random);
  }

  /** Returns the graph, or one within it, with one thing changed. */
  Graph mutated(Graph graph, int depth) {
    if (depth < DEEPEST && random.nextInt(3) == 0) {
      for (int i = 0; i < graph.nodes().size(); i++) {
        Node node = graph.nodes().get(i);
        for (Map.Entry<String, Attribute> entry : new TreeMap<>(node.attributes()).entrySet()) {
          if (entry.getValue() instanceof Attribute.OfGraph(Graph body)) {
            Map<String, Attribute> changed = new TreeMap<>(node.attributes());
            changed.put(entry.getKey(), new Attribute.OfGraph(mutated(body, depth + 1)));
            return nodes(graph, replaced(graph.nodes(), i, node.withAttributes(changed)));
          }
        }
      }
    }
    return switch (random.nextInt(18)) {
      case 0, 1, 2 -> order(graph);
      case 3, 4, 5, 6 -> wire(graph);
      case 7, 8 -> operator(graph);
      case 9, 10, 11 -> attribute(graph);
      case 12, 13 -> initializer(graph);
      case 14 -> declared(graph);
      case 15 -> hostile.inserted(graph);
      case 16 -> constant(graph);
      default -> graft(graph);
    };
  }

  /** Drops, doubles and reorders nodes. */
  private Graph order(Graph graph) {
    List<Node> nodes = new ArrayList<>(graph.nodes());
    if (nodes.isEmpty()) {
      return graph;
    }
    int at = random.nextInt(nodes.size());
    switch (random.nextInt(5)) {
      case 0 -> nodes.remove(at);
      case 1 -> nodes.add(at, nodes.get(at));
      case 2 -> Collections.swap(nodes, at, random.nextInt(nodes.size()));
      case 3 -> Collections.shuffle(nodes, new Random(random.nextLong()));
      default -> {
        // A copy whose results are others, so that the graph stays sound.
        Node node = nodes.get(at);
        nodes.add(
            at, node.withOutputs(node.outputs().stream().map(name -> name + "'" + at).toList()));
      }
    }
    return nodes(graph, nodes);
  }

  /** Has a node take or give other values: later ones, its own, missing ones. */
  private Graph wire(Graph graph) {
    if (graph.nodes().isEmpty()) {
      return graph;
    }
    int at = random.nextInt(graph.nodes().size());
    Node node = graph.nodes().get(at);
    List<String> inputs = new ArrayList<>(node.inputs());
    List<String> outputs = new ArrayList<>(node.outputs());
    List<String> values = values(graph, random.nextInt(4) == 0 ? graph.nodes().size() : at);
    String value =
        values.isEmpty() || Hostile.once(random, 12) ? "missing" : Hostile.one(random, values);
    switch (random.nextInt(8)) {
      case 0 -> inputs.add(random.nextInt(inputs.size() + 1), Hostile.once(random, 3) ? "" : value);
      case 1 -> {
        if (!inputs.isEmpty()) {
          inputs.remove(random.nextInt(inputs.size()));
        }
      }
      case 2 -> {
        if (!inputs.isEmpty()) {
          inputs.set(random.nextInt(inputs.size()), "");
        }
      }
      case 3 -> {
        switch (random.nextInt(4)) {
          case 0 -> outputs.add("more");
          case 1 -> outputs.add("");
          case 2 -> outputs.addFirst(value);
          default -> {
            if (!outputs.isEmpty()) {
              outputs.removeLast();
            }
          }
        }
      }
      default -> {
        if (!inputs.isEmpty()) {
          inputs.set(random.nextInt(inputs.size()), value);
        }
      }
    }
    return nodes(graph, replaced(graph.nodes(), at, node.withInputs(inputs).withOutputs(outputs)));
  }

  /** Has a node call another operator, or one of another domain or version. */
  private Graph operator(Graph graph) {
    if (graph.nodes().isEmpty()) {
      return graph;
    }
    int at = random.nextInt(graph.nodes().size());
    Node node = graph.nodes().get(at);
    Operator other = Hostile.one(random, OPERATORS);
    long opset = 0;
    String domain = other.domain();
    String name = other.name();
    switch (random.nextInt(8)) {
      case 0 -> domain = Hostile.one(random, List.of("", "com.microsoft", "org.gatun", "x"));
      case 1 -> opset = other.since();
      case 2 -> name = Hostile.text(random);
      default -> {}
    }
    Node changed =
        new Node(
            node.name(),
            domain,
            name,
            node.overload(),
            node.inputs(),
            node.outputs(),
            node.attributes(),
            opset);
    return nodes(graph, replaced(graph.nodes(), at, changed));
  }

  private Graph attribute(Graph graph) {
    if (graph.nodes().isEmpty()) {
      return graph;
    }
    int at = random.nextInt(graph.nodes().size());
    Node changed = attributes.mutated(graph.nodes().get(at), foreignNode());
    return nodes(graph, replaced(graph.nodes(), at, changed));
  }

  private Node foreignNode() {
    List<Node> nodes = Hostile.one(random, others).model().graph().nodes();
    return nodes.isEmpty()
        ? new Node("", "", "Relu", "", List.of("x"), List.of("y"), Map.of())
        : Hostile.one(random, nodes);
  }

  /** Puts a node of another model here, on values that are there. */
  private Graph graft(Graph graph) {
    int at = random.nextInt(graph.nodes().size() + 1);
    List<String> values = values(graph, at);
    if (values.isEmpty()) {
      return graph;
    }
    Node node = foreignNode();
    List<String> inputs = node.inputs().stream().map(_ -> Hostile.one(random, values)).toList();
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < node.outputs().size(); i++) {
      outputs.add("grafted" + at + "_" + i + "_" + graph.nodes().size());
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.add(at, node.withInputs(inputs).withOutputs(outputs));
    Graph grafted = nodes(graph, nodes);
    if (outputs.isEmpty()) {
      return grafted;
    }
    // Something depends on it: an output of the graph, or a node behind it.
    if (at < graph.nodes().size() && random.nextBoolean()) {
      Node behind = nodes.get(at + 1);
      List<String> taken = new ArrayList<>(behind.inputs());
      if (!taken.isEmpty()) {
        taken.set(random.nextInt(taken.size()), outputs.getFirst());
        nodes.set(at + 1, behind.withInputs(taken));
      }
      return nodes(graph, nodes);
    }
    List<ValueInfo> results = new ArrayList<>(graph.outputs());
    results.add(new ValueInfo(outputs.getFirst(), new ValueType.Unknown()));
    return declared(grafted, grafted.inputs(), results);
  }

  private Graph initializer(Graph graph) {
    List<TensorData> initializers = new ArrayList<>(graph.initializers());
    if (initializers.isEmpty()) {
      return constant(graph);
    }
    int at = random.nextInt(initializers.size());
    TensorData data = initializers.get(at);
    switch (random.nextInt(8)) {
      case 0 -> initializers.remove(at);
      case 1 -> initializers.add(data);
      case 2 -> {
        List<SparseTensorData> sparse = new ArrayList<>(graph.sparseInitializers());
        List<Long> count = List.of((long) random.nextInt(4));
        sparse.add(
            new SparseTensorData(
                tensors.of(data.name(), data.type(), count),
                tensors.of("", tensors.type(), count),
                random.nextBoolean() ? data.shape() : tensors.hostileShape(data.shape())));
        initializers.remove(at);
        return new Graph(
            graph.name(),
            graph.nodes(),
            initializers,
            sparse,
            graph.inputs(),
            graph.outputs(),
            graph.values());
      }
      default -> initializers.set(at, tensors.mutated(data));
    }
    return graph.with(graph.nodes(), initializers);
  }

  /** Makes a constant of an input, which passes then compute with. */
  private Graph constant(Graph graph) {
    List<ValueInfo> inputs = new ArrayList<>(graph.inputs());
    if (inputs.isEmpty()) {
      return graph;
    }
    ValueInfo input = inputs.get(random.nextInt(inputs.size()));
    if (random.nextBoolean()) {
      inputs.remove(input);
    }
    List<TensorData> initializers = new ArrayList<>(graph.initializers());
    if (input.type() instanceof ValueType.OfTensor(var element, var shape)) {
      List<Long> dims = new ArrayList<>();
      long size = 1;
      for (Dimension dim : shape == null ? List.<Dimension>of() : shape) {
        long drawn = dim instanceof Dimension.Known(long known) ? known : random.nextInt(4);
        size = drawn < 0 || size > (1 << 14) ? 1L << 40 : size * drawn;
        dims.add(drawn);
      }
      if (size <= 1 << 14) {
        initializers.add(tensors.of(input.name(), element, dims));
      }
    }
    return declared(graph.with(graph.nodes(), initializers), inputs, graph.outputs());
  }

  /** Changes what the graph says of its inputs and outputs, or which these are. */
  private Graph declared(Graph graph) {
    boolean ofInputs = random.nextBoolean();
    List<ValueInfo> infos = new ArrayList<>(ofInputs ? graph.inputs() : graph.outputs());
    int at = infos.isEmpty() ? 0 : random.nextInt(infos.size());
    switch (random.nextInt(infos.isEmpty() ? 1 : 6)) {
      case 0 -> {
        List<String> values = values(graph, graph.nodes().size());
        String name = values.isEmpty() || ofInputs ? "new" : Hostile.one(random, values);
        infos.add(new ValueInfo(name, type(0)));
      }
      case 1 -> infos.remove(at);
      case 2 -> infos.add(infos.get(at));
      case 3 -> Collections.swap(infos, at, random.nextInt(infos.size()));
      default -> {
        ValueInfo info = infos.get(at);
        infos.set(at, new ValueInfo(info.name(), like(info.type())));
      }
    }
    return ofInputs
        ? declared(graph, infos, graph.outputs())
        : declared(graph, graph.inputs(), infos);
  }

  private ValueType like(ValueType type) {
    if (!(type instanceof ValueType.OfTensor(var element, List<Dimension> shape))
        || shape == null
        || Hostile.once(random, 4)) {
      return type(0);
    }
    List<Dimension> dims = new ArrayList<>(shape);
    if (dims.isEmpty() || Hostile.once(random, 4)) {
      dims.add(dimension());
    } else {
      dims.set(random.nextInt(dims.size()), dimension());
    }
    return new ValueType.OfTensor(Hostile.once(random, 4) ? tensors.type() : element, dims);
  }

  private Dimension dimension() {
    return switch (random.nextInt(4)) {
      case 0 -> new Dimension.Any();
      case 1 -> new Dimension.Named(Hostile.one(random, List.of("n", "batch", "")));
      default -> new Dimension.Known(Hostile.integer(random));
    };
  }

  private ValueType type(int depth) {
    return switch (random.nextInt(8)) {
      case 0 -> new ValueType.Unknown();
      case 1 -> depth > 4 ? new ValueType.Unknown() : new ValueType.OfSequence(type(depth + 1));
      case 2 -> depth > 4 ? new ValueType.Unknown() : new ValueType.OfOptional(type(depth + 1));
      case 3 -> new ValueType.OfMap(tensors.type(), new ValueType.Unknown());
      case 4 -> new ValueType.OfTensor(tensors.type(), null);
      default -> {
        List<Dimension> dims = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          dims.add(Hostile.once(random, 3) ? dimension() : new Dimension.Known(random.nextInt(4)));
        }
        yield random.nextInt(6) == 0
            ? new ValueType.OfSparseTensor(tensors.type(), dims)
            : new ValueType.OfTensor(tensors.type(), dims);
      }
    };
  }

  /** The values that are there before a node. */
  static List<String> values(Graph graph, int node) {
    List<String> values = new ArrayList<>();
    graph.inputs().forEach(input -> values.add(input.name()));
    graph.initializers().forEach(data -> values.add(data.name()));
    for (int i = 0; i < Math.min(node, graph.nodes().size()); i++) {
      values.addAll(graph.nodes().get(i).outputs());
    }
    values.remove("");
    return values;
  }

  private static List<Node> replaced(List<Node> nodes, int at, Node changed) {
    List<Node> all = new ArrayList<>(nodes);
    all.set(at, changed);
    return all;
  }

  private static Graph nodes(Graph graph, List<Node> nodes) {
    return graph.with(nodes, graph.initializers());
  }

  static Graph declared(Graph graph, List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return new Graph(
        graph.name(),
        graph.nodes(),
        graph.initializers(),
        graph.sparseInitializers(),
        inputs,
        outputs,
        graph.values());
  }
}
