package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;
import org.gatun.testkit.Trial;
import org.gatun.testkit.cases.Cases;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case, on every backend, in every arrangement of its operands, with every class of values,
 * by every door of the engine, agrees with the reference and leaks nothing. With {@code
 * -Dgatun.cases=conv2d} only the cases whose name starts so.
 */
class CaseContractTest {
  private static final int SHOWN = 20;

  /** The reference takes seconds beyond; {@code gatun verify} runs these too. */
  private static final double MOST_FLOPS = 4e8;

  @TestFactory
  Stream<DynamicContainer> cases() {
    String prefix = System.getProperty("gatun.cases", "");
    return Cases.all().stream()
        .filter(c -> c.name().startsWith(prefix) && c.flops() <= MOST_FLOPS)
        .map(this::container);
  }

  private DynamicContainer container(Case c) {
    Trial trial = new Trial(c);
    Stream<DynamicTest> tests =
        Engines.all().entrySet().stream()
            .map(
                named ->
                    DynamicTest.dynamicTest(
                        c.name() + " on " + named.getKey(),
                        () -> check(trial, named.getValue(), Threads.count())));
    // Shapes that are worth more than one thread are those of the benchmarks.
    Stream<DynamicTest> threads =
        IntStream.of(1, 2)
            .filter(count -> c.benchmark() && count != Threads.count())
            .mapToObj(
                count ->
                    DynamicTest.dynamicTest(
                        c.name() + " on native, threads: " + count,
                        () -> check(trial, Engines.NATIVE, count)));
    return DynamicContainer.dynamicContainer(c.name(), Stream.concat(tests, threads));
  }

  private static void check(Trial trial, Engine engine, int threads) {
    Trial.Report report = Threads.with(threads, () -> trial.run(engine));
    if (!report.failures().isEmpty()) {
      fail(
          report.failures().size()
              + " failed, "
              + report.passed()
              + " passed:\n  "
              + String.join("\n  ", report.failures().stream().limit(SHOWN).toList()));
    }
    if (!report.unsupported().isEmpty()) {
      String reason = report.unsupported().getFirst();
      if (engine == Engines.NATIVE) {
        fail(report.unsupported().size() + " without a kernel, such as " + reason);
      }
      if (report.passed() == 0) {
        abort("no kernel here: " + reason);
      }
    }
  }
}
