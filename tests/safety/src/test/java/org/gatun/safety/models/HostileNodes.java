package org.gatun.safety.models;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/**
 * Nodes that ask for much: tensors of any size, loops without end, graphs in graphs, very many of
 * them.
 */
final class HostileNodes {
  private static final ValueType ANYTHING = new ValueType.Unknown();

  private final RandomGenerator random;

  HostileNodes(RandomGenerator random) {
    this.random = random;
  }

  /** Returns the graph with such a node on one of its values, whose result is an output. */
  Graph inserted(Graph graph) {
    int at = random.nextInt(graph.nodes().size() + 1);
    List<String> values = GraphMutator.values(graph, at);
    String value = values.isEmpty() ? "nothing" : Hostile.one(random, values);
    String name = "hostile" + at + "_" + graph.nodes().size();
    List<Node> nodes = new ArrayList<>(graph.nodes());
    List<TensorData> initializers = new ArrayList<>(graph.initializers());
    nodes.addAll(at, made(value, name, initializers));
    List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
    outputs.add(new ValueInfo(name, ANYTHING));
    return GraphMutator.declared(graph.with(nodes, initializers), graph.inputs(), outputs);
  }

  private List<Node> made(String value, String name, List<TensorData> constants) {
    String sizes = name + "_sizes";
    return switch (random.nextInt(16)) {
      case 0 -> {
        constants.add(longs(sizes, random.nextInt(5)));
        yield one("ConstantOfShape", name, Map.of(), sizes);
      }
      case 1 -> {
        constants.add(longs(sizes, random.nextInt(5)));
        yield one("Expand", name, Map.of(), value, sizes);
      }
      case 2 -> {
        constants.add(longs(sizes, random.nextInt(5)));
        yield one("Tile", name, Map.of(), value, sizes);
      }
      case 3 -> {
        for (String end : List.of("a", "b", "c")) {
          constants.add(scalar(sizes + end, Hostile.integer(random)));
        }
        yield one("Range", name, Map.of(), sizes + "a", sizes + "b", sizes + "c");
      }
      case 4 -> {
        constants.add(scalar(sizes, Hostile.integer(random)));
        constants.add(longs(name + "_values", 2));
        yield one(
            "OneHot",
            name,
            Map.of("axis", new Attribute.OfInt(Hostile.integer(random))),
            value,
            sizes,
            name + "_values");
      }
      case 5 -> {
        constants.add(longs(sizes, 2 * random.nextInt(5)));
        String mode = Hostile.one(random, List.of("constant", "reflect", "edge", "wrap"));
        yield one("Pad", name, Map.of("mode", new Attribute.OfString(mode)), value, sizes);
      }
      case 6 -> {
        constants.add(floats(sizes, random.nextInt(5)));
        String mode = Hostile.one(random, List.of("nearest", "linear", "cubic"));
        yield one("Resize", name, Map.of("mode", new Attribute.OfString(mode)), value, "", sizes);
      }
      case 7 -> {
        constants.add(longs(sizes, random.nextInt(5)));
        yield one("Resize", name, Map.of(), value, "", "", sizes);
      }
      case 8 -> {
        constants.add(longs(sizes, random.nextInt(5)));
        yield one(
            "Reshape",
            name,
            Map.of("allowzero", new Attribute.OfInt(random.nextInt(2))),
            value,
            sizes);
      }
      case 9, 10, 11 -> loop(value, name, constants);
      case 12 -> deep(value, name);
      case 13 -> many(value, name);
      case 14 ->
          one(
              "DepthToSpace",
              name,
              Map.of("blocksize", new Attribute.OfInt(Hostile.integer(random))),
              value);
      default -> {
        constants.add(scalar(sizes, Hostile.integer(random)));
        yield one("HannWindow", name, Map.of(), sizes);
      }
    };
  }

  /** A loop of any count, whose condition may stay, with a state that may grow. */
  private List<Node> loop(String value, String name, List<TensorData> constants) {
    long[] counts = {0, 3, 1000, 1L << 62, Long.MAX_VALUE, -1};
    constants.add(scalar(name + "_count", counts[random.nextInt(counts.length)]));
    boolean counted = random.nextBoolean();
    List<Node> body = new ArrayList<>();
    body.add(node("Identity", name + "_d", Map.of(), name + "_c"));
    switch (random.nextInt(4)) {
      case 0 -> body.add(node("Concat", name + "_w", axis(), name + "_v", name + "_v"));
      case 1 -> body.add(node("Add", name + "_w", Map.of(), name + "_v", value));
      case 2 -> body.add(node("Identity", name + "_w", Map.of(), name + "_v"));
      default -> body.addAll(loopInLoop(name));
    }
    List<ValueInfo> outputs = new ArrayList<>();
    outputs.add(new ValueInfo(name + "_d", ANYTHING));
    outputs.add(new ValueInfo(name + "_w", ANYTHING));
    List<String> results = new ArrayList<>();
    results.add(name);
    if (random.nextBoolean()) {
      outputs.add(new ValueInfo(name + "_i", ANYTHING));
      results.add(name + "_stacked");
    }
    Graph graph =
        new Graph(
            name,
            body,
            List.of(),
            List.of(),
            List.of(
                new ValueInfo(name + "_i", ANYTHING),
                new ValueInfo(name + "_c", ANYTHING),
                new ValueInfo(name + "_v", ANYTHING)),
            outputs,
            List.of());
    List<String> inputs = List.of(counted ? name + "_count" : "", "", value);
    return List.of(
        new Node(
            "", "", "Loop", "", inputs, results, Map.of("body", new Attribute.OfGraph(graph))));
  }

