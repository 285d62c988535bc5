package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Op;
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

  /** Returns a new tensor on a block of the pool; the tensor closes the block. */
  protected abstract Tensor create(ScratchMemory.Block block, Layout layout);

  /** Returns a new tensor that shares the storage of another. */
  protected abstract Tensor view(Tensor base, Layout layout, long offset);

  /**
   * Returns a new tensor on the same elements, which no scope closes; on a copy of them where the
   * caller may close the memory.
   */
  protected abstract Tensor share(Tensor tensor);

  /**
   * Returns the memory of the tensor from its first element on, kept alive until {@link #release}.
   *
   * @param op names the operator in the exception
   * @param role what the tensor is to the operator, and {@code index} which one
   * @throws IllegalStateException if the tensor is closed
   */
  protected abstract MemorySegment hold(Tensor tensor, Op op, String role, int index);

  /**
   * Returns the memory as {@link #hold} does, for writing to it.
   *
   * @throws IllegalArgumentException if the tensor is read-only
   * @throws IllegalStateException if the tensor is closed
   */
  protected abstract MemorySegment holdToWrite(Tensor tensor, Op op, int index);

  /** Lets go of a tensor that was held. */
  protected abstract void release(Tensor tensor);

  /**
   * Returns the caller's own segment that the tensor was wrapped around and that the caller may
   * close, or null.
   */
  protected abstract @Nullable MemorySegment foreign(Tensor tensor);
}
