package org.gatun.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.runtime.Engine;

/**
 * A case in several settings, on one engine after the other; the reference is computed once for all
 * of them. For use by one thread.
 */
public final class Trial {
  private record Inputs(DType dtype, ValueClass values, boolean repeated) {}

  private final Case test;
  private final List<Setting> settings;
  private final Map<Inputs, Expectation> expectations = new HashMap<>();

  /** Makes the trial of a case in all the settings that tell something. */
  public Trial(Case test) {
    this(test, CaseRunner.settings(test));
  }

  /** Makes the trial of a case in these settings. */
  public Trial(Case test, List<Setting> settings) {
    this.test = test;
    this.settings = List.copyOf(settings);
  }

  /** Returns the case. */
  public Case test() {
    return test;
  }

  /** Runs the case in each setting, then closes the plans of the engine and looks for leaks. */
  public Report run(Engine engine) {
    LeakCheck leaks = LeakCheck.start();
    int passed = 0;
    double worst = 0;
    List<String> failures = new ArrayList<>();
    List<String> unsupported = new ArrayList<>();
    for (Setting setting : settings) {
      Expectation expectation =
          expectations.computeIfAbsent(
              new Inputs(
                  setting.dtype(),
                  setting.values(),
                  setting.arrangement() == Arrangement.BROADCAST),
              _ -> Expectation.of(test, setting));
      switch (CaseRunner.run(expectation, setting, engine)) {
        case Verdict.Passed(double error) -> {
          passed++;
          worst = Math.max(worst, error);
        }
        case Verdict.Failed(String message, var _) -> failures.add(setting + ": " + message);
        case Verdict.Unsupported(String reason) -> unsupported.add(setting + ": " + reason);
      }
    }
    engine.close();
    leaks.leak().ifPresent(failures::add);
    return new Report(test, passed, failures, unsupported, worst);
  }

  /**
   * What came of a trial.
   *
   * @param test the case
   * @param passed the number of settings in which the result agrees with the reference
   * @param failures what went wrong, with the setting
   * @param unsupported the settings that the engine's backend has no kernel for
   * @param worst the largest error, 1 being all that the tolerance allows
   */
  public record Report(
      Case test, int passed, List<String> failures, List<String> unsupported, double worst) {
    /** Makes the lists unmodifiable. */
    public Report {
      failures = List.copyOf(failures);
      unsupported = List.copyOf(unsupported);
    }

    /** Returns whether some setting was run and none failed. */
    public boolean isPassed() {
      return failures.isEmpty() && passed > 0;
    }
  }
}
