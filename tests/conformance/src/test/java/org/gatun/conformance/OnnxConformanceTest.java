package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.onnx.OnnxConformance;
import org.gatun.testkit.onnx.OnnxReport;
import org.gatun.testkit.onnx.OnnxReport.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX's own backend tests, which lie in {@code shared/onnx} beside the checkout. */
class OnnxConformanceTest {
  @ParameterizedTest
  @CsvSource({"node, 1150", "simple, 1", "pytorch-converted, 1", "pytorch-operator, 1", "light, 9"})
  void agreesWithOnnx(String name, int least) throws IOException {
    Path tests = RealModel.shared("onnx/" + name + ".zip");
    if (tests == null) {
      String reason =
          "ONNX's tests were skipped: no shared/onnx/" + name + ".zip beside the checkout";
      System.out.println(reason);
      assumeTrue(false, reason);
    }
    try (Engine engine = Engine.of(NativeBackend.create())) {
      OnnxReport report = OnnxConformance.run(tests, _ -> true, engine);
      System.out.printf("ONNX's tests %s:%n%s", name, report.toText());
      assertEquals(List.of(), report.with(Status.FAILED));
      int passed = report.with(Status.PASSED).size();
      assertTrue(passed >= least, () -> passed + " passed, expected " + least + " or more");
    }
  }
}
