package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Threads;
import org.gatun.runtime.Weights;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that run at a time share the threads, and their results are the same to the bit. */
@Timeout(120)
class SharedThreadsTest {
  private static final Engine ENGINE = Engines.NATIVE;

  @Test
  void callersShareTheThreads() throws InterruptedException, ExecutionException {
    int before = Threads.count();
    LeakCheck leaks = LeakCheck.start();
    Threads.set(2);
    try (Scope scope = Scope.open();
        Weights weights = new Weights(ENGINE);
        ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
      Tensor w = new Generator(2).randn(DType.F32, 128, 64);
      Tensor x = new Generator(3).randn(DType.F32, 256, 128);
      try (Recording recording = Recording.start(ENGINE, weights, List.of(x));
          Program program = recording.finish(List.of(recording.run(() -> x.matmul(w).relu())))) {
        runBesideAnother(program, weights, x, other);
      }
    } finally {
      Threads.set(before);
    }
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static void runBesideAnother(
      Program program, Weights weights, Tensor x, ExecutorService other)
      throws InterruptedException, ExecutionException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    float[] alone = program.run(List.of(x)).getFirst().toFloatArray();
    Future<List<Tensor>> first =
        other.submit(
            () ->
                program.run(
                    List.of(x),
                    (_, _) -> {
                      running.countDown();
                      await(done);
                    }));
    await(running);
    int plans = weights.plans(); // 1, or 2 where the processors were crowded.
    Threads.with(2, () -> program.run(List.of(x)).getFirst());
    assertEquals(plans, weights.plans());
    float[] beside = program.run(List.of(x)).getFirst().toFloatArray();
    assertEquals(2, weights.plans());
    done.countDown();
    first.get().forEach(Tensor::close);
    assertArrayEquals(alone, beside);
    assertArrayEquals(alone, program.run(List.of(x)).getFirst().toFloatArray());
    assertEquals(2, weights.plans());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
