package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.runtime.Threads;
import org.gatun.safety.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that come and go leave nothing behind: no workers of the OpenMP runtime, no memory. */
@Timeout(900)
class EndingThreadsTest {
  private static final int THREADS = Extent.of(200, 10_000);
  private static final int AT_A_TIME = 4;
  private static final long MOST_BYTES = 24 << 20;

  private final Collection<Object> failures = new ConcurrentLinkedQueue<>();

  @Test
  void shortLivedCallersLeaveNothingBehind() throws InterruptedException {
    try (Scope scope = Scope.open()) {
      Tensor x = new Generator(1).randn(DType.F32, 64, 1024);
      Tensor w = new Generator(2).randn(DType.F32, 1024, 128);
      long expected = Threads.with(2, () -> bits(x, w));
      run(THREADS / 4, x, w, expected);
      System.gc();
      ProcessState before = ProcessState.now();
      run(THREADS, x, w, expected);
      System.gc();
      ProcessState after = settled(before.threads());
      assertEquals(List.of(), List.copyOf(failures));
      assertTrue(after.threads() <= before.threads() + 8, before + " then " + after);
      // After some hundred threads the JVM's own heap and compiler still grow and shrink.
      assertTrue(
          !Extent.isLong() || after.resident() - before.resident() < MOST_BYTES,
          before + " then " + after);
      assertEquals(before.handles(), after.handles());
    }
  }

  private void run(int count, Tensor x, Tensor w, long expected) throws InterruptedException {
    for (int i = 0; i < count; i += AT_A_TIME) {
      List<Thread> threads = new ArrayList<>();
      for (int j = 0; j < AT_A_TIME; j++) {
        threads.add(Thread.ofPlatform().start(() -> call(x, w, expected)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void call(Tensor x, Tensor w, long expected) {
    try {
      if (Threads.with(2, () -> bits(x, w)) != expected) {
        failures.add("a result differs");
      }
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private static long bits(Tensor x, Tensor w) {
    try (Scope scope = Scope.open()) {
      return Bits.of(x.matmul(w).gelu().sum(1));
    }
  }

  /** A team ends after its thread has. */
  private static ProcessState settled(int threads) throws InterruptedException {
    ProcessState now = ProcessState.now();
    for (int attempt = 0; attempt < 100 && now.threads() > threads; attempt++) {
      Thread.sleep(20);
      now = ProcessState.now();
    }
    return now;
  }
}
