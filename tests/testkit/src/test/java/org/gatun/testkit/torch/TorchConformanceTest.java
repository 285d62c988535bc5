package org.gatun.testkit.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.gatun.testkit.torch.ConformanceReport.Outcome;
import org.gatun.testkit.torch.ConformanceReport.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples written here, whose results follow from PyTorch's documentation. */
class TorchConformanceTest {
  @TempDir Path folder;

  private final List<String> samples = new ArrayList<>();
  private int files;

  @Test
  void whatFollowsIsReadWhereAValueIsForeign() throws IOException {
    String x = floats("[2]", 1, 2);
    sample("neg", "[{\"complex\": [1, 2]}]", "{}", x, floats("[2]", -1, -2));
    sample("neg", "[]", "{}", x.replace("float32", "complex64"), floats("[2]", -1, -2));
    sample("neg", "[]", "{}", x, "true");
    sample("neg", "[]", "{\"memory_format\": {\"layout\": 1}}", x, floats("[2]", -1, -2));
    assertEquals(
        List.of(Status.SKIPPED, Status.SKIPPED, Status.SKIPPED, Status.PASSED), statuses());
  }

  @Test
  void aWrongResultFails() throws IOException {
    sample("neg", "[]", "{}", floats("[2]", 1, 2), floats("[2]", -1, 2));
    sample("neg", "[]", "{}", floats("[2]", 1, 2), floats("[1]", -1));
    assertEquals(List.of(Status.FAILED, Status.FAILED), statuses());
  }

  @Test
  void nothingIsPrependedToWhatIsNotDifferenced() throws IOException {
    String x = floats("[2]", 1, 4);
    sample("diff", "[0, 0, " + x + ", null]", "{}", x, x);
    assertEquals(List.of(Status.PASSED), statuses());
  }

  @Test
  void aNumberHasOneTupleOfIndices() throws IOException {
    sample("nonzero", "[]", "{\"as_tuple\": true}", floats("[]", 3), longs("[1]", 0));
    assertEquals(List.of(Status.PASSED), statuses());
  }

  @Test
  void newTensorsNeedNoInput() throws IOException {
    sample("arange", "[2, 0.5]", "{}", "1", floats("[2]", 1, 1.5f));
    sample("arange", "[]", "{}", "2", longs("[2]", 0, 1));
    sample("full", "[{\"float\": \"inf\"}]", "{}", list(2), floats("[2]", INFINITY, INFINITY));
    sample("full", "[7]", "{}", list(1), longs("[1]", 7));
    sample("eye", "[1]", "{\"device\": \"cpu\"}", "2", floats("[2, 1]", 1, 0));
    sample("linspace", "[3, 3]", "{}", "1", floats("[3]", 1, 2, 3));
    sample("randn", "[]", "{}", list(2), floats("[2]", 0.5f, -0.5f));
    sample("randn", "[]", "{}", list(3), floats("[2]", 0.5f, -0.5f));
    List<Status> statuses = statuses();
    assertEquals(Status.FAILED, statuses.removeLast());
    assertTrue(statuses.stream().allMatch(Status.PASSED::equals), statuses::toString);
  }

  @Test
  void attentionDropsWhatPyTorchDrops() throws IOException {
    // Six keys of equal weight: each that is kept weighs 1/6 / (1 - p).
    String query = floats("[1, 1]", 0);
    String identity =
        floats(
            "[6, 6]", 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
            0, 0, 1, 0, 0, 0, 0, 0, 0, 1);
    String others = "[" + floats("[6, 1]", 0, 0, 0, 0, 0, 0) + ", " + identity + "]";
    float kept = 1 / 3f;
    String op = "nn.functional.scaled_dot_product_attention";
    String half = "{\"dropout_p\": 0.5}";
    sample(op, others, half, query, floats("[1, 6]", kept, kept, kept, kept, 0, kept));
    sample(op, others, half, query, floats("[1, 6]", kept, kept, kept, kept, kept, kept));
    assertEquals(List.of(Status.PASSED, Status.FAILED), statuses());
  }

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static String list(long... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "{\"list\": [", "]}"));
  }

  private String floats(String shape, float... values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return tensor("float32", shape, bytes);
  }

  private String longs(String shape, long... values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return tensor("int64", shape, bytes);
  }

  private String tensor(String dtype, String shape, ByteBuffer bytes) throws IOException {
    String file = "t" + files++ + ".bin";
    Files.write(folder.resolve(file), bytes.array());
    return "{\"tensor\": \"%s\", \"dtype\": \"%s\", \"shape\": %s, \"contiguous\": true}"
        .formatted(file, dtype, shape);
  }

  private void sample(String op, String args, String kwargs, String input, String output) {
    samples.add(
        ("{\"op\": \"%s\", \"variant\": \"\", \"input\": %s, \"args\": %s, \"kwargs\": %s,"
                + " \"outputs\": [%s], \"running_after\": []}")
            .formatted(op, input, args, kwargs, output));
  }

  /** Returns how the samples went, by the reference. */
  private List<Status> statuses() throws IOException {
    Files.writeString(
        folder.resolve("manifest.json"),
        samples.stream().collect(Collectors.joining(",\n", "{\"samples\": [", "]}")));
    try (Engine engine = Engine.of(new ReferenceBackend())) {
      return new ArrayList<>(
          TorchConformance.run(folder, engine).outcomes().stream().map(Outcome::status).toList());
    }
  }
}
