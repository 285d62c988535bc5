package org.gatun.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * How long it takes from the start of a process to a model's first result: {@link FirstResult} in
 * fresh processes, with Gatun and with ONNX Runtime, each with and without an AOT cache of the JVM,
 * in turns.
 */
final class StartBenchmark {
  /** Results that are farther apart than this part of them are not of the same model. */
  private static final double TOLERANCE = 1e-2;

  /** Who is started. */
  private enum Start {
    GATUN("Gatun", PeerKind.GATUN, false),
    GATUN_AOT("Gatun, AOT cache", PeerKind.GATUN, true),
    ORT("ONNX Runtime", PeerKind.ORT, false),
    ORT_AOT("ONNX Runtime, AOT cache", PeerKind.ORT, true);

    final String title;
    final PeerKind kind;
    final boolean aot;

    Start(String title, PeerKind kind, boolean aot) {
      this.title = title;
      this.kind = kind;
      this.aot = aot;
    }
  }

  /** A start: how long it took, and what it printed. */
  private record Taken(double millis, float result) {}

  private final int threads;
  private final Path folder;
  private final Path program;

  private StartBenchmark(int threads, Path folder) throws IOException {
    this.threads = threads;
    this.folder = folder;
    this.program = folder.resolve("first-result.jar");
    writeProgram();
  }

  /**
   * Starts each several times, and prints the medians and their ratios.
   *
   * @param rounds how often each is started, one after the other
   * @param folder for the program and the caches
   * @throws IOException if a process cannot be started or prints no result
   */
  static void run(List<ModelCase> models, int threads, int rounds, Path folder, PrintWriter out)
      throws IOException, InterruptedException {
    StartBenchmark benchmark = new StartBenchmark(threads, folder);
    out.printf("Milliseconds from process start to first result, %d threads%n", threads);
    out.printf("%-34s %-24s %9s %9s %9s%n", "model", "", "median", "fastest", "/ ort");
    for (ModelCase model : models) {
      benchmark.run(model, rounds, out);
    }
  }

  private void run(ModelCase model, int rounds, PrintWriter out)
      throws IOException, InterruptedException {
    Map<Start, double[]> millis = new EnumMap<>(Start.class);
    Map<Start, Float> results = new EnumMap<>(Start.class);
    for (Start start : Start.values()) {
      if (start.aot) {
        Files.deleteIfExists(cache(start));
        start(start, model, List.of("-XX:AOTCacheOutput=" + cache(start)));
      }
      millis.put(start, new double[rounds]);
    }
    for (int round = -1; round < rounds; round++) {
      for (Start start : Start.values()) {
        List<String> flags = start.aot ? List.of("-XX:AOTCache=" + cache(start)) : List.of();
        Taken taken = start(start, model, flags);
        results.put(start, taken.result());
        if (round >= 0) { // The first round brings files into memory.
          Objects.requireNonNull(millis.get(start))[round] = taken.millis();
        }
      }
    }
    double ort = median(Objects.requireNonNull(millis.get(Start.ORT)));
    millis.forEach(
        (start, times) ->
            out.printf(
                Locale.ROOT,
                "%-34s %-24s %9.0f %9.0f %9.2f%n",
                start == Start.GATUN ? model.name() : "",
                start.title,
                median(times),
                Arrays.stream(times).min().orElseThrow(),
                median(times) / ort));
    float expected = Objects.requireNonNull(results.get(Start.ORT));
    for (Map.Entry<Start, Float> result : results.entrySet()) {
      if (Math.abs(result.getValue() - expected) > TOLERANCE * Math.max(1, Math.abs(expected))) {
        out.printf("  %s gives %s, ONNX Runtime %s%n", result.getKey().title, result, expected);
      }
    }
    out.flush();
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private Path cache(Start start) {
    return folder.resolve(start.kind.key() + "-start.aot");
  }

  private Taken start(Start start, ModelCase model, List<String> more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(start.kind.flags());
    command.addAll(more);
    command.addAll(List.of("-cp", classPath(start.kind), FirstResult.class.getName()));
    command.addAll(List.of(start.kind.key(), Integer.toString(threads), model.file().toString()));
    model.inputs().forEach(input -> command.add(FirstResult.word(input)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("OPENBLAS_CORETYPE");
    builder.redirectError(folder.resolve("start.log").toFile());
    long begun = System.nanoTime();
    Process process = builder.start();
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      double millis = (System.nanoTime() - begun) / 1e6;
      // It writes its cache after the result.
      lines.transferTo(Writer.nullWriter());
      int exit = process.waitFor();
      if (line == null || exit != 0) {
        throw new IOException(
            start.title + ": " + model.name() + ": exit code " + exit + ", no result; " + folder);
      }
      return new Taken(millis, Float.parseFloat(line));
    }
  }

  /** An application's class path: the program, and the library with what it needs. */
  private String classPath(PeerKind kind) {
    Predicate<String> needed =
        kind == PeerKind.ORT
            ? name -> name.startsWith("onnxruntime")
            : name ->
                name.matches(
                    "(gatun-(bindings|natives|onnx|[0-9]).*|protobuf-java-.*|jspecify-.*)");
    StringBuilder path = new StringBuilder(program.toString());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path file = Path.of(entry);
      if (Files.isRegularFile(file) && needed.test(file.getFileName().toString())) {
        path.append(File.pathSeparator).append(file);
      }
    }
    return path.toString();
  }

  /** The program in a jar of its own: the JVM caches nothing of folders. */
  private void writeProgram() throws IOException {
    String name = FirstResult.class.getName().replace('.', '/');
    try (OutputStream file = Files.newOutputStream(program);
        JarOutputStream jar = new JarOutputStream(file)) {
      for (String part : List.of("", "$Input", "$Gatun", "$OnnxRuntime")) {
        String entry = name + part + ".class";
        try (InputStream bytes = FirstResult.class.getResourceAsStream("/" + entry)) {
          if (bytes == null) {
            throw new IOException(entry + " is not beside " + FirstResult.class);
          }
          jar.putNextEntry(new ZipEntry(entry));
          bytes.transferTo(jar);
        }
      }
    }
  }
}
