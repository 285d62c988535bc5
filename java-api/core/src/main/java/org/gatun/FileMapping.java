package org.gatun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.gatun.kernel.ScratchMemory;
import org.gatun.runtime.MemoryOwner;
import org.gatun.runtime.MemoryPool;

/**
 * A file mapped into memory, read-only, as a whole; nothing of it is read before it is used.
 *
 * <p>The mapping ends some time after the last tensor and segment of it became unreachable. The
 * file must not be written to or cut off meanwhile; replacing it by another is safe.
 */
public final class FileMapping {
  private static final Cleaner UNMAPPED = Cleaner.create();

  private final MemorySegment segment;

  private FileMapping(MemorySegment segment) {
    this.segment = segment;
  }

  /**
   * Returns the mapping of a file.
   *
   * @throws IOException if the file cannot be read
   * @throws UnsupportedOperationException if files of this kind cannot be mapped
   */
  public static FileMapping of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return of(channel, 0, channel.size());
    }
  }

  /**
   * Returns what a mapping of a file with these bytes would be, where there is no file: memory that
   * is written here, read-only from then on, and ends as a mapping does.
   *
   * @param writer gets the memory, which is not zeroed, and writes all of it
   * @throws OutOfNativeMemoryException if there is no memory for it
   */
  @SuppressWarnings("restricted")
  public static FileMapping ofMemory(long byteSize, Consumer<MemorySegment> writer) {
    ScratchMemory.Block block = MemoryPool.shared().allocate(byteSize, MemoryOwner.CONSTANTS);
    boolean done = false;
    try {
      writer.accept(block.segment());
      done = true;
    } finally {
      if (!done) {
        block.close();
      }
    }
    MemorySegment memory = block.segment().reinterpret(Arena.ofAuto(), _ -> block.giveBack());
    return new FileMapping(memory.asReadOnly());
  }

  static FileMapping of(FileChannel channel, long offset, long bytes) throws IOException {
    Arena arena = Arena.ofAuto();
    MemorySegment segment = channel.map(FileChannel.MapMode.READ_ONLY, offset, bytes, arena);
    HeldMemory.MAPPED.add(1, bytes);
    // The scope is what segments of the mapping keep reachable, and the mapping with it.
    UNMAPPED.register(arena.scope(), () -> HeldMemory.MAPPED.add(-1, -bytes));
    return new FileMapping(segment);
  }

  /** Returns the bytes. */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * Returns a read-only tensor on a part of the file, without a copy.
   *
   * @param offset the file's bytes before the first element, a multiple of the dtype's size
   * @param dtype the type of the elements, which the file has in the byte order of the platform;
   *     booleans are bytes of 0 or 1
   * @throws IllegalArgumentException if the offset is negative or misaligned, or the file ends
   *     before the last element
   */
  public Tensor tensor(long offset, DType dtype, long... shape) {
    Layout layout = Layout.of(dtype, Shape.of(shape));
    if (offset < 0 || (segment.address() + offset) % dtype.byteSize() != 0) {
      throw new IllegalArgumentException(
          "map: offset "
              + offset
              + " for "
              + dtype.spelling()
              + ", expected a multiple of "
              + dtype.byteSize());
    }
    if (offset > segment.byteSize() || layout.byteSpan() > segment.byteSize() - offset) {
      throw new IllegalArgumentException(
          "map: "
              + layout.byteSpan()
              + " bytes of "
              + layout
              + " from "
              + offset
              + ", the file has "
              + segment.byteSize());
    }
    return Tensor.reachable(segment.asSlice(offset, layout.byteSpan()), layout);
  }
}
