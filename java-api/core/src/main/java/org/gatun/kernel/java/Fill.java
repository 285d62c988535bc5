package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;

/** Memory filled with one element again and again. */
final class Fill {
  private Fill() {}

  /**
   * Fills memory.
   *
   * @param dst the address of the first element
   * @param bits the element, repeated to fill eight bytes; see {@link Bits#repeated}
   */
  static void run(long dst, long byteCount, long bits) {
    if (byteCount == Integer.BYTES) {
      ALL.set(INT, dst, (int) bits);
      return;
    }
    long i = 0;
    for (; i + Long.BYTES <= byteCount; i += Long.BYTES) {
      ALL.set(LONG, dst + i, bits);
    }
    long rest = bits;
    for (; i < byteCount; i++) {
      ALL.set(BYTE, dst + i, (byte) rest);
      rest >>>= Byte.SIZE;
    }
  }
}
