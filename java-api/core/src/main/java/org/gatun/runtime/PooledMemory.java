package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import org.gatun.kernel.ScratchMemory;

/**
 * Memory of the C library that a pool hands out again and again, with what is made of its address
 * once. As a block it is lent for one execution at a time; {@link PooledBlock} is a block of it
 * that may be kept.
 */
final class PooledMemory implements ScratchMemory.Block {
  private final MemoryPool pool;
  private final MemorySegment address;
  private final int sizeClass;
  private final MemorySegment whole;
  private MemorySegment segment;
  private MemoryOwner owner = MemoryOwner.SCRATCH;
  private boolean lent;

  @SuppressWarnings("restricted")
  PooledMemory(MemoryPool pool, MemorySegment address, int sizeClass) {
    this.pool = pool;
    this.address = address;
    this.sizeClass = sizeClass;
    long aligned = (address.address() + MemoryPool.ALIGNMENT - 1) & -MemoryPool.ALIGNMENT;
    this.whole = MemorySegment.ofAddress(aligned).reinterpret(MemoryPool.capacity(sizeClass));
    this.segment = whole;
  }

  /** Returns what the C library frees. */
  MemorySegment address() {
    return address;
  }

  int sizeClass() {
    return sizeClass;
  }

  /** Returns a new segment of the first bytes: constants are told apart by their segments. */
  MemorySegment newSegment(long byteSize) {
    return whole.asSlice(0, byteSize);
  }

  /** Makes it a block of so many bytes until it is given back. */
  void lend(long byteSize, MemoryOwner owner) {
    if (segment.byteSize() != byteSize) {
      segment = whole.asSlice(0, byteSize);
    }
    this.owner = owner;
    lent = true;
  }

  @Override
  public MemorySegment segment() {
    return segment;
  }

  @Override
  public boolean giveBack() {
    if (!lent) {
      return false;
    }
    lent = false;
    pool.giveBack(this, owner);
    return true;
  }
}
