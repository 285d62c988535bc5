package org.gatun.onnx.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongConsumer;
import org.gatun.onnx.OnnxException;

/**
 * A cursor over protobuf's wire format in memory of any size. Protobuf's own reader decodes; it
 * counts in ints, so it gets one window of the bytes at a time, and long fields are not copied but
 * handed out as parts of the memory.
 */
final class WireReader {
  private static final int WINDOW = 1 << 16;
  private static final int LONGEST_NUMBER = 10;
  private static final int DEEPEST = 100;
  private static final long LONGEST_TEXT = 1 << 28;

  private final MemorySegment bytes;
  private final byte[] window;
  private CodedInputStream in;
  private long windowStart;
  private int windowBytes;

  /** Where the message that is being read ends. */
  private long end;

  private int depth;
  private int tag;

  WireReader(MemorySegment bytes) {
    this.bytes = bytes;
    this.window = new byte[(int) Math.min(WINDOW, bytes.byteSize())];
    this.in = CodedInputStream.newInstance(window, 0, 0);
    this.end = bytes.byteSize();
  }

  /** Reads one field of a message, of those that {@link #field} names. */
  @FunctionalInterface
  interface FieldReader {
    void read(int field) throws IOException;
  }

  /** Returns where the next byte stands. */
  long position() {
    return windowStart + in.getTotalBytesRead();
  }

  /** Has each field of the message that goes to {@link #end} read, or skipped if it was not. */
  void fields(FieldReader reader) {
    try {
      while (position() < end) {
        need();
        tag = in.readTag();
        int field = WireFormat.getTagFieldNumber(tag);
        long before = position();
        reader.read(field);
        if (position() == before) {
          skip();
        }
      }
      if (position() != end) {
        throw broken("a field goes beyond the end of its message");
      }
    } catch (InvalidProtocolBufferException e) {
      throw broken(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
  }

  /** Reads the message that stands here, as {@link #fields} does. */
  void message(FieldReader reader) throws IOException {
    long length = length();
    if (++depth > DEEPEST) {
      throw broken("messages nested more than " + DEEPEST + " deep");
    }
    long outer = end;
    end = position() + length;
    fields(reader);
    end = outer;
    depth--;
  }

  /** Returns the integer that stands here. */
  long integer() throws IOException {
    expect(WireFormat.WIRETYPE_VARINT);
    need();
    return in.readRawVarint64();
  }

  /** Takes the integers that stand here, packed or not. */
  void integers(LongConsumer to) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
      to.accept(integer());
      return;
    }
    long stop = length();
    stop += position();
    while (position() < stop) {
      need();
      to.accept(in.readRawVarint64());
    }
    if (position() != stop) {
      throw broken("packed integers go beyond their field");
    }
  }

  /** Returns the float that stands here. */
  float number() throws IOException {
    expect(WireFormat.WIRETYPE_FIXED32);
    need();
    return Float.intBitsToFloat(in.readRawLittleEndian32());
  }

  /**
   * Returns the numbers of a fixed size that stand here, packed or one alone, as they lie in
   * memory.
   */
  MemorySegment fixed(int size) throws IOException {
    int wire = WireFormat.getTagWireType(tag);
    if (wire != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      expect(size == 4 ? WireFormat.WIRETYPE_FIXED32 : WireFormat.WIRETYPE_FIXED64);
      if (end - position() < size) {
        throw broken("a number goes beyond the end of its message");
      }
      return take(size);
    }
    MemorySegment packed = bytes();
    if (packed.byteSize() % size != 0) {
      throw broken(packed.byteSize() + " bytes of packed numbers of " + size + " bytes");
    }
    return packed;
  }

  /** Returns the bytes that stand here, without a copy. */
  MemorySegment bytes() throws IOException {
    return take(length());
  }

  /** Returns the text that stands here. */
  String text() throws IOException {
    MemorySegment utf8 = bytes();
    checkArray(utf8);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(utf8.toArray(ValueLayout.JAVA_BYTE)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new OnnxException(
          "model: byte " + position() + ": a text that is not UTF-8; the file is damaged", e);
    }
  }

  /** Returns the bytes that stand here as text, with a mark for what is not UTF-8. */
  String bytesAsText() throws IOException {
    MemorySegment utf8 = bytes();
    checkArray(utf8);
    return new String(utf8.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Takes the pair of texts that stands here. */
  void entry(Map<String, String> entries) throws IOException {
    String[] pair = {"", ""};
    message(
        field -> {
          if (field == 1 || field == 2) {
            pair[field - 1] = text();
          }
        });
    entries.put(pair[0], pair[1]);
  }

  private void checkArray(MemorySegment utf8) {
    if (utf8.byteSize() > LONGEST_TEXT) {
      throw broken("a text of " + utf8.byteSize() + " bytes");
    }
  }

  private MemorySegment take(long length) throws IOException {
    long start = position();
    moveTo(start + length);
    return bytes.asSlice(start, length);
  }

  /** Returns the length of the field that stands here, which lies within its message. */
  private long length() throws IOException {
    expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    need();
    long length = in.readRawVarint64();
    if (length < 0 || length > end - position()) {
      throw broken(
          "a field of "
              + Long.toUnsignedString(length)
              + " bytes where "
              + Math.max(0, end - position())
              + " are left");
    }
    return length;
  }

  private void expect(int wireType) {
    if (WireFormat.getTagWireType(tag) != wireType) {
      throw broken(
          "field "
              + WireFormat.getTagFieldNumber(tag)
              + " has wire type "
              + WireFormat.getTagWireType(tag)
              + ", expected "
              + wireType);
    }
  }

  private void skip() throws IOException {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> {
        need();
        in.readRawVarint64();
      }
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> bytes();
      case WireFormat.WIRETYPE_FIXED32 -> fixed(4);
      case WireFormat.WIRETYPE_FIXED64 -> fixed(8);
      default -> throw broken("wire type " + WireFormat.getTagWireType(tag));
    }
  }

  /** Has the window hold the longest number, or all that is left. */
  private void need() {
    long at = position();
    if (windowStart + windowBytes - at < LONGEST_NUMBER
        && windowStart + windowBytes < bytes.byteSize()) {
      fill(at);
    }
  }

  private void moveTo(long at) throws IOException {
    if (at <= windowStart + windowBytes) {
      in.skipRawBytes((int) (at - position()));
    } else {
      fill(at);
    }
  }

  private void fill(long at) {
    windowStart = at;
    windowBytes = (int) Math.min(window.length, bytes.byteSize() - at);
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, window, 0, windowBytes);
    in = CodedInputStream.newInstance(window, 0, windowBytes);
  }

  OnnxException broken(String reason) {
    return new OnnxException(
        "model: byte " + position() + ": " + reason + "; the file is damaged or no ONNX model");
  }
}
