package org.gatun.onnx.operator;

import static org.gatun.onnx.model.ElementType.UINT64;

import java.util.List;
import java.util.function.BinaryOperator;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;

/** Operators on truth values and bits, and those that compare or choose. */
final class LogicFamily {
  private LogicFamily() {}

  static void register(Registry onnx) {
    logical(onnx, "And", 1, Tensor::logicalAnd);
    onnx.add("BitShift", 11, Typing.ANY, LogicFamily::shift);
    Numbers.binary(onnx, "BitwiseAnd", 18, Tensor::bitwiseAnd);
    Numbers.unary(onnx, "BitwiseNot", 18, Tensor::bitwiseNot);
    Numbers.binary(onnx, "BitwiseOr", 18, Tensor::bitwiseOr);
    Numbers.binary(onnx, "BitwiseXor", 18, Tensor::bitwiseXor);
    onnx.add("Equal", 1, Typing.ANY, c -> List.of(Value.of(equal(c))));
    Numbers.comparison(onnx, "Greater", 1, Tensor::gt);
    Numbers.comparison(onnx, "GreaterOrEqual", 12, Tensor::ge);
    onnx.add("IsInf", 10, Typing.ANY, c -> List.of(Value.of(isInfinite(c))));
    onnx.add("IsNaN", 9, Typing.ANY, c -> List.of(Value.of(c.tensor(0).isnan())));
    Numbers.comparison(onnx, "Less", 1, Tensor::lt);
    Numbers.comparison(onnx, "LessOrEqual", 12, Tensor::le);
    onnx.add("Not", 1, c -> truths(c, 0).logicalNot());
    logical(onnx, "Or", 1, Tensor::logicalOr);
    onnx.add("Where", 9, Typing.ANY, LogicFamily::where);
    logical(onnx, "Xor", 1, Tensor::logicalXor);
  }

  private static void logical(
      Registry onnx, String name, long since, BinaryOperator<Tensor> function) {
    onnx.add(name, since, c -> logical(c, function));
  }

  private static Tensor logical(Call call, BinaryOperator<Tensor> function) {
    truths(call, 1);
    return function.apply(truths(call, 0), Numbers.second(call));
  }

  private static Tensor equal(Call call) {
    Numbers.type(call);
    return call.tensor(0).eq(Numbers.second(call));
  }

  private static Tensor truths(Call call, int index) {
    Tensor x = call.tensor(index);
    if (x.dtype() != DType.BOOL) {
      throw call.failure(
          "input " + index + " has elements of " + call.type(index) + ", expected bool");
    }
    return x;
  }

  private static List<Value> shift(Call call) {
    ElementType type = Numbers.type(call);
    Tensor x = call.tensor(0);
    Tensor bits = call.tensor(1);
    return Numbers.result(
        type,
        switch (call.text("direction", "")) {
          case "LEFT" -> x.bitwiseLeftShift(bits);
          case "RIGHT" -> type == UINT64 ? Unsigned.shiftRight(x, bits) : x.bitwiseRightShift(bits);
          case String other ->
              throw call.failure("attribute direction is '" + other + "', expected LEFT or RIGHT");
        });
  }

  private static Tensor isInfinite(Call call) {
    Tensor x = call.tensor(0);
    boolean negative = call.flag("detect_negative", true);
    if (call.flag("detect_positive", true)) {
      return negative ? x.isinf() : x.isposinf();
    }
    return negative ? x.isneginf() : Tensor.zeros(DType.BOOL, x.shape().dims());
  }

  private static List<Value> where(Call call) {
    Tensor condition = truths(call, 0);
    if (call.type(1) != call.type(2)) {
      throw call.failure("input 2 has elements of " + call.type(2) + ", expected " + call.type(1));
    }
    return List.of(new Value.Dense(call.type(1), call.tensor(1).where(condition, call.tensor(2))));
  }
}
