package org.gatun.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import org.gatun.Layout;
import org.gatun.Storage;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A view of a storage whose elements stay as they are: the identity by which plans and what they
 * packed are found again. It does not keep the memory.
 */
final class Constant {
  /** As much as the system maps at a time where a page is missing. */
  private static final long UNLOADED = 1 << 16;

  private final WeakReference<Storage> storage;
  private final Layout layout;
  private final long offset;
  private final MemorySegment memory;
  private volatile boolean changed;

  private Constant(Storage storage, Layout layout, long offset, MemorySegment memory) {
    this.storage = new WeakReference<>(storage);
    this.layout = layout;
    this.offset = offset;
    this.memory = memory;
  }

  /** Returns a new identity for what the tensor looks at. */
  static Constant of(Tensor tensor) {
    TensorAccess access = TensorAccess.get();
    // An object of its own: what was packed is found by it, and not when the elements have changed.
    MemorySegment memory = access.memory(tensor).asSlice(0);
    return new Constant(access.storage(tensor), tensor.layout(), access.offset(tensor), memory);
  }

  /** Returns whether the tensor looks at the same elements; it is on the same storage. */
  boolean is(Tensor tensor) {
    return offset == TensorAccess.get().offset(tensor) && layout.equals(tensor.layout());
  }

  /** Returns the memory, for those who hold a tensor on it; always the same object. */
  MemorySegment memory() {
    return memory;
  }

  /** Says that the elements were written to: what was packed is not what they are now. */
  void change() {
    changed = true;
  }

  /**
   * Says that a plan has packed the elements and does not read them any more: where they lie in a
   * file they need not be in memory twice. Small ones share their pages with others.
   */
  void unload() {
    Storage open = storage.get();
    if (open != null && layout.byteSpan() >= UNLOADED) {
      TensorAccess.get().unload(open, offset * layout.dtype().byteSize(), layout.byteSpan());
    }
  }

  /** Returns a new tensor on the elements; null where they are gone or were written to. */
  @Nullable Tensor open() {
    Storage open = storage.get();
    return open == null || changed ? null : TensorAccess.get().reopen(open, layout, offset);
  }
}
