package org.gatun.onnx.format;

import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Model;

/** What can be told of a model before its operators are looked up. */
public final class ModelCheck {
  private static final long OLDEST_FORMAT = 3;
  private static final long NEWEST_FORMAT = 13;
  private static final long NEWEST_OPSET = 28;

  private ModelCheck() {}

  /**
   * Checks the versions.
   *
   * @throws OnnxException if they are not those that Gatun knows
   */
  public static void check(Model model) {
    if (model.irVersion() < OLDEST_FORMAT || model.irVersion() > NEWEST_FORMAT) {
      throw new OnnxException(
          "model: version "
              + model.irVersion()
              + " of the file format, expected "
              + OLDEST_FORMAT
              + " to "
              + NEWEST_FORMAT);
    }
    Long opset = model.opsets().get("");
    if (opset != null && (opset < 1 || opset > NEWEST_OPSET)) {
      throw new OnnxException(
          "model: version " + opset + " of ONNX's operators, expected 1 to " + NEWEST_OPSET);
    }
  }
}
