package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Dimension.Known;
import org.gatun.onnx.model.Dimension.Named;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the values of a graph before it runs: types and shapes, whose dimensions are
 * numbers or names, and the elements of small integer tensors that are computed of shapes. It is
 * worked out from the inputs and constants on; where an operator is not known here, what the file
 * declares counts.
 */
final class Shapes {
  /** More elements than any shape has. */
  private static final int MOST_ELEMENTS = 64;

  private final GraphEdit graph;
  private final Dims dims = new Dims();
  private final ShapeRules rules;
  private final Map<String, List<Dimension>> shapes = new HashMap<>();
  private final Map<String, ElementType> types = new HashMap<>();
  private final Map<String, List<Dimension>> contents = new HashMap<>();
  private final Map<String, ValueType.OfTensor> declared = new HashMap<>();

  Shapes(GraphEdit graph) {
    this.graph = graph;
    this.rules = new ShapeRules(graph, this, dims);
    graph.before().values().forEach(this::declare);
    graph.before().outputs().forEach(this::declare);
    for (ValueInfo input : graph.before().inputs()) {
      declare(input);
      adoptDeclared(input.name());
    }
    graph.before().initializers().forEach(this::addConstant);
    graph.nodes().forEach(this::infer);
  }

  private void declare(ValueInfo info) {
    if (info.type() instanceof ValueType.OfTensor tensor) {
      declared.put(info.name(), tensor);
    }
  }

  private void addConstant(TensorData data) {
    if (graph.constant(data.name()) != null) {
      shapes.put(data.name(), data.shape().stream().map(Dims::known).toList());
      types.put(data.name(), data.type());
      content(data);
    }
  }

  private void content(TensorData data) {
    if (data.shape().size() <= 1 && data.size() <= MOST_ELEMENTS) {
      long[] values = ConstantData.integers(data);
      if (values != null) {
        contents.put(data.name(), Arrays.stream(values).mapToObj(Dims::known).toList());
      }
    }
  }

  /** Works out what is known of a node's outputs. */
  void infer(Node node) {
    TensorData constant = ConstantData.of(node);
    if (constant != null) {
      shapes.put(constant.name(), constant.shape().stream().map(Dims::known).toList());
      types.put(constant.name(), constant.type());
      content(constant);
      return;
    }
    for (String output : node.outputs()) {
      adoptDeclared(output);
    }
    rules.infer(node);
  }

  private void adoptDeclared(String name) {
    ValueType.OfTensor type = declared.get(name);
    if (type == null) {
      return;
    }
    types.put(name, type.element());
    List<Dimension> shape = type.shape();
    if (shape != null) {
      shapes.put(name, shape.stream().map(d -> isSaid(d) ? d : dims.unknown()).toList());
    }
  }

  /** Some exporters write 0 or -1 for a size that they do not know. */
  private static boolean isSaid(Dimension dim) {
    return switch (dim) {
      case Known(long size) -> size > 0;
      case Named _ -> true;
      case Dimension.Any _ -> false;
    };
  }

  // What the rules say.

  void shape(String name, List<Dimension> shape) {
    List<Dimension> before = shapes.get(name);
    if (before == null || before.size() != shape.size()) {
      shapes.put(name, List.copyOf(shape));
      return;
    }
    // A number says more than a name, and a name of the file more than one made up here.
    List<Dimension> merged = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      Dimension mine = shape.get(i);
      Dimension other = before.get(i);
      boolean madeUp = mine instanceof Named(String named) && named.startsWith("?");
      boolean said = other instanceof Known && !(mine instanceof Known);
      merged.add(said || madeUp ? other : mine);
    }
    shapes.put(name, merged);
  }

  void type(String name, @Nullable ElementType type) {
    if (type != null) {
      types.put(name, type);
    }
  }

  void elements(String name, List<Dimension> elements) {
    if (elements.size() <= MOST_ELEMENTS) {
      contents.put(name, List.copyOf(elements));
    }
  }

  // What passes ask.

  /** Returns the shape of a value, or null where not even its rank is known. */
  @Nullable List<Dimension> of(String name) {
    List<Dimension> shape = shapes.get(name);
    if (shape == null) {
      TensorData data = graph.constant(name);
      return data == null ? null : data.shape().stream().map(Dims::known).toList();
    }
    return shape;
  }

  /** Returns the number of dimensions of a value, or -1. */
  int rank(String name) {
    List<Dimension> shape = of(name);
    return shape == null ? -1 : shape.size();
  }

  /** Returns the size of a dimension, counted from the end where negative; -1 if not known. */
  long size(String name, int axis) {
    List<Dimension> shape = of(name);
    int index = shape != null && axis < 0 ? axis + shape.size() : axis;
    return shape == null || index < 0 || index >= shape.size() ? -1 : Dims.size(shape.get(index));
  }

  /** Returns whether both values have the same shape for sure. */
  boolean areSame(String a, String b) {
    List<Dimension> shape = of(a);
    return shape != null && shape.equals(of(b));
  }

  /** Returns the type of the elements, or null. */
  @Nullable ElementType type(String name) {
    ElementType type = types.get(name);
    if (type == null) {
      TensorData data = graph.constant(name);
      return data == null ? null : data.type();
    }
    return type;
  }

  /** Returns the elements of an integer tensor of one dimension or none, or null. */
  @Nullable List<Dimension> elements(String name) {
    List<Dimension> elements = contents.get(name);
    if (elements == null) {
      TensorData data = graph.constant(name);
      if (data != null) {
        content(data);
        elements = contents.get(name);
      }
    }
    return elements;
  }
}
