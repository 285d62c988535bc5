package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/** Checks the inputs of a run against what the graph declares. */
public final class InputCheck {
  private final List<ValueInfo> declared;
  private final List<String> names;
  private final Set<String> defaults;

  /** A number for each dimension that has a name. */
  private final Map<String, Integer> dimensions = new HashMap<>();

  /**
   * Makes the check.
   *
   * @param declared the inputs of the graph
   * @param defaults the names of those that have a default
   */
  private InputCheck(List<ValueInfo> declared, Set<String> defaults) {
    this.declared = List.copyOf(declared);
    this.names = declared.stream().map(ValueInfo::name).toList();
    this.defaults = Set.copyOf(defaults);
    declared.forEach(input -> number(input.type()));
  }

  private void number(ValueType type) {
    switch (type) {
      case ValueType.OfSequence sequence -> number(sequence.element());
      case ValueType.OfOptional optional -> number(optional.element());
      case ValueType.OfTensor tensor -> {
        List<Dimension> shape = tensor.shape();
        for (Dimension dimension : shape == null ? List.<Dimension>of() : shape) {
          if (dimension instanceof Dimension.Named(String name)) {
            dimensions.putIfAbsent(name, dimensions.size());
          }
        }
      }
      default -> {}
    }
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
    List<@Nullable Value> values = new ArrayList<>(declared.size());
    for (int i = 0; i < declared.size(); i++) {
      values.add(given.get(declared.get(i).name()));
    }
    return checked(given.keySet(), values);
  }

  /**
   * Returns tensors as values in the order in which they are declared, as {@link #ordered} does.
   */
  public List<@Nullable Value> orderedTensors(Map<String, Tensor> given) {
    List<@Nullable Value> values = new ArrayList<>(declared.size());
    for (int i = 0; i < declared.size(); i++) {
      String name = declared.get(i).name();
      Tensor tensor = given.get(name);
      values.add(
          tensor != null || given.containsKey(name)
              ? Value.of(Objects.requireNonNull(tensor, name))
              : null);
    }
    return checked(given.keySet(), values);
  }

  private List<@Nullable Value> checked(Set<String> given, List<@Nullable Value> values) {
    for (String name : given) {
      if (!names.contains(name)) {
        throw new OnnxException("run: no input '" + name + "', expected " + names);
      }
    }
    long[] sizes = sizes();
    for (int i = 0; i < values.size(); i++) {
      ValueInfo input = declared.get(i);
      Value value = values.get(i);
      if (value != null) {
        check(input, input.type(), value, sizes);
      } else if (!defaults.contains(input.name())) {
        throw new OnnxException(
            "run: input '" + input.name() + "' of " + input.type() + " is missing");
      }
    }
    return values;
  }

  /** Returns a place for the size of each dimension that has a name, -1 before it is known. */
  private long[] sizes() {
    long[] sizes = new long[dimensions.size()];
    Arrays.fill(sizes, -1);
    return sizes;
  }

  private void check(ValueInfo input, ValueType type, Value value, long[] sizes) {
    switch (type) {
      case ValueType.Unknown _ -> {}
      case ValueType.OfTensor tensor when value instanceof Value.Dense dense ->
          check(input, tensor, dense, sizes);
      case ValueType.OfSequence sequence when value instanceof Value.Sequence elements -> {
        for (Value element : elements.elements()) {
          check(input, sequence.element(), element, sizes());
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

  private void check(ValueInfo input, ValueType.OfTensor type, Value.Dense value, long[] sizes) {
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
          int number = dimensions.getOrDefault(name, 0);
          long before = sizes[number];
          if (before < 0) {
            sizes[number] = size;
          } else if (before != size) {
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
