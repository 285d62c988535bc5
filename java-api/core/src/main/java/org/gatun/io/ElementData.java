package org.gatun.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.gatun.DType;

/** The bytes of tensors on their way from and to files. */
final class ElementData {
  /** What a buffer can address, in pieces. */
  private static final long PIECE = 1L << 26;

  private ElementData() {}

  /**
   * Fills the memory from the channel.
   *
   * @param what names the data in the exception
   */
  static void read(ReadableByteChannel in, MemorySegment memory, String what) throws IOException {
    for (long at = 0; at < memory.byteSize(); at += PIECE) {
      ByteBuffer piece = memory.asSlice(at, Math.min(PIECE, memory.byteSize() - at)).asByteBuffer();
      while (piece.hasRemaining()) {
        if (in.read(piece) < 0) {
          throw new MalformedFileException(
              what
                  + " ends after "
                  + (at + piece.position())
                  + " bytes, expected "
                  + memory.byteSize());
        }
      }
    }
  }

  /** Writes elements to the channel, in little-endian order. */
  static void writeLittleEndian(MemorySegment memory, DType dtype, WritableByteChannel out)
      throws IOException {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN || dtype.byteSize() == 1) {
      write(memory, out);
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment swapped = arena.allocate(memory.byteSize()).copyFrom(memory);
      reorder(swapped, dtype, ByteOrder.LITTLE_ENDIAN);
      write(swapped, out);
    }
  }

  private static void write(MemorySegment memory, WritableByteChannel out) throws IOException {
    for (long at = 0; at < memory.byteSize(); at += PIECE) {
      ByteBuffer piece = memory.asSlice(at, Math.min(PIECE, memory.byteSize() - at)).asByteBuffer();
      while (piece.hasRemaining()) {
        out.write(piece);
      }
    }
  }

  /** Brings elements of the given byte order to the platform's, or the other way round. */
  static void reorder(MemorySegment memory, DType dtype, ByteOrder order) {
    ByteOrder platform = ByteOrder.nativeOrder();
    if (order != platform && dtype.byteSize() > 1) {
      MemorySegment.copy(
          memory,
          carrier(dtype, order),
          0,
          memory,
          carrier(dtype, platform),
          0,
          memory.byteSize() / dtype.byteSize());
    }
  }

  private static ValueLayout carrier(DType dtype, ByteOrder order) {
    return switch (dtype.byteSize()) {
      case 2 -> ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
      case 4 -> ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
      default -> ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    };
  }

  /** Checks that booleans are 0 or 1, as kernels take for granted; other dtypes pass. */
  static void check(MemorySegment memory, DType dtype, String what) throws IOException {
    if (dtype != DType.BOOL) {
      return;
    }
    for (long i = 0; i < memory.byteSize(); i++) {
      int value = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, i));
      if (value > 1) {
        throw new MalformedFileException(
            what + ": element " + i + " is the byte " + value + ", expected a bool of 0 or 1");
      }
    }
  }
}
