package org.gatun.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.Case;
import org.gatun.testkit.Trial;
import org.gatun.testkit.cases.Cases;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Native against the reference, on this machine. */
@Command(
    name = "verify",
    description = {
      "Check every operator against the reference on this machine.",
      "",
      "Every case runs with each of its dtypes, on ordinary and special values (signed zeros, NaN,"
          + " infinities), in every layout, and by every way of calling: eager, bound, into given"
          + " outputs, in place."
    },
    footer = {"", "The last line is: N passed, N failed."})
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CaseOptions cases;

  /** Made by picocli. */
  VerifyCommand() {}

  @Override
  public Integer call() {
    List<Case> chosen = cases.apply(Cases.all());
    PrintWriter out = spec.commandLine().getOut();
    Libraries.report(); // Where they cannot be loaded one error says so, not one per case.
    try (Engine engine = Engine.of(NativeBackend.create())) {
      return verify(chosen, engine, out, spec.commandLine().getErr());
    }
  }

  /** Returns the exit code of the verification of cases on an engine. */
  static int verify(List<Case> chosen, Engine engine, PrintWriter out, PrintWriter err) {
    long passed = 0;
    List<String> failures = new ArrayList<>();
    try (Progress progress = Progress.start(err, "verify", chosen.size())) {
      for (Case test : chosen) {
        progress.begin(test.name());
        Trial.Report report = new Trial(test).run(engine);
        List<String> wrong = new ArrayList<>(report.failures());
        // On this machine there has to be a kernel for whatever there is a case for.
        wrong.addAll(report.unsupported());
        passed += report.passed();
        wrong.forEach(failure -> failures.add(test.name() + ", " + failure));
        progress.end(test.name() + ": " + report.passed() + " passed, " + wrong.size() + " failed");
      }
    }
    failures.forEach(failure -> out.println("FAILED " + failure));
    out.println(passed + " passed, " + failures.size() + " failed");
    return failures.isEmpty() ? 0 : 1;
  }
}
