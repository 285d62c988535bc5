package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.gatun.kernel.ScratchMemory;

/**
 * Memory for plans that have constants in common: each form that one of them asks for is made once,
 * shared by those that want the same, and given back with the last of them.
 */
final class PackedConstants implements ScratchMemory {
  /** The memory of a constant, which is itself and nothing else: addresses are used again. */
  private static final class Given {
    private final MemorySegment memory;

    Given(MemorySegment memory) {
      this.memory = memory;
    }

    @Override
    @SuppressWarnings("MemorySegmentReferenceEquality") // Its identity is what is asked for.
    public boolean equals(Object other) {
      return other instanceof Given that && memory == that.memory;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(memory);
    }
  }

  /**
   * A form of a constant.
   *
   * @param origin what it was made of: a {@link Given} constant, or another key
   */
  private record Key(Object origin, Object form) {}

  private static final class Entry {
    private final Block block;
    private int users;

    Entry(Block block) {
      this.block = block;
    }
  }

  private final ScratchMemory memory;
  private final Map<Key, Entry> entries = new HashMap<>();

  /** The forms by their memory: what is packed may have been converted before. */
  private final Map<MemorySegment, Key> forms = new IdentityHashMap<>();

  PackedConstants(ScratchMemory memory) {
    this.memory = memory;
  }

  @Override
  public Block allocate(long byteSize) {
    return memory.allocate(byteSize);
  }

  @Override
  public Block borrow(long byteSize) {
    return memory.borrow(byteSize);
  }

  @Override
  public synchronized Block packed(
      MemorySegment constant, Object form, long byteSize, Consumer<MemorySegment> maker) {
    Key converted = forms.get(constant);
    Key key = new Key(converted != null ? converted : new Given(constant), form);
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(memory.packed(constant, form, byteSize, maker));
      entries.put(key, entry);
      forms.put(entry.block.segment(), key);
    }
    entry.users++;
    return new Share(key, entry);
  }

  /** Returns the bytes of all forms that are in use. */
  synchronized long byteSize() {
    return entries.values().stream().mapToLong(entry -> entry.block.segment().byteSize()).sum();
  }

  private synchronized void release(Key key, Entry entry) {
    entry.users--;
    if (entry.users == 0) {
      entries.remove(key);
      forms.remove(entry.block.segment());
      entry.block.close();
    }
  }

  /** What one plan has of a form. */
  private final class Share implements Block {
    private final Key key;
    private final Entry entry;
    private final AtomicBoolean closed = new AtomicBoolean();

    Share(Key key, Entry entry) {
      this.key = key;
      this.entry = entry;
    }

    @Override
    public MemorySegment segment() {
      return entry.block.segment();
    }

    @Override
    public boolean giveBack() {
      if (!closed.compareAndSet(false, true)) {
        return false;
      }
      release(key, entry);
      return true;
    }
  }
}
