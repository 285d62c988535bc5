package org.gatun.runtime;

import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** What a recording knows of a storage: one that steps read or write. */
final class Buffer {
  /** Where its memory comes from at a replay. */
  enum Kind {
    /** An input, from its first element on. */
    INPUT,
    /** Memory of the run. */
    MADE,
    /** Memory of the recording's time, which stays as it is. */
    CONSTANT,
    /** Memory of two inputs, or memory around an input: nobody knows where it lies then. */
    UNKNOWN
  }

  private final Kind kind;
  private final int input;
  private final long start;
  private final long byteSize;

  /** Keeps a constant; from {@link #keep} on a copy of what it was. */
  private @Nullable Tensor keeper;

  private Buffer(Kind kind, int input, long start, long byteSize, @Nullable Tensor keeper) {
    this.kind = kind;
    this.input = input;
    this.start = start;
    this.byteSize = byteSize;
    this.keeper = keeper;
  }

  /** Returns the buffer of an input. */
  static Buffer input(Tensor tensor, int index) {
    long start = TensorAccess.get().offset(tensor) * tensor.dtype().byteSize();
    return new Buffer(Kind.INPUT, index, start, tensor.layout().byteSpan(), null);
  }

  /** Returns a buffer of memory that no replay can find. */
  static Buffer unknown() {
    return new Buffer(Kind.UNKNOWN, -1, 0, 0, null);
  }

  /** Returns the buffer of a storage of this size that steps write. */
  static Buffer made(long byteSize) {
    return new Buffer(Kind.MADE, -1, 0, byteSize, null);
  }

  /**
   * Returns the buffer of a constant on which the tensor is, an alias that becomes the buffer's.
   */
  static Buffer constant(Tensor keeper) {
    return new Buffer(Kind.CONSTANT, -1, 0, TensorAccess.get().storage(keeper).byteSize(), keeper);
  }

  Kind kind() {
    return kind;
  }

  /** Returns which input it is. */
  int input() {
    return input;
  }

  long byteSize() {
    return byteSize;
  }

  /** Returns the tensor on the storage of the constant. */
  Tensor keeper() {
    if (keeper == null) {
      throw new IllegalStateException("recording: not a constant that is kept");
    }
    return keeper;
  }

  /** Has another tensor keep the constant: one on a copy of its storage. */
  void keep(Tensor other) {
    keeper().close();
    keeper = other;
  }

  /** Returns where a tensor on the storage begins, in bytes from the start of the buffer. */
  long offsetOf(Tensor tensor) {
    return tensor.size() == 0
        ? 0
        : TensorAccess.get().offset(tensor) * tensor.dtype().byteSize() - start;
  }

  /** Returns whether a tensor on the storage lies inside the buffer. */
  boolean contains(Tensor tensor) {
    long offset = offsetOf(tensor);
    return offset >= 0 && offset + tensor.layout().byteSpan() <= byteSize;
  }

  void close() {
    if (keeper != null) {
      keeper.close();
      keeper = null;
    }
  }
}
