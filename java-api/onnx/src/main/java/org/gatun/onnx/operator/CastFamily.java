package org.gatun.onnx.operator;

import java.util.List;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.onnx.operator.SmallFloats.Rounding;

/** Operators that give elements another type. */
final class CastFamily {
  private CastFamily() {}

  static void register(Registry onnx) {
    onnx.add("BitCast", 26, Typing.ANY, CastFamily::bitCast);
    onnx.add("Cast", 6, Typing.ANY, c -> cast(c, target(c)));
    onnx.add("CastLike", 15, Typing.ANY, c -> cast(c, c.type(1)));
  }

  private static ElementType target(Call call) {
    call.integer("to");
    ElementType type = call.elementType("to", ElementType.FLOAT);
    if (!type.hasCarrier()) {
      throw call.failure("attribute to is " + type + ", which Gatun does not have");
    }
    return type;
  }

  private static List<Value> cast(Call call, ElementType to) {
    Rounding rounding =
        switch (call.text("round_mode", "up")) {
          case "up" -> Rounding.UP;
          case "down" -> Rounding.DOWN;
          case "nearest" -> Rounding.NEAREST;
          case String other ->
              throw call.failure(
                  "attribute round_mode is '" + other + "', expected up, down or nearest");
        };
    return List.of(Conversions.cast(call.dense(0), to, call.flag("saturate", true), rounding));
  }

  private static List<Value> bitCast(Call call) {
    ElementType to = target(call);
    ElementType from = call.type(0);
    if (from.bits() != to.bits()) {
      throw call.failure(
          "attribute to is "
              + to
              + " of "
              + to.bits()
              + " bits, expected a type of "
              + from.bits()
              + " as the input's, "
              + from);
    }
    return List.of(ElementBits.reinterpret(call.dense(0), to));
  }
}
