package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.operator.Operator.Typing;
import org.jspecify.annotations.Nullable;

/** Where the families of operators write their lines of the table. */
final class Registry {
  private final String domain;
  private final Consumer<Operator> table;

  Registry(String domain, Consumer<Operator> table) {
    this.domain = domain;
    this.table = table;
  }

  /** Adds an operator of one output that is a tensor of a type that Gatun has. */
  void add(String name, long since, Function<Call, Tensor> function) {
    add(name, since, Typing.NATIVE, call -> List.of(Value.of(function.apply(call))));
  }

  /** Adds an operator of several outputs that are tensors, null for those not wanted. */
  void addAll(String name, long since, Function<Call, List<? extends @Nullable Tensor>> function) {
    add(name, since, Typing.NATIVE, call -> values(function.apply(call)));
  }

  /** Adds an operator that moves elements of any type, of one output. */
  void move(String name, long since, Function<Call, Tensor> function) {
    add(name, since, Typing.MOVES, call -> List.of(Value.of(function.apply(call))));
  }

  /** Adds an operator that moves elements of any type, of several outputs. */
  void moveAll(String name, long since, Function<Call, List<Tensor>> function) {
    add(name, since, Typing.MOVES, call -> values(function.apply(call)));
  }

  /** Adds an operator on values. */
  void add(String name, long since, Typing typing, Operator.Function function) {
    table.accept(new Operator(domain, name, since, typing, function));
  }

  private static List<? extends @Nullable Value> values(List<? extends @Nullable Tensor> tensors) {
    @Nullable Value[] values = new Value[tensors.size()];
    for (int i = 0; i < values.length; i++) {
      Tensor tensor = tensors.get(i);
      values[i] = tensor == null ? null : Value.of(tensor);
    }
    return Arrays.asList(values);
  }
}
