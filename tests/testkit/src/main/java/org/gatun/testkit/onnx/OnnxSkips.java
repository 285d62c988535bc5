package org.gatun.testkit.onnx;

import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.operator.Exclusions;
import org.jspecify.annotations.Nullable;

/** Why tests are skipped: their operators are excluded. */
final class OnnxSkips {
  private OnnxSkips() {}

  /** Returns why the test is skipped, or null where it is not. */
  static @Nullable String reason(String test, OnnxModel model) {
    for (Node node : model.definition().graph().nodes()) {
      String reason = Exclusions.reason(node.domain(), node.operator());
      if (reason != null) {
        return node.operator() + ": " + reason;
      }
    }
    return null;
  }
}
