package org.gatun.bindings;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * How often the operating system took a processor from a thread of this process that wanted to go
 * on: where it does, there are more threads than processors for them. Source: POSIX {@code
 * getrusage}, {@code ru_nivcsw}.
 */
public final class Preemptions {
  private static final int SELF = 0;

  /** Two times of 16 bytes and fourteen counts, of which this is the last one. */
  private static final long SIZE = 144;

  private static final long COUNT = SIZE - Long.BYTES;

  private static final @Nullable MethodHandle FUNCTION = function();

  private final MemorySegment usage;

  /** Makes a counter, for one thread at a time; it lives as long as the JVM does. */
  public Preemptions() {
    this.usage = Arena.global().allocate(SIZE, Long.BYTES);
  }

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle function() {
    if (Platform.isWindows(Platform.current())) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("getrusage")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS),
                    Linker.Option.critical(false)))
        .orElse(null);
  }

  /** Returns the number since the process started; always 0 where the system does not tell. */
  public long count() {
    if (FUNCTION == null) {
      return 0;
    }
    try {
      int status = (int) FUNCTION.invokeExact(SELF, usage);
      return status == 0 ? usage.get(JAVA_LONG, COUNT) : 0;
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing", e);
    }
  }
}
