package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.DType;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.gatun.safety.Extent;
import org.gatun.testkit.Case;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An operator gives the same bits on any number of threads, but for {@link ThreadDependence}, and
 * whatever else the processors do.
 */
@Timeout(1800)
class ThreadCountTest {
  private static final int MOST = 3;

  @Test
  void bitsDoNotDependOnTheNumberOfThreads() {
    List<String> differ = new ArrayList<>();
    int runs = 0;
    List<Case> cases = Extent.isLong() ? Cases.all() : CaseRun.small().toList();
    for (Case test : cases) {
      for (DType dtype : CaseRun.dtypes(test)) {
        if (test.benchmark() && dtype != CaseRun.dtypes(test).getFirst()) {
          continue;
        }
        try (CaseRun run = CaseRun.of(test, dtype)) {
          if (!ThreadDependence.isNamed(Threads.with(2, run::implementation))) {
            runs++;
            compare(run, differ);
          }
        }
      }
      Engine.current().close();
    }
    assertEquals(List.of(), differ);
    assertTrue(runs > 1000, runs + " runs");
  }

  private static void compare(CaseRun run, List<String> differ) {
    long one = Threads.with(1, run::bits);
    boolean bound = run.canBind();
    long packed = bound ? Threads.with(1, run::boundBits) : 0;
    for (int threads = 2; threads <= MOST; threads++) {
      if (Threads.with(threads, run::bits) != one) {
        differ.add(run + " on " + threads + " threads, by " + run.implementation());
      }
      if (bound && Threads.with(threads, run::boundBits) != packed) {
        differ.add(run + " with constants on " + threads + " threads");
      }
    }
  }

  @Test
  void runsRepeatThemselvesWhileTheProcessorsAreCrowded() throws InterruptedException {
    List<CaseRun> runs = new ArrayList<>();
    List<Long> alone = new ArrayList<>();
    List<Case> cases = CaseRun.small().toList();
    int step = Extent.of(40, 4);
    for (int i = 0; i < cases.size(); i += step) {
      CaseRun run = CaseRun.of(cases.get(i), CaseRun.dtypes(cases.get(i)).getFirst());
      runs.add(run);
      alone.add(run.bits());
    }
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> others = new ArrayList<>();
    try {
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        others.add(Thread.ofPlatform().start(() -> spin(stop)));
      }
      for (int repetition = 0; repetition < 3; repetition++) {
        for (int i = 0; i < runs.size(); i++) {
          assertEquals(alone.get(i), runs.get(i).bits(), runs.get(i).toString());
        }
      }
    } finally {
      stop.set(true);
      for (Thread other : others) {
        other.join();
      }
      runs.forEach(CaseRun::close);
      Engine.current().close();
    }
  }

  private static void spin(AtomicBoolean stop) {
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }
}
