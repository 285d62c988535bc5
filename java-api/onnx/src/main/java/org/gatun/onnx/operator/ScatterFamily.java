package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Combination;
import org.gatun.op.Ints;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;
import org.gatun.runtime.Engine;

/** Operators that write elements where other tensors say. */
final class ScatterFamily {
  private ScatterFamily() {}

  static void register(Registry onnx) {
    onnx.add("Scatter", 9, Typing.ANY, ScatterFamily::scatterElements);
    onnx.add("ScatterElements", 11, Typing.ANY, ScatterFamily::scatterElements);
    onnx.add("ScatterND", 11, Typing.ANY, ScatterFamily::scatterNd);
  }

  private static List<Value> scatterElements(Call call) {
    int axis = call.axis(call.integer("axis", 0), call.shape(0).rank());
    Combination combination = combination(call);
    ScatterElements scatter = new ScatterElements("scatter elements", axis, true, combination);
    Tensor indices = IndexingFamily.indices(call, 1);
    if (!call.shape(2).equals(indices.shape())) {
      throw call.failure(
          "updates of shape " + call.shape(2) + " for indices of " + indices.shape());
    }
    Tensor x = comparable(call, 0, combination);
    Tensor updates = comparable(call, 2, combination);
    return result(call, Engine.current().run(scatter, x, updates, indices), combination);
  }

  private static List<Value> scatterNd(Call call) {
    Tensor indices = IndexingFamily.indices(call, 1);
    if (indices.rank() < 1 || indices.dim(-1) > call.shape(0).rank()) {
      throw call.failure(
          "indices of shape " + indices.shape() + " for an input of " + call.shape(0));
    }
    Combination combination = combination(call);
    Tensor x = comparable(call, 0, combination);
    List<Tensor> operands = new ArrayList<>();
    // An axis of one place, for indices of no axis at all.
    operands.add(x.unsqueeze(0));
    operands.add(comparable(call, 2, combination));
    Shape picked = indices.shape().range(0, indices.rank() - 1);
    operands.add(Tensor.zeros(DType.I64, picked.dims()));
    int depth = Math.toIntExact(indices.dim(-1));
    for (int i = 0; i < depth; i++) {
      operands.add(indices.select(-1, i).to(DType.I64));
    }
    int[] axes = IntStream.rangeClosed(0, depth).toArray();
    Scatter scatter = new Scatter("scatter nd", Ints.of(axes), true, combination);
    Tensor written = Engine.current().run(scatter, operands.toArray(Tensor[]::new));
    return result(call, written.squeeze(0), combination);
  }

  private static Combination combination(Call call) {
    String reduction = call.text("reduction", "none");
    return switch (reduction) {
      case "none" -> Combination.REPLACE;
      case "add" -> Combination.ADD;
      case "mul" -> Combination.MULTIPLY;
      case "max" -> Combination.MAX;
      case "min" -> Combination.MIN;
      default ->
          throw call.failure(
              "attribute reduction is " + reduction + ", expected none, add, mul, max or min");
    };
  }

  /** Returns an input whose carriers compare as its elements do. */
  private static Tensor comparable(Call call, int input, Combination combination) {
    if (call.type(input) != call.type(0)) {
      throw call.failure("updates of " + call.type(input) + ", expected " + call.type(0));
    }
    Tensor tensor = call.tensor(input);
    return isFlipped(call, combination) ? flipped(tensor) : tensor;
  }

  private static boolean isFlipped(Call call, Combination combination) {
    return call.type(0) == ElementType.UINT64
        && (combination == Combination.MAX || combination == Combination.MIN);
  }

  /** With the other sign bit, unsigned integers are in the order of signed ones. */
  private static Tensor flipped(Tensor x) {
    return x.bitwiseXor(Long.MIN_VALUE);
  }

  private static List<Value> result(Call call, Tensor written, Combination combination) {
    ElementType type = call.type(0);
    boolean computed = combination == Combination.ADD || combination == Combination.MULTIPLY;
    if (computed && !type.isNative() && type != ElementType.UINT64) {
      written =
          switch (type) {
            case UINT16 -> written.bitwiseAnd(0xffff);
            case UINT32 -> written.bitwiseAnd(0xffffffffL);
            default -> throw call.failure("elements of " + type + ", which it does not compute");
          };
    }
    return List.of(
        new Value.Dense(type, isFlipped(call, combination) ? flipped(written) : written));
  }
}
