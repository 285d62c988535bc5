package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.jspecify.annotations.Nullable;

/**
 * Puts the bodies of the functions that a model defines where they are called. A function takes
 * precedence over an operator of the same name. Nodes of a body keep the version of the operators
 * that the function is written for.
 *
 * <p>Source: <a href="https://github.com/onnx/onnx/blob/main/docs/IR.md#functions">ONNX,
 * functions</a>.
 */
public final class FunctionInlining {
  /** Functions that double what they call make a model of any size of a few lines. */
  private static final int MOST_NODES = 500_000;

  private static final int DEEPEST = 100;

  private record Key(String domain, String name, String overload) {
    static Key of(Node node) {
      return new Key(node.domain(), node.operator(), node.overload());
    }

    @Override
    public String toString() {
      return (domain.isEmpty() ? name : domain + "." + name)
          + (overload.isEmpty() ? "" : ":" + overload);
    }
  }

  private final Map<String, Long> opsets;
  private final Map<Key, Function> functions = new HashMap<>();

  /** A text that stands in no name of the model, so that names with it are new. */
  private String mark = "#";

  private final Set<Key> active = new LinkedHashSet<>();
  private int made;
  private int calls;

  private FunctionInlining(Model model) {
    this.opsets = model.opsets();
    for (Function function : model.functions()) {
      Key key = new Key(function.domain(), function.name(), function.overload());
      if (functions.put(key, function) != null) {
        throw new OnnxException("model: two functions " + key);
      }
    }
  }

  /**
   * Returns the model's graph without calls of functions.
   *
   * @throws OnnxException if a function calls itself, imports no operators of a domain that it
   *     uses, or is called with more inputs or outputs than it has
   */
  public static Graph inline(Model model) {
    if (model.functions().isEmpty()) {
      return model.graph();
    }
    FunctionInlining inlining = new FunctionInlining(model);
    inlining.mark(model.graph());
    model.functions().forEach(function -> inlining.mark(function.nodes()));
    return inlining.inline(model.graph(), new Body("", Map.of(), null, Map.of()));
  }

  private void mark(Graph graph) {
    graph.inputs().forEach(value -> mark(value.name()));
    graph.initializers().forEach(data -> mark(data.name()));
    graph.sparseInitializers().forEach(data -> mark(data.values().name()));
    mark(graph.nodes());
  }

  private void mark(List<Node> nodes) {
    for (Node node : nodes) {
      mark(node.name());
      node.outputs().forEach(this::mark);
      for (Attribute attribute : node.attributes().values()) {
        switch (attribute) {
          case Attribute.OfGraph(Graph body) -> mark(body);
          case Attribute.OfGraphs(List<Graph> bodies) -> bodies.forEach(this::mark);
          default -> {}
        }
      }
    }
  }

  /** Makes the mark longer than any run of it in a name. */
  private void mark(String name) {
    while (name.contains(mark)) {
      mark += "#";
    }
  }

  /**
   * Where nodes come from.
   *
   * @param prefix of the names that the nodes give to values; empty for the model's own nodes
   * @param values what names of the body are outside of it: its inputs and outputs
   * @param function whose body it is, or null for the model's own
   * @param attributes of the call
   */
  private record Body(
      String prefix,
      Map<String, String> values,
      @Nullable Function function,
      Map<String, Attribute> attributes) {
    String value(String name) {
      if (name.isEmpty() || prefix.isEmpty()) {
        return name;
      }
      String outside = values.get(name);
      return outside == null ? prefix + name : outside;
    }

    List<String> values(List<String> names) {
      return names.stream().map(this::value).toList();
    }
  }

