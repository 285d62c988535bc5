package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/**
 * Graphs in a line: nodes between bars, each an operator with its operands, attributes and number
 * of outputs.
 *
 * <p>{@code f32[2,3]} is an input of the graph, {@code f32[2,3]!} an initializer, {@code i64{1,2}}
 * a vector of these elements, {@code f32(0.5)} a scalar, {@code $} the result of the node before,
 * and {@code _} an absent operand. Attributes are {@code axis=1}, {@code alpha=0.5}, {@code
 * mode=linear} and, with commas, lists; {@code -> 2} is the number of outputs.
 */
final class Notation {
  private static final Pattern OPERAND =
      Pattern.compile("([a-z]+\\d*)([\\[{(])([^\\])}]*)[\\])}](!?)");

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("f32", ElementType.FLOAT),
          Map.entry("f64", ElementType.DOUBLE),
          Map.entry("f16", ElementType.FLOAT16),
          Map.entry("bool", ElementType.BOOL),
          Map.entry("i4", ElementType.INT4),
          Map.entry("i8", ElementType.INT8),
          Map.entry("i32", ElementType.INT32),
          Map.entry("i64", ElementType.INT64),
          Map.entry("u8", ElementType.UINT8),
          Map.entry("u16", ElementType.UINT16));

  private final List<Node> nodes = new ArrayList<>();
  private final List<TensorData> initializers = new ArrayList<>();
  private final List<ValueInfo> inputs = new ArrayList<>();
  private List<String> last = List.of();

  private Notation() {}

  /** Returns the graph that a line says. */
  static Graph read(String line) {
    Notation notation = new Notation();
    for (String node : line.split(" \\| ")) {
      notation.node(node);
    }
    return new Graph(
        "g",
        notation.nodes,
        notation.initializers,
        List.of(),
        notation.inputs,
        notation.last.stream().map(name -> new ValueInfo(name, new ValueType.Unknown())).toList(),
        List.of());
  }

  private void node(String text) {
    List<String> operands = new ArrayList<>();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    String[] parts = text.strip().split(" ");
    int outputs = 1;
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i];
      if (part.equals("->")) {
        outputs = Integer.parseInt(parts[++i]);
      } else if (part.equals("$")) {
        operands.add(last.getFirst());
      } else if (part.equals("_")) {
        operands.add("");
      } else if (part.contains("=")) {
        int equals = part.indexOf('=');
        attributes.put(part.substring(0, equals), attribute(part.substring(equals + 1)));
      } else {
        operands.add(operand(part));
      }
    }
    List<String> results = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      results.add("v" + nodes.size() + "_" + i);
    }
    boolean microsoft = parts[0].startsWith("ms:");
    nodes.add(
        new Node(
            "",
            microsoft ? "com.microsoft" : "",
            microsoft ? parts[0].substring(3) : parts[0],
            "",
            operands,
            results,
            attributes));
    last = results;
  }

  private String operand(String text) {
    Matcher matcher = OPERAND.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("operand " + text);
    }
    ElementType type = TYPES.get(matcher.group(1));
    if (type == null) {
      throw new IllegalArgumentException("type of " + text);
    }
    String[] numbers = matcher.group(3).isEmpty() ? new String[0] : matcher.group(3).split(",");
    String name = "x" + (inputs.size() + initializers.size());
    if (!matcher.group(2).equals("[")) {
      double[] values = Arrays.stream(numbers).mapToDouble(Double::parseDouble).toArray();
      List<Long> shape = matcher.group(2).equals("{") ? List.of((long) values.length) : List.of();
      initializers.add(TensorMutator.of(name, type, shape, values));
    } else if (matcher.group(4).isEmpty()) {
      List<Dimension> shape = new ArrayList<>();
      for (String number : numbers) {
        shape.add(new Dimension.Known(Long.parseLong(number)));
      }
      inputs.add(new ValueInfo(name, new ValueType.OfTensor(type, shape)));
    } else {
      List<Long> shape = Arrays.stream(numbers).map(Long::valueOf).toList();
      int size = (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = type.isFloat() ? (i * 7 % 11 - 5) / 4.0 : i % 2;
      }
      initializers.add(TensorMutator.of(name, type, shape, values));
    }
    return name;
  }

  private static Attribute attribute(String text) {
    if (text.matches("-?\\d+")) {
      return new Attribute.OfInt(Long.parseLong(text));
    }
    if (text.matches("-?\\d+\\.\\d+")) {
      return new Attribute.OfFloat(Float.parseFloat(text));
    }
    if (text.matches("(-?\\d+,)+(-?\\d+)?")) {
      return new Attribute.OfInts(Arrays.stream(text.split(",")).map(Long::valueOf).toList());
    }
    if (text.endsWith("',")) {
      return new Attribute.OfStrings(List.of(text.substring(1, text.length() - 2)));
    }
    return new Attribute.OfString(text.replace("'", ""));
  }
}
