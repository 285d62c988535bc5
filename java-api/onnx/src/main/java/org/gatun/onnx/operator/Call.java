package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.jspecify.annotations.Nullable;

/**
 * One run of a node: its inputs and attributes as operators ask for them. What is missing or of
 * another kind is an {@link OnnxException} that names the node.
 */
public final class Call {
  private final Node node;
  private final long opset;
  private final @Nullable Value[] inputs;
  private final Bodies bodies;

  /**
   * Makes a call.
   *
   * @param node what is called
   * @param opset the version of the node's domain that the model uses
   * @param inputs one for each of the node's inputs, null where absent
   * @param bodies runs the node's graphs
   */
  public Call(Node node, long opset, @Nullable Value[] inputs, Bodies bodies) {
    this.node = Objects.requireNonNull(node, "call: node is null");
    this.opset = opset;
    this.inputs = Objects.requireNonNull(inputs, "call: inputs is null");
    this.bodies = Objects.requireNonNull(bodies, "call: bodies is null");
  }

  /** Runs the graphs that are attributes of a node. */
  @FunctionalInterface
  public interface Bodies {
    /** Returns the outputs of the graph that is the attribute of this name. */
    List<Value> run(String attribute, List<Value> inputs);
  }

  /** Returns the node. */
  public Node node() {
    return node;
  }

  /** Returns the version of the operator's domain that the model uses. */
  public long opset() {
    return opset;
  }

  // Inputs.

  /** Returns the number of inputs that the node names, absent ones between others included. */
  public int inputs() {
    return inputs.length;
  }

  /** Returns whether there is such an input. */
  public boolean has(int index) {
    return index >= 0 && index < inputs.length && inputs[index] != null;
  }

  /** Returns an input. */
  public Value value(int index) {
    Value value = index >= 0 && index < inputs.length ? inputs[index] : null;
    if (value == null) {
      throw failure("input " + index + " is missing");
    }
    return value;
  }

  /** Returns an input that is a tensor, or the carrier of one. */
  public Tensor tensor(int index) {
    return dense(index).tensor();
  }

  /** Returns an input that is a tensor, or null where it is absent. */
  public @Nullable Tensor optional(int index) {
    return has(index) ? tensor(index) : null;
  }

  /** Returns the shape of an input. */
  public Shape shape(int index) {
    return tensor(index).shape();
  }

  /** Returns all inputs from one on, as tensors. */
  public List<Tensor> tensorsFrom(int first) {
    if (first < 0) {
      throw failure("input " + first + " is missing");
    }
    Tensor[] tensors = new Tensor[Math.max(0, inputs.length - first)];
    Arrays.setAll(tensors, i -> tensor(first + i));
    return List.of(tensors);
  }

  /** Returns the type of the elements of an input. */
  public ElementType type(int index) {
    return dense(index).type();
  }

  /** Returns the elements of an input that is a sequence. */
  public List<Value> sequence(int index) {
    if (value(index) instanceof Value.Sequence sequence) {
      return sequence.elements();
    }
    throw failure("input " + name(index) + " is no sequence");
  }

  /** Returns an input that is a tensor with the type of its elements. */
  public Value.Dense dense(int index) {
    if (value(index) instanceof Value.Dense dense) {
      return dense;
    }
    throw failure("input " + name(index) + " is no tensor");
  }

  private String name(int index) {
    return index < node.inputs().size()
        ? index + " '" + node.inputs().get(index) + "'"
        : "" + index;
  }

  /** Returns the values of an input of integers, such as a shape. */
  public long[] longs(int index) {
    Tensor tensor = tensor(index);
    if (tensor.dtype().isFloating() || tensor.dtype() == DType.BOOL) {
      throw failure("input " + name(index) + " is of " + tensor.layout() + ", expected integers");
    }
    return switch (tensor.dtype()) {
      case I64 -> tensor.toLongArray();
      case I32 -> Arrays.stream(tensor.toIntArray()).asLongStream().toArray();
      default -> tensor.to(DType.I64).toLongArray();
    };
  }

  /** Returns the value of an input of one integer. */
  public long scalarLong(int index) {
    long[] values = longs(index);
    if (values.length != 1) {
      throw failure("input " + name(index) + " has " + values.length + " elements, expected one");
    }
    return values[0];
  }

  /** Returns the value of an input of one number or truth value. */
  public double scalar(int index) {
    Tensor tensor = tensor(index);
    if (tensor.size() != 1) {
      throw failure(
          "input " + name(index) + " is of " + tensor.layout() + ", expected one element");
    }
    return tensor.item();
  }

  // Attributes.

  private @Nullable Attribute attribute(String name) {
    return node.attributes().get(Objects.requireNonNull(name, "call: name is null"));
  }

  /** Returns whether the node has the attribute. */
  public boolean hasAttribute(String name) {
    Objects.requireNonNull(name, "call: name is null");
    return node.attributes().containsKey(name);
  }

