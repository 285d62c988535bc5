package org.gatun.io;

import java.io.IOException;

/**
 * Thrown when a file is not what its format asks for, or is in a variant that Gatun cannot read.
 */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** Makes the exception with its message. */
  public MalformedFileException(String message) {
    super(message);
  }

  /** Makes the exception with its message and what led to it. */
  public MalformedFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
