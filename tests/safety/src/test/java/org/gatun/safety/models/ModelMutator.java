package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;

/** Changes what a model says, in ways that a file can say it. */
final class ModelMutator {
  private final RandomGenerator random;
  private final GraphMutator graphs;

  ModelMutator(RandomGenerator random, List<Seed> others) {
    this.random = random;
    this.graphs = new GraphMutator(random, others);
  }

  /** Returns the model after some changes. */
  Model mutated(Model model) {
    Model changed = model;
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      changed = change(changed);
    }
    return changed;
  }

  private Model change(Model model) {
    return switch (random.nextInt(24)) {
      case 0 -> with(model, model.graph(), opsets(model.opsets()), model.functions());
      case 1 -> function(model);
      case 2 ->
          Hostile.once(random, 8)
              ? new Model(
                  Hostile.integer(random),
                  model.producer(),
                  model.opsets(),
                  model.graph(),
                  model.functions(),
                  model.metadata())
              : new Model(
                  3 + random.nextInt(11),
                  model.producer(),
                  model.opsets(),
                  model.graph(),
                  model.functions(),
                  model.metadata());
      default -> with(model, graphs.mutated(model.graph(), 0), model.opsets(), model.functions());
    };
  }

  private Map<String, Long> opsets(Map<String, Long> opsets) {
    Map<String, Long> changed = new TreeMap<>(opsets);
    String domain =
        Hostile.one(
            random,
            List.of("", "com.microsoft", "org.gatun", "ai.onnx.ml", "ai.onnx.preview", "x"));
    switch (random.nextInt(4)) {
      case 0 -> changed.remove(domain);
      case 1 -> changed.put(domain, Hostile.integer(random));
      default -> changed.put("", 1L + random.nextInt(28));
    }
    return changed;
  }

  /** Makes functions of nodes: sound ones, those that call themselves, those that double. */
  private Model function(Model model) {
    List<Node> nodes = new ArrayList<>(model.graph().nodes());
    if (nodes.isEmpty()) {
      return model;
    }
    List<Function> functions = new ArrayList<>(model.functions());
    int at = random.nextInt(nodes.size());
    Node node = nodes.get(at);
    String name = random.nextBoolean() ? node.operator() : "F";
    String domain = random.nextBoolean() ? node.domain() : "local";
    Map<String, Long> opsets = new HashMap<>(model.opsets());
    opsets.put(domain, opsets.getOrDefault(domain, 1L));
    List<Node> body = new ArrayList<>();
    body.add(
        switch (random.nextInt(4)) {
          case 0 -> // It calls itself.
              new Node("", domain, name, "", node.inputs(), node.outputs(), node.attributes());
          case 1 -> {
            Map<String, Attribute> referring = new LinkedHashMap<>();
            new TreeMap<>(node.attributes())
                .forEach((key, _) -> referring.put(key, new Attribute.Reference(key)));
            yield node.withAttributes(referring);
          }
          default -> node;
        });
    if (Hostile.once(random, 6)) {
      for (int i = 0; i < 40; i++) {
        String next = "G" + (i + 1);
        Node one = call(next, "a", "b" + i);
        functions.add(
            new Function(
                "local",
                "G" + i,
                "",
                List.of("a"),
                List.of("c"),
                List.of(),
                Map.of(),
                i == 39 ? List.of() : List.of(one, call(next, "b" + i, "c")),
                opsets));
      }
      body.add(call("G0", node.inputs().isEmpty() ? "" : node.inputs().getFirst(), "g"));
    }
    functions.add(
        new Function(
            domain,
            name,
            "",
            unique(node.inputs()),
            unique(node.outputs()),
            List.copyOf(new TreeMap<>(node.attributes()).keySet()),
            Map.of(),
            body,
            opsets));
    nodes.set(
        at,
        new Node(
            node.name(),
            domain,
            name,
            "",
            unique(node.inputs()),
            node.outputs(),
            node.attributes()));
    return with(model, model.graph().with(nodes, model.graph().initializers()), opsets, functions);
  }

  private static Node call(String function, String input, String output) {
    return new Node("", "local", function, "", List.of(input), List.of(output), Map.of());
  }

  private static List<String> unique(List<String> names) {
    return names.stream().distinct().toList();
  }

  private static Model with(
      Model model, Graph graph, Map<String, Long> opsets, List<Function> functions) {
    return new Model(
        model.irVersion(), model.producer(), opsets, graph, functions, model.metadata());
  }
}
