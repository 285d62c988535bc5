package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.FileMapping;
import org.gatun.LiveBlocks;
import org.gatun.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has what of the memory. */
class MemoryReportTest {
  @BeforeEach
  void settle() {
    LiveBlocks.settled(); // What earlier tests forgot would go while these count.
  }

  private static long live(MemoryOwner owner) {
    return MemoryReport.liveBytes(MemoryReport.now().owners(), owner);
  }

  private static boolean collected(BooleanSupplier condition) throws InterruptedException {
    for (int attempt = 0; attempt < 200 && !condition.getAsBoolean(); attempt++) {
      System.gc();
      Thread.sleep(10);
    }
    return condition.getAsBoolean();
  }

  /** Runs in a thread of its own, with whose end its references go. */
  private static <T> T elsewhere(Supplier<T> action) throws InterruptedException {
    List<T> result = new java.util.concurrent.CopyOnWriteArrayList<>();
    Thread thread = Thread.ofPlatform().start(() -> result.add(action.get()));
    thread.join();
    return result.getFirst();
  }

  @Test
  void tensorsAndCopiesOfConstants() {
    long tensors = live(MemoryOwner.TENSORS);
    long constants = live(MemoryOwner.CONSTANTS);
    try (Arena arena = Arena.ofConfined();
        Tensor x = Tensor.zeros(DType.F32, 1024)) {
      assertEquals(tensors + 4096, live(MemoryOwner.TENSORS));
      MemorySegment own = arena.allocate(ValueLayout.JAVA_FLOAT, 1024);
      try (Tensor wrapped = Tensor.wrap(own, DType.F32, 1024);
          Runner runner =
              Engine.current()
                  .bind(new org.gatun.op.Binary(org.gatun.op.BinaryFunction.ADD), wrapped)) {
        assertEquals(constants + 4096, live(MemoryOwner.CONSTANTS));
        try (Tensor sum = runner.run(x)) {
          assertEquals(0, sum.get(5));
        }
      }
      assertEquals(constants, live(MemoryOwner.CONSTANTS));
    }
    assertEquals(tensors, live(MemoryOwner.TENSORS));
  }

  @Test
  void exportedSegmentsCountTheirMemoryOnce() throws InterruptedException {
    MemoryReport before = MemoryReport.now();
    List<MemorySegment> segments =
        elsewhere(
            () -> {
              try (Tensor tensor = Tensor.zeros(DType.F32, 256)) {
                return new java.util.ArrayList<>(
                    IntStream.range(0, 3).mapToObj(_ -> tensor.segment()).toList());
              }
            });
    MemoryReport now = MemoryReport.now();
    assertEquals(before.exportedSegments() + 3, now.exportedSegments());
    assertEquals(before.exportedBytes() + 1024, now.exportedBytes());
    assertEquals(0, segments.getFirst().get(ValueLayout.JAVA_INT, 1020));
    segments.clear();
    assertTrue(collected(() -> MemoryReport.now().exportedSegments() == before.exportedSegments()));
    assertEquals(before.exportedBytes(), MemoryReport.now().exportedBytes());
  }

  @Test
  void mappedFilesEndWithTheirLastTensor(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("data"), new byte[4096]);
    MemoryReport before = MemoryReport.now();
    List<Tensor> tensors = new java.util.ArrayList<>();
    tensors.add(
        elsewhere(
            () -> {
              try {
                return FileMapping.of(file).tensor(1024, DType.F32, 8);
              } catch (java.io.IOException e) {
                throw new AssertionError(e);
              }
            }));
    System.gc();
    Thread.sleep(100);
    assertEquals(before.mappedFiles() + 1, MemoryReport.now().mappedFiles());
    assertEquals(before.mappedBytes() + 4096, MemoryReport.now().mappedBytes());
    assertEquals(0, tensors.getFirst().get(7));
    tensors.removeFirst().close();
    assertTrue(collected(() -> MemoryReport.now().mappedFiles() == before.mappedFiles()));
    assertEquals(before.mappedBytes(), MemoryReport.now().mappedBytes());
  }

  @Test
  void whatIsForgottenIsCounted() throws InterruptedException {
    MemoryReport before = MemoryReport.now();
    elsewhere(() -> Tensor.zeros(DType.F32, 1000).size());
    assertTrue(collected(() -> MemoryReport.now().forgotten() > before.forgotten()));
    assertTrue(MemoryReport.now().forgottenBytes() >= before.forgottenBytes() + 4000);
  }

  @Test
  void theReportIsALine() {
    MemoryReport report = MemoryReport.now();
    assertTrue(report.toString().startsWith("memory: " + report.liveBytes() + " bytes live in "));
    assertTrue(report.toString().contains("packed weights"), report::toString);
    assertThrows(UnsupportedOperationException.class, () -> report.owners().clear());
  }

  @Test
  void theLineOfTheCallerIsTheFirstThatIsNeitherGatunsNorTheJdks() {
    StackTraceElement own = new StackTraceElement("org.gatun.Tensor", "zeros", "Tensor.java", 1);
    StackTraceElement jdk = new StackTraceElement("java.util.List", "forEach", "List.java", 2);
    StackTraceElement app = new StackTraceElement("com.example.App", "load", "App.java", 3);
    StackTraceElement main = new StackTraceElement("com.example.App", "main", "App.java", 4);
    StackTraceElement last = new StackTraceElement("org.gatun.nn.Linear", "of", "Linear.java", 5);
    assertEquals(app, Forgotten.caller(new StackTraceElement[] {own, jdk, app, main}));
    assertEquals(last, Forgotten.caller(new StackTraceElement[] {own, jdk, last, jdk}));
    assertEquals(null, Forgotten.caller(new StackTraceElement[0]));
  }
}
