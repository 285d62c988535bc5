package org.gatun.safety.threads;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;

/**
 * Has virtual threads run operators and then wait, and looks at what they keep. In a process of its
 * own, with a heap of a fixed size, so that memory off the heap is told from it.
 */
final class WaitingThreads {
  /** Bytes of the heap for a thread that waits: its stack, which is some frames, and no more. */
  private static final long MOST_HEAP = 4096;

  /** Bytes off the heap, and what the JVM takes meanwhile for code and the like. */
  private static final long MOST_EACH = 1024;

  private static final long MOST = 64 << 20;

  private WaitingThreads() {}

  /**
   * Ends with an exception where threads keep more than they may.
   *
   * @param arguments the number of threads
   */
  public static void main(String[] arguments) throws InterruptedException {
    int count = Integer.parseInt(arguments[0]);
    Tensor x = new Generator(1).randn(DType.F32, 8, 8);
    for (int i = 0; i < 200; i++) {
      compute(x);
    }
    CountDownLatch ran = new CountDownLatch(count);
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger failed = new AtomicInteger();
    long heap = heap();
    ProcessState before = ProcessState.now();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(Thread.startVirtualThread(() -> computeAndWait(x, ran, end, failed)));
    }
    ran.await();
    long each = (heap() - heap) / count;
    ProcessState during = ProcessState.now();
    end.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    check(failed.get() == 0, failed + " threads failed");
    check(each < MOST_HEAP, each + " bytes of the heap for each thread");
    check(before.handles() == during.handles(), "handles: " + before + " then " + during);
    long off = during.resident() - before.resident();
    check(off < MOST + count * MOST_EACH, "off the heap: " + before + " then " + during);
    // What runs at a time has scratch of its own, which the pool keeps; waiting threads have none.
    check(during.pool() - before.pool() < 16 << 20, "the pool: " + before + " then " + during);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  private static void computeAndWait(
      Tensor x, CountDownLatch ran, CountDownLatch end, AtomicInteger failed) {
    try {
      compute(x);
    } catch (RuntimeException | Error e) {
      failed.incrementAndGet();
    }
    ran.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      failed.incrementAndGet();
    }
  }

  private static void compute(Tensor x) {
    try (Scope scope = Scope.open()) {
      Tensor y = x.matmul(x).to(DType.BF16).gelu().to(DType.F32).softmax(-1);
      y.toFloatArray();
    }
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
