package org.gatun.kernel;

import java.lang.foreign.MemorySegment;

/** Memory that kernels take for scratch and packed weights. */
public interface ScratchMemory {
  /**
   * Returns a block of uninitialized memory, 64-byte aligned.
   *
   * @param byteSize 0 or more
   * @throws org.gatun.OutOfNativeMemoryException if there is no memory for it
   */
  Block allocate(long byteSize);

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
