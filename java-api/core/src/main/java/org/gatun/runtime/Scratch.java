package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.kernel.ScratchMemory;

/** Blocks that are given back together. */
final class Scratch implements AutoCloseable {
  private final ScratchMemory memory;
  private final List<ScratchMemory.Block> blocks = new ArrayList<>();

  Scratch(ScratchMemory memory) {
    this.memory = memory;
  }

  MemorySegment take(long byteSize) {
    ScratchMemory.Block block = memory.borrow(byteSize);
    blocks.add(block);
    return block.segment();
  }

  @Override
  public void close() {
    blocks.forEach(ScratchMemory.Block::close);
  }
}
