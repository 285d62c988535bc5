package org.gatun.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.gatun.cli.bench.Benchmark;
import org.gatun.cli.bench.HtmlReport;
import org.gatun.cli.bench.JsonReport;
import org.gatun.cli.bench.Results;
import org.gatun.cli.bench.Row;
import org.gatun.cli.bench.TextTable;
import org.gatun.op.View;
import org.gatun.runtime.Libraries;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;
import org.gatun.testkit.cases.Cases;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Native against pure Java, on the shapes of real models. */
@Command(
    name = "bench",
    description = {
      "Measure native against pure Java on the shapes of real models.",
      "",
      "Each result is checked against the reference before it is timed. The contenders of a row:"
          + " native (one call at a time), native bound (with packed weights), Java kernels with"
          + " the Vector API and without it, and the plain-Java reference. They take turns, and"
          + " the medians of the rounds are shown."
    },
    footer = {
      "",
      "Examples:",
      "  gatun bench --html bench.html",
      "  gatun bench --ops 'conv*,linear' --threads 1 --seconds 5"
    })
final class BenchCommand implements Callable<Integer> {
  /** What a run with the default options takes to time all rows, about. */
  private static final double DEFAULT_SECONDS = 60;

  private static final double MOST_FOR_A_ROW = 3;

  /** The operators that common networks spend their time in. */
  private static final String COMMON =
      "add,attention,avg_pool2d,batch_norm,concat,contiguous,conv*,cross_entropy,cumsum,dropout,"
          + "embedding,exp,fused,gather,gelu,gemm,global_avg_pool,group_norm,instance_norm,"
          + "interpolate,layer_norm,linear,matmul,max,max_pool2d,mean,mul,relu,rms_norm,sigmoid,silu,"
          + "softmax,sort,sum,tanh,topk,var";

  @Spec private CommandSpec spec;
  @Mixin private CaseOptions cases;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = {
        "Spend S seconds on timing each row, all contenders together.",
        "Default: 60 seconds shared by all rows, at most 3 for one."
      })
  private @Nullable Double seconds;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results to FILE as JSON too.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write them to FILE as a web page too: charts and a table, self-contained.")
  private @Nullable Path html;

  /** Made by picocli. */
  BenchCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Case> chosen =
        cases.apply(Cases.all().stream().filter(BenchCommand::isMeasured).toList(), COMMON);
    double each = secondsForEach(chosen);
    OutputFile.check(spec, "--json", json);
    OutputFile.check(spec, "--html", html);
    String coreType = System.getenv("OPENBLAS_CORETYPE");
    if (coreType != null) {
      err.println(
          "bench: OPENBLAS_CORETYPE="
              + coreType
              + " is set and may slow OpenBLAS; the script"
              + " scripts/gatun unsets it for the benchmark");
    }
    Results results = measure(chosen, each, err);
    TextTable.write(results, out);
    out.flush();
    if (json != null) {
      Files.writeString(json, JsonReport.of(results), StandardCharsets.UTF_8);
      err.println("JSON: " + json.toAbsolutePath());
    }
    if (html != null) {
      Files.writeString(html, HtmlReport.of(results), StandardCharsets.UTF_8);
      err.println("Page: " + html.toAbsolutePath().toUri());
    }
    return results.wrong() == 0 ? 0 : 1;
  }

  /** A view computes nothing, natively or in Java: there is nothing to compare. */
  private static boolean isMeasured(Case test) {
    return test.benchmark() && !(test.op() instanceof View);
  }

  private double secondsForEach(List<Case> chosen) {
    Double asked = seconds;
    if (asked == null) {
      return Math.min(MOST_FOR_A_ROW, DEFAULT_SECONDS / Benchmark.rows(chosen));
    }
    if (!(asked > 0 && asked <= 3600)) {
      throw new ParameterException(
          spec.commandLine(), "--seconds " + asked + ": expected more than 0, at most 3600");
    }
    return asked;
  }

  private static Results measure(List<Case> chosen, double seconds, PrintWriter err) {
    Libraries.Report libraries = Libraries.report();
    Instant started = Instant.now();
    OtherPrograms others = OtherPrograms.watch();
    long before = System.nanoTime();
    try (Benchmark benchmark = new Benchmark(chosen, seconds);
        Progress progress = Progress.start(err, "bench", Benchmark.rows(chosen))) {
      List<Row> rows = benchmark.run(progress::begin, progress::end);
      return new Results(
          Version.gatun(),
          Machine.here(),
          libraries,
          Threads.count(),
          others.processors(),
          started,
          (System.nanoTime() - before) / 1e9,
          rows);
    }
  }
}
