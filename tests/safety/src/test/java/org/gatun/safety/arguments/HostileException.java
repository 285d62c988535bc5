package org.gatun.safety.arguments;

/** What callbacks and streams throw: it is to come out as it is, or as a cause. */
final class HostileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  HostileException() {
    super("thrown by a callback");
  }
}
