package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.onnx.OnnxConformance;
import org.gatun.testkit.onnx.OnnxReport;
import org.gatun.testkit.onnx.OnnxReport.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ONNX's own backend tests, which lie in {@code shared/onnx} beside the checkout, by the kernels
 * and by the reference. What the reference is trusted for elsewhere, it has to show here.
 */
class OnnxConformanceTest {
  @ParameterizedTest
  @CsvSource({"node, 1150", "simple, 1", "pytorch-converted, 1", "pytorch-operator, 1", "light, 9"})
  void agreesWithOnnx(String name, int least) throws IOException {
    Path tests = tests(name);
    OnnxReport kernels;
    try (Engine engine = Engine.of(NativeBackend.create())) {
      kernels = check(name, tests, engine, least);
    }
    // Networks of 20 billion products take the reference's plain loops a quarter of an hour.
    if (!name.equals("light") || Boolean.getBoolean("gatun.long")) {
      try (Engine engine = Engine.of(new ReferenceBackend())) {
        OnnxReport reference = check(name, tests, engine, least);
        assertEquals(kernels.with(Status.SKIPPED), reference.with(Status.SKIPPED));
      }
    }
  }

  private static OnnxReport check(String name, Path tests, Engine engine, int least)
      throws IOException {
    OnnxReport report = OnnxConformance.run(tests, _ -> true, engine);
    System.out.printf("ONNX's tests %s, %s:%n%s", name, report.backend(), report.toText());
    assertEquals(List.of(), report.with(Status.FAILED));
    int passed = report.with(Status.PASSED).size();
    assertTrue(passed >= least, () -> passed + " passed, expected " + least + " or more");
    return report;
  }

  private static Path tests(String name) {
    Path tests = RealModel.shared("onnx/" + name + ".zip");
    if (tests == null) {
      String reason =
          "ONNX's tests were skipped: no shared/onnx/" + name + ".zip beside the checkout";
      System.out.println(reason);
      assumeTrue(false, reason);
      throw new AssertionError("unreachable");
    }
    return tests;
  }
}