  private List<Node> loopInLoop(String name) {
    Graph inner =
        new Graph(
            name + "_inner",
            List.of(
                node("Identity", name + "_d2", Map.of(), name + "_c2"),
                node("Identity", name + "_w2", Map.of(), name + "_v2")),
            List.of(),
            List.of(),
            List.of(
                new ValueInfo(name + "_i2", ANYTHING),
                new ValueInfo(name + "_c2", ANYTHING),
                new ValueInfo(name + "_v2", ANYTHING)),
            List.of(new ValueInfo(name + "_d2", ANYTHING), new ValueInfo(name + "_w2", ANYTHING)),
            List.of());
    return List.of(
        new Node(
            "",
            "",
            "Loop",
            "",
            List.of(name + "_count", "", name + "_v"),
            List.of(name + "_w"),
            Map.of("body", new Attribute.OfGraph(inner))));
  }

  /** Branches in branches. */
  private List<Node> deep(String value, String name) {
    int depth = Hostile.one(random, List.of(2, 30, 63, 64, 70, 300));
    Graph graph = branch(name + "0", List.of(node("Identity", name + "0", Map.of(), value)));
    for (int i = 1; i <= depth; i++) {
      Attribute inner = new Attribute.OfGraph(graph);
      Node node =
          new Node(
              "",
              "",
              "If",
              "",
              List.of(value),
              List.of(i == depth ? name : name + i),
              Map.of(
                  "then_branch",
                  inner,
                  "else_branch",
                  new Attribute.OfGraph(branch(value, List.of()))));
      if (i == depth) {
        return List.of(node);
      }
      graph = branch(name + i, List.of(node));
    }
    return List.of();
  }

  private static Graph branch(String output, List<Node> nodes) {
    return new Graph(
        "branch",
        nodes,
        List.of(),
        List.of(),
        List.of(),
        List.of(new ValueInfo(output, ANYTHING)),
        List.of());
  }

  /** A long chain, or a value that very many nodes take. */
  private List<Node> many(String value, String name) {
    int count = Hostile.once(random, 20) ? 20_000 : 200;
    String operator =
        Hostile.one(random, List.of("Neg", "Identity", "Transpose", "Shape", "Add", "Relu"));
    boolean chain = random.nextBoolean();
    List<Node> nodes = new ArrayList<>();
    String last = value;
    for (int i = 0; i < count; i++) {
      String output = i == count - 1 ? name : name + "_" + i;
      nodes.add(
          operator.equals("Add")
              ? node(operator, output, Map.of(), last, last)
              : node(operator, output, Map.of(), last));
      last = chain ? output : value;
    }
    return nodes;
  }

  private Map<String, Attribute> axis() {
    return Map.of("axis", new Attribute.OfInt(0));
  }

  private static List<Node> one(
      String operator, String output, Map<String, Attribute> attributes, String... inputs) {
    return List.of(node(operator, output, attributes, inputs));
  }

  private static Node node(
      String operator, String output, Map<String, Attribute> attributes, String... inputs) {
    return new Node("", "", operator, "", List.of(inputs), List.of(output), attributes);
  }

  private TensorData longs(String name, int count) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(3) == 0 ? Hostile.integer(random) : 1 + random.nextInt(4);
    }
    return new TensorData(
        name,
        ElementType.INT64,
        List.of((long) count),
        MemorySegment.ofArray(values),
        null,
        List.of());
  }

  private static TensorData scalar(String name, long value) {
    return new TensorData(
        name,
        ElementType.INT64,
        List.of(),
        MemorySegment.ofArray(new long[] {value}),
        null,
        List.of());
  }

  private TensorData floats(String name, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          random.nextBoolean() ? (float) Hostile.number(random) : 0.5f * (1 + random.nextInt(5));
    }
    return new TensorData(
        name,
        ElementType.FLOAT,
        List.of((long) count),
        MemorySegment.ofArray(values),
        null,
        List.of());
  }
}
