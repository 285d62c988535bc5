package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.gatun.DType;
import org.gatun.FileMapping;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Functional;
import org.gatun.op.Linear;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Runner;
import org.gatun.runtime.Threads;
import org.gatun.runtime.Weights;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Weights are packed once, for all plans that want them packed alike. */
class WeightsTest {
  private static final Engine ENGINE = Engines.NATIVE;
  private static final long KILOBYTE = 1024;

  private final LeakCheck leaks = LeakCheck.start();
  private final Scope scope = Scope.open();

  @AfterEach
  void nothingIsLeft() {
    scope.close();
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static Program program(Weights weights, UnaryOperator<Tensor> function, long... shape) {
    Tensor x = new Generator(1).randn(DType.F32, shape);
    try (Recording recording = Recording.start(ENGINE, weights, List.of(x))) {
      return recording.finish(List.of(recording.run(() -> function.apply(x))));
    }
  }

  @Test
  void shapesShareWhatIsPacked() {
    Tensor w = new Generator(2).randn(DType.F32, 256, 128);
    try (Weights weights = new Weights(ENGINE)) {
      List<Program> programs = new ArrayList<>();
      for (long rows : List.of(32L, 48L, 64L)) {
        programs.add(program(weights, x -> x.matmul(w), rows, 256));
        assertEquals(128 * KILOBYTE, weights.packedBytes());
      }
      assertEquals(3, weights.plans());
      programs.forEach(Program::close);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsPackedOfAFileLeavesMemoryAndIsReadAgain(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("weights.bin");
    Tensor made = new Generator(2).randn(DType.F32, 512, 512);
    made.read(
        segment -> {
          try {
            Files.write(file, segment.toArray(ValueLayout.JAVA_BYTE));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Tensor w = FileMapping.of(file).tensor(0, DType.F32, 512, 512);
    Tensor x = new Generator(1).randn(DType.F32, 128, 512);
    try (Weights weights = new Weights(ENGINE);
        Program program = program(weights, in -> in.matmul(w), 128, 512)) {
      assertEquals(1024 * KILOBYTE, weights.packedBytes());
      long resident = resident(file);
      assertTrue(resident < 256 * KILOBYTE, () -> resident + " bytes of the file are in memory");
      float[] expected = ENGINE.with(() -> x.matmul(made)).toFloatArray();
      assertArrayEquals(expected, program.run(List.of(x)).getFirst().toFloatArray(), 1e-4f);
      Tensor other = Threads.with(3, () -> program.run(List.of(x)).getFirst());
      assertArrayEquals(expected, other.toFloatArray(), 1e-4f);
      assertArrayEquals(made.toFloatArray(), w.toFloatArray());
    }
  }

  /** Returns the bytes of a file that this process has in memory. */
  private static long resident(Path file) throws IOException {
    long bytes = 0;
    boolean inFile = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        inFile = line.endsWith(file.toRealPath().toString());
      } else if (inFile && line.startsWith("Rss:")) {
        bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return bytes;
  }

  @Test
  void aViewMadeAnewIsTheSameConstant() {
    Tensor w = new Generator(2).randn(DType.F32, 128, 256);
    try (Weights weights = new Weights(ENGINE)) {
      program(weights, x -> x.matmul(w.t()), 32, 256).close();
      program(weights, x -> x.matmul(w.t()), 32, 256).close();
      assertEquals(1, weights.plans());
      program(weights, x -> Functional.linear(x, w, null), 32, 256).close();
      assertEquals(2, weights.plans());
    }
  }

  @Test
  void twoNodesShareAWeight() {
    Tensor w = new Generator(2).randn(DType.F32, 128, 128);
    try (Weights weights = new Weights(ENGINE);
        Program program = program(weights, x -> x.matmul(w).relu().matmul(w), 32, 128)) {
      assertEquals(2, program.steps().stream().filter(s -> s.name().equals("matmul")).count());
      assertEquals(64 * KILOBYTE, weights.packedBytes());
    }
  }

  @Test
  void convolutionsOfSeveralSizesShareTheirWeights() {
    Tensor w = new Generator(2).randn(DType.F32, 64, 32, 3, 3);
    UnaryOperator<Tensor> conv = x -> Functional.conv2d(x, w, null, ConvOptions.defaults());
    try (Weights weights = new Weights(ENGINE)) {
      program(weights, conv, 1, 32, 20, 20).close();
      long packed = weights.packedBytes();
      assertTrue(packed >= 72 * KILOBYTE, packed + " bytes");
      for (long size = 24; size < 60; size += 4) {
        program(weights, conv, 1, 32, size, size).close();
        assertEquals(packed, weights.packedBytes());
      }
    }
  }

  @Test
  void weightsOf16BitsAreConvertedAndPackedOnce() {
    Tensor w = new Generator(2).randn(DType.F32, 64, 64, 3, 3).to(DType.F16);
    UnaryOperator<Tensor> conv =
        x -> Functional.conv2d(x.to(DType.F16), w, null, ConvOptions.defaults());
    try (Weights weights = new Weights(ENGINE)) {
      program(weights, conv, 1, 64, 20, 20).close();
      long packed = weights.packedBytes();
      // What was converted is not kept beside what was packed of it.
      assertEquals(144 * KILOBYTE, packed);
      program(weights, conv, 1, 64, 24, 24).close();
      assertEquals(packed, weights.packedBytes());
    }
  }

  @Test
  void whatIsPackedIsNotNeededAnyMore() {
    Tensor w = new Generator(2).randn(DType.F32, 256, 256);
    Tensor x = new Generator(1).randn(DType.F32, 32, 256);
    try (Weights weights = new Weights(ENGINE);
        Program program = program(weights, y -> y.matmul(w), 32, 256)) {
      float[] before = program.run(List.of(x)).getFirst().toFloatArray();
      long live = MemoryPool.shared().report().liveBytes();
      w.close();
      assertEquals(live - 256 * KILOBYTE, MemoryPool.shared().report().liveBytes());
      assertArrayEquals(before, program.run(List.of(x)).getFirst().toFloatArray());
    }
  }

  @Test
  void programsOutliveTheirWeights() {
    Tensor w = new Generator(2).randn(DType.F32, 64, 64);
    Tensor x = new Generator(1).randn(DType.F32, 32, 64);
    Weights weights = new Weights(ENGINE);
    try (Program program = program(weights, y -> y.matmul(w), 32, 64)) {
      float[] before = program.run(List.of(x)).getFirst().toFloatArray();
      weights.close();
      assertArrayEquals(before, program.run(List.of(x)).getFirst().toFloatArray());
    }
  }

  @Test
  void weightsThatWereWrittenToArePackedAnew() {
    Tensor w = new Generator(2).randn(DType.F32, 64, 64);
    Tensor x = new Generator(1).randn(DType.F32, 32, 64);
    try (Weights weights = new Weights(ENGINE);
        Recording recording = Recording.start(ENGINE, weights, List.of(x));
        Program program =
            recording.finish(
                recording.run(
                    () -> {
                      Tensor scaled = w.mul(1);
                      Tensor first = x.matmul(scaled);
                      scaled.mulInPlace(2);
                      return List.of(first, x.matmul(scaled));
                    }))) {
      List<Tensor> results = program.run(List.of(x));
      assertArrayEquals(results.get(0).mul(2).toFloatArray(), results.get(1).toFloatArray());
    }
  }

  @Test
  void whatWasGivenUpStillRunsOnPackedWeights() {
    Tensor w = new Generator(2).randn(DType.F32, 128, 128);
    Tensor x = new Generator(1).randn(DType.F32, 32, 128);
    try (Weights weights = new Weights(ENGINE);
        Recording recording = Recording.start(ENGINE, weights, List.of(x))) {
      Tensor y = recording.run(() -> x.matmul(w.mul(2)));
      assertEquals(64 * KILOBYTE, weights.packedBytes());
      assertEquals(0, weights.plans()); // For this recording alone.
      recording.giveUp("as a test");
      assertEquals(0, weights.packedBytes());
      Tensor again = recording.run(() -> x.matmul(w).mul(2));
      assertEquals(64 * KILOBYTE, weights.packedBytes());
      assertEquals(1, weights.plans());
      assertTrue(y.isclose(again).all().item() != 0);
      assertEquals(1, recording.run(() -> x.matmul(w.mul(2)).rank() - 1));
      assertEquals(1, weights.plans());
    }
  }

  @Test
  void runnersShareBetweenShapes() {
    Tensor w = new Generator(2).randn(DType.F32, 128, 256);
    try (Runner runner = ENGINE.bind(new Linear(false), w)) {
      runner.run(Tensor.ones(DType.F32, 32, 256));
      runner.run(Tensor.ones(DType.F32, 32, 256)).close();
      Tensor large = Tensor.ones(DType.F32, 64, 256);
      Tensor out = Tensor.ones(DType.F32, 64, 128);
      long blocks = MemoryPool.shared().report().liveBlocks();
      runner.run(List.of(large), List.of(out));
      assertEquals(blocks, MemoryPool.shared().report().liveBlocks());
    }
  }
}
