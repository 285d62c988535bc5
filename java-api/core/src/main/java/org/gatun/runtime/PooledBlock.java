package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.ScratchMemory;

/** A block of a pool. Closing it late, after its memory has become another's, does nothing. */
final class PooledBlock implements ScratchMemory.Block {
  private final MemoryPool pool;
  private final PooledMemory memory;
  private final MemoryOwner owner;
  private final MemorySegment segment;
  private boolean closed;

  PooledBlock(MemoryPool pool, PooledMemory memory, MemoryOwner owner, long byteSize) {
    this.pool = pool;
    this.memory = memory;
    this.owner = owner;
    this.segment = memory.newSegment(byteSize);
  }

  @Override
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public boolean giveBack() {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
    }
    pool.giveBack(memory, owner);
    return true;
  }
}
