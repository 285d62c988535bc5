package org.gatun.runtime;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what nobody closed and the garbage collector found, and says where it was made. */
final class Forgotten {
  /** Whether those who own memory note where they were made. */
  static final boolean TRACED = "trace".equals(System.getProperty("gatun.leaks"));

  private static final LongAdder COUNT = new LongAdder();
  private static final LongAdder BYTES = new LongAdder();

  private Forgotten() {}

  static long count() {
    return COUNT.sum();
  }

  static long bytes() {
    return BYTES.sum();
  }

  /**
   * Counts what was forgotten, and logs it if it is known where it was made.
   *
   * @param what such as {@code a tensor of 4096 bytes}
   * @param madeAt the stack of the thread that made it, null unless that is traced
   */
  static void found(String what, long byteSize, @Nullable Throwable madeAt) {
    COUNT.increment();
    BYTES.add(byteSize);
    StackTraceElement line = madeAt == null ? null : caller(madeAt.getStackTrace());
    EventSink events = Telemetry.events();
    if (events != null) {
      events.forgotten(what, byteSize, line == null ? null : line.toString());
    }
    if (madeAt != null) {
      System.getLogger("org.gatun.memory")
          .log(Level.WARNING, "memory: " + what + " was never closed; made at " + line, madeAt);
    }
  }

  /**
   * Returns the line of the caller's own code: the first that is neither Gatun's nor the JDK's. For
   * a stack of these alone it is Gatun's outermost.
   */
  static @Nullable StackTraceElement caller(StackTraceElement[] stack) {
    StackTraceElement line = null;
    for (StackTraceElement frame : stack) {
      String name = frame.getClassName();
      if (name.startsWith("org.gatun.")) {
        line = frame;
      } else if (!isOfJdk(name)) {
        return frame;
      }
    }
    return line;
  }

  private static boolean isOfJdk(String name) {
    return name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.");
  }
}
