package org.gatun.onnx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * Builds small graphs:
 *
 * <pre>{@code
 * OnnxModel model =
 *     new GraphBuilder(17)
 *         .input("x", ElementType.FLOAT, 2, -1)
 *         .constant("w", new float[] {1, 2}, 2)
 *         .node("Mul", List.of("x", "w"), List.of("y"), Map.of())
 *         .output("y")
 *         .model();
 * }</pre>
 */
public final class GraphBuilder {
  private final Map<String, Long> opsets = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<TensorData> constants = new ArrayList<>();
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final List<Function> functions = new ArrayList<>();

  /** Starts a graph of a version of ONNX's operators; those of com.microsoft are there too. */
  public GraphBuilder(long opset) {
    opsets.put("", opset);
    opsets.put("com.microsoft", 1L);
  }

  /** Imports the operators of another domain. */
  public GraphBuilder domain(String domain, long version) {
    opsets.put(domain, version);
    return this;
  }

  /** Adds an input; -1 is a dimension of any size. */
  public GraphBuilder input(String name, ElementType type, long... shape) {
    List<Dimension> dims =
        Arrays.stream(shape)
            .mapToObj(dim -> dim < 0 ? (Dimension) new Dimension.Any() : new Dimension.Known(dim))
            .toList();
    return input(name, new ValueType.OfTensor(type, dims));
  }

  /** Adds an input of any type. */
  public GraphBuilder input(String name, ValueType type) {
    inputs.add(new ValueInfo(name, type));
    return this;
  }

  /** Adds an output, of which nothing more is said. */
  public GraphBuilder output(String... names) {
    for (String name : names) {
      outputs.add(new ValueInfo(name, new ValueType.Unknown()));
    }
    return this;
  }

  /** Adds an initializer of {@code float}. */
  public GraphBuilder constant(String name, float[] values, long... shape) {
    return constant(name, ElementType.FLOAT, MemorySegment.ofArray(values), shape);
  }

  /** Adds an initializer of {@code int64}. */
  public GraphBuilder constant(String name, long[] values, long... shape) {
    return constant(name, ElementType.INT64, MemorySegment.ofArray(values), shape);
  }

  /** Adds an initializer of any type. */
  public GraphBuilder constant(
      String name, ElementType type, MemorySegment elements, long... shape) {
    constants.add(tensor(name, type, elements, shape));
    return this;
  }

  /** Returns a tensor for an attribute or initializer. */
  public static TensorData tensor(
      String name, ElementType type, MemorySegment elements, long... shape) {
    List<Long> dims = Arrays.stream(shape).boxed().toList();
    return new TensorData(name, type, dims, elements, null, List.of());
  }

  /** Adds a node of ONNX's own domain; attributes may be Java values. */
  public GraphBuilder node(
      String operator, List<String> in, List<String> out, Map<String, ?> attributes) {
    return node("", operator, in, out, attributes);
  }

  /** Adds a node; attributes may be Java values. */
  public GraphBuilder node(
      String domain,
      String operator,
      List<String> in,
      List<String> out,
      Map<String, ?> attributes) {
    Map<String, Attribute> converted = new LinkedHashMap<>();
    attributes.forEach((name, value) -> converted.put(name, attribute(value)));
    nodes.add(new Node("", domain, operator, "", in, out, converted));
    return this;
  }

  /** Adds a function to the model. */
  public GraphBuilder function(Function function) {
    functions.add(function);
    return this;
  }

  /** Returns the Java value as an attribute. */
  public static Attribute attribute(Object value) {
    return switch (value) {
      case Attribute attribute -> attribute;
      case Integer integer -> new Attribute.OfInt(integer);
      case Long integer -> new Attribute.OfInt(integer);
      case Float number -> new Attribute.OfFloat(number);
      case Double number -> new Attribute.OfFloat(number.floatValue());
      case String text -> new Attribute.OfString(text);
      case TensorData tensor -> new Attribute.OfTensor(tensor);
      case Graph graph -> new Attribute.OfGraph(graph);
      case long[] integers -> new Attribute.OfInts(Arrays.stream(integers).boxed().toList());
      case int[] integers ->
          new Attribute.OfInts(Arrays.stream(integers).asLongStream().boxed().toList());
      case float[] numbers -> {
        List<Float> list = new ArrayList<>();
        for (float number : numbers) {
          list.add(number);
        }
        yield new Attribute.OfFloats(list);
      }
      case String[] texts -> new Attribute.OfStrings(List.of(texts));
      default -> throw new IllegalArgumentException("no attribute of " + value.getClass());
    };
  }

  /** Returns the graph. */
  public Graph graph() {
    return new Graph("test", nodes, constants, List.of(), inputs, outputs, List.of());
  }

  /** Returns the model. */
  public OnnxModel model() {
    return OnnxModel.of(definition());
  }

  /** Returns the model as records. */
  public Model definition() {
    return new Model(13, "test", opsets, graph(), functions, Map.of());
  }
}
