package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Memory that kernels take for scratch and packed weights. */
public interface ScratchMemory {
  /**
   * Returns a block of uninitialized memory, 64-byte aligned.
   *
   * @param byteSize 0 or more
   * @throws org.gatun.OutOfNativeMemoryException if there is no memory for it
   */
  Block allocate(long byteSize);

  /**
   * Returns a block of uninitialized memory for one execution, 64-byte aligned. It is closed once,
   * by who took it, and not touched again: the block itself may be lent to another afterwards, so
   * that executions that repeat make no garbage.
   *
   * @param byteSize 0 or more
   * @throws org.gatun.OutOfNativeMemoryException if there is no memory for it
   */
  default Block borrow(long byteSize) {
    return allocate(byteSize);
  }

  /**
   * Returns a block that holds a constant in another form, such as weights packed for a primitive.
   * Memory that several plans share may give all of them the same block; each closes its own share.
   *
   * @param constant the constant's memory; the same segment object is the same constant
   * @param form what tells its forms apart, by {@code equals}
   * @param byteSize the bytes of the form
   * @param maker writes it into the block that it gets, at once or not at all
   */
  default Block packed(
      MemorySegment constant, Object form, long byteSize, Consumer<MemorySegment> maker) {
    Block block = allocate(byteSize);
    boolean done = false;
    try {
      maker.accept(block.segment());
      done = true;
      return block;
    } finally {
      if (!done) {
        block.close();
      }
    }
  }

  /** A block, given back when it is closed; closing twice does nothing. */
  interface Block extends AutoCloseable {
    /** Returns the memory; not to be touched after {@link #close()}. */
    MemorySegment segment();

    /** Gives the block back. Returns whether it had not been given back before. */
    boolean giveBack();

    @Override
    default void close() {
      giveBack();
    }
  }
}
