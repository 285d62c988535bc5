package org.gatun.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Safetensors files: named tensors behind a header in JSON.
 *
 * <p>An open file gives its tensors one by one, mapped into memory and read-only: nothing is read
 * before it is used, and processes share what they read. Those that lie misaligned in the file are
 * copied. The tensors outlive the closed file; it must not be written to or cut off meanwhile,
 * replacing it by another is safe. Many threads may use one open file.
 *
 * <pre>{@code
 * try (Safetensors file = Safetensors.open(path)) {
 *   Tensor weight = file.tensor("encoder.weight");
 * }
 * }</pre>
 *
 * <p>Source: <a href="https://huggingface.co/docs/safetensors">Hugging Face, safetensors</a>.
 */
public final class Safetensors implements AutoCloseable {
  private static final long MAX_HEADER = 100_000_000; // As the format has it.
  private static final int LENGTH_BYTES = 8;

  private final FileChannel channel;
  private final String file;
  private final SafetensorsHeader header;
  private final long data;

  private Safetensors(FileChannel channel, String file, SafetensorsHeader header, long data) {
    this.channel = channel;
    this.file = file;
    this.header = header;
    this.data = data;
  }

  /**
   * Returns an open file, its header read and checked.
   *
   * @throws MalformedFileException if the header is broken: its length, its JSON, a name given
   *     twice, a shape that does not fit its data, or data that overlaps, lies outside the file or
   *     is nobody's
   */
  public static Safetensors open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path);
    boolean done = false;
    try {
      Safetensors file = open(channel, path.toString());
      done = true;
      return file;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static Safetensors open(FileChannel channel, String file) throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new MalformedFileException(
          "safetensors: " + file + ": " + size + " bytes, expected " + LENGTH_BYTES + " or more");
    }
    String what = "safetensors: " + file + ": header";
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(LENGTH_BYTES);
      ElementData.read(channel, number, what);
      long length = number.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong();
      long most = Math.min(MAX_HEADER, size - LENGTH_BYTES);
      if (length < 0 || length > most) {
        throw new MalformedFileException(
            what + " of " + Long.toUnsignedString(length) + " bytes, expected at most " + most);
      }
      MemorySegment text = arena.allocate(length);
      ElementData.read(channel, text, what);
      long data = LENGTH_BYTES + length;
      SafetensorsHeader header = SafetensorsHeader.parse(text.asByteBuffer(), size - data, file);
      return new Safetensors(channel, file, header, data);
    }
  }

  /**
   * Returns all tensors of a file by their names, in the header's order, as {@link #tensor} does.
   *
   * @throws MalformedFileException if the header is broken, or a tensor has a dtype that Gatun has
   *     not
   */
  public static Map<String, Tensor> read(Path path) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    boolean done = false;
    try (Safetensors file = open(path)) {
      for (String name : file.names()) {
        tensors.put(name, file.tensor(name));
      }
      done = true;
      return Collections.unmodifiableMap(tensors);
    } finally {
      if (!done) {
        tensors.values().forEach(Tensor::close);
      }
    }
  }

  /** Returns the names of the tensors, in the header's order. */
  public Set<String> names() {
    return header.tensors().keySet();
  }

  /** Returns the file's metadata: texts by their names. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Returns the dtype and shape of a tensor, which is not read.
   *
   * @throws IllegalArgumentException if there is no tensor of this name
   * @throws MalformedFileException if it has a dtype that Gatun has not
   */
  public Layout layout(String name) throws MalformedFileException {
    SafetensorsHeader.Entry entry = entry(name);
    DType dtype = entry.dtype();
    if (dtype == null) {
      throw new MalformedFileException(
          "safetensors: "
              + file
              + ": tensor '"
              + name
              + "': dtype "
              + entry.type()
              + ", expected one of F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL");
    }
    return Layout.of(dtype, entry.shape());
  }

  /**
   * Returns a tensor, read-only where it is mapped.
   *
   * @throws IllegalArgumentException if there is no tensor of this name
   * @throws MalformedFileException if it has a dtype that Gatun has not, or booleans that are
   *     neither 0 nor 1
   * @throws java.nio.channels.ClosedChannelException if this file is closed
   */
  public Tensor tensor(String name) throws IOException {
    Layout layout = layout(name);
    long offset = data + entry(name).begin();
    String what = "safetensors: " + file + ": tensor '" + name + "'";
    if (layout.size() > 0
        && offset % layout.dtype().byteSize() == 0
        && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      Tensor mapped = map(layout, offset);
      if (mapped != null) {
        return checked(mapped, what);
      }
    }
    return Tensor.of(
        layout,
        memory -> {
          synchronized (channel) { // Its position is one, whoever reads.
            channel.position(offset);
            ElementData.read(channel, memory, what);
          }
          ElementData.reorder(memory, layout.dtype(), ByteOrder.LITTLE_ENDIAN);
          ElementData.check(memory, layout.dtype(), what);
        });
  }

  private @Nullable Tensor map(Layout layout, long offset) throws IOException {
    try {
      return Tensor.map(channel, offset, layout.dtype(), layout.shape().dims());
    } catch (UnsupportedOperationException e) {
      return null; // A file inside another, or in memory: it is read instead.
    }
  }

  private static Tensor checked(Tensor tensor, String what) throws IOException {
    boolean done = false;
    try {
      tensor.read(memory -> ElementData.check(memory, tensor.dtype(), what));
      done = true;
      return tensor;
    } finally {
      if (!done) {
        tensor.close();
      }
    }
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = header.tensors().get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "safetensors: " + file + ": no tensor '" + name + "' among " + names().size());
    }
    return entry;
  }

  /** Closes the file; its tensors stay open. Closing twice does nothing. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Writes tensors by their names to a file; see {@link #write(Path, Map, Map)}. */
  public static void write(Path path, Map<String, Tensor> tensors) throws IOException {
    write(path, tensors, Map.of());
  }

  /**
   * Writes tensors by their names to a file, which appears, or replaces the old one, when it is
   * complete. Those of wide dtypes come first, so that all lie aligned.
   *
   * @param metadata texts by their names
   * @throws IllegalArgumentException if a tensor is named {@code __metadata__}, or the header grows
   *     beyond 100 MB
   */
  public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    if (tensors.containsKey(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "safetensors: a tensor named " + SafetensorsHeader.METADATA + ", expected other names");
    }
    List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
    ordered.sort(
        Comparator.comparingInt(
            (Map.Entry<String, Tensor> named) -> -named.getValue().dtype().byteSize()));
    byte[] text = SafetensorsHeader.text(ordered, metadata).getBytes(StandardCharsets.UTF_8);
    // Blanks up to a multiple of 64: the data then starts where vector loops like it.
    int length = Math.ceilDiv(LENGTH_BYTES + text.length, 64) * 64 - LENGTH_BYTES;
    if (length > MAX_HEADER) {
      throw new IllegalArgumentException(
          "safetensors: header of " + length + " bytes, expected at most " + MAX_HEADER);
    }
    ByteBuffer start = ByteBuffer.allocate(LENGTH_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(length).put(text);
    while (start.hasRemaining()) {
      start.put((byte) ' ');
    }
    start.flip();
    FileReplacement.write(
        path,
        out -> {
          while (start.hasRemaining()) {
            out.write(start);
          }
          for (Map.Entry<String, Tensor> named : ordered) {
            try (Tensor dense = named.getValue().contiguous()) {
              dense.read(memory -> ElementData.writeLittleEndian(memory, dense.dtype(), out));
            }
          }
        });
  }
}
