package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.DType;
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
import org.jspecify.annotations.Nullable;

/** One node, run by Gatun twice, interpreted and replayed, and by ONNX Runtime. */
final class RuntimeNode {
  private static final long OPSET = 17;

  private final String name;
  private final String domain;
  private final String operator;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();
  private final List<@Nullable Tensor> inputs = new ArrayList<>();
  private final Random random = new Random(7);
  private boolean[] wanted = {true};
  private double tolerance = 1e-5;

  private RuntimeNode(String name, String domain, String operator) {
    this.name = name;
    this.domain = domain;
    this.operator = operator;
  }

  /** Starts a node of ONNX Runtime's own domain. */
  static RuntimeNode of(String operator, String what) {
    return new RuntimeNode(operator + ", " + what, "com.microsoft", operator);
  }

  /** Starts a node of ONNX's domain. */
  static RuntimeNode ofOnnx(String operator, String what) {
    return new RuntimeNode(operator + ", " + what, "", operator);
  }

  /** Returns what it is, for people. */
  String name() {
    return name;
  }

  RuntimeNode with(String attribute, long value) {
    attributes.put(attribute, new Attribute.OfInt(value));
    return this;
  }

  RuntimeNode with(String attribute, double value) {
    attributes.put(attribute, new Attribute.OfFloat((float) value));
    return this;
  }

  RuntimeNode with(String attribute, String value) {
    attributes.put(attribute, new Attribute.OfString(value));
    return this;
  }

  RuntimeNode with(String attribute, long[] values) {
    attributes.put(attribute, new Attribute.OfInts(Arrays.stream(values).boxed().toList()));
    return this;
  }

  /** Adds an input. */
  RuntimeNode in(Tensor tensor) {
    inputs.add(tensor);
    return this;
  }

  /** Adds an input of normal numbers. */
  RuntimeNode normal(long... shape) {
    float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return in(Tensor.of(values, shape));
  }

  /** Adds an input of 32-bit integers. */
  RuntimeNode ints(long[] shape, int... values) {
    return in(Tensor.of(values, shape));
  }

  /** Adds an input of 64-bit integers. */
  RuntimeNode longs(long[] shape, long... values) {
    return in(Tensor.of(values, shape));
  }

  /** Leaves some inputs out. */
  RuntimeNode none(int count) {
    inputs.addAll(Collections.nCopies(count, null));
    return this;
  }

  /** Says which outputs there are, where it is not the first one alone. */
  RuntimeNode outputs(boolean... which) {
    wanted = which.clone();
    return this;
  }

  /** Sets what a result may differ by, of the largest one. */
  RuntimeNode within(double difference) {
    tolerance = difference;
    return this;
  }

  /** Runs the node here and there. */
  void check() {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (input != null) {
        values.put("i" + i, input);
      }
    }
    Map<String, Tensor> first;
    Map<String, Tensor> second;
    try (OnnxSession session = OnnxModel.of(model(Map.of())).session()) {
      first = session.run(values);
      second = session.run(values);
    }
    Map<String, Tensor> expected;
    try (OnnxRuntime runtime = OnnxRuntime.of(ModelWriter.write(model(first)))) {
      expected = runtime.run(values);
    }
    expected.forEach(
        (output, tensor) -> {
          Tensor ours = first.get(output);
          Tensor replayed = second.get(output);
          assertEquals(tensor.layout(), ours.layout(), output);
          assertArrayEquals(numbers(ours), numbers(replayed), output + " replayed");
          compare(output, numbers(tensor), numbers(ours));
        });
  }

  private static double[] numbers(Tensor tensor) {
    return tensor.to(DType.F64).toDoubleArray();
  }

  private void compare(String output, double[] expected, double[] actual) {
    double largest =
        Arrays.stream(expected).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      if (tolerance == 0 || !Double.isFinite(expected[i])) {
        assertEquals(expected[i], actual[i], output + "[" + i + "]");
      } else {
        assertEquals(expected[i], actual[i], tolerance * largest, output + "[" + i + "]");
      }
    }
  }

  /** Returns the model; ONNX Runtime wants to know the types of some outputs. */
  private Model model(Map<String, Tensor> results) {
    List<ValueInfo> given = new ArrayList<>();
    List<String> in = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      in.add(input == null ? "" : "i" + i);
      if (input != null) {
        List<Dimension> dims = new ArrayList<>();
        Arrays.stream(input.shape().dims()).forEach(dim -> dims.add(new Dimension.Known(dim)));
        ElementType type = ElementType.of(input.dtype());
        given.add(new ValueInfo("i" + i, new ValueType.OfTensor(type, dims)));
      }
    }
    List<String> out = new ArrayList<>();
    List<ValueInfo> declared = new ArrayList<>();
    for (int i = 0; i < wanted.length; i++) {
      String output = wanted[i] ? "o" + i : "";
      out.add(output);
      if (wanted[i]) {
        Tensor known = results.get(output);
        declared.add(
            new ValueInfo(output, known == null ? new ValueType.Unknown() : anyShape(known)));
      }
    }
    Node node = new Node("", domain, operator, "", in, out, attributes);
    Map<String, Long> opsets = Map.of("", OPSET, "com.microsoft", 1L);
    Graph graph =
        new Graph("node", List.of(node), List.of(), List.of(), given, declared, List.of());
    return new Model(8, "test", opsets, graph, List.of(), Map.of());
  }

  private static ValueType anyShape(Tensor tensor) {
    return new ValueType.OfTensor(
        ElementType.of(tensor.dtype()), Collections.nCopies(tensor.rank(), new Dimension.Any()));
  }
}
