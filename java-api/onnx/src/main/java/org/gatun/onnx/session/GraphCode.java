package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.operator.Constants;
import org.gatun.onnx.operator.Operator;
import org.gatun.onnx.operator.OperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * A graph ready to run: values have numbers instead of names, nodes their operators, and each node
 * knows the values that nobody needs after it.
 */
final class GraphCode implements AutoCloseable {
  /**
   * Where a value is.
   *
   * @param up how many graphs further out
   * @param slot its number there
   */
  record Reference(int up, int slot) {}

  /**
   * A node.
   *
   * @param inputs where its inputs are, null where absent
   * @param outputs their slots, -1 where not wanted
   * @param bodies its graphs by attribute
   * @param last slots of this graph that nobody needs after this node
   */
  record Step(
      Node node,
      Operator operator,
      long opset,
      List<@Nullable Reference> inputs,
      int[] outputs,
      Map<String, GraphCode> bodies,
      int[] last) {}

  private static final int DEEPEST = 64;

  private final @Nullable GraphCode outer;
  private final int depth;
  private final Map<String, Long> opsets;
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<Integer, Value> constants = new LinkedHashMap<>();
  private final List<GraphCode> inner = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Reference> outputs = new ArrayList<>();
  private final Graph graph;

  /** The step after which nobody needs a slot. */
  private final Map<Integer, Integer> lastUse = new HashMap<>();

  /** The step whose bodies are being made: what they use of this graph, it uses. */
  private int current;

  /**
   * Makes the code of a graph.
   *
   * @throws OnnxException if a value or an operator is missing
   */
  static GraphCode of(Graph graph, Map<String, Long> opsets) {
    return of(graph, opsets, null);
  }

  private static GraphCode of(Graph graph, Map<String, Long> opsets, @Nullable GraphCode outer) {
    GraphCode code = new GraphCode(graph, opsets, outer);
    boolean made = false;
    try {
      code.make();
      made = true;
      return code;
    } finally {
      if (!made) {
        code.close();
      }
    }
  }

  private GraphCode(Graph graph, Map<String, Long> opsets, @Nullable GraphCode outer) {
    this.graph = graph;
    this.opsets = opsets;
    this.outer = outer;
    this.depth = outer == null ? 1 : outer.depth + 1;
    if (depth > DEEPEST) {
      throw new OnnxException(
          "graph '" + graph.name() + "': graphs nested more than " + DEEPEST + " deep");
    }
  }

  private void make() {
    for (ValueInfo input : graph.inputs()) {
      define(input.name());
    }
    for (TensorData data : graph.initializers()) {
      Integer input = slots.get(data.name());
      int slot = input != null ? input : define(data.name());
      if (constants.containsKey(slot)) {
        throw new OnnxException(
            "graph '" + graph.name() + "': two initializers are named '" + data.name() + "'");
      }
      constants.put(slot, constant(data.name(), () -> Constants.value(data)));
    }
    for (SparseTensorData data : graph.sparseInitializers()) {
      String name = data.values().name();
      constants.put(define(name), constant(name, () -> Constants.value(data)));
    }
    List<Step> made = new ArrayList<>();
    for (Node node : graph.nodes()) {
      made.add(step(node, made.size()));
    }
    for (ValueInfo output : graph.outputs()) {
      outputs.add(find(output.name(), made.size(), "output of graph '" + graph.name() + "'"));
    }
    addLastUses(made);
  }

  private int define(String name) {
    int slot = slots.size();
    if (slots.putIfAbsent(name, slot) != null) {
      throw new OnnxException("graph '" + graph.name() + "': two values are named '" + name + "'");
    }
    return slot;
  }

  private Step step(Node node, int index) {
    long opset = node.domain().equals("org.gatun") ? 1 : node.opset(opsets);
    if (opset == 0) {
      throw new OnnxException(
          node.label() + ": the model imports no operators of domain '" + node.domain() + "'");
    }
    Operator operator = OperatorTable.get().find(node, opset);
    List<@Nullable Reference> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      inputs.add(input.isEmpty() ? null : find(input, index, node.label()));
    }
    Map<String, GraphCode> bodies = new LinkedHashMap<>();
    current = index;
    node.attributes()
        .forEach(
            (name, attribute) -> {
              if (attribute instanceof Attribute.OfGraph(Graph body)) {
                GraphCode code = of(body, opsets, this);
                inner.add(code);
                bodies.put(name, code);
              }
            });
    int[] results =
        node.outputs().stream().mapToInt(name -> name.isEmpty() ? -1 : define(name)).toArray();
    for (int slot : results) {
      if (slot >= 0) {
        lastUse.put(slot, index); // Until somebody uses it.
      }
    }
    return new Step(node, operator, opset, inputs, results, bodies, new int[0]);
  }

  private Reference find(String name, int user, String label) {
    int up = 0;
    for (GraphCode code = this; code != null; code = code.outer, up++) {
      Integer slot = code.slots.get(name);
      if (slot != null) {
        code.lastUse.put(slot, up == 0 ? user : code.current);
        return new Reference(up, slot);
      }
    }
    throw new OnnxException(
        label
            + ": no value '"
            + name
            + "' before it; the nodes are not in order, go in a circle, or one is missing");
  }

  private void addLastUses(List<Step> made) {
    List<List<Integer>> dying = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      dying.add(new ArrayList<>());
    }
    lastUse.forEach(
        (slot, user) -> {
          if (user < made.size()) {
            dying.get(user).add(slot);
          }
        });
    for (int i = 0; i < made.size(); i++) {
      Step step = made.get(i);
      steps.add(
          new Step(
              step.node(),
              step.operator(),
              step.opset(),
              step.inputs(),
              step.outputs(),
              step.bodies(),
              dying.get(i).stream().mapToInt(Integer::intValue).toArray()));
    }
  }

  /** Returns the value of an initializer; what is made on the way to it is closed. */
  private Value constant(String name, Supplier<Value.Dense> data) {
    try (Scope scope = Scope.open()) {
      Value.Dense value = data.get();
      Scope.detach(scope.keep(value.tensor()));
      return value;
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException
        | OutOfNativeMemoryException e) {
      throw new OnnxException(
          "graph '" + graph.name() + "': initializer '" + name + "': " + e.getMessage(), e);
    }
  }

  /** Closes the constants. */
  @Override
  public void close() {
    for (Value value : constants.values()) {
      if (value instanceof Value.Dense dense) {
        dense.tensor().close();
      }
    }
    inner.forEach(GraphCode::close);
  }

  Graph graph() {
    return graph;
  }

  int slots() {
    return slots.size();
  }

  /** Returns the values that are there before any node ran, by slot. */
  Map<Integer, Value> constants() {
    return constants;
  }

  List<Step> steps() {
    return steps;
  }

  List<Reference> outputs() {
    return outputs;
  }
}
