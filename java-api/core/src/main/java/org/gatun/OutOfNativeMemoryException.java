package org.gatun;

/** Thrown when a tensor or scratch memory cannot be had: over the pool's limit, or none left. */
public final class OutOfNativeMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Makes the exception with its message. */
  public OutOfNativeMemoryException(String message) {
    super(message);
  }
}
