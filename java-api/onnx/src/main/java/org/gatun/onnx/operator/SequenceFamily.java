package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;

/** Operators on sequences and optional values. */
final class SequenceFamily {
  /** A view that repeats an element may have dimensions of any size. */
  private static final long MOST_PARTS = 1_000_000;

  private SequenceFamily() {}

  static void register(Registry onnx) {
    onnx.add("ConcatFromSequence", 11, Typing.ANY, SequenceFamily::concat);
    onnx.add("Optional", 15, Typing.ANY, SequenceFamily::optional);
    onnx.add("OptionalGetElement", 15, Typing.ANY, SequenceFamily::optionalGet);
    onnx.add("OptionalHasElement", 15, Typing.ANY, c -> List.of(truth(hasElement(c))));
    onnx.add("SequenceAt", 11, Typing.ANY, c -> List.of(c.sequence(0).get(position(c, 1, 0))));
    onnx.add("SequenceConstruct", 11, Typing.ANY, SequenceFamily::construct);
    onnx.add("SequenceEmpty", 11, Typing.ANY, SequenceFamily::empty);
    onnx.add("SequenceErase", 11, Typing.ANY, SequenceFamily::erase);
    onnx.add("SequenceInsert", 11, Typing.ANY, SequenceFamily::insert);
    onnx.add("SequenceLength", 11, Typing.ANY, c -> List.of(number(c.sequence(0).size())));
    onnx.add("SequenceMap", 17, Typing.ANY, SequenceFamily::map);
    onnx.add("SplitToSequence", 11, Typing.ANY, SequenceFamily::split);
  }

  private static Value truth(boolean value) {
    return Value.of(Tensor.of(new boolean[] {value}).reshape());
  }

  private static Value number(long value) {
    return Value.of(Tensor.of(new long[] {value}).reshape());
  }

  // Sequences.

  private static List<Value> construct(Call call) {
    if (call.inputs() == 0) {
      throw call.failure("no inputs, expected one or more");
    }
    return List.of(
        new Value.Sequence(IntStream.range(0, call.inputs()).mapToObj(call::value).toList()));
  }

  private static List<Value> empty(Call call) {
    ElementType type = call.elementType("dtype", ElementType.FLOAT);
    if (!type.hasCarrier()) {
      throw call.failure("attribute dtype is " + type + ", which Gatun has not");
    }
    return List.of(new Value.Sequence(List.of()));
  }

  /**
   * Returns the position that an input says, which counts from the end where negative; without the
   * input the last one.
   *
   * @param more how many positions there are beyond the elements
   */
  private static int position(Call call, int input, int more) {
    int size = call.sequence(0).size();
    long given = call.has(input) ? call.scalarLong(input) : size - 1L + more;
    long position = given < 0 ? given + size : given;
    if (position < 0 || position >= size + (long) more) {
      throw call.failure("position " + given + " in a sequence of " + size + " elements");
    }
    return (int) position;
  }

  private static List<Value> erase(Call call) {
    List<Value> elements = new ArrayList<>(call.sequence(0));
    elements.remove(position(call, 1, 0));
    return List.of(new Value.Sequence(elements));
  }

  private static List<Value> insert(Call call) {
    List<Value> elements = new ArrayList<>(call.sequence(0));
    Value added = call.value(1);
    if (!elements.isEmpty()
        && elements.getFirst() instanceof Value.Dense first
        && !(added instanceof Value.Dense dense && dense.type() == first.type())) {
      throw call.failure("an element other than those of the sequence, of " + first.type());
    }
    elements.add(position(call, 2, 1), added);
    return List.of(new Value.Sequence(elements));
  }

