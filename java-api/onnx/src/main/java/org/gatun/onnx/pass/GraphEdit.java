package org.gatun.onnx.pass;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.jspecify.annotations.Nullable;

/**
 * A graph while a pass rewrites it: who makes and who uses each value, and what is constant.
 *
 * <p>A rewrite keeps the name of the value whose computation it changes, puts the new nodes where
 * the last node of the old ones stood, so that the order stays one in which they can run, and drops
 * the nodes whose results nobody uses any longer. Values that are outputs, or that the graphs of a
 * branch or loop use, are <i>pinned</i>: they stay, under their names.
 */
final class GraphEdit {
  private final Graph graph;
  private final Map<String, Long> opsets;
  private final Map<String, TensorData> constants = new LinkedHashMap<>();
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> users = new HashMap<>();
  private final Set<String> pinned = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  /** The nodes by the position of the node that they stand for. */
  private final List<List<Node>> slots = new ArrayList<>();

  private final Map<Node, Integer> positions = new IdentityHashMap<>();
  private final List<TensorData> added = new ArrayList<>();
  private @Nullable Shapes shapes;
  private boolean changed;

  GraphEdit(Graph graph, Map<String, Long> opsets) {
    this.graph = graph;
    this.opsets = opsets;
    graph.initializers().forEach(data -> constants.put(data.name(), data));
    names.addAll(constants.keySet());
    graph.sparseInitializers().forEach(data -> names.add(data.values().name()));
    for (ValueInfo input : graph.inputs()) {
      names.add(input.name());
      // What is an input too is a default that the caller may replace.
      constants.remove(input.name());
    }
    graph.outputs().forEach(output -> pinned.add(output.name()));
    for (Node node : graph.nodes()) {
      slots.add(new ArrayList<>(List.of(node)));
      attach(node, slots.size() - 1);
    }
    names.addAll(pinned);
  }

  /** Returns the graph as it is now; the one that it was where nothing changed. */
  Graph graph() {
    if (!changed) {
      return graph;
    }
    List<TensorData> kept = new ArrayList<>();
    for (TensorData data : graph.initializers()) {
      if (isUsed(data.name()) || isInput(data.name())) {
        kept.add(data);
      }
    }
    for (TensorData data : added) {
      if (isUsed(data.name())) {
        kept.add(data);
      }
    }
    return graph.with(nodes(), kept);
  }

  private boolean isInput(String name) {
    return graph.inputs().stream().anyMatch(input -> input.name().equals(name));
  }

  /** Returns all constants that are not the result of a node. */
  List<TensorData> constants() {
    return List.copyOf(constants.values());
  }

  /** Returns the graph that is edited, as it was. */
  Graph before() {
    return graph;
  }

  /** Returns the version of the domain that a node is of; 1 where the model names none. */
  long opset(Node node) {
    return Math.max(1, node.opset(opsets));
  }

  // Nodes.

  /** Returns the nodes in order. */
  List<Node> nodes() {
    return slots.stream().flatMap(List::stream).toList();
  }

  /** Calls for each node in order; nodes that are put in behind the present one are seen too. */
  void forEach(Consumer<Node> action) {
    for (List<Node> slot : slots) {
      Passes.checkInterrupted();
      for (Node node : List.copyOf(slot)) {
        if (isAlive(node)) {
          action.accept(node);
        }
      }
    }
  }

  /** Returns whether the node stands in the graph. */
  boolean isAlive(Node node) {
    return positions.containsKey(node);
  }

  /** Returns the node that makes a value, or null for inputs and constants. */
  @Nullable Node producer(String value) {
    return producers.get(value);
  }

  /** Returns the node that makes a value if it is one of these operators of ONNX, else null. */
  @Nullable Node producer(String value, String... operators) {
    Node node = producers.get(value);
    return node != null && is(node, operators) ? node : null;
  }

  /** As {@link #producer(String, String...)}, of a value that only one node uses. */
  @Nullable Node soleProducer(String value, String... operators) {
    return hasOneUse(value) ? producer(value, operators) : null;
  }

  /** Returns the nodes that use a value, one for each input. */
  List<Node> users(String value) {
    return users.getOrDefault(value, List.of());
  }

  /** Returns the node that alone uses a value, with one input, if it is not pinned; else null. */
  @Nullable Node soleUser(String value) {
    return hasOneUse(value) ? users(value).getFirst() : null;
  }

  /** Returns whether one input alone uses the value. */
  boolean hasOneUse(String value) {
    return users(value).size() == 1 && !pinned.contains(value);
  }

