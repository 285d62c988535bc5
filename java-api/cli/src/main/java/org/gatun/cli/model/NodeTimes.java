package org.gatun.cli.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.NodeListener;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** Adds up how long the nodes of a graph take. */
public final class NodeTimes implements NodeListener {
  /**
   * A node or a kind of nodes.
   *
   * @param name the node's, or its operator's
   * @param count how many ran
   * @param nanoseconds how long, together
   */
  public record Time(String name, long count, long nanoseconds) {}

  private final Map<String, Time> operators = new LinkedHashMap<>();
  private final List<Time> nodes = new ArrayList<>();

  /** Makes one that has seen nothing. */
  public NodeTimes() {}

  @Override
  public void ran(Node node, List<? extends @Nullable Value> outputs, long nanoseconds) {
    String operator =
        node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
    operators.merge(
        operator,
        new Time(operator, 1, nanoseconds),
        (a, b) -> new Time(operator, a.count + b.count, a.nanoseconds + b.nanoseconds));
    nodes.add(new Time(node.label(), 1, nanoseconds));
  }

  /** Returns the operators, slowest first. */
  public List<Time> operators() {
    return sorted(List.copyOf(operators.values()));
  }

  /** Returns the nodes, slowest first. */
  public List<Time> nodes() {
    return sorted(nodes);
  }

  private static List<Time> sorted(List<Time> times) {
    return times.stream().sorted(Comparator.comparingLong(Time::nanoseconds).reversed()).toList();
  }
}