  /** Returns an attribute that is an integer. */
  public long integer(String name, long otherwise) {
    return switch (attribute(name)) {
      case null -> otherwise;
      case Attribute.OfInt(long value) -> value;
      case Attribute other -> throw wrongKind(name, other, "an integer");
    };
  }

  /** Returns an attribute that is an integer and must be there. */
  public long integer(String name) {
    require(name);
    return integer(name, 0);
  }

  /** Returns an attribute that is an integer of the size of an {@code int}, such as an axis. */
  public int smallInteger(String name, long otherwise) {
    long value = integer(name, otherwise);
    if (value != (int) value) {
      throw failure("attribute " + name + " is " + value + ", expected a 32-bit integer");
    }
    return (int) value;
  }

  /** Returns an attribute that is 0 or 1. */
  public boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  /** Returns an attribute that is a number. */
  public float number(String name, float otherwise) {
    return switch (attribute(name)) {
      case null -> otherwise;
      case Attribute.OfFloat(float value) -> value;
      case Attribute other -> throw wrongKind(name, other, "a number");
    };
  }

  /** Returns an attribute that is a text. */
  public String text(String name, String otherwise) {
    Objects.requireNonNull(otherwise, "call: otherwise is null");
    return switch (attribute(name)) {
      case null -> otherwise;
      case Attribute.OfString(String value) -> value;
      case Attribute other -> throw wrongKind(name, other, "a text");
    };
  }

  /** Returns an attribute that is a list of integers, or null where it is absent. */
  public long @Nullable [] integers(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.OfInts(List<Long> values) ->
          values.stream().mapToLong(Long::longValue).toArray();
      case Attribute other -> throw wrongKind(name, other, "integers");
    };
  }

  /** Returns an attribute that is a list of numbers, or null where it is absent. */
  public float @Nullable [] numbers(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.OfFloats(List<Float> values) -> {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
          array[i] = values.get(i);
        }
        yield array;
      }
      case Attribute other -> throw wrongKind(name, other, "numbers");
    };
  }

  /** Returns an attribute that is a list of texts, or null where it is absent. */
  public @Nullable List<String> texts(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.OfStrings(List<String> values) -> values;
      case Attribute other -> throw wrongKind(name, other, "texts");
    };
  }

  /** Returns an attribute that is a tensor, or null where it is absent. */
  public @Nullable TensorData constant(String name) {
    return switch (attribute(name)) {
      case null -> null;
      case Attribute.OfTensor(TensorData value) -> value;
      case Attribute other -> throw wrongKind(name, other, "a tensor");
    };
  }

  /** Returns an attribute that is the number of an element type. */
  public ElementType elementType(String name, ElementType otherwise) {
    long code = integer(name, otherwise.code());
    try {
      return ElementType.ofCode(code);
    } catch (IllegalArgumentException e) {
      throw new OnnxException(node.label() + ": attribute " + name + ": " + e.getMessage(), e);
    }
  }

  private void require(String name) {
    if (!hasAttribute(name)) {
      throw failure("attribute " + name + " is missing");
    }
  }

  private OnnxException wrongKind(String name, Attribute found, String expected) {
    return failure(
        "attribute " + name + " is " + found.getClass().getSimpleName() + ", expected " + expected);
  }

  // Outputs.

  /** Returns the number of outputs that the node names. */
  public int outputs() {
    return node.outputs().size();
  }

  /** Returns whether the node names such an output. */
  public boolean wants(int index) {
    return index >= 0 && index < outputs() && !node.outputs().get(index).isEmpty();
  }

  // Graphs.

  /** Returns an attribute that is a graph and must be there. */
  public Graph graph(String name) {
    return switch (attribute(name)) {
      case null -> throw failure("attribute " + name + " is missing");
      case Attribute.OfGraph(Graph graph) -> graph;
      case Attribute other -> throw wrongKind(name, other, "a graph");
    };
  }

  /** Returns the outputs of the graph that is the attribute of this name. */
  public List<Value> run(String attribute, List<Value> arguments) {
    Objects.requireNonNull(attribute, "call: attribute is null");
    Objects.requireNonNull(arguments, "call: arguments is null");
    return bodies.run(attribute, arguments);
  }

  // Checks.

  /**
   * Returns an axis that counts from the last where negative.
   *
   * @throws OnnxException if it is out of range
   */
  public int axis(long axis, int rank) {
    long index = axis < 0 ? axis + rank : axis;
    if (index < 0 || index >= rank) {
      throw failure("axis " + axis + " out of range for rank " + rank);
    }
    return (int) index;
  }

  /** Returns an exception that names the node. */
  public OnnxException failure(String reason) {
    Objects.requireNonNull(reason, "call: reason is null");
    return new OnnxException(node.label() + ": " + reason);
  }
}
