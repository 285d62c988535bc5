package org.gatun.bindings;

import java.util.List;
import java.util.Locale;

/** When the checksums of libraries in the cache are taken: {@code gatun.natives.verify}. */
enum Verification {
  /** Whenever they are loaded. */
  ALWAYS,
  /** When they are not as they were when their checksums were taken last. The default. */
  CHANGED,
  /**
   * Only when they are unpacked: for images that are never written to, which were verified once.
   */
  NEVER;

  static final String PROPERTY = "gatun.natives.verify";

  /**
   * Returns what the system property says.
   *
   * @throws NativeLibraryException if it says something else
   */
  static Verification configured() {
    String value = System.getProperty(PROPERTY, "");
    if (value.isEmpty()) {
      return CHANGED;
    }
    for (Verification verification : values()) {
      if (verification.name().toLowerCase(Locale.ROOT).equals(value)) {
        return verification;
      }
    }
    throw new NativeLibraryException(
        "%s: %s, expected one of %s"
            .formatted(PROPERTY, value, List.of("always", "changed", "never")));
  }
}
