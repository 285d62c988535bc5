package org.gatun.runtime;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many threads an operator runs on. The oneDNN primitives and the Java kernels share one pool
 * of workers.
 *
 * <p>The default is {@code OMP_NUM_THREADS} where it is set, else the processors that the JVM may
 * use, which follows a container's limit. {@link #set} changes it for everybody, {@link #with} for
 * the calling thread and the duration of a call. Programs that run at the same time, as those of a
 * session with several callers, share the default between them, and so have fewer each; what {@link
 * #with} says they have for themselves. Results do not depend on the number of threads, but for
 * those of transposed convolutions with a stride, whose last bits may.
 */
public final class Threads {
  private static final ScopedValue<Integer> HERE = ScopedValue.newInstance();
  private static final int MAX = 1024;
  private static volatile int count = initial(System.getenv("OMP_NUM_THREADS"));

  private Threads() {}

  /** Returns the number of threads that the value of {@code OMP_NUM_THREADS} asks for. */
  static int initial(@Nullable String variable) {
    int processors = Math.min(Runtime.getRuntime().availableProcessors(), MAX);
    if (variable == null || variable.isBlank()) {
      return processors;
    }
    // OpenMP takes a list, one count for each nesting level; the outermost is ours.
    String outermost = variable.split(",", 2)[0].strip();
    // No more than nine digits: a number that an int holds.
    if (!outermost.matches("0*[1-9][0-9]{0,8}")) {
      System.getLogger("org.gatun.threads")
          .log(
              System.Logger.Level.WARNING,
              "threads: OMP_NUM_THREADS is ''{0}'', expected 1 to {1}; it is ignored",
              variable,
              Integer.toString(MAX));
      return processors;
    }
    return Math.min(Integer.parseInt(outermost), MAX);
  }

  /** Returns the number of threads that operators called here and now run on. */
  public static int count() {
    return HERE.isBound() ? HERE.get() : count;
  }

  /** Returns whether {@link #with} says the number, which is then not shared with others. */
  static boolean isGiven() {
    return HERE.isBound();
  }

  /**
   * Sets the number of threads for all callers.
   *
   * @throws IllegalArgumentException if {@code threads} is not between 1 and 1024
   */
  public static void set(int threads) {
    count = checked(threads);
  }

  /**
   * Returns the result of {@code action}, run with this many threads.
   *
   * @throws IllegalArgumentException if {@code threads} is not between 1 and 1024
   */
  public static <T> T with(int threads, Supplier<T> action) {
    Objects.requireNonNull(action, "threads: action is null");
    return ScopedValue.where(HERE, checked(threads)).call(action::get);
  }

  private static int checked(int threads) {
    if (threads < 1 || threads > MAX) {
      throw new IllegalArgumentException("threads: " + threads + ", expected 1 to " + MAX);
    }
    return threads;
  }
}
