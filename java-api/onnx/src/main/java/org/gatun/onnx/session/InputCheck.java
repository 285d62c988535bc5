package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Checks the inputs of a run against what the graph declares.
 *
 * @param declared the inputs of the graph
 * @param defaults the names of those that have a default
 */
public record InputCheck(List<ValueInfo> declared, Set<String> defaults) {
  /** Copies the lists. */
  public InputCheck {
    declared = List.copyOf(declared);
    defaults = Set.copyOf(defaults);
  }

  /** Returns the check of a graph's inputs. */
  public static InputCheck of(Graph graph) {
    return new InputCheck(graph.inputs(), graph.initializerNames());
  }

  /**
   * Returns the values in the order in which they are declared, null where a default stands.
   *
   * @throws IllegalStateException if a tensor is closed
   * @throws OnnxException if one is missing, unknown, or not as it is declared
   */
  public List<@Nullable Value> ordered(Map<String, Value> given) {
    Collection<String> names = declared.stream().map(ValueInfo::name).toList();
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        throw new OnnxException("run: no input '" + name + "', expected " + names);
      }
    }
    Map<String, Long> sizes = new HashMap<>();
    List<@Nullable Value> values = new ArrayList<>();
    for (ValueInfo input : declared) {
      Value value = given.get(input.name());
      if (value == null) {
        if (!defaults.contains(input.name())) {
          throw new OnnxException(
              "run: input '" + input.name() + "' of " + input.type() + " is missing");
        }
      } else {
        check(input, input.type(), value, sizes);
      }
      values.add(value);
    }
    return values;
  }

  private static void check(ValueInfo input, ValueType type, Value value, Map<String, Long> sizes) {
    switch (type) {
      case ValueType.Unknown _ -> {}
      case ValueType.OfTensor tensor when value instanceof Value.Dense dense ->
          check(input, tensor, dense, sizes);
      case ValueType.OfSequence sequence when value instanceof Value.Sequence elements -> {
        for (Value element : elements.elements()) {
          check(input, sequence.element(), element, new HashMap<>());
        }
      }
      case ValueType.OfOptional optional when value instanceof Value.Optional holder -> {
        Value inner = holder.value();
        if (inner != null) {
          check(input, optional.element(), inner, sizes);
        }
      }
      case ValueType.OfOptional optional -> check(input, optional.element(), value, sizes);
      default -> throw failure(input, value.getClass().getSimpleName());
    }
  }

  private static void check(
      ValueInfo input, ValueType.OfTensor type, Value.Dense value, Map<String, Long> sizes) {
    Tensor tensor = value.tensor();
    if (tensor.isClosed()) {
      throw new IllegalStateException("run: input '" + input.name() + "' is closed");
    }
    if (value.type() != type.element()) {
      throw failure(input, value.type().toString() + tensor.shape());
    }
    List<Dimension> shape = type.shape();
    if (shape == null) {
      return;
    }
    if (shape.size() != tensor.rank()) {
      throw failure(input, value.type().toString() + tensor.shape());
    }
    for (int axis = 0; axis < shape.size(); axis++) {
      long size = tensor.dim(axis);
      switch (shape.get(axis)) {
        // Some exporters write 0 or less for a dimension of any size.
        case Dimension.Known(long expected) when expected > 0 && expected != size ->
            throw failure(input, value.type().toString() + tensor.shape());
        case Dimension.Named(String name) -> {
          Long before = sizes.putIfAbsent(name, size);
          if (before != null && before != size) {
            throw new OnnxException(
                "run: input '"
                    + input.name()
                    + "' is "
                    + value.type()
                    + tensor.shape()
                    + ", but dimension "
                    + name
                    + " is "
                    + before
                    + " in an input before it");
          }
        }
        default -> {}
      }
    }
  }

  private static OnnxException failure(ValueInfo input, String found) {
    return new OnnxException(
        "run: input '" + input.name() + "' is " + found + ", expected " + input.type());
  }
}
