package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.stream.Stream;
import org.gatun.runtime.Engine;
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

  @TestFactory
  Stream<DynamicContainer> cases() {
    String prefix = System.getProperty("gatun.cases", "");
    return Cases.all().stream().filter(c -> c.name().startsWith(prefix)).map(this::container);
  }

  private DynamicContainer container(Case c) {
    Trial trial = new Trial(c);
    return DynamicContainer.dynamicContainer(
        c.name(),
        Engines.all().entrySet().stream()
            .map(
                named ->
                    DynamicTest.dynamicTest(
                        c.name() + " on " + named.getKey(), () -> check(trial, named.getValue()))));
  }

  private static void check(Trial trial, Engine engine) {
    Trial.Report report = trial.run(engine);
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
