package org.gatun.benchmarks.peers;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.gatun.benchmarks.peers.SideBySide.Effort;
import org.gatun.cli.Machine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gatun beside other libraries, on operators and on models. */
@Command(
    name = "bench-peers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs operators and models with Gatun, ONNX Runtime, libtorch, bare oneDNN and the pure-Java",
      "reference, each in a process of its own. Results are compared before anything is timed;"
          + " then",
      "the peers take turns. Told are medians, and Gatun's time over that of the faster of ONNX",
      "Runtime and libtorch: below 1 Gatun is faster."
    })
public final class PeerBenchmark implements Callable<Integer> {
  private static final int WRONG = 1;
  private static final int STARTS = 10;

  /** Models that take long are left out of the quick run. */
  private static final String LARGE_MODELS =
      "{light-vgg19,light-zfnet512,vit_b_16,*-b8-s256,bge-small-b8-*,ocr-det-v4-736x1280,"
          + "ocr-rec-v4-48x320-b6}";

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of threads; several, such as 1,2, one after the other. Default: 1.")
  private List<Integer> threads = List.of(1);

  @Option(
      names = "--cases",
      paramLabel = "GLOB",
      description = "Operators, such as 'conv/*'; '' for none. Default: all.")
  private @Nullable String cases;

  @Option(
      names = "--models",
      paramLabel = "GLOB",
      description = "Models, such as 'minilm*'; '' for none. Default: all that take no minutes.")
  private @Nullable String models;

  @Option(
      names = "--layouts",
      split = ",",
      paramLabel = "LAYOUT",
      defaultValue = "row-major",
      description = "How images lie: row-major, channels-last or both. Default: row-major.")
  private List<String> layouts = List.of();

  @Option(
      names = "--peers",
      split = ",",
      paramLabel = "PEER",
      description =
          "Who runs: ort, torch, onednn, reference, bf16 (Gatun's sessions in bf16); Gatun always"
              + " does. Default: all, bf16 with --full.")
  private @Nullable List<String> peers;

  @Option(
      names = "--callers",
      split = ",",
      paramLabel = "N",
      description =
          "Measures models only: runs a second with so many calling threads on one session, such"
              + " as 1,2,4,8.")
  private @Nullable List<Integer> callers;

  @Option(
      names = "--start",
      description =
          "Measures starts only: from process start to the first result of each model, by default"
              + " of resnet50, with and without an AOT cache.")
  private boolean start;

  @Option(
      names = "--full",
      description = "Everything: 1 and 2 threads, both layouts, all models, more rounds.")
  private boolean full;

  @Option(names = "--list", description = "Lists operators and models, and ends.")
  private boolean list;

  @Option(names = "--json", paramLabel = "FILE", description = "Also writes the results as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also writes a page with charts and tables.")
  private @Nullable Path html;

  @Option(
      names = "--write",
      paramLabel = "FILE",
      description = "Writes the tables into a Markdown file, between their markers.")
  private @Nullable Path write;

  @Spec private @Nullable CommandSpec spec;

