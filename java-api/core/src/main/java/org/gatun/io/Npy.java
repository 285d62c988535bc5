package org.gatun.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;

/**
 * NumPy's {@code .npy} files, one array each: versions 1.0 to 3.0, in C or Fortran order, of either
 * byte order, with floats of 2, 4 and 8 bytes, signed integers of 1, 2, 4 and 8, unsigned ones of
 * 1, and booleans. Written are little-endian arrays in C order.
 *
 * <p>Source: <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy,
 * numpy.lib.format</a>.
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 1 << 20;
  private static final long UNKNOWN = -1;

  /** How much memory the header of a stream gets before there is the data for it. */
  private static final long CHUNK = 1L << 26;

  private Npy() {}

  /**
   * Returns the array of a file as a new tensor; one in Fortran order has its strides.
   *
   * @throws MalformedFileException if the file is no {@code .npy} file of one array, or of another
   *     dtype
   */
  public static Tensor read(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      return read(in, file.toString(), in.size());
    }
  }

  /**
   * Returns the next array of a stream, of which nothing behind the array is read; see {@link
   * #read(Path)}.
   */
  public static Tensor read(InputStream in) throws IOException {
    return read(Channels.newChannel(in), "stream", UNKNOWN);
  }

  /**
   * Returns an array.
   *
   * @param name names the file in exceptions
   * @param size the bytes of the file, or {@link #UNKNOWN}
   */
  static Tensor read(ReadableByteChannel in, String name, long size) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer start = bytes(in, arena, 8, name + ": header");
      byte[] magic = new byte[6];
      start.get(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw new MalformedFileException(
            "npy: "
                + name
                + ": it starts with the bytes "
                + Arrays.toString(magic)
                + ", expected those of an .npy file, "
                + Arrays.toString(MAGIC));
      }
      int version = Byte.toUnsignedInt(start.get());
      int minor = Byte.toUnsignedInt(start.get());
      if (version < 1 || version > 3 || minor != 0) {
        throw new MalformedFileException(
            "npy: " + name + ": version " + version + "." + minor + ", expected 1.0, 2.0 or 3.0");
      }
      int lengthBytes = version == 1 ? 2 : 4;
      ByteBuffer number = bytes(in, arena, lengthBytes, name + ": header");
      long length =
          version == 1
              ? Short.toUnsignedLong(number.getShort())
              : Integer.toUnsignedLong(number.getInt());
      long before = 8L + lengthBytes;
      if (length > MAX_HEADER || (size != UNKNOWN && length > size - before)) {
        throw new MalformedFileException(
            "npy: "
                + name
                + ": header of "
                + length
                + " bytes, expected at most "
                + (size == UNKNOWN ? MAX_HEADER : Math.min(MAX_HEADER, size - before)));
      }
      // Only field names of structures, which are not read, may be other than ASCII.
      String text =
          StandardCharsets.ISO_8859_1
              .decode(bytes(in, arena, (int) length, name + ": header"))
              .toString();
      NpyHeader header = NpyHeader.parse(text, name);
      long needed = header.layout().byteSpan();
      if (size != UNKNOWN && size - before - length != needed) {
        throw new MalformedFileException(
            "npy: "
                + name
                + ": "
                + (size - before - length)
                + " bytes of data, expected "
                + needed
                + " for "
                + header.layout()
                + (header.fortran() ? " (in Fortran order)" : ""));
      }
      Tensor elements = elements(in, header, "npy: " + name + ": data", size != UNKNOWN, arena);
      return header.fortran() ? transposed(elements) : elements;
    }
  }

  private static ByteBuffer bytes(ReadableByteChannel in, Arena arena, int count, String what)
      throws IOException {
    MemorySegment bytes = arena.allocate(count);
    ElementData.read(in, bytes, "npy: " + what);
    return bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Tensor elements(
      ReadableByteChannel in, NpyHeader header, String what, boolean sizeKnown, Arena arena)
      throws IOException {
    Layout layout = header.layout();
    DType dtype = layout.dtype();
    List<MemorySegment> chunks = new ArrayList<>();
    if (!sizeKnown && layout.byteSpan() > CHUNK) {
      // A header may say anything: memory is taken as data comes.
      for (long left = layout.byteSpan(); left > 0; left -= CHUNK) {
        MemorySegment chunk = arena.allocate(Math.min(CHUNK, left));
        ElementData.read(in, chunk, what);
        chunks.add(chunk);
      }
    }
    return Tensor.of(
        layout,
        memory -> {
          if (chunks.isEmpty()) {
            ElementData.read(in, memory, what);
          }
          long at = 0;
          for (MemorySegment chunk : chunks) {
            MemorySegment.copy(chunk, 0, memory, at, chunk.byteSize());
            at += chunk.byteSize();
          }
          ElementData.reorder(memory, dtype, header.order());
          ElementData.check(memory, dtype, what);
        });
  }

  private static Tensor transposed(Tensor tensor) {
    int[] axes = new int[tensor.rank()];
    Arrays.setAll(axes, axis -> axes.length - 1 - axis);
    try (tensor) {
      return tensor.permute(axes);
    }
  }

  /**
   * Writes a tensor to a file, which appears, or replaces the old one, when it is complete.
   *
   * @throws IllegalArgumentException if NumPy has no such dtype: {@code bf16}
   */
  public static void write(Path file, Tensor tensor) throws IOException {
    FileReplacement.write(file, out -> write(out, tensor));
  }

  /** Writes a tensor to a stream, which stays open; see {@link #write(Path, Tensor)}. */
  public static void write(OutputStream out, Tensor tensor) throws IOException {
    write(Channels.newChannel(out), tensor);
  }

  static void write(WritableByteChannel out, Tensor tensor) throws IOException {
    String text = NpyHeader.text(tensor.layout());
    // Magic, version, length, text and line end up to a multiple of 64, for those who map the file.
    int length = Math.ceilDiv(10 + text.length() + 1, 64) * 64 - 10;
    String header = text + " ".repeat(length - text.length() - 1) + "\n";
    ByteBuffer start = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
    start.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    start.put(header.getBytes(StandardCharsets.US_ASCII)).flip();
    while (start.hasRemaining()) {
      out.write(start);
    }
    try (Tensor dense = tensor.contiguous()) {
      dense.read(memory -> ElementData.writeLittleEndian(memory, dense.dtype(), out));
    }
  }
}
