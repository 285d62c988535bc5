package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.gatun.safety.Extent;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sixteen threads that run models and operators as they like get what one thread gets, to the bit,
 * and take no more the longer they run.
 */
@Timeout(1800)
class ManyCallersTest {
  private static final int CALLERS = 16;
  private static final int VIRTUAL = 4;
  private static final int SECONDS = Extent.of(8, 600);
  private static final int SAMPLES = 100;
  private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final AtomicLong done = new AtomicLong();
  private final Collection<String> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stop;

  @Test
  void resultsAreThoseOfOneThread() throws InterruptedException {
    LeakCheck leaks = LeakCheck.start();
    List<ProcessState> samples;
    try (MixedWork work = new MixedWork(Extent.of(50, 10))) {
      List<Thread> callers = new ArrayList<>();
      for (int seed = 0; seed < CALLERS; seed++) {
        callers.add(caller(work, seed));
      }
      try {
        samples = watch();
      } finally {
        stop = true;
        for (Thread caller : callers) {
          caller.join(TimeUnit.MINUTES.toMillis(2));
        }
      }
      assertTrue(callers.stream().noneMatch(Thread::isAlive), ManyCallersTest::dump);
      assertEquals(List.of(), List.copyOf(failures), done + " pieces of work done");
      assertTrue(done.get() > CALLERS, done + " pieces of work done");
    }
    assertEquals(Optional.empty(), leaks.leak());
    if (Extent.isLong()) {
      assertFlat(samples);
    }
  }

  private Thread caller(MixedWork work, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Thread.ofPlatform()
        .name("caller-" + seed)
        .start(
            () -> {
              while (!stop && failures.size() < 10) {
                if (seed < VIRTUAL) {
                  onVirtualThread(() -> doOne(work, random, seed));
                } else {
                  doOne(work, random, seed);
                }
              }
            });
  }

  private void onVirtualThread(Runnable action) {
    try {
      Thread.ofVirtual().start(action).join();
    } catch (InterruptedException e) {
      failures.add("nobody interrupts a caller: " + e);
    }
  }

  private void doOne(MixedWork work, SplittableRandom random, int seed) {
    try {
      String wrong = work.doOne(random);
      if (!wrong.isEmpty()) {
        failures.add(wrong + " (seed " + seed + ", piece " + done + ")");
      }
    } catch (RuntimeException | Error e) {
      failures.add(e + " (seed " + seed + ", piece " + done + ")");
    }
    done.incrementAndGet();
  }

  /** Returns what the process had taken at regular intervals; ends it where all callers stand. */
  private List<ProcessState> watch() throws InterruptedException {
    List<ProcessState> samples = new ArrayList<>();
    long start = System.nanoTime();
    long pause = TimeUnit.SECONDS.toNanos(SECONDS) / SAMPLES;
    long seen = -1;
    long lastProgress = start;
    for (int i = 1; i <= SAMPLES && failures.isEmpty(); i++) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, start + i * pause - System.nanoTime()));
      samples.add(ProcessState.now());
      if (done.get() != seen) {
        seen = done.get();
        lastProgress = System.nanoTime();
      }
      assertTrue(System.nanoTime() - lastProgress < STANDSTILL_NANOS, ManyCallersTest::dump);
    }
    return samples;
  }

  /** The last half grows by less than a hundredth: its first and its last fifth, by their means. */
  private static void assertFlat(List<ProcessState> samples) {
    int half = samples.size() / 2;
    int fifth = half / 5;
    List<ProcessState> early = samples.subList(half, half + fifth);
    List<ProcessState> late = samples.subList(samples.size() - fifth, samples.size());
    double grown = mean(late, ProcessState::resident) / mean(early, ProcessState::resident);
    assertTrue(grown < 1.01, "resident memory grew to " + grown + " times: " + samples);
    double pool = mean(late, ProcessState::pool) / mean(early, ProcessState::pool);
    assertTrue(pool < 1.01, "the pool grew to " + pool + " times: " + samples);
    double handles = mean(late, ProcessState::handles) / mean(early, ProcessState::handles);
    assertTrue(handles < 1.01, "handles grew to " + handles + " times: " + samples);
    double threads = mean(late, ProcessState::threads) / mean(early, ProcessState::threads);
    assertTrue(threads < 1.05, "threads grew to " + threads + " times: " + samples);
  }

  private static double mean(
      List<ProcessState> samples, java.util.function.ToLongFunction<ProcessState> what) {
    return samples.stream().mapToLong(what).average().orElseThrow();
  }

  private static String dump() {
    StringBuilder text = new StringBuilder("nothing moves:\n");
    for (ThreadInfo info :
        ManagementFactory.getThreadMXBean().dumpAllThreads(true, true, Integer.MAX_VALUE)) {
      text.append(info);
    }
    return text.toString();
  }
}
