package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.runtime.Engine;
import org.gatun.runtime.FailingMemory;
import org.gatun.runtime.NativeBackend;
import org.gatun.safety.Extent;
import org.gatun.testkit.Case;
import org.gatun.testkit.CaseRunner;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.LeakCheck;
import org.gatun.testkit.Setting;
import org.gatun.testkit.Verdict;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.Test;

/**
 * Every operator, with each of its requests for memory failing in turn: while it is planned, while
 * constants are packed, and while it runs. Each ends in the exception that says what asked for how
 * much, nothing is left behind, and the same engine computes the same afterwards.
 */
class OperatorsOutOfMemoryTest {
  private static final long SEED = 20261120;
  private static final long MOST_ELEMENTS = 5000;

  /** An operator in a setting. */
  private record Sample(Case test, Setting setting) {
    @Override
    public String toString() {
      return test + " " + setting;
    }
  }

  @Test
  void eachRequestOfAnOperatorMayFail() {
    List<String> wrong = new ArrayList<>();
    int failures = 0;
    for (Sample sample : samples(Extent.of(200, Integer.MAX_VALUE))) {
      Expectation expectation = Expectation.of(sample.test, sample.setting);
      long requests = requests(sample, expectation, wrong);
      for (long request = 1; request <= requests; request++) {
        failures++;
        String problem = problem(sample, expectation, request);
        if (problem != null) {
          wrong.add(sample + ", request " + request + " of " + requests + ": " + problem);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(failures >= 800, failures + " failures, expected some hundred more");
  }

  /** Small cases of every operator, each in a setting that was drawn. */
  private static List<Sample> samples(int count) {
    Random random = new Random(SEED);
    List<Sample> all = new ArrayList<>();
    for (Case test : Cases.all()) {
      boolean small =
          test.operands().stream().allMatch(operand -> operand.shape().size() <= MOST_ELEMENTS);
      List<Setting> settings = new ArrayList<>(CaseRunner.settings(test));
      settings.addAll(CaseRunner.halfPrecisionSettings(test));
      if (small && !test.benchmark()) {
        all.add(new Sample(test, settings.get(random.nextInt(settings.size()))));
      }
    }
    java.util.Collections.shuffle(all, random);
    return all.subList(0, Math.min(count, all.size()));
  }

  /** Returns how many blocks it takes from nothing to the result. */
  private static long requests(Sample sample, Expectation expectation, List<String> wrong) {
    try (FailingMemory memory = FailingMemory.never();
        Engine engine = Engine.of(NativeBackend.create())) {
      if (CaseRunner.run(expectation, sample.setting, engine) instanceof Verdict.Failed failed) {
        wrong.add(sample + ": " + failed);
      }
      return memory.requests();
    }
  }

  private static String problem(Sample sample, Expectation expectation, long request) {
    LeakCheck check = LeakCheck.start();
    try (Engine engine = Engine.of(NativeBackend.create())) {
      try (FailingMemory memory = FailingMemory.at(request)) {
        switch (CaseRunner.run(expectation, sample.setting, engine)) {
          case Verdict.Failed(String message, Throwable thrown) when memory.hasFailed() -> {
            if (!(thrown instanceof OutOfNativeMemoryException)) {
              return "thrown was " + thrown + ", " + message;
            }
            if (!thrown.getMessage().matches("memory: .+ needs \\d+ bytes.*")) {
              return "it says " + thrown.getMessage();
            }
          }
          case Verdict verdict -> {
            if (memory.hasFailed()) {
              return "it ended in " + verdict;
            }
          }
        }
      }
      if (CaseRunner.run(expectation, sample.setting, engine) instanceof Verdict.Failed failed) {
        return "the engine fails afterwards: " + failed.message();
      }
    }
    Optional<String> leak = check.leak();
    return leak.orElse(null);
  }
}
