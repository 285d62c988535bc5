package org.gatun.cli.model;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gatun.onnx.SessionOptions;
import org.gatun.runtime.Engine;

/**
 * The models in a folder as a table in Markdown: NAME/model.onnx, and NAME/compared.properties with
 * what a comparison with ONNX Runtime left: {@code difference}, and the shape that each input had
 * as {@code shape.INPUT}.
 */
public final class ModelTable {
  private ModelTable() {}

  /**
   * A model.
   *
   * @param name of its folder
   * @param file of the model
   * @param difference from ONNX Runtime, or a dash
   * @param shapes of the inputs that were compared
   */
  public record Entry(String name, Path file, String difference, Map<String, List<Long>> shapes) {}

  /** Returns the models in a folder, by name. */
  public static List<Entry> find(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path made : files.sorted().toList()) {
        if (Files.exists(made.resolve("model.onnx"))) {
          entries.add(entry(made));
        }
      }
    }
    return entries;
  }

  private static Entry entry(Path folder) throws IOException {
    Properties compared = new Properties();
    Path file = folder.resolve("compared.properties");
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        compared.load(reader);
      }
    }
    Map<String, List<Long>> shapes = new TreeMap<>();
    for (String key : compared.stringPropertyNames()) {
      if (key.startsWith("shape.")) {
        String text = compared.getProperty(key);
        shapes.put(
            key.substring("shape.".length()),
            text.isEmpty() ? List.of() : Stream.of(text.split("x")).map(Long::valueOf).toList());
      }
    }
    return new Entry(
        folder.getFileName().toString(),
        folder.resolve("model.onnx"),
        compared.getProperty("difference", "\u2013"),
        shapes);
  }

  /** Returns what a model runs on: what its inputs were compared with, else what is made up. */
  static InputSpec inputs(Entry entry) {
    return new InputSpec(Map.of(), entry.shapes, Map.of(), 42, List.of(0f), List.of(1f));
  }

  /** Returns the head of the table. */
  public static String head() {
    return """
    | model | inputs | nodes | after rewrites | first run | then | memory between | difference |
    |---|---|---:|---:|---:|---:|---:|---:|
    """;
  }

  /** Runs a model, and returns its line of the table. */
  public static String line(Entry entry, int repeat, Engine engine) throws IOException {
    RunResult result =
        ModelRun.of(
            entry.file, SessionOptions.defaults(), inputs(entry), repeat, engine, null, _ -> {});
    String inputs =
        result.inputs().stream()
            .map(input -> input.shape().toString())
            .distinct()
            .collect(Collectors.joining(", "));
    return "| %s | %s | %,d | %,d | %s | %s | %s | %s |\n"
        .formatted(
            entry.name,
            inputs,
            result.model().graph().nodes().size(),
            result.nodes(),
            RunResult.duration((double) result.firstNanos()),
            RunResult.duration(result.medianNanos()),
            result.interpreted() == null
                ? String.format(Locale.ROOT, "%.1f MiB", result.peakBytes() / (double) (1 << 20))
                : "node by node",
            entry.difference);
  }
}
