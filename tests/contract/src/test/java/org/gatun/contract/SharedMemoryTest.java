package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Embedding;
import org.gatun.op.Linear;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeHandles;
import org.gatun.runtime.Runner;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one thread does to memory that an operator of another reads never ends the process. */
@Timeout(60)
class SharedMemoryTest {
  private static final Engine ENGINE = Engines.NATIVE;

  @Test
  void indicesThatChangeWhileTheyAreReadAreRefused() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService other = Executors.newSingleThreadExecutor();
        Tensor table = Tensor.ones(DType.F32, 10, 1);
        Tensor indices = Tensor.zeros(DType.I64, 100_000)) {
      Future<?> writer =
          other.submit(
              () -> {
                while (!done.get()) {
                  indices.fill(Long.MAX_VALUE >> 8);
                  indices.fill(0);
                }
              });
      try {
        for (int i = 0; i < 300; i++) {
          try (Tensor rows = ENGINE.run(new Embedding(), table, indices)) {
            assertEquals(100_000, rows.size());
          } catch (IllegalArgumentException e) {
            assertEquals("embedding: index ", e.getMessage().substring(0, 17));
          }
        }
      } finally {
        done.set(true);
      }
      writer.get();
    }
  }

  @Test
  void runnerThatIsClosedWhileItRunsReleasesEverythingInTheEnd() throws Exception {
    LeakCheck leaks = LeakCheck.start();
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < 100; i++) {
        Runner runner;
        try (Tensor weights = Tensor.ones(DType.F32, 64, 64)) {
          runner = ENGINE.bind(new Linear(false), weights);
        }
        // Each call has a shape of its own, so that it packs the weights.
        Future<?> user = other.submit(() -> runUntilClosed(runner));
        Thread.onSpinWait();
        runner.close();
        user.get();
      }
    }
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static void runUntilClosed(Runner runner) {
    for (long rows = 1; ; rows++) {
      try (Tensor x = Tensor.ones(DType.F32, rows, 64);
          Tensor y = runner.run(x)) {
        assertEquals(64, y.get(0, 0));
      } catch (IllegalStateException e) {
        assertEquals("linear: the runner is closed", e.getMessage());
        return;
      }
    }
  }

  @Test
  void runnersThatAreForgottenGiveTheirPlansBack() throws Exception {
    long live = NativeHandles.live();
    for (int i = 0; i < 20; i++) {
      try (Tensor weights = Tensor.ones(DType.F32, 64, 64);
          Tensor x = Tensor.ones(DType.F32, 32, 64)) {
        ENGINE.bind(new Linear(false), weights).run(x).close();
      }
    }
    while (NativeHandles.live() > live) { // The time limit ends it.
      System.gc();
      Thread.sleep(10);
    }
  }

  @Test
  void bindThatFailsKeepsNothing() {
    LeakCheck leaks = LeakCheck.start();
    try (Tensor weights = Tensor.ones(DType.F32, 3, 3)) {
      Tensor bias = Tensor.ones(DType.F32, 3);
      bias.close();
      assertThrows(IllegalStateException.class, () -> ENGINE.bind(new Linear(true), weights, bias));
    }
    assertEquals(Optional.empty(), leaks.leak());
  }
}
