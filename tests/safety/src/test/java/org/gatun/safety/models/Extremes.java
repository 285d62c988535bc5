package org.gatun.safety.models;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.safety.Extent;
import org.gatun.testkit.onnx.ModelWriter;

/** Models of very many parts, very long names and very large sizes, one of each. */
final class Extremes {
  private static final int NODES = Extent.of(20_000, 1_000_000);
  private static final int PARTS = Extent.of(20_000, 100_000);
  private static final ValueType ANYTHING = new ValueType.Unknown();

  /** The names of all, in order. */
  private static final List<String> NAMES =
      List.of(
          "chain",
          "identities",
          "transposes",
          "fan of dead nodes",
          "fan of the same node",
          "sums of sums",
          "shapes of shapes",
          "doubling concatenation",
          "doubling functions",
          "long names",
          "many initializers",
          "many inputs",
          "many outputs",
          "many dimensions",
          "long permutation",
          "long equation",
          "long sequence",
          "empty messages",
          "empty attributes",
          "loop that grows",
          "loop that stacks");

  private Extremes() {}

  static int count() {
    return NAMES.size();
  }

  /** Returns the model of a number. */
  static Mutant of(long number) {
    String name = NAMES.get((int) number);
    byte[] bytes = name.startsWith("empty") ? empties(name) : ModelWriter.write(model(name));
    return new Mutant(number, name, "none", bytes, null, List.of(), new SplittableRandom(number));
  }

