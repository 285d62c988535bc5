package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;

/**
 * How operators on numbers of one type, unsigned integers of all widths among them, are written.
 */
final class Numbers {
  private Numbers() {}

  /** Adds an operator of one input, whose results overflow the type where they are too large. */
  static void unary(Registry onnx, String name, long since, UnaryOperator<Tensor> function) {
    onnx.add(name, since, Typing.ANY, c -> result(type(c), function.apply(c.tensor(0))));
  }

  /** Adds an operator of two inputs, whose results overflow the type where they are too large. */
  static void binary(Registry onnx, String name, long since, BinaryOperator<Tensor> function) {
    onnx.add(name, since, Typing.ANY, c -> result(type(c), function.apply(c.tensor(0), second(c))));
  }

  /** Adds an operator that says which of two inputs comes first. */
  static void comparison(Registry onnx, String name, long since, BinaryOperator<Tensor> test) {
    onnx.add(
        name,
        since,
        Typing.ANY,
        c -> {
          ElementType type = type(c);
          Tensor a = c.tensor(0);
          Tensor b = second(c);
          Tensor result = test.apply(a, b);
          return List.of(
              Value.of(
                  type == ElementType.UINT64 ? result.logicalXor(Unsigned.differ(a, b)) : result));
        });
  }

  /**
   * Returns the second input, such that it broadcasts to the first: versions before 7 say by
   * attributes from which axis on.
   */
  static Tensor second(Call call) {
    Tensor x = call.tensor(1);
    int rank = call.tensor(0).rank();
    if (!call.flag("broadcast", false) || !call.hasAttribute("axis")) {
      return x;
    }
    int axis = call.axis(call.integer("axis"), rank);
    if (axis + x.rank() > rank) {
      throw call.failure(
          "input 1 is of shape " + x.shape() + ", expected one that fits behind axis " + axis);
    }
    long[] dims = Arrays.copyOf(x.shape().dims(), rank - axis);
    Arrays.fill(dims, x.rank(), dims.length, 1);
    return x.reshape(dims);
  }

  /**
   * Returns the type of all inputs that are there.
   *
   * @throws org.gatun.onnx.OnnxException if they differ, or are of small floats or integers
   */
  static ElementType type(Call call) {
    ElementType type = firstType(call);
    same(call, 1);
    return type;
  }

  /**
   * Returns the type of the first input.
   *
   * @throws org.gatun.onnx.OnnxException if it is of small floats or integers
   */
  static ElementType firstType(Call call) {
    ElementType type = call.type(0);
    switch (type) {
      case UINT16, UINT32, UINT64 -> {}
      default -> {
        if (!type.isNative()) {
          throw call.failure(
              "input 0 has elements of " + type + ", which this operator does not take");
        }
      }
    }
    return type;
  }

  /** Checks that inputs from one on are of the type of the first. */
  static void same(Call call, int from) {
    for (int i = from; i < call.inputs(); i++) {
      if (call.has(i) && call.type(i) != call.type(0)) {
        throw call.failure(
            "input "
                + i
                + " has elements of "
                + call.type(i)
                + ", expected "
                + call.type(0)
                + " as input 0 has");
      }
    }
  }

  /** Returns a tensor of numbers that may have overflowed as the only output. */
  static List<Value> result(ElementType type, Tensor x) {
    return List.of(new Value.Dense(type, Unsigned.wrap(type, x)));
  }
}