  private static List<Value> concat(Call call) {
    List<Tensor> parts = new ArrayList<>();
    ElementType type = null;
    for (Value element : call.sequence(0)) {
      if (!(element instanceof Value.Dense dense) || (type != null && dense.type() != type)) {
        throw call.failure("elements of several types, expected tensors of one");
      }
      type = dense.type();
      parts.add(dense.tensor());
    }
    if (type == null) {
      throw call.failure("a sequence of no elements, expected one or more");
    }
    boolean isNew = call.flag("new_axis", false);
    int rank = parts.getFirst().rank() + (isNew ? 1 : 0);
    int axis = call.axis(call.integer("axis"), rank);
    return List.of(
        new Value.Dense(type, isNew ? Tensor.stack(axis, parts) : Tensor.concat(axis, parts)));
  }

  private static List<Value> split(Call call) {
    Tensor x = call.tensor(0);
    int axis = call.axis(call.integer("axis", 0), x.rank());
    long dim = x.dim(axis);
    List<Tensor> parts;
    if (call.has(1) && call.shape(1).rank() > 0) {
      parts = sized(call, x, axis, call.longs(1));
    } else {
      long size = call.has(1) ? call.scalarLong(1) : 1;
      if (size < 1 || dim / size > MOST_PARTS) {
        throw call.failure("parts of " + size + " for axis " + axis + " of shape " + x.shape());
      }
      boolean keeps = call.has(1) || call.flag("keepdims", true);
      parts = keeps ? x.split(size, axis) : x.unbind(axis);
    }
    ElementType type = call.type(0);
    List<Value> values = new ArrayList<>();
    parts.forEach(part -> values.add(new Value.Dense(type, part)));
    return List.of(new Value.Sequence(values));
  }

  private static List<Tensor> sized(Call call, Tensor x, int axis, long[] sizes) {
    long dim = x.dim(axis);
    if (Arrays.stream(sizes).anyMatch(size -> size < 0 || size > dim)
        || Arrays.stream(sizes).sum() != dim) {
      throw call.failure(
          "parts of " + Arrays.toString(sizes) + " for axis " + axis + " of shape " + x.shape());
    }
    return x.split(sizes, axis);
  }

  /** The body's outputs for the elements of sequences, side by side; tensors are for all. */
  private static List<Value> map(Call call) {
    List<Value> first = call.sequence(0);
    List<List<Value>> results = new ArrayList<>();
    for (int output = 0; output < call.outputs(); output++) {
      results.add(new ArrayList<>());
    }
    for (int i = 0; i < first.size(); i++) {
      List<Value> arguments = new ArrayList<>();
      for (int input = 0; input < call.inputs(); input++) {
        arguments.add(element(call, input, i, first.size()));
      }
      List<Value> outputs = call.run("body", arguments);
      if (outputs.size() < results.size()) {
        throw call.failure(
            "its body has " + outputs.size() + " outputs, expected " + results.size());
      }
      for (int output = 0; output < results.size(); output++) {
        results.get(output).add(outputs.get(output));
      }
    }
    List<Value> sequences = new ArrayList<>();
    results.forEach(elements -> sequences.add(new Value.Sequence(elements)));
    return sequences;
  }

  private static Value element(Call call, int input, int index, int length) {
    if (!(call.value(input) instanceof Value.Sequence sequence)) {
      return call.value(input);
    }
    if (sequence.elements().size() != length) {
      throw call.failure(
          "sequences of " + length + " and " + sequence.elements().size() + " elements");
    }
    return sequence.elements().get(index);
  }

  // Optional values.

  private static List<Value> optional(Call call) {
    return List.of(new Value.Optional(call.has(0) ? call.value(0) : null));
  }

  private static List<Value> optionalGet(Call call) {
    Value value =
        call.value(0) instanceof Value.Optional optional ? optional.value() : call.value(0);
    if (value == null) {
      throw call.failure("its input holds nothing");
    }
    return List.of(value);
  }

  private static boolean hasElement(Call call) {
    return call.has(0)
        && !(call.value(0) instanceof Value.Optional optional && optional.value() == null);
  }
}
