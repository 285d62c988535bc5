package org.gatun.onnx.operator;

import java.util.List;
import org.gatun.onnx.operator.Operator.Typing;

/** Operators that run graphs. */
final class ControlFamily {
  private ControlFamily() {}

  static void register(Registry onnx) {
    onnx.add(
        "If",
        1,
        Typing.ANY,
        c -> c.run(c.scalar(0) != 0 ? "then_branch" : "else_branch", List.of()));
  }
}