  /** Returns whether the value is an output, or graphs within this one use it. */
  boolean isPinned(String value) {
    return pinned.contains(value);
  }

  private boolean isUsed(String value) {
    return pinned.contains(value) || !users(value).isEmpty();
  }

  /** Returns where a value is made: -1 for inputs and constants. */
  int position(String value) {
    Node node = producers.get(value);
    Integer position = node == null ? null : positions.get(node);
    return position == null ? -1 : position;
  }

  /** Returns whether the node is one of these operators of ONNX's own domain. */
  static boolean is(Node node, String... operators) {
    return node.domain().isEmpty() && Arrays.asList(operators).contains(node.operator());
  }

  // Constants.

  /** Returns the constant of this name, or null where the value is not constant. */
  @Nullable TensorData constant(String value) {
    TensorData data = constants.get(value);
    if (data != null) {
      return data;
    }
    Node node = producers.get(value);
    return node == null ? null : ConstantData.of(node);
  }

  /** Returns the only element of a constant, or NaN where it is none. */
  double number(String value) {
    TensorData data = constant(value);
    return data == null || data.size() != 1 ? Double.NaN : ConstantData.numbers(data)[0];
  }

  /** Returns whether the value is a constant of this one number, but for rounding to its type. */
  boolean isNumber(String value, double number) {
    return Math.abs(number(value) - number) <= 1e-3 * Math.abs(number);
  }

  /**
   * A value and a number that a node puts together.
   *
   * @param value the input that is not constant
   * @param number the constant
   */
  record Operand(String value, double number) {}

  /**
   * Returns the operand of an Add or Mul of which one input is a constant of one number, or of a
   * Sub or Div of which the second is; null where there is none.
   */
  @Nullable Operand operand(Node node) {
    if (node.inputs().size() != 2) {
      return null;
    }
    double right = number(node.inputs().get(1));
    if (!Double.isNaN(right)) {
      return new Operand(node.inputs().getFirst(), right);
    }
    double left = is(node, "Add", "Mul") ? number(node.inputs().getFirst()) : Double.NaN;
    return Double.isNaN(left) ? null : new Operand(node.inputs().get(1), left);
  }

  /** Returns the input of a node of two that is not this one. */
  static @Nullable String other(Node node, String input) {
    if (node.inputs().size() != 2) {
      return null;
    }
    String first = node.inputs().getFirst();
    String second = node.inputs().get(1);
    return first.equals(input) ? second : second.equals(input) ? first : null;
  }

  /** Returns the elements of a constant of integers, or null where it is none. */
  long @Nullable [] integers(String value) {
    TensorData data = constant(value);
    return data == null ? null : ConstantData.integers(data);
  }

  /** Drops the constants that nobody uses. */
  void dropUnusedConstants() {
    changed |=
        graph.initializers().stream()
            .anyMatch(data -> !isUsed(data.name()) && !isInput(data.name()));
  }

  /** Returns the name of a new constant. */
  String addConstant(TensorData data) {
    added.add(data);
    constants.put(data.name(), data);
    changed = true;
    return data.name();
  }

  /** Returns a name that no value has, made of another. */
  String fresh(String base) {
    String stem = base.indexOf('~') < 0 ? base : base.substring(0, base.indexOf('~'));
    int count = 1;
    while (!names.add(stem + "~" + count)) {
      count++;
    }
    return stem + "~" + count;
  }

  // Shapes.

  /** Returns what is known of the shapes of values. */
  Shapes shapes() {
    Shapes known = shapes;
    if (known == null) {
      known = new Shapes(this);
      shapes = known;
    }
    return known;
  }

  // Rewrites.

  /** Puts nodes in the place of one; together they make all values of it that are used. */
  void replace(Node old, Node... replacement) {
    int position = at(old);
    List<Node> slot = slots.get(position);
    int at = slot.indexOf(old);
    detach(old);
    slot.remove(at);
    slot.addAll(at, List.of(replacement));
    for (Node node : replacement) {
      attach(node, position);
    }
    if (shapes != null) {
      for (Node node : replacement) {
        shapes.infer(node);
      }
    }
    old.inputs().forEach(this::sweep);
    old.outputs().forEach(this::sweep);
  }

  /** Puts a constant, which has the name of its output, in the place of a node. */
  void replaceByConstant(Node node, TensorData data) {
    addConstant(data);
    replace(node);
  }

