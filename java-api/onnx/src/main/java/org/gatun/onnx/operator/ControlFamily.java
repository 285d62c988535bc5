package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.gatun.onnx.operator.Operator.Typing;
import org.jspecify.annotations.Nullable;

/** Branches and loops that run graphs. {@link ScanFamily} has those over the parts of tensors. */
final class ControlFamily {
  private ControlFamily() {}

  static void register(Registry onnx) {
    onnx.add("If", 1, Typing.ANY, ControlFamily::branch);
    onnx.add("Loop", 1, Typing.ANY, ControlFamily::loop);
  }

  private static List<Value> branch(Call call) {
    return call.run(call.scalar(0) != 0 ? "then_branch" : "else_branch", List.of());
  }

  /**
   * The body until it says stop or its count is reached. It takes the number of the iteration, the
   * condition and the state, and gives the condition, the new state, and elements of the outputs
   * that are stacked.
   */
  private static List<Value> loop(Call call) {
    Graph body = call.graph("body");
    int states = Math.max(0, call.inputs() - 2);
    int stacked = body.outputs().size() - 1 - states;
    if (body.inputs().size() != states + 2 || stacked < 0) {
      throw call.failure(
          "its body has "
              + body.inputs().size()
              + " inputs and "
              + body.outputs().size()
              + " outputs for a state of "
              + states
              + " values");
    }
    long count = call.has(0) ? call.scalarLong(0) : Long.MAX_VALUE;
    boolean isVector = isVector(body.inputs().getFirst());
    boolean goesOn = !call.has(1) || call.scalar(1) != 0;
    Value condition = call.has(1) ? call.value(1) : truth(isVector(body.inputs().get(1)));
    List<Value> state = new ArrayList<>();
    for (int i = 0; i < states; i++) {
      state.add(call.value(2 + i));
    }
    List<StackedOutput> outputs = new ArrayList<>();
    for (int i = 0; i < stacked; i++) {
      outputs.add(new StackedOutput(call, body.outputs().get(1 + states + i)));
    }
    for (long iteration = 0; goesOn && iteration < count; iteration++) {
      List<Value> arguments = new ArrayList<>();
      arguments.add(number(iteration, isVector));
      arguments.add(condition);
      arguments.addAll(state);
      List<Value> results = call.run("body", arguments);
      state = results.subList(1, 1 + states);
      for (int i = 0; i < stacked; i++) {
        outputs.get(i).add(results.get(1 + states + i));
      }
      if (results.getFirst() != condition) {
        condition = results.getFirst();
        goesOn = holds(call, condition);
      }
    }
    List<Value> all = new ArrayList<>(state);
    outputs.forEach(output -> all.add(output.stacked(0, false)));
    return all;
  }

  private static boolean holds(Call call, Value condition) {
    if (condition instanceof Value.Dense dense && dense.tensor().size() == 1) {
      return dense.tensor().item() != 0;
    }
    throw call.failure("its body gives the condition " + condition + ", expected one element");
  }

  /** Bodies may want one element in a dimension where a scalar is meant. */
  private static boolean isVector(ValueInfo input) {
    return input.type() instanceof ValueType.OfTensor tensor
        && tensor.shape() != null
        && tensor.shape().size() == 1;
  }

  private static Value number(long value, boolean isVector) {
    long[] dims = isVector ? new long[] {1} : new long[0];
    return Value.of(Tensor.of(new long[] {value}, dims));
  }

  private static Value truth(boolean isVector) {
    long[] dims = isVector ? new long[] {1} : new long[0];
    return Value.of(Tensor.of(new boolean[] {true}, dims));
  }

  /** An output that has one more dimension than the body gives: one element per iteration. */
  static final class StackedOutput {
    private final Call call;
    private final ValueInfo declared;
    private final List<Tensor> elements = new ArrayList<>();
    private Value.@Nullable Dense first;

    StackedOutput(Call call, ValueInfo declared) {
      this.call = call;
      this.declared = declared;
    }

    /** Adds the element of an iteration. */
    void add(Value value) {
      if (!(value instanceof Value.Dense element)) {
        throw call.failure("its body gives no tensor for '" + declared.name() + "'");
      }
      if (first == null) {
        first = element;
      }
      if (element.type() != first.type()
          || !element.tensor().shape().equals(first.tensor().shape())) {
        throw call.failure(
            "its body gives "
                + element.type()
                + element.tensor().shape()
                + " for '"
                + declared.name()
                + "', expected "
                + first.type()
                + first.tensor().shape()
                + " as before");
      }
      // A view, since the same tensor may be a part of the state, which the body closes.
      elements.add(element.tensor().expand(element.tensor().shape().dims()));
    }

    /** Returns the elements side by side, in a new dimension. */
    Value stacked(int axis, boolean backwards) {
      Value.Dense like = first;
      if (like == null) {
        return nothing(axis);
      }
      int at = call.axis(axis, elements.getFirst().rank() + 1);
      Tensor all = Tensor.stack(at, backwards ? elements.reversed() : elements);
      return new Value.Dense(like.type(), all);
    }

    /** Without iterations there is only what the body declares. */
    private Value nothing(int axis) {
      if (!(declared.type() instanceof ValueType.OfTensor type) || type.shape() == null) {
        throw call.failure(
            "no iterations, and its body does not declare the shape of '" + declared.name() + "'");
      }
      int at = call.axis(axis, type.shape().size() + 1);
      long[] dims = new long[type.shape().size() + 1];
      for (int i = 0; i < type.shape().size(); i++) {
        boolean known = type.shape().get(i) instanceof Dimension.Known;
        dims[i < at ? i : i + 1] = known ? ((Dimension.Known) type.shape().get(i)).size() : 0;
      }
      return new Value.Dense(type.element(), Tensor.zeros(type.element().carrier(), dims));
    }
  }
}
