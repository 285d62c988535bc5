package org.gatun.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's {@code malloc} and {@code free}: an {@code Arena} zeroes what it allocates, which
 * costs as much as many operators do.
 */
final class NativeHeap {
  private static final MethodHandle MALLOC;
  private static final MethodHandle FREE;

  static {
    Linker linker = Linker.nativeLinker();
    MALLOC =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("malloc"),
            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    FREE =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("free"),
            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
  }

  private NativeHeap() {}

  /** Returns the address of uninitialized memory, or {@link MemorySegment#NULL}. */
  static MemorySegment malloc(long byteSize) {
    try {
      return (MemorySegment) MALLOC.invokeExact(byteSize);
    } catch (Throwable t) {
      throw new AssertionError("malloc does not throw", t);
    }
  }

  static void free(MemorySegment address) {
    try {
      FREE.invokeExact(address);
    } catch (Throwable t) {
      throw new AssertionError("free does not throw", t);
    }
  }
}