  private Graph inline(Graph graph, Body body) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      inline(node, body, nodes);
    }
    if (body.prefix().isEmpty()) {
      return graph.with(nodes, graph.initializers());
    }
    List<TensorData> initializers = new ArrayList<>();
    for (TensorData data : graph.initializers()) {
      initializers.add(renamed(data, body));
    }
    List<SparseTensorData> sparse = new ArrayList<>();
    for (SparseTensorData data : graph.sparseInitializers()) {
      sparse.add(new SparseTensorData(renamed(data.values(), body), data.indices(), data.shape()));
    }
    return new Graph(
        graph.name(),
        nodes,
        initializers,
        sparse,
        renamed(graph.inputs(), body),
        renamed(graph.outputs(), body),
        renamed(graph.values(), body));
  }

  private static TensorData renamed(TensorData data, Body body) {
    return new TensorData(
        body.value(data.name()),
        data.type(),
        data.shape(),
        data.elements(),
        data.file(),
        data.strings());
  }

  private static List<ValueInfo> renamed(List<ValueInfo> values, Body body) {
    return values.stream()
        .map(value -> new ValueInfo(body.value(value.name()), value.type()))
        .toList();
  }

  private void inline(Node node, Body body, List<Node> into) {
    Map<String, Attribute> attributes = attributes(node, body);
    Function function = functions.get(Key.of(node));
    if (function != null) {
      expand(node, function, attributes, body, into);
      return;
    }
    count();
    into.add(
        new Node(
            body.function() == null || node.name().isEmpty()
                ? node.name()
                : body.prefix() + node.name(),
            node.domain(),
            node.operator(),
            node.overload(),
            body.values(node.inputs()),
            body.values(node.outputs()),
            attributes,
            opset(node, body)));
  }

  /** Counts a node or a call: functions may unfold to any number of calls that make no node. */
  private void count() {
    if (++made > MOST_NODES) {
      throw new OnnxException("model: its functions unfold to more than " + MOST_NODES + " nodes");
    }
  }

  /** Returns the version that a node keeps, 0 where it is the model's. */
  private long opset(Node node, Body body) {
    Function function = body.function();
    if (function == null) {
      return node.opset();
    }
    Long version = function.opsets().get(node.domain());
    if (version == null) {
      throw new OnnxException(
          node.label()
              + " of function "
              + function.name()
              + ": the function imports no operators of domain '"
              + node.domain()
              + "'");
    }
    return version.equals(opsets.get(node.domain())) ? 0 : version;
  }

  /** Returns the attributes of a node, with those of the call where the body refers to them. */
  private Map<String, Attribute> attributes(Node node, Body body) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    node.attributes()
        .forEach(
            (name, attribute) -> {
              switch (attribute) {
                case Attribute.Reference(String referred) when body.function() != null -> {
                  Attribute given = body.attributes().get(referred);
                  if (given != null) {
                    attributes.put(name, given);
                  }
                }
                case Attribute.OfGraph(Graph graph) ->
                    attributes.put(name, new Attribute.OfGraph(inline(graph, body)));
                case Attribute.OfGraphs(List<Graph> graphs) ->
                    attributes.put(
                        name,
                        new Attribute.OfGraphs(
                            graphs.stream().map(graph -> inline(graph, body)).toList()));
                default -> attributes.put(name, attribute);
              }
            });
    return attributes;
  }

  private void expand(
      Node call, Function function, Map<String, Attribute> given, Body caller, List<Node> into) {
    count();
    Key key = Key.of(call);
    if (!active.add(key)) {
      throw new OnnxException(
          call.label() + ": function " + key + " calls itself, by way of " + active);
    }
    if (active.size() > DEEPEST) {
      throw new OnnxException(
          call.label() + ": functions that call each other more than " + DEEPEST + " deep");
    }
    if (call.inputs().size() > function.inputs().size()
        || call.outputs().size() > function.outputs().size()) {
      throw new OnnxException(
          call.label()
              + ": "
              + call.inputs().size()
              + " inputs and "
              + call.outputs().size()
              + " outputs, expected at most "
              + function.inputs().size()
              + " and "
              + function.outputs().size());
    }
    Map<String, Attribute> attributes = new HashMap<>(function.defaults());
    attributes.putAll(given);
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < function.inputs().size(); i++) {
      String value = i < call.inputs().size() ? caller.value(call.inputs().get(i)) : "";
      values.put(function.inputs().get(i), value);
    }
    Body body = new Body(prefix(call), values, function, attributes);
    List<Node> copies = new ArrayList<>();
    for (int i = 0; i < call.outputs().size(); i++) {
      String output = function.outputs().get(i);
      String value = caller.value(call.outputs().get(i));
      if (!value.isEmpty() && values.containsKey(output)) {
        // The function hands through an input, or gives a result twice.
        copies.add(
            new Node(
                "", "", "Identity", "", List.of(body.value(output)), List.of(value), Map.of()));
      } else if (!value.isEmpty()) {
        values.put(output, value);
      }
    }
    for (Node node : function.nodes()) {
      inline(node, body, into);
    }
    into.addAll(copies);
    active.remove(key);
  }

  /** Returns a beginning of names that no value has yet. */
  private String prefix(Node call) {
    String name = call.name().isEmpty() ? call.operator() : call.name();
    return name + mark + ++calls + "/";
  }
}
