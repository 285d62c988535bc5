package org.gatun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.gatun.kernel.ScratchMemory;
import org.gatun.runtime.Ownership;
import org.jspecify.annotations.Nullable;

/**
 * The memory behind one or several tensors, with a count of its users: every open tensor on it,
 * every operator that is running on it and every segment that was handed out. The memory is given
 * back when the last user lets go, so closing a tensor while a native call reads it defers the
 * release.
 *
 * <p>A storage is the pool's, or the caller's own memory that a tensor was wrapped around, or a
 * part of a file. The latter two are never given back but kept reachable.
 *
 * <p>Behind the count stands a cleaner: memory whose tensors were forgotten comes back when the
 * garbage collector finds them, and is counted in the {@link org.gatun.runtime.MemoryReport}. With
 * {@code -Dgatun.leaks=trace} each such tensor is logged with the line that allocated it.
 */
public final class Storage {
  private static final VarHandle USERS;

  static {
    try {
      USERS = MethodHandles.lookup().findVarHandle(Storage.class, "users", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MemorySegment memory;
  private final @Nullable Ownership owned;
  private final @Nullable MemorySegment foreign;
  private final boolean closeable;

  @SuppressWarnings("UnusedVariable") // Read and written through USERS.
  private volatile int users;

  /** The segments that were handed out and are still reachable; guarded by this. */
  private int exports;

  private Storage(
      MemorySegment memory,
      ScratchMemory.@Nullable Block block,
      @Nullable MemorySegment foreign,
      boolean closeable) {
    this.memory = memory;
    this.foreign = foreign;
    this.closeable = closeable;
    if (block == null) {
      this.owned = null;
    } else {
      this.owned = new OwnBlock(block);
      owned.guard(this);
    }
  }

  /** Returns a storage on a block of the pool, without users yet. */
  static Storage pooled(ScratchMemory.Block block) {
    return new Storage(block.segment(), block, null, false);
  }

  /** Returns a storage on the caller's memory, which the caller may close, without users yet. */
  static Storage foreign(MemorySegment segment) {
    return new Storage(unchecked(segment), null, segment, true);
  }

  /** Returns a storage on memory that lives as long as its segment is reachable, without users. */
  static Storage reachable(MemorySegment segment) {
    return new Storage(unchecked(segment), null, segment, false);
  }

  @SuppressWarnings("restricted") // The segment's liveness is checked at every hold instead.
  private static MemorySegment unchecked(MemorySegment segment) {
    MemorySegment raw = MemorySegment.ofAddress(segment.address()).reinterpret(segment.byteSize());
    return segment.isReadOnly() ? raw.asReadOnly() : raw;
  }

  /** Returns the size of the memory in bytes. */
  public long byteSize() {
    return memory.byteSize();
  }

  /** Returns whether the memory is not the pool's: the caller's own or a file's. */
  public boolean isForeign() {
    return foreign != null;
  }

  /** Returns whether the memory cannot be written to, as a file's that was mapped. */
  public boolean isReadOnly() {
    return memory.isReadOnly();
  }

  /** Returns the memory with a lifetime that nobody checks: for those who hold this storage. */
  MemorySegment memory() {
    return memory;
  }

  /**
   * Returns the memory for accesses from Java, which fail where the caller closes its own memory
   * meanwhile: a hold cannot keep that open.
   */
  MemorySegment checkedMemory() {
    return foreign != null ? foreign : memory;
  }

  /** Returns the caller's own segment, where there is one that the caller may close. */
  @Nullable MemorySegment closeableSegment() {
    return closeable ? foreign : null;
  }

  /**
   * Has a part of a file leave physical memory; whoever reads it again finds it in the system's
   * cache of files, or has it read anew. Other memory stays as it is.
   */
  void unload(long offset, long byteSize) {
    if (foreign != null && !closeable && foreign.isMapped()) {
      foreign.asSlice(offset, byteSize).unload();
    }
  }

  /** Counts the first user in. */
  void open() {
    USERS.setRelease(this, 1);
  }

  /**
   * Counts a user in. Returns whether it could: false when the last one has let go already.
   *
   * @throws IllegalStateException if the caller's own memory behind this storage is closed
   * @throws WrongThreadException if that memory is confined to another thread
   */
  boolean hold() {
    checkAccess();
    int seen = (int) USERS.getAcquire(this);
    while (seen > 0) {
      int witness = (int) USERS.compareAndExchange(this, seen, seen + 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Returns whether the last user has let go. */
  boolean isGivenBack() {
    return (int) USERS.getAcquire(this) <= 0;
  }

  /** Throws what {@link #hold} throws where the memory is the caller's own. */
  void checkAccess() {
    if (foreign != null && closeable) {
      if (!foreign.scope().isAlive()) {
        throw new IllegalStateException("tensor: the arena of the memory it wraps is closed");
      }
      if (!foreign.isAccessibleBy(Thread.currentThread())) {
        throw new WrongThreadException(
            "tensor: the memory it wraps is confined to another thread than "
                + Thread.currentThread().getName());
      }
    }
  }

  /** Returns whether {@link #checkAccess} throws. */
  boolean isUnreadable() {
    return foreign != null
        && !(foreign.scope().isAlive() && foreign.isAccessibleBy(Thread.currentThread()));
  }

  /** Counts a user out, and gives the memory back when it was the last. */
  void release() {
    int before = (int) USERS.getAndAdd(this, -1);
    if (before == 1 && owned != null) {
      owned.close();
    }
  }

  /**
   * Returns the memory as a segment that is itself a user of this storage until it is unreachable.
   * The caller holds the storage.
   */
  @SuppressWarnings("restricted")
  MemorySegment export() {
    if (foreign != null) {
      return foreign;
    }
    hold();
    count(1);
    return memory.reinterpret(
        Arena.ofAuto(),
        _ -> {
          count(-1);
          release();
        });
  }

  /** Counts a segment that was handed out; the bytes that they keep count once. */
  private synchronized void count(int more) {
    boolean any = exports > 0;
    exports += more;
    boolean still = exports > 0;
    HeldMemory.EXPORTED.add(more, any == still ? 0 : more * byteSize());
  }

  /** The block, until the last user lets go of it or all tensors on it were forgotten. */
  private static final class OwnBlock extends Ownership {
    private final ScratchMemory.Block block;

    OwnBlock(ScratchMemory.Block block) {
      this.block = block;
    }

    @Override
    protected boolean letGo() {
      return block.giveBack();
    }

    @Override
    protected String what() {
      return "a tensor of " + byteSize() + " bytes";
    }

    @Override
    protected long byteSize() {
      return block.segment().byteSize();
    }
  }
}
