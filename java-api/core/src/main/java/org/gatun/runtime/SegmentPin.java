package org.gatun.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs an action while callers' own segments cannot be closed.
 *
 * <p>The JDK keeps an arena open while one of its segments is an argument of a downcall, and only
 * then; a oneDNN memory object holds a mere address. So the action runs inside a downcall that
 * takes the segment: {@code bsearch} with the segment as its array and the action as its
 * comparison.
 */
final class SegmentPin {
  private static final MethodHandle BSEARCH;
  private static final MemorySegment CALLBACK;
  private static final ThreadLocal<@Nullable Pinned> CURRENT = new ThreadLocal<>();

  static {
    Linker linker = Linker.nativeLinker();
    BSEARCH =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("bsearch"),
            FunctionDescriptor.of(
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS));
    try {
      CALLBACK =
          linker.upcallStub(
              MethodHandles.lookup()
                  .findStatic(
                      SegmentPin.class,
                      "callback",
                      MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class)),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
              Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Pinned {
    final Runnable action;
    @Nullable Throwable thrown;

    Pinned(Runnable action) {
      this.action = action;
    }
  }

  private SegmentPin() {}

  /**
   * Runs the action while none of the segments can be closed.
   *
   * @throws IllegalStateException if one is closed already
   */
  static void run(List<MemorySegment> segments, Runnable action) {
    if (segments.isEmpty()) {
      action.run();
      return;
    }
    List<MemorySegment> rest = segments.subList(1, segments.size());
    Pinned pinned = new Pinned(() -> run(rest, action));
    Pinned outer = CURRENT.get();
    CURRENT.set(pinned);
    try {
      MemorySegment _ =
          (MemorySegment)
              BSEARCH.invokeExact(MemorySegment.NULL, segments.getFirst(), 1L, 1L, CALLBACK);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("bsearch throws nothing checked", t);
    } finally {
      CURRENT.set(outer);
    }
    switch (pinned.thrown) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new AssertionError("an action throws nothing checked", t);
    }
  }

  /** An exception that left an upcall would end the JVM: every one is carried around it. */
  @SuppressWarnings("unused") // Called by bsearch.
  private static int callback(MemorySegment key, MemorySegment element) {
    Pinned pinned = CURRENT.get();
    if (pinned != null) {
      try {
        pinned.action.run();
      } catch (Throwable t) {
        pinned.thrown = t;
      }
    }
    return 0;
  }
}