  /** Puts nodes before one. */
  void insertBefore(Node node, Node... more) {
    Node[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = node;
    replace(node, all);
  }

  /**
   * Lets the users of a node's only output use another value, and drops the node.
   *
   * @return whether that could be done: outputs keep their names
   */
  boolean bypass(Node node, String value) {
    String output = node.outputs().getFirst();
    if (!pinned.contains(output)) {
      redirect(output, value);
      sweep(output);
      return true;
    }
    Node producer = producers.get(value);
    if (producer == null || pinned.contains(value)) {
      return false;
    }
    // The node before takes the name over.
    int position = at(node);
    detach(node);
    slots.get(position).remove(node);
    List<String> outputs = new ArrayList<>(producer.outputs());
    outputs.replaceAll(name -> name.equals(value) ? output : name);
    swap(producer, producer.withOutputs(outputs));
    redirect(value, output);
    changed = true;
    return true;
  }

  private void redirect(String from, String to) {
    for (Node user : List.copyOf(users(from))) {
      if (isAlive(user)) {
        List<String> inputs = new ArrayList<>(user.inputs());
        inputs.replaceAll(name -> name.equals(from) ? to : name);
        swap(user, user.withInputs(inputs));
      }
    }
  }

  /**
   * Lets the users of values that are not pinned use others, and drops the nodes that made them.
   * Each user is changed once, however many of its inputs are: one by one, a node of very many
   * inputs would take the square of their number.
   */
  void redirectAll(Map<String, String> others) {
    if (others.isEmpty()) {
      return;
    }
    forEach(
        node -> {
          if (node.inputs().stream().anyMatch(others::containsKey)) {
            List<String> inputs = new ArrayList<>(node.inputs());
            inputs.replaceAll(name -> others.getOrDefault(name, name));
            swap(node, node.withInputs(inputs));
          }
        });
    others.keySet().forEach(this::sweep);
  }

  private void swap(Node old, Node by) {
    int position = at(old);
    List<Node> slot = slots.get(position);
    int at = slot.indexOf(old);
    detach(old);
    slot.set(at, by);
    attach(by, position);
  }

  /** Drops the node that makes a value, if nobody uses any of its values, and those before it. */
  void sweep(String value) {
    Deque<String> suspects = new ArrayDeque<>(List.of(value));
    while (!suspects.isEmpty()) {
      Node node = producers.get(suspects.pop());
      if (node != null && isAlive(node) && node.outputs().stream().noneMatch(this::isUsed)) {
        int position = at(node);
        detach(node);
        slots.get(position).remove(node);
        suspects.addAll(node.inputs());
      }
    }
  }

  private int at(Node node) {
    Integer position = positions.get(node);
    if (position == null) {
      throw new IllegalStateException("graph edit: " + node.label() + " is not in the graph");
    }
    return position;
  }

  private void attach(Node node, int position) {
    positions.put(node, position);
    for (String input : node.inputs()) {
      if (!input.isEmpty()) {
        users.computeIfAbsent(input, _ -> new ArrayList<>()).add(node);
      }
    }
    for (String output : node.outputs()) {
      if (!output.isEmpty()) {
        names.add(output);
        producers.put(output, node);
      }
    }
    for (Attribute attribute : node.attributes().values()) {
      pin(attribute);
    }
  }

  private void detach(Node node) {
    changed = true;
    positions.remove(node);
    for (String input : node.inputs()) {
      List<Node> list = users.get(input);
      if (list != null) {
        for (int i = 0; i < list.size(); i++) {
          if (list.get(i) == node) {
            list.remove(i);
            break;
          }
        }
      }
    }
    for (String output : node.outputs()) {
      producers.remove(output, node);
    }
  }

  private void pin(Attribute attribute) {
    switch (attribute) {
      case Attribute.OfGraph(Graph body) -> pin(body);
      case Attribute.OfGraphs(List<Graph> bodies) -> bodies.forEach(this::pin);
      default -> {}
    }
  }

  /** Whatever a graph within this one names may be a value of this one. */
  private void pin(Graph body) {
    for (Node node : body.nodes()) {
      pinned.addAll(node.inputs());
      names.addAll(node.outputs());
      node.attributes().values().forEach(this::pin);
    }
    body.outputs().forEach(output -> pinned.add(output.name()));
    body.inputs().forEach(input -> names.add(input.name()));
    body.initializers().forEach(data -> names.add(data.name()));
    pinned.remove("");
    names.addAll(pinned);
  }
}
