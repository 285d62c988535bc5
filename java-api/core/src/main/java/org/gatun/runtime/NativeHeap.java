package org.gatun.runtime;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

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

  /** Linked when it is first used; other C libraries than GNU's do not have it. */
  private static final class Trim {
    static final @Nullable MethodHandle HANDLE = handle();

    private static @Nullable MethodHandle handle() {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find("malloc_trim")
          .map(
              address ->
                  linker.downcallHandle(
                      address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)))
          .orElse(null);
    }
  }

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

  /**
   * Returns free pages to the operating system. By itself the C library keeps those of blocks that
   * are smaller than the largest one freed so far, up to 32 MB.
   */
  static void trim() {
    MethodHandle handle = Trim.HANDLE;
    if (handle != null) {
      try {
        int _ = (int) handle.invokeExact(0L);
      } catch (Throwable t) {
        throw new AssertionError("malloc_trim does not throw", t);
      }
    }
  }
}
