package org.gatun.safety.models;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.operator.Constants;

/** Models whose results are not the same, or not nearly, on every engine, though all are right. */
final class Unsteady {
  private static final Set<String> DRAWING =
      Set.of(
          "Bernoulli",
          "Dropout",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike");

  /** The reference computes integers in doubles, and native results of larger ones wrap. */
  private static final double LARGEST_INTEGER = 1 << 10;

  /** Of larger numbers what lies between has infinities in f32 that doubles do not have. */
  private static final double LARGEST_NUMBER = 1 << 10;

  private final Set<String> operators = new HashSet<>();
  private boolean large;

  private Unsteady(OnnxModel model) {
    add(model.definition().graph());
    for (Function function : model.definition().functions()) {
      function.nodes().forEach(this::add);
    }
  }

  /** Returns whether a model draws random numbers. */
  static boolean draws(OnnxModel model) {
    return new Unsteady(model).operators.stream().anyMatch(DRAWING::contains);
  }

  /** Returns whether rounding alone may make results differ by much, or integers overflow. */
  static boolean isUnsteady(
      OnnxModel model, Map<String, Value> inputs, Map<String, Value> results) {
    Unsteady unsteady = new Unsteady(model);
    inputs.values().forEach(unsteady::look);
    results.values().forEach(unsteady::look);
    return unsteady.large;
  }

  private void add(Graph graph) {
    graph.nodes().forEach(this::add);
    graph.initializers().forEach(this::look);
  }

  private void add(Node node) {
    operators.add(node.operator());
    for (Attribute attribute : node.attributes().values()) {
      switch (attribute) {
        case Attribute.OfGraph(Graph body) -> add(body);
        case Attribute.OfTensor(TensorData data) -> look(data);
        case Attribute.OfFloat(float value) -> large |= isLarge(DType.F32, value);
        case Attribute.OfFloats(List<Float> values) ->
            values.forEach(value -> large |= isLarge(DType.F32, value));
        default -> {}
      }
    }
  }

  private void look(TensorData data) {
    if (data.type().hasCarrier()
        && !large
        && data.elements().byteSize() == (data.size() * data.type().bits() + 7) / 8) {
      try (Tensor tensor = Constants.value(data).tensor()) {
        look(Value.of(tensor));
      }
    }
  }

  private void look(Value value) {
    switch (value) {
      case Value.Dense dense -> {
        try (Tensor wide = dense.tensor().to(DType.F64)) {
          for (double element : wide.toDoubleArray()) {
            large |= isLarge(dense.tensor().dtype(), element);
          }
        }
      }
      case Value.Sequence sequence -> sequence.elements().forEach(this::look);
      case Value.Optional optional -> {
        if (optional.value() != null) {
          look(optional.value());
        }
      }
    }
  }

  private static boolean isLarge(DType dtype, double value) {
    double most = dtype.isFloating() ? LARGEST_NUMBER : LARGEST_INTEGER;
    return Math.abs(value) > most || (dtype.isFloating() && value != 0 && Math.abs(value) < 1e-6);
  }
}
