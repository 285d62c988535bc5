package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a loop that uses the Vector API is compiled yet. Until then each of its operations takes
 * microseconds, a hundred times as long as afterwards, and plain Java that gives the same bits runs
 * instead; meanwhile a thread runs the loop on memory of its own for the compiler to see it.
 *
 * <p>With the system property {@code gatun.warmup} set to {@code false} every loop counts as
 * compiled: for tests of these loops.
 */
final class WarmUp {
  /** What the thread runs: the loop, on some hundred elements. */
  @FunctionalInterface
  interface Slice {
    /**
     * Runs the loop.
     *
     * @param memory the address of four operands of {@link #OPERAND_BYTES}, of positive numbers; it
     *     may write to the last
     */
    void run(long memory);
  }

  /** The bytes of each operand of a slice. */
  static final long OPERAND_BYTES = 8192;

  /** After so many elements a loop is one that is used. */
  static final long ENOUGH = 1 << 19;

  private static final long OPERANDS = 4;

  /** Compiled loops take less than 1 us for a slice, others more than 50. */
  private static final long FAST_NANOS = 6_000;

  /**
   * Slices in a row that are fast: what else runs here makes one slow, and nothing makes it fast.
   */
  private static final int FAST_SLICES = 4;

  /** After this time a loop is taken for compiled, lest a slow machine wait for ever. */
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  private static final boolean WANTED = !"false".equals(System.getProperty("gatun.warmup"));

  private static final Object LOCK = new Object();
  private static final List<WarmUp> COLD = new ArrayList<>();
  private static boolean running;

  private final Slice slice;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean done = !WANTED;
  private long seen;
  private int fast;
  private long deadline;

  WarmUp(Slice slice) {
    this.slice = slice;
  }

  /** Returns whether the loop is compiled, or was taken for it from the start. */
  boolean isDone() {
    return done;
  }

  /**
   * Returns whether the loop is compiled. Where it is not, and has been asked for {@link #ENOUGH}
   * elements, has it compiled: that costs some 50 ms of a processor and 10 MB of boxed vectors, and
   * who computes one result and ends needs none of it.
   *
   * @param elements how many are to be computed now
   */
  boolean isDone(long elements) {
    if (done) {
      return true;
    }
    // Threads that come at a time may lose some.
    seen += elements;
    if (seen >= ENOUGH && !asked.get() && asked.compareAndSet(false, true)) {
      start();
    }
    return false;
  }

  private void start() {
    synchronized (LOCK) {
      deadline = System.nanoTime() + PATIENCE_NANOS;
      COLD.add(this);
      if (!running) {
        running = true;
        Thread.ofPlatform().name("gatun-warm-up").daemon().start(WarmUp::runAll);
      }
    }
  }

  /** Runs slices of all loops that are cold, in turn, until none is left. */
  private static void runAll() {
    try (Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(OPERANDS * OPERAND_BYTES, 64).address();
      fill(memory);
      for (List<WarmUp> cold = cold(); !cold.isEmpty(); cold = cold()) {
        long start = System.nanoTime();
        for (WarmUp loop : cold) {
          loop.step(memory);
        }
        // Half of a processor at most: those who call, and the compiler, have work to do.
        LockSupport.parkNanos(System.nanoTime() - start);
      }
    }
  }

  private static List<WarmUp> cold() {
    synchronized (LOCK) {
      COLD.removeIf(loop -> loop.done);
      running = !COLD.isEmpty();
      return List.copyOf(COLD);
    }
  }

  /** Stores positive numbers, as floats and as doubles. */
  private static void fill(long memory) {
    float[] numbers = new float[(int) (OPERANDS * OPERAND_BYTES / Float.BYTES)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = 0.5f + (i & 63) / 64f;
    }
    MemorySegment.copy(numbers, 0, ALL, FLOAT, memory, numbers.length);
  }

  private void step(long memory) {
    long start = System.nanoTime();
    slice.run(memory);
    long end = System.nanoTime();
    fast = end - start < FAST_NANOS ? fast + 1 : 0;
    done = fast >= FAST_SLICES || end > deadline;
  }
}
