package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import org.gatun.Layout;
import org.gatun.Storage;
import org.gatun.Tensor;
import org.gatun.kernel.ScratchMemory;
import org.jspecify.annotations.Nullable;

/**
 * What the engine may do to a tensor and others may not: reach its memory. {@link Tensor} installs
 * the one instance, and only this package can get at it.
 */
public abstract class TensorAccess {
  private static @Nullable TensorAccess instance;

  /** Makes the one that {@code Tensor} installs. */
  protected TensorAccess() {}

  /**
   * Installs the access, once.
   *
   * @throws IllegalStateException if there is one already
   */
  public static synchronized void install(TensorAccess access) {
    if (instance != null) {
      throw new IllegalStateException("tensor access: installed already");
    }
    instance = access;
  }

  static TensorAccess get() {
    TensorAccess access = instance;
    return access != null ? access : initialized();
  }

  /** An engine may be asked for memory before anyone has touched a tensor. */
  private static TensorAccess initialized() {
    try {
      MethodHandles.lookup().ensureInitialized(Tensor.class);
    } catch (IllegalAccessException e) {
      throw new AssertionError("Tensor is public", e);
    }
    TensorAccess access = instance;
    if (access == null) {
      throw new IllegalStateException("tensor access: class Tensor has installed none");
    }
    return access;
  }

  /**
   * What callers hold and the pool does not see.
   *
   * @param count how many there are
   * @param bytes their bytes
   */
  public record Held(long count, long bytes) {}

  /** Returns the segments that were handed out and the bytes of the pool that they keep. */
  protected abstract Held exported();

  /** Returns the files that are mapped. */
  protected abstract Held mapped();

  /** Returns a new tensor on a block of the pool; the tensor closes the block. */
  protected abstract Tensor create(ScratchMemory.Block block, Layout layout);

  /** Returns a new tensor that shares the storage of another. */
  protected abstract Tensor view(Tensor base, Layout layout, long offset);

  /**
   * Returns a new tensor on the same elements, which no scope closes; on a copy of them where the
   * caller may close the memory.
   */
  protected abstract Tensor share(Tensor tensor);

  /** Returns a new tensor on the same elements, which no scope closes; null if it is closed. */
  protected abstract @Nullable Tensor alias(Tensor tensor);

  /**
   * Returns a new tensor on memory that is still in use, which no scope closes; null where the last
   * user has let go of it.
   */
  protected abstract @Nullable Tensor reopen(Storage storage, Layout layout, long offset);

  /** Returns a new tensor of bytes with a copy of all the memory of a tensor's storage. */
  protected abstract Tensor snapshot(Tensor tensor);

  /**
   * Returns a new tensor on a segment that others own, which no scope closes; it ends with the
   * segment.
   */
  protected abstract Tensor lent(MemorySegment segment, Layout layout);

  /** Returns the storage of the tensor. */
  protected abstract Storage storage(Tensor tensor);

  /** Returns whether the last user of the storage has let go, so that no tensor is on it again. */
  protected abstract boolean isGivenBack(Storage storage);

  /** Has bytes of a file that was mapped leave physical memory until somebody reads them again. */
  protected abstract void unload(Storage storage, long offset, long byteSize);

  /** Returns where the tensor begins, in elements from the start of the storage. */
  protected abstract long offset(Tensor tensor);

  /** Returns the memory of the tensor from its first element on, for those who hold it. */
  protected abstract MemorySegment memory(Tensor tensor);

  /** Returns the memory of the storage that a tensor is on, for those who hold it. */
  protected abstract MemorySegment storageMemory(Tensor tensor);

  /** Keeps the memory of the tensor alive until {@link #release}. Returns false if it is closed. */
  protected abstract boolean hold(Tensor tensor);

  /** Lets go of a tensor that was held. */
  protected abstract void release(Tensor tensor);

  /**
   * Returns the caller's own segment that the tensor was wrapped around and that the caller may
   * close, or null.
   */
  protected abstract @Nullable MemorySegment foreign(Tensor tensor);
}