  private static Model model(String name) {
    return switch (name) {
      case "chain" -> chain("Neg", NODES);
      case "identities" -> chain("Identity", NODES);
      case "transposes" -> chain("Transpose", NODES / 10);
      case "fan of dead nodes" -> fan(NODES, false);
      case "fan of the same node" -> fan(PARTS, true);
      case "sums of sums" -> {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
          nodes.add(node("Add", List.of("v" + i, "v" + i), "v" + (i + 1)));
        }
        yield model(nodes, "v0", "v" + PARTS);
      }
      case "shapes of shapes" -> {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
          nodes.add(
              node(i % 2 == 0 ? "Shape" : "ConstantOfShape", List.of("v" + i), "v" + (i + 1)));
        }
        yield model(nodes, "v0", "v" + PARTS);
      }
      case "doubling concatenation" -> {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 62; i++) {
          nodes.add(
              node("Concat", List.of("v" + i, "v" + i), "v" + (i + 1))
                  .withAttributes(Map.of("axis", new Attribute.OfInt(0))));
        }
        yield model(nodes, "v0", "v62");
      }
      case "doubling functions" -> functions();
      case "long names" -> {
        String longName = "n".repeat(10_000_000);
        yield model(
            List.of(
                node("Neg", List.of("x"), longName),
                node("Neg", List.of(longName), longName + "2")),
            "x",
            longName + "2");
      }
      case "many initializers" -> {
        List<TensorData> initializers = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
          initializers.add(longs("c" + i, 1));
        }
        yield model(List.of(node("Neg", List.of("c7"), "y")), initializers, "x", "y");
      }
      case "many inputs" ->
          model(
              List.of(
                  node("Concat", Collections.nCopies(PARTS, "x"), "y")
                      .withAttributes(Map.of("axis", new Attribute.OfInt(0)))),
              "x",
              "y");
      case "many outputs" -> {
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
          outputs.add("y" + i);
        }
        Node split =
            node("Split", List.of("x"), "y")
                .withOutputs(outputs)
                .withAttributes(Map.of("num_outputs", new Attribute.OfInt(PARTS)));
        yield model(List.of(split), "x", "y1");
      }
      case "many dimensions" ->
          model(
              List.of(
                  node("Reshape", List.of("x", "shape"), "r"), node("Add", List.of("r", "r"), "y")),
              List.of(ones("shape", PARTS)),
              "x",
              "y");
      case "long permutation" ->
          model(
              List.of(
                  node("Transpose", List.of("x"), "y")
                      .withAttributes(
                          Map.of("perm", new Attribute.OfInts(Collections.nCopies(NODES, 0L))))),
              "x",
              "y");
      case "long equation" ->
          model(
              List.of(
                  node("Einsum", List.of("x"), "y")
                      .withAttributes(
                          Map.of("equation", new Attribute.OfString("i,".repeat(PARTS) + "->")))),
              "x",
              "y");
      case "long sequence" ->
          model(
              List.of(
                  node("SequenceConstruct", Collections.nCopies(PARTS, "x"), "s"),
                  node("ConcatFromSequence", List.of("s"), "y")
                      .withAttributes(Map.of("axis", new Attribute.OfInt(0)))),
              "x",
              "y");
      case "loop that grows" -> loop("Concat", false);
      case "loop that stacks" -> loop("Identity", true);
      default -> throw new AssertionError(name);
    };
  }

  private static Model chain(String operator, int count) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(node(operator, List.of("v" + i), "v" + (i + 1)));
    }
    return model(nodes, "v0", "v" + count);
  }

  private static Model fan(int count, boolean used) {
    List<Node> nodes = new ArrayList<>();
    List<String> sum = new ArrayList<>(List.of("x"));
    for (int i = 0; i < count; i++) {
      nodes.add(node("Neg", List.of("x"), "v" + i));
      if (used) {
        sum.add("v" + i);
      }
    }
    nodes.add(node("Sum", sum, "y"));
    return model(nodes, "x", "y");
  }

  private static Model functions() {
    List<Function> functions = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      Node first = new Node("", "d", "F" + (i + 1), "", List.of("a"), List.of("b"), Map.of());
      Node second = new Node("", "d", "F" + (i + 1), "", List.of("b"), List.of("c"), Map.of());
      functions.add(
          new Function(
              "d",
              "F" + i,
              "",
              List.of("a"),
              List.of("c"),
              List.of(),
              Map.of(),
              i == 89 ? List.of(node("Neg", List.of("a"), "c")) : List.of(first, second),
              Map.of("", 17L, "d", 1L)));
    }
    Model model =
        model(List.of(new Node("", "d", "F0", "", List.of("x"), List.of("y"), Map.of())), "x", "y");
    return new Model(8, "gatun", Map.of("", 17L, "d", 1L), model.graph(), functions, Map.of());
  }

  private static Model loop(String operator, boolean stacked) {
    List<ValueInfo> outputs = new ArrayList<>();
    outputs.add(new ValueInfo("d", ANYTHING));
    outputs.add(new ValueInfo("w", ANYTHING));
    if (stacked) {
      outputs.add(new ValueInfo("v", ANYTHING));
    }
    Node step =
        operator.equals("Concat")
            ? node("Concat", List.of("v", "v"), "w")
                .withAttributes(Map.of("axis", new Attribute.OfInt(0)))
            : node(operator, List.of("v"), "w");
    Graph body =
        new Graph(
            "body",
            List.of(node("Identity", List.of("c"), "d"), step),
            List.of(),
            List.of(),
            List.of(
                new ValueInfo("i", ANYTHING),
                new ValueInfo("c", ANYTHING),
                new ValueInfo("v", ANYTHING)),
            outputs,
            List.of());
    Node loop =
        node("Loop", List.of("", "", "x"), "y")
            .withOutputs(stacked ? List.of("y", "all") : List.of("y"))
            .withAttributes(Map.of("body", new Attribute.OfGraph(body)));
    return model(List.of(loop), "x", "y");
  }

  /** A file of messages without fields: two bytes each, and an object of some hundred. */
  private static byte[] empties(String name) {
    ByteArrayOutputStream nodes = new ByteArrayOutputStream();
    int bytes = Extent.of(1 << 20, 1 << 25);
    while (nodes.size() < bytes) {
      nodes.write(name.equals("empty messages") ? 1 << 3 | 2 : 5 << 3 | 2);
      nodes.write(0);
    }
    byte[] all = nodes.toByteArray();
    byte[] graph = name.equals("empty messages") ? all : Wire.message(1, all);
    return Wire.concat(Wire.number(1, 8), Wire.message(7, graph));
  }

  private static TensorData longs(String name, long... values) {
    return new TensorData(
        name,
        ElementType.INT64,
        List.of((long) values.length),
        MemorySegment.ofArray(values),
        null,
        List.of());
  }

  private static TensorData ones(String name, int count) {
    long[] values = new long[count];
    java.util.Arrays.fill(values, 1);
    return longs(name, values);
  }

  private static Node node(String operator, List<String> inputs, String output) {
    return new Node("", "", operator, "", inputs, List.of(output), Map.of());
  }

  private static Model model(List<Node> nodes, String input, String output) {
    return model(nodes, List.of(), input, output);
  }

  private static Model model(
      List<Node> nodes, List<TensorData> initializers, String input, String output) {
    ValueType type = new ValueType.OfTensor(ElementType.FLOAT, List.of(new Dimension.Known(2)));
    Graph graph =
        new Graph(
            "extreme",
            nodes,
            initializers,
            List.of(),
            List.of(new ValueInfo(input, type)),
            List.of(new ValueInfo(output, ANYTHING)),
            List.of());
    return new Model(8, "gatun", Map.of("", 18L), graph, List.of(), Map.of());
  }
}
