package org.gatun.kernel.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * How packed weights lie, and how they lay before: equal where oneDNN says so of the descriptors.
 * Their bytes alone do not tell, since some of these have no particular value.
 */
final class PackedForm {
  private final byte[] given;
  private final byte[] wanted;
  private final long byteSize;

  private PackedForm(byte[] given, byte[] wanted, long byteSize) {
    this.given = given;
    this.wanted = wanted;
    this.byteSize = byteSize;
  }

  /** Returns the form that descriptors name. */
  static PackedForm of(MemorySegment given, MemorySegment wanted, Arena arena) {
    return new PackedForm(
        Descriptors.bytes(given, arena),
        Descriptors.bytes(wanted, arena),
        Descriptors.byteSize(wanted));
  }

  private static boolean same(byte[] a, byte[] b) {
    try (Arena arena = Arena.ofConfined();
        Handle one = Descriptors.ofBytes(a, arena);
        Handle other = Descriptors.ofBytes(b, arena)) {
      return Descriptors.same(one.address(), other.address());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackedForm that
        && byteSize == that.byteSize
        && same(given, that.given)
        && same(wanted, that.wanted);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(byteSize);
  }
}
