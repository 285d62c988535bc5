package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.zip.ZipException;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Libraries;
import org.gatun.testkit.onnx.OnnxConformance;
import org.gatun.testkit.onnx.OnnxReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** ONNX's own backend tests. */
@Command(
    name = "onnx",
    description = {
      "Run ONNX's backend tests, and compare with the outputs that they expect.",
      "",
      "Each test runs node by node, again as the first run was recorded, and into given tensors;"
          + " all three results have to be right. Tests of operators that Gatun leaves out are"
          + " skipped, and the reasons are listed."
    },
    footer = {
      "",
      "The last line is: N passed, N failed, N skipped.",
      "",
      "Examples:",
      "  gatun conformance onnx node.zip simple.zip --json outcomes.json",
      "  gatun conformance onnx node.zip --filter 'test_conv*' --backend reference"
    })
final class OnnxConformanceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Zip files or folders of tests: NAME/model.onnx with its"
              + " test_data_set_0/{input,output}_0.pb, or NAME.onnx with NAME_output_0.pb.")
  private List<Path> paths;

  @Option(
      names = "--filter",
      paramLabel = "GLOB",
      description = "Run the tests whose names match only.")
  private @Nullable String filter;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write how each test went to FILE as JSON too.")
  private @Nullable Path json;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "native",
      description = "Who computes: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ConformanceCommand.Computes computes;

  /** Made by picocli. */
  OnnxConformanceCommand() {}

  @Override
  public Integer call() throws IOException {
    Predicate<String> wanted = wanted();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw rejected(path + ": no such file; expected a zip file or folder of tests", null);
      }
    }
    OutputFile.check(spec, "--json", json);
    if (computes != ConformanceCommand.Computes.REFERENCE) {
      Libraries.report(); // Where they cannot be loaded one error says so, not one per test.
    }
    OnnxReport report = run(wanted);
    if (report.outcomes().isEmpty()) {
      throw rejected("--filter " + filter + ": no test has such a name", null);
    }
    if (json != null) {
      Files.writeString(json, report.toJson(), StandardCharsets.UTF_8);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(report.toText());
    out.flush();
    return report.with(OnnxReport.Status.FAILED).isEmpty() ? 0 : 1;
  }

  private OnnxReport run(Predicate<String> wanted) throws IOException {
    List<OnnxReport.Outcome> outcomes = new ArrayList<>();
    Backend backend = computes.backend();
    try (Engine engine = Engine.of(backend)) {
      for (Path path : paths) {
        try (Bar bar = new Bar(path.toString(), spec.commandLine().getErr())) {
          outcomes.addAll(OnnxConformance.run(path, wanted, engine, bar).outcomes());
        } catch (NoSuchFileException e) {
          throw rejected(path + ": no tests there: " + e.getMessage(), e);
        } catch (ProviderNotFoundException | ZipException e) {
          throw rejected(path + ": expected a zip file or folder of tests", e);
        }
      }
    }
    return new OnnxReport(backend.name(), outcomes);
  }

  private Predicate<String> wanted() {
    if (filter == null) {
      return _ -> true;
    }
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + filter);
      return name -> matcher.matches(Path.of(name));
    } catch (PatternSyntaxException e) {
      throw rejected("--filter " + filter + ": " + e.getDescription(), e);
    }
  }

  private ParameterException rejected(String message, @Nullable Throwable cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }

  /** A bar on a terminal, and nothing where the output goes to a file: it would be 1,400 lines. */
  private static final class Bar implements OnnxConformance.Watcher, AutoCloseable {
    private final String task;
    private final PrintWriter err;
    private @Nullable Progress progress;

    Bar(String task, PrintWriter err) {
      this.task = task;
      this.err = err;
    }

    @Override
    public void begins(String test, int index, int count) {
      if (progress == null && Progress.isTerminal()) {
        progress = Progress.start(err, task, count);
      }
      if (progress != null) {
        progress.begin(test);
      }
    }

    @Override
    public void ended(OnnxReport.Outcome outcome) {
      if (progress != null) {
        progress.end(outcome.test());
      }
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
      }
    }
  }
}
