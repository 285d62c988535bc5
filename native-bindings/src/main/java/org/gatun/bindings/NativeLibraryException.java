package org.gatun.bindings;

import org.jspecify.annotations.Nullable;

/** Says that a native library is missing, is the wrong one or cannot be loaded, and what to do. */
public final class NativeLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NativeLibraryException(String message) {
    super(message);
  }

  NativeLibraryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
