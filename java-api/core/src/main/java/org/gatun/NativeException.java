package org.gatun;

/** Thrown when a native library refuses what was checked before: a defect, or no memory left. */
public final class NativeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes the exception with its message. */
  public NativeException(String message) {
    super(message);
  }
}
