package org.gatun.cli.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;

/**
 * Which nodes of a graph became which after it was rewritten: a node stands for all those on the
 * ways from the values that it takes to those that it gives.
 */
final class Origins {
  private final IdentityHashMap<Node, List<Node>> origins = new IdentityHashMap<>();

  Origins(Graph before, Graph after) {
    Map<String, Node> makers = new HashMap<>();
    IdentityHashMap<Node, Integer> order = new IdentityHashMap<>();
    for (Node node : before.nodes()) {
      order.put(node, order.size());
      node.outputs().forEach(output -> makers.put(output, node));
    }
    Set<String> kept = new HashSet<>();
    after.inputs().forEach(input -> kept.add(input.name()));
    after.initializers().forEach(data -> kept.add(data.name()));
    after.nodes().forEach(node -> kept.addAll(node.outputs()));
    for (Node node : after.nodes()) {
      origins.put(node, of(node, makers, order, kept));
    }
  }

  private static List<Node> of(
      Node node, Map<String, Node> makers, IdentityHashMap<Node, Integer> order, Set<String> kept) {
    Set<String> ends = new HashSet<>(kept);
    ends.addAll(node.inputs());
    IdentityHashMap<Node, Boolean> found = new IdentityHashMap<>();
    ArrayDeque<String> values = new ArrayDeque<>();
    node.outputs().stream().filter(output -> !output.isEmpty()).forEach(values::add);
    while (!values.isEmpty()) {
      Node maker = makers.get(values.remove());
      if (maker != null && !Parameters.isConstant(maker) && found.put(maker, true) == null) {
        for (String input : maker.inputs()) {
          if (!ends.contains(input)) {
            values.add(input);
          }
        }
      }
    }
    List<Node> all = new ArrayList<>(found.keySet());
    all.sort(Comparator.comparing(order::get));
    return all;
  }

  /** Returns the nodes that this one stands for, in order; mostly the node itself. */
  List<Node> of(Node node) {
    return origins.getOrDefault(node, List.of());
  }

  /** Returns whether the node was made of others by the rewrites. */
  boolean isNew(Node node) {
    List<Node> all = of(node);
    return all.size() != 1 || !all.getFirst().operator().equals(node.operator());
  }
}
