package org.gatun.safety.models;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes fields of protobuf's wire format, sound or not.
 *
 * <p>Source: <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers,
 * encoding</a>.
 */
final class Wire {
  private Wire() {}

  /** Returns a number in as many bytes as it needs. */
  static byte[] varint(long value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
    return out.toByteArray();
  }

  /** Returns a field that is a number. */
  static byte[] number(int field, long value) {
    return concat(varint((long) field << 3), varint(value));
  }

  /** Returns a field of bytes: a text, or a message. */
  static byte[] message(int field, byte[]... content) {
    byte[] all = concat(content);
    return concat(varint((long) field << 3 | 2), varint(all.length), all);
  }

  static byte[] text(int field, String text) {
    return message(field, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
