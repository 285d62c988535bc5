package org.gatun.testkit.onnx;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tests in a folder or zip file: {@code NAME/model.onnx} with {@code
 * NAME/test_data_set_K/{input,output}_I.pb}, or {@code NAME.onnx} with {@code NAME_output_I.pb}.
 */
final class OnnxTests implements Closeable {
  /**
   * A test.
   *
   * @param name of its folder or model
   * @param model the file
   * @param dataSets its inputs and outputs
   */
  record Test(String name, Path model, List<DataSet> dataSets) {}

  /**
   * Inputs and the outputs expected for them.
   *
   * @param inputs files in order; empty where the model is run on ones of its own making
   * @param outputs files in order
   */
  record DataSet(List<Path> inputs, List<Path> outputs) {}

  private final List<Test> tests;
  private final Closeable source;

  private OnnxTests(List<Test> tests, Closeable source) {
    this.tests = tests;
    this.source = source;
  }

  static OnnxTests open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return new OnnxTests(find(path), () -> {});
    }
    FileSystem zip = FileSystems.newFileSystem(path);
    return new OnnxTests(find(zip.getPath("/")), zip);
  }

  List<Test> tests() {
    return tests;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private static List<Test> find(Path root) throws IOException {
    List<Test> tests = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root, 3)) {
      for (Path model : files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList()) {
        Path folder = model.resolveSibling(".").normalize();
        String name = fileName(model).replace(".onnx", "");
        List<DataSet> sets = name.equals("model") ? dataSets(folder) : List.of();
        if (sets.isEmpty()) {
          List<Path> outputs = numbered(folder, name + "_output_");
          tests.add(new Test(name, model, List.of(new DataSet(List.of(), outputs))));
        } else {
          tests.add(new Test(fileName(folder), model, sets));
        }
      }
    }
    if (tests.isEmpty()) {
      throw new NoSuchFileException(root.toString(), null, "no ONNX models there");
    }
    return tests;
  }

  private static List<DataSet> dataSets(Path folder) throws IOException {
    List<DataSet> sets = new ArrayList<>();
    for (int i = 0; Files.isDirectory(folder.resolve("test_data_set_" + i)); i++) {
      Path set = folder.resolve("test_data_set_" + i);
      sets.add(new DataSet(numbered(set, "input_"), numbered(set, "output_")));
    }
    return sets;
  }

  private static List<Path> numbered(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> fileName(file).matches(prefix + "\\d+\\.pb"))
          .sorted(
              Comparator.comparingInt(
                  file -> Integer.parseInt(fileName(file).replaceAll("^.*_|\\.pb$", ""))))
          .toList();
    }
  }

  /** The last name of a path; of a folder in a zip file without the slash. */
  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString().replace("/", "");
  }
}
