package org.gatun.kernel.java;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs the transforms on memory of their own until they are compiled, which takes a third of a
 * second: in a thread of its own where there is a processor for it. Where there is none, workers
 * would wait long for one of them that has lost its processor; so a caller does it, once plain
 * convolutions have taken as long as that. Where the loops do not become fast, in a JVM that only
 * interprets for instance, they stay unused.
 */
final class WinogradWarmUp {
  private static final int CHANNELS = 64;
  private static final int TILES = 4;

  /** What a tile of a vector may take: compiled code takes 15 ns, any other over 2000. */
  private static final long FAST_NANOS = 300;

  private static final int ROUNDS_IN_A_ROW = 16;
  private static final long LONGEST_NANOS = 2_000_000_000L;

  /** What plain convolutions take before a caller is held up. */
  private static final long WORTH_NANOS = 300_000_000L;

  private static final WinogradWarmUp INSTANCE = new WinogradWarmUp();

  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicLong plain = new AtomicLong();
  private final MemorySegment memory = Arena.ofAuto().allocate(bytes(), 64);
  private volatile boolean done;

  private WinogradWarmUp() {}

  private static long pixel() {
    return (long) CHANNELS * Float.BYTES;
  }

  private static long plane() {
    return (TILES + 1) * pixel();
  }

  private static long bytes() {
    return WinogradTiles.PLANES * plane() + (2 * TILES + 2) * pixel();
  }

  /** Returns whether the loops are fast. */
  static boolean isDone() {
    return INSTANCE.done;
  }

  /**
   * Is told of a plain convolution that another might take the place of.
   *
   * @param threads those that it ran on
   * @param nanos how long it took
   */
  static void ran(WinogradLoops loops, int threads, long nanos) {
    INSTANCE.count(loops, threads, nanos);
  }

  private void count(WinogradLoops loops, int threads, long nanos) {
    if (started.getPlain()) {
      return;
    }
    if (threads < Runtime.getRuntime().availableProcessors()) {
      if (started.compareAndSet(false, true)) {
        Thread.ofPlatform().daemon().name("gatun-winograd-warm-up").start(() -> run(loops));
      }
    } else if (plain.addAndGet(nanos) > WORTH_NANOS && started.compareAndSet(false, true)) {
      run(loops);
    }
  }

  private void run(WinogradLoops loops) {
    long start = System.nanoTime();
    long now = start;
    int fast = 0;
    while (fast < ROUNDS_IN_A_ROW && now - start < LONGEST_NANOS) {
      round(loops);
      long after = System.nanoTime();
      boolean isFast = after - now < FAST_NANOS * TILES * (CHANNELS / loops.lanes());
      fast = isFast ? fast + 1 : 0;
      now = after;
    }
    done = fast == ROUNDS_IN_A_ROW;
  }

  private void round(WinogradLoops loops) {
    long pixels = memory.address() + WinogradTiles.PLANES * plane();
    long[] rows = new long[4];
    Arrays.fill(rows, pixels);
    long[] steps = new long[4];
    Arrays.fill(steps, pixel());
    loops.input(rows, steps, TILES, memory.address(), plane(), pixel());
    for (boolean lower : new boolean[] {false, true}) {
      loops.output(
          lower, memory.address(), plane(), TILES, pixels, 0, true, pixels, pixel());
    }
  }
}
