package org.gatun.onnx;

import org.jspecify.annotations.Nullable;

/**
 * A model that cannot be read, planned or run, or inputs that it does not take. The message names
 * the node, the input and the reason, as far as there are such.
 */
public final class OnnxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes an exception with a message that says what is wrong and where. */
  public OnnxException(String message) {
    super(message);
  }

  /** Makes an exception with what was thrown beneath. */
  public OnnxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
