package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Has one request for native memory fail, as where the system has none left for it, until this is
 * closed. Nothing is reused meanwhile: every block that the shared pool gives is one that the C
 * library was asked for.
 */
public final class FailingMemory implements AutoCloseable {
  private final AtomicLong requests = new AtomicLong();
  private final long failing;
  private @Nullable Thread refused;
  private volatile boolean failed;

  private FailingMemory(long failing) {
    this.failing = failing;
    MemoryPool.shared().allocateWith(this::malloc);
  }

  /** Has the request of this number fail, the first being 1. */
  public static FailingMemory at(long request) {
    return new FailingMemory(request);
  }

  /** Has none fail. */
  public static FailingMemory never() {
    return new FailingMemory(Long.MAX_VALUE);
  }

  /** Returns how many requests there were. */
  public long requests() {
    return requests.get();
  }

  /** Returns whether the request was made that was to fail. */
  public boolean hasFailed() {
    return failed;
  }

  private synchronized MemorySegment malloc(long byteSize) {
    if (refused == Thread.currentThread()) {
      refused = null; // The pool has given back what it keeps, and asks once more.
      return MemorySegment.NULL;
    }
    if (requests.incrementAndGet() != failing) {
      return NativeHeap.malloc(byteSize);
    }
    refused = Thread.currentThread();
    failed = true;
    return MemorySegment.NULL;
  }

  @Override
  public void close() {
    MemoryPool.shared().allocateWith(null);
  }
}
