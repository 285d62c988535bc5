package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.testkit.torch.ConformanceReport;
import org.gatun.testkit.torch.ConformanceReport.Status;
import org.gatun.testkit.torch.TorchConformance;
import org.junit.jupiter.api.Test;

/**
 * PyTorch's samples of the operators that Gatun has, by the kernels and by the reference. The
 * samples lie at {@code -Dgatun.torch.samples}, or in {@code shared/torch-opinfo} beside the
 * checkout.
 */
class TorchConformanceTest {
  private static final String PROPERTY = "gatun.torch.samples";
  private static final Path BESIDE_THE_CHECKOUT = Path.of("shared", "torch-opinfo");

  @Test
  void theKernelsAgreeWithPyTorch() throws IOException {
    try (Engine engine = Engine.of(NativeBackend.create())) {
      check(engine);
    }
  }

  @Test
  void theReferenceAgreesWithPyTorch() throws IOException {
    try (Engine engine = Engine.of(new ReferenceBackend())) {
      check(engine);
    }
  }

  private static void check(Engine engine) throws IOException {
    ConformanceReport report = TorchConformance.run(samples(), engine);
    System.out.printf(
        "PyTorch's samples on the %s backend:%n%s", report.backend(), report.toText());
    assertTrue(!report.with(Status.PASSED).isEmpty(), "no sample was run");
    assertEquals(List.of(), report.with(Status.FAILED));
  }

  private static Path samples() {
    String given = System.getProperty(PROPERTY);
    if (given != null) {
      return Path.of(given);
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path samples = folder.resolve(BESIDE_THE_CHECKOUT);
      if (Files.isDirectory(samples)) {
        return samples;
      }
    }
    String reason =
        "PyTorch's samples were skipped: no folder "
            + BESIDE_THE_CHECKOUT
            + " beside the checkout; -D"
            + PROPERTY
            + " says where they are";
    System.out.println(reason);
    assumeTrue(false, reason);
    throw new AssertionError("unreachable");
  }
}
