package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.testkit.onnx.ModelWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operators on images, every combination of what their attributes may be, against ONNX Runtime. Not
 * compared is what it does otherwise than ONNX says: {@code auto_pad} without regard to dilation,
 * and positions by rounded sizes where scales are no whole ones.
 */
class ImageOperatorsTest {
  /** A node and its inputs, all of them of float. */
  private record Example(
      String operator, long opset, Map<String, Attribute> attributes, List<Tensor> inputs) {
    @Override
    public String toString() {
      return operator + " " + attributes.values();
    }
  }

  static Stream<Example> examples() {
    List<Example> examples = new ArrayList<>();
    for (String mode : List.of("nearest", "linear", "cubic")) {
      resizing(examples, mode);
    }
    for (String mode : List.of("nearest", "linear", "cubic")) {
      for (String padding : List.of("zeros", "border", "reflection")) {
        for (long aligned = 0; aligned < 2; aligned++) {
          examples.add(
              new Example(
                  "GridSample",
                  20,
                  Map.of(
                      "mode", new Attribute.OfString(mode),
                      "padding_mode", new Attribute.OfString(padding),
                      "align_corners", new Attribute.OfInt(aligned)),
                  List.of(numbers(2, 3, 4, 5), numbers(2, 6, 7, 2).mul(1.6))));
        }
      }
    }
    for (String operator : List.of("MaxPool", "AveragePool", "LpPool")) {
      for (long ceil = 0; ceil < 2; ceil++) {
        for (long dilation = 1; dilation < 3; dilation++) {
          pooling(examples, operator, ceil, dilation);
        }
      }
    }
    for (long dilation = 1; dilation < 3; dilation++) {
      for (long group = 1; group < 3; group++) {
        convolving(examples, dilation, group);
      }
    }
    return examples.stream();
  }

  private static void resizing(List<Example> examples, String mode) {
    boolean nearest = mode.equals("nearest");
    for (String coordinates :
        List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")) {
      for (String rounding :
          nearest
              ? List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
              : List.of("floor")) {
        for (long filter = 0; filter < (nearest ? 1 : 2); filter++) {
          // Half, one and a half, twice: each gives a whole size.
          for (float scale : new float[] {0.5f, 1.5f, 2}) {
            Map<String, Attribute> attributes = new LinkedHashMap<>();
            attributes.put("mode", new Attribute.OfString(mode));
            attributes.put("coordinate_transformation_mode", new Attribute.OfString(coordinates));
            attributes.put("nearest_mode", new Attribute.OfString(rounding));
            attributes.put("antialias", new Attribute.OfInt(filter));
            Tensor scales = Tensor.of(new float[] {1, 1, scale, 2});
            examples.add(
                new Example(
                    "Resize",
                    18,
                    attributes,
                    List.of(numbers(2, 3, 6, 4), Tensor.of(new float[0]), scales)));
          }
        }
      }
    }
  }

  private static void pooling(List<Example> examples, String operator, long ceil, long dilation) {
    examples.add(
        new Example(
            operator,
            22,
            Map.of(
                "kernel_shape", integers(3, 2),
                "strides", integers(2, 3),
                "pads", integers(1, 0, 2, 1),
                "dilations", integers(dilation, 1),
                "ceil_mode", new Attribute.OfInt(ceil)),
            List.of(numbers(2, 3, 8, 9))));
  }

  private static void convolving(List<Example> examples, long dilation, long group) {
    Map<String, Attribute> attributes =
        Map.of(
            "strides", integers(2, 3),
            "pads", integers(1, 0, 2, 1),
            "dilations", integers(dilation, dilation),
            "group", new Attribute.OfInt(group));
    Tensor x = numbers(2, 4, 8, 9);
    examples.add(
        new Example("Conv", 22, attributes, List.of(x, numbers(6, 4 / group, 3, 2), numbers(6))));
    examples.add(
        new Example(
            "ConvTranspose", 22, attributes, List.of(x, numbers(4, 3, 3, 2), numbers(3 * group))));
    long height = (8 + 3 - 2 * dilation - 1) / 2 + 1;
    long width = (9 + 1 - dilation - 1) / 3 + 1;
    examples.add(
        new Example(
            "DeformConv",
            22,
            attributes,
            List.of(x, numbers(6, 4 / group, 3, 2), numbers(2, 12, height, width).mul(3.0))));
  }

  private static Attribute integers(long... values) {
    return new Attribute.OfInts(Arrays.stream(values).boxed().toList());
  }

  /** Returns numbers between -1 and 1 without an order. */
  private static Tensor numbers(long... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i * 12.9898 + values.length);
    }
    return Tensor.of(values, shape);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void agreesWithOnnxRuntime(Example example) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    List<ValueInfo> declared = new ArrayList<>();
    for (Tensor input : example.inputs) {
      String name = "x" + inputs.size();
      inputs.put(name, input);
      List<Dimension> dims =
          Arrays.stream(input.shape().dims())
              .mapToObj(size -> (Dimension) new Dimension.Known(size))
              .toList();
      declared.add(new ValueInfo(name, new ValueType.OfTensor(ElementType.FLOAT, dims)));
    }
    Node node =
        new Node(
            "",
            "",
            example.operator,
            "",
            List.copyOf(inputs.keySet()),
            List.of("y"),
            example.attributes);
    ValueInfo output = new ValueInfo("y", new ValueType.Unknown());
    Graph graph =
        new Graph(
            "test", List.of(node), List.of(), List.of(), declared, List.of(output), List.of());
    Model model = new Model(10, "test", Map.of("", example.opset), graph, List.of(), Map.of());
    try (OnnxSession session = OnnxModel.of(model).session();
        OnnxRuntime runtime = OnnxRuntime.of(ModelWriter.write(model))) {
      Tensor actual = session.run(inputs).get("y");
      Tensor expected = runtime.run(inputs).get("y");
      assertEquals(expected.shape(), actual.shape());
      assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), 1e-4f);
    }
  }
}
