package org.gatun.safety.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.model.TensorData;
import org.gatun.safety.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tensors that say where their elements are: they get what is there, of a file in the model's
 * folder and within it, or the model is refused.
 */
class ExternalDataTest {
  private static final int SIZE = 64;

  @TempDir private Path root;

  @Test
  void elementsComeFromWithinTheFolderAndTheFile() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(root.resolve("models/mine"));
    byte[] mine = bytes(1);
    Files.write(folder.resolve("weights.bin"), mine);
    Files.write(Files.createDirectory(folder.resolve("deep")).resolve("w.bin"), mine);
    Files.write(folder.resolve("empty.bin"), new byte[0]);
    Path secret = Files.write(root.resolve("secret.bin"), bytes(100));
    Files.write(Files.createDirectory(root.resolve("models/mine2")).resolve("w.bin"), bytes(100));
    Files.createSymbolicLink(folder.resolve("link.bin"), secret);
    Files.createSymbolicLink(folder.resolve("inner.bin"), folder.resolve("weights.bin"));
    Files.createSymbolicLink(folder.resolve("out"), root);
    Files.createSymbolicLink(folder.resolve("circle"), folder.resolve("circle"));
    // Where there is no such command, there is no such file.
    new ProcessBuilder("sh", "-c", "mkfifo pipe").directory(folder.toFile()).start().waitFor();
    List<String> locations =
        List.of(
            "weights.bin",
            "weights.bin",
            "weights.bin",
            "./weights.bin",
            "deep/w.bin",
            "deep/../weights.bin",
            "inner.bin",
            "empty.bin",
            "link.bin",
            "out/secret.bin",
            "circle",
            "pipe",
            "../../secret.bin",
            "../mine2/w.bin",
            "../mine/weights.bin",
            secret.toString(),
            "deep",
            ".",
            "",
            "/",
            "/dev/zero",
            "/proc/self/mem",
            "none.bin",
            "weights.bin\0",
            "weights.bin/",
            "n".repeat(100_000),
            "\ud83d\ude00");
    int read = 0;
    for (int i = 0; i < Extent.of(3_000, 50_000); i++) {
      read += check(folder, new SplittableRandom(i), i, locations, mine) ? 1 : 0;
    }
    int least = read;
    assertTrue(least > 100, () -> least + " were read");
  }

  /** Returns whether the model was read. */
  private static boolean check(
      Path folder, SplittableRandom random, int number, List<String> locations, byte[] mine)
      throws IOException {
    String location = Hostile.one(random, locations);
    long count = Hostile.once(random, 4) ? Hostile.integer(random) : random.nextInt(SIZE / 4 + 2);
    String offset = Hostile.once(random, 3) ? number(random) : Long.toString(random.nextInt(SIZE));
    String length = Hostile.once(random, 4) ? number(random) : Long.toString(4 * count);
    String what =
        "draw %d: %d floats at '%s', offset %s, length %s"
            .formatted(number, count, location, offset, length);
    byte[] bytes = model(count, location, offset, length);
    Path file = Files.write(folder.resolve("model" + number + ".onnx"), bytes);
    OnnxModel model;
    try {
      model = OnnxModel.load(file);
    } catch (OnnxException _) {
      return false;
    } finally {
      Files.delete(file);
    }
    TensorData data = model.definition().graph().initializers().getFirst();
    int from = count == 0 ? 0 : Integer.parseInt(offset);
    byte[] expected = Arrays.copyOfRange(mine, from, (int) (from + 4 * count));
    assertArrayEquals(expected, data.elements().toArray(ValueLayout.JAVA_BYTE), what);
    model.session().close();
    return true;
  }

  private static String number(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> Hostile.text(random);
      case 1 -> "9".repeat(30);
      case 2 -> "0x10";
      default -> Long.toString(Hostile.integer(random));
    };
  }

  private static byte[] bytes(int first) {
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  /** A model of one tensor with external data. */
  private static byte[] model(long count, String location, String offset, String length) {
    byte[] tensor =
        Wire.concat(
            Wire.number(1, count),
            Wire.number(2, 1),
            Wire.text(8, "w"),
            entry("location", location),
            entry("offset", offset),
            entry("length", length),
            Wire.number(14, 1));
    return Wire.concat(
        Wire.number(1, 8),
        Wire.message(7, Wire.text(2, "g"), Wire.message(5, tensor)),
        Wire.message(8, Wire.text(1, ""), Wire.number(2, 17)));
  }

  private static byte[] entry(String key, String value) {
    return Wire.message(13, Wire.text(1, key), Wire.text(2, value));
  }
}
