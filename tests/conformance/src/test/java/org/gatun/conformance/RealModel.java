package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.jspecify.annotations.Nullable;

/**
 * A model that is run by Gatun and by ONNX Runtime. Each run is one that is recorded, then one that
 * is replayed, then one into the caller's tensors.
 */
final class RealModel implements AutoCloseable {
  /** Where models lie as files, for {@code gatun run} too. */
  static final Path FOLDER = Path.of("target", "models");

  private final String name;
  private final OnnxSession session;
  private final OnnxRuntime other;
  private final Map<String, String> shapes = new TreeMap<>();
  private long most;
  private double largest;
  private double last;

  private RealModel(String name, OnnxSession session, OnnxRuntime other) {
    this.name = name;
    this.session = session;
    this.other = other;
  }

  /** Returns a model whose file is a resource of a jar. */
  static RealModel ofResource(String name, String resource) throws IOException {
    Path file = FOLDER.resolve(name).resolve("model.onnx");
    byte[] bytes;
    try (InputStream in = resource(resource)) {
      bytes = in.readAllBytes();
    }
    if (!Files.exists(file) || Files.size(file) != bytes.length) {
      Files.createDirectories(file.getParent());
      Path part = file.resolveSibling("model.part");
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return of(name, file);
  }

  /** Returns a resource of a model's jar. */
  static InputStream resource(String name) {
    InputStream in = RealModel.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new UncheckedIOException(new IOException("no resource " + name));
    }
    return in;
  }

  static RealModel of(String name, Path file) throws IOException {
    return new RealModel(name, OnnxModel.load(file).session(), OnnxRuntime.of(file));
  }

  OnnxSession session() {
    return session;
  }

  /**
   * Returns Gatun's outputs, which are as ONNX Runtime's: {@code max |a - b| <= tolerance max |b|}
   * in each output.
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs, double tolerance) {
    last = 0;
    Map<String, Tensor> expected = other.run(inputs);
    noteShapes(inputs);
    Map<String, Tensor> first = session.run(inputs);
    check("first run", expected, first, tolerance);
    check("second run", expected, session.run(inputs), tolerance);
    first.values().forEach(tensor -> tensor.fill(tensor.dtype().isFloating() ? -123 : 1));
    session.run(inputs, first);
    check("run into given tensors", expected, first, tolerance);
    return first;
  }

  /** The largest inputs are those of the table of models. */
  private void noteShapes(Map<String, Tensor> inputs) {
    long elements = inputs.values().stream().mapToLong(Tensor::size).sum();
    if (elements < most) {
      return;
    }
    most = elements;
    inputs.forEach(
        (input, tensor) ->
            shapes.put(
                input,
                LongStream.of(tensor.shape().dims())
                    .mapToObj(Long::toString)
                    .collect(Collectors.joining("x"))));
  }

  /** Returns the largest difference of the run that was the last. */
  double lastDifference() {
    return last;
  }

  private void check(
      String what, Map<String, Tensor> expected, Map<String, Tensor> actual, double tolerance) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (output, want) -> {
          Tensor have = actual.get(output);
          assertEquals(want.shape(), have.shape(), () -> name + ": shape of " + output);
          double difference = difference(want, have);
          last = Math.max(last, difference);
          largest = Math.max(largest, difference);
          assertTrue(
              difference <= tolerance,
              () -> "%s, %s: %s differs by %.3g".formatted(name, what, output, difference));
        });
  }

  /** Returns {@code max |a - b| / max |b|}; NaN counts as a difference. */
  private static double difference(Tensor expected, Tensor actual) {
    try (Scope scope = Scope.open()) {
      double[] want = expected.to(DType.F64).toDoubleArray();
      double[] have = actual.to(DType.F64).toDoubleArray();
      double largest = 0;
      double size = 0;
      for (int i = 0; i < want.length; i++) {
        double difference = Math.abs(want[i] - have[i]);
        largest =
            Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        size = Math.max(size, Math.abs(want[i]));
      }
      return largest == 0 ? 0 : largest / size;
    }
  }

  /** Tells the largest difference, and keeps it for the table of models. */
  @Override
  public void close() throws IOException {
    session.close();
    other.close();
    String reason = session.interpretedBecause();
    System.out.printf(
        "%s: largest difference from ONNX Runtime %s: %.2g%s%n",
        name,
        OnnxRuntime.version(),
        largest,
        reason == null ? "" : "; it runs node by node: " + reason);
    Properties compared = new Properties();
    compared.setProperty("difference", "%.1e".formatted(largest));
    shapes.forEach((input, shape) -> compared.setProperty("shape." + input, shape));
    Files.createDirectories(FOLDER.resolve(name));
    try (Writer writer =
        Files.newBufferedWriter(FOLDER.resolve(name).resolve("compared.properties"))) {
      compared.store(writer, null);
    }
  }

  /** Returns a folder or file that lies in {@code shared} beside the checkout, or null. */
  static @Nullable Path shared(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path found = folder.resolve("shared").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    return null;
  }
}
