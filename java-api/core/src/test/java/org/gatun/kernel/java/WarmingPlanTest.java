package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.kernel.Plan;
import org.junit.jupiter.api.Test;

class WarmingPlanTest {
  private static final MemorySegment[] OPERANDS = {MemorySegment.NULL, MemorySegment.NULL};

  private final AtomicBoolean warm = new AtomicBoolean();

  /** Counts its runs, and those when it was closed. */
  private static final class Counted implements Plan {
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();

    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      runs.incrementAndGet();
      Thread.onSpinWait();
      late.addAndGet(closes.get());
    }

    @Override
    public String implementation() {
      return "counted";
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }

  @Test
  void changesForGoodWhenTheSecondIsReady() {
    Counted first = new Counted();
    Counted second = new Counted();
    WarmingPlan plan = new WarmingPlan(first, warm::get, _ -> second);
    for (int i = 0; i < 10; i++) {
      plan.execute(OPERANDS, OPERANDS);
    }
    assertEquals(10, first.runs.get());
    warm.set(true);
    for (int i = 0; i < 3; i++) {
      plan.execute(OPERANDS, OPERANDS);
    }
    assertEquals(10, first.runs.get());
    assertEquals(3, second.runs.get());
    assertEquals(1, first.closes.get());
    plan.close();
    assertEquals(1, first.closes.get());
    assertEquals(1, second.closes.get());
  }

  @Test
  void staysWhereThereIsNoSecond() {
    Counted first = new Counted();
    AtomicInteger asked = new AtomicInteger();
    WarmingPlan plan =
        new WarmingPlan(
            first,
            warm::get,
            _ -> {
              asked.incrementAndGet();
              return null;
            });
    warm.set(true);
    for (int i = 0; i < 20; i++) {
      plan.execute(OPERANDS, OPERANDS);
    }
    assertEquals(20, first.runs.get());
    assertEquals(1, asked.get());
    plan.close();
    assertEquals(1, first.closes.get());
  }

  @Test
  void nobodyRunsThePlanThatWasClosed() throws Exception {
    for (int round = 0; round < 50; round++) {
      warm.set(false);
      Counted first = new Counted();
      Counted second = new Counted();
      WarmingPlan plan = new WarmingPlan(first, warm::get, _ -> second);
      List<Callable<Object>> callers = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        callers.add(
            () -> {
              for (int i = 0; i < 200; i++) {
                warm.compareAndSet(false, i == 100);
                plan.execute(OPERANDS, OPERANDS);
              }
              return "done";
            });
      }
      try (var executor = Executors.newFixedThreadPool(4)) {
        for (Future<Object> future : executor.invokeAll(callers)) {
          assertEquals("done", future.get());
        }
      }
      assertEquals(800, first.runs.get() + second.runs.get());
      assertTrue(second.runs.get() > 0);
      assertEquals(0, first.late.get());
      assertEquals(1, first.closes.get());
      plan.close();
    }
  }
}