  /**
   * Runs the command line.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PeerBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("gatun.benchmarks", "target"), "peers");
    Files.createDirectories(target);
    List<PeerCase> operators =
        PeerCases.all().stream().filter(work -> matcher(cases, "*").test(work.name())).toList();
    ModelCases.Found found = ModelCases.in(target, wantedModels());
    if (list) {
      operators.forEach(work -> System.out.println(work.name()));
      found.cases().forEach(model -> System.out.println("model/" + model.name()));
      return 0;
    }
    check(operators, found);
    if (start) {
      PrintWriter out = spec().commandLine().getOut();
      StartBenchmark.run(found.cases(), threads.getLast(), STARTS, target, out);
      return 0;
    }
    if (callers != null) {
      callers(callers, found.cases(), target);
      return 0;
    }
    List<PeerRow> rows = new ArrayList<>();
    Map<PeerKind, String> versions = new TreeMap<>();
    Instant started = Instant.now();
    PrintWriter out = spec().commandLine().getOut();
    found.missing().forEach(name -> out.println(name + ": skipped, its file is not here"));
    for (int count : full ? List.of(1, 2) : threads) {
      try (SideBySide run = new SideBySide(kinds(), count, effort(), target, log(target))) {
        for (PeerLayout layout : layouts()) {
          for (PeerCase work : operators) {
            if (layout == PeerLayout.ROW_MAJOR || work.hasImage()) {
              rows.add(run.run(work, layout));
              out.println(PeerTable.line(rows.getLast()));
              out.flush();
            }
          }
        }
        for (ModelCase model : found.cases()) {
          rows.add(run.run(model));
          out.println(PeerTable.line(rows.getLast()));
          out.flush();
        }
        versions.putAll(run.versions());
      }
    }
    PeerResults results = new PeerResults(Machine.here(), started, versions, rows);
    PeerTable.write(results, out);
    out.flush();
    if (json != null) {
      Files.writeString(json, PeerJson.of(results));
    }
    if (html != null) {
      Files.writeString(html, PeerPage.of(results));
    }
    if (write != null) {
      PeerMarkdown.write(results, write);
    }
    return results.wrong().isEmpty() ? 0 : WRONG;
  }

  private void callers(List<Integer> callers, List<ModelCase> models, Path target)
      throws IOException, InterruptedException {
    PrintWriter out = spec().commandLine().getOut();
    int count = threads.getLast();
    out.printf("Runs a second together, on sessions of %d threads, by calling threads%n", count);
    out.printf("%-34s %-6s", "model", "");
    callers.forEach(caller -> out.printf(" %9d", caller));
    out.println();
    try (SideBySide run = new SideBySide(kinds(), count, effort(), target, log(target))) {
      for (ModelCase model : models) {
        run.throughput(model, callers)
            .forEach(
                (kind, rates) -> {
                  out.printf("%-34s %-6s", "model/" + model.name(), kind.key());
                  Arrays.stream(rates).forEach(rate -> out.printf(" %9.1f", rate));
                  out.println();
                });
        out.flush();
      }
    }
  }

  private void check(List<PeerCase> operators, ModelCases.Found found) {
    if (operators.isEmpty() && found.cases().isEmpty() && found.missing().isEmpty()) {
      throw new ParameterException(
          spec().commandLine(),
          "no case is called '%s' and no model '%s'; try --list".formatted(cases, models));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    for (int count : threads) {
      if (count < 1 || count > processors) {
        throw new ParameterException(
            spec().commandLine(),
            "--threads %d: expected 1 to %d, as there are processors".formatted(count, processors));
      }
    }
    for (Path file : new Path[] {json, html}) {
      Path folder = file == null ? null : file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        throw new ParameterException(spec().commandLine(), "folder " + folder + " does not exist");
      }
    }
  }

  private Effort effort() {
    return full
        ? new Effort(15, 300_000_000, 3_000_000_000L)
        : new Effort(7, 200_000_000, 1_500_000_000);
  }

  private Predicate<String> wantedModels() {
    if (models == null && start) {
      return "resnet50"::equals;
    }
    if (models == null && !full) {
      return matcher(LARGE_MODELS, "*").negate();
    }
    return matcher(models, "*");
  }

  private static Predicate<String> matcher(@Nullable String glob, String otherwise) {
    PathMatcher matcher =
        FileSystems.getDefault()
            .getPathMatcher("glob:" + (glob == null ? otherwise : glob).replace("/", "%"));
    return name -> matcher.matches(Path.of(name.replace("/", "%")));
  }

  private Set<PeerLayout> layouts() {
    Set<PeerLayout> chosen = EnumSet.noneOf(PeerLayout.class);
    for (PeerLayout layout : PeerLayout.values()) {
      if (full || layouts.contains(layout.key())) {
        chosen.add(layout);
      }
    }
    if (chosen.isEmpty()) {
      throw new ParameterException(
          spec().commandLine(),
          "--layouts %s: expected row-major or channels-last".formatted(layouts));
    }
    return chosen;
  }

  /** Gatun comes first, and the reference before it: what it says is what is expected. */
  private Set<PeerKind> kinds() {
    Set<PeerKind> chosen = EnumSet.of(PeerKind.GATUN);
    for (PeerKind kind : PeerKind.values()) {
      boolean usual = peers == null && (full || kind != PeerKind.BF16);
      if (usual || (peers != null && peers.contains(kind.key()))) {
        chosen.add(kind);
      }
    }
    return chosen;
  }

  private static Path log(Path target) throws IOException {
    Path log = target.resolve("peers.log");
    Files.deleteIfExists(log);
    return log;
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("made without picocli");
    }
    return spec;
  }
}
