package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.gatun.Tensor;
import org.gatun.runtime.VectorSupport;
import org.junit.jupiter.api.Test;

/** JVMs that were started with and without the flags that the README names. */
class JvmFlagsTest {
  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";

  /** What the other JVM runs. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      try (Tensor x = Tensor.of(new float[] {-1, 2, 3, 4}, 2, 2);
          Tensor positive = x.relu();
          Tensor tanh = x.tanh();
          Tensor product = x.matmul(positive)) {
        System.out.println("vector " + VectorSupport.isAvailable());
        System.out.println(List.of(product.get(0, 0), product.get(1, 1)));
        System.out.println(Math.abs(tanh.get(0, 1) - Math.tanh(2)) < 1e-6);
      }
    }
  }

  private record Output(int status, List<String> out, String err) {}

  private static Output run(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    Path err = Files.createTempFile("gatun", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
      String out =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the JVM does not end");
      return new Output(process.exitValue(), out.lines().toList(), Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }

  @Test
  void withTheVectorModuleJavaKernelsUseIt() throws Exception {
    Output output = run(NATIVE_ACCESS, VECTOR);

    assertEquals(0, output.status(), output.err());
    assertEquals(List.of("vector true", "[6.0, 22.0]", "true"), output.out());
    assertFalse(output.err().contains("is not resolved"), output.err());
  }

  @Test
  void withoutItTheyComputeTheSameAndSaySoOnce() throws Exception {
    Output output = run(NATIVE_ACCESS);

    assertEquals(0, output.status(), output.err());
    assertEquals(List.of("vector false", "[6.0, 22.0]", "true"), output.out());
    assertEquals(2, output.err().split("--add-modules jdk.incubator.vector", -1).length);
    assertEquals(2, output.err().split("module jdk.incubator.vector is not resolved", -1).length);
  }

  @Test
  void itCanBeSwitchedOff() throws Exception {
    Output output = run(NATIVE_ACCESS, VECTOR, "-Dgatun.vector=false");

    assertEquals(0, output.status(), output.err());
    assertEquals(List.of("vector false", "[6.0, 22.0]", "true"), output.out());
    assertFalse(output.err().contains("is not resolved"), output.err());
  }

  @Test
  void deniedNativeAccessIsSaidWithTheFlagThatGrantsIt() throws Exception {
    Output output = run("--illegal-native-access=deny");

    assertTrue(output.status() != 0, "it ran");
    assertTrue(output.err().contains("--enable-native-access"), output.err());
    assertTrue(output.err().contains("NativeLibraryException"), output.err());
  }
}
