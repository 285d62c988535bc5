package org.gatun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.gatun.op.Copy;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors on memory that is not the pool's. */
class WrapTest {
  private static MemorySegment floats(Arena arena, float... values) {
    return arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
  }

  @Test
  void sharesTheCallersMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = floats(arena, 1, 2, 3, 4);
      Tensor tensor = Tensor.wrap(memory, DType.F32, 2, 2);
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, 3, 9);
      assertEquals(9, tensor.get(1, 1));
      tensor.set(7, 0, 0);
      assertEquals(7, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
      assertEquals(memory.address(), tensor.segment().address());
      tensor.close();
      assertEquals(7, memory.getAtIndex(ValueLayout.JAVA_FLOAT, 0), "it is the caller's to close");
    }
  }

  @Test
  void directBuffersCanBeWrapped() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
    try (Tensor tensor = Tensor.wrap(MemorySegment.ofBuffer(buffer), DType.I32, 2)) {
      buffer.putInt(4, 5);
      assertArrayEquals(new int[] {0, 5}, tensor.toIntArray());
    }
  }

  @Test
  void heapMemoryIsRefused() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tensor.wrap(MemorySegment.ofArray(new float[2]), DType.F32, 2));
    assertEquals("wrap: a heap segment, expected native memory; copyOf takes any", e.getMessage());
  }

  @Test
  void wrongSizesAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = floats(arena, 1, 2, 3);
      var small =
          assertThrows(IllegalArgumentException.class, () -> Tensor.wrap(memory, DType.F32, 2, 2));
      assertEquals("wrap: a segment of 12 bytes for f32[2, 2], expected 16", small.getMessage());
      assertThrows(IllegalArgumentException.class, () -> Tensor.wrap(memory, DType.F32, 2));
      assertThrows(IllegalArgumentException.class, () -> Tensor.wrap(memory, DType.F32, 0));
    }
  }

  @Test
  void misalignedMemoryIsRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(24, 8).asSlice(4, 16);
      var e = assertThrows(IllegalArgumentException.class, () -> Tensor.wrap(memory, DType.F64, 2));
      assertEquals(
          "wrap: address " + memory.address() + " for f64, expected a multiple of 8",
          e.getMessage());
      Tensor.wrap(memory, DType.F32, 4).close();
    }
  }

  @Test
  void closedMemoryIsRefused() {
    Arena arena = Arena.ofConfined();
    MemorySegment memory = floats(arena, 1, 2);
    arena.close();
    assertThrows(IllegalStateException.class, () -> Tensor.wrap(memory, DType.F32, 2));
  }

  @Test
  void closingTheArenaClosesTheTensor() {
    Arena arena = Arena.ofShared();
    Tensor tensor = Tensor.wrap(floats(arena, 1, 2), DType.F32, 2);
    Tensor view = tensor.slice(0, 1, 2);
    arena.close();
    for (Tensor each : List.of(tensor, view)) {
      var e = assertThrows(IllegalStateException.class, () -> each.get(0));
      assertTrue(e.getMessage().contains("arena of the memory it wraps is closed"));
      assertThrows(IllegalStateException.class, each::toFloatArray);
      assertThrows(IllegalStateException.class, each::segment);
      assertThrows(IllegalStateException.class, () -> each.fill(1));
      assertThrows(IllegalStateException.class, () -> each.reshape(-1));
      assertThrows(IllegalStateException.class, () -> Plain.run(() -> each.copy()));
      assertTrue(each.toString().startsWith("tensor(not readable here, f32["), each::toString);
      each.close();
    }
  }

  @Test
  void confinedMemoryStaysWithItsThread() {
    try (Arena arena = Arena.ofConfined()) {
      Tensor tensor = Tensor.wrap(floats(arena, 1, 2), DType.F32, 2);
      var e =
          assertThrows(
              CompletionException.class,
              () -> CompletableFuture.runAsync(() -> tensor.get(0)).join());
      assertInstanceOf(WrongThreadException.class, e.getCause());
      var copy =
          assertThrows(
              CompletionException.class,
              () -> CompletableFuture.runAsync(() -> Plain.run(() -> tensor.copy())).join());
      assertInstanceOf(WrongThreadException.class, copy.getCause());
      var wrap =
          assertThrows(
              CompletionException.class,
              () ->
                  CompletableFuture.runAsync(() -> Tensor.wrap(tensor.segment(), DType.F32, 2))
                      .join());
      assertInstanceOf(WrongThreadException.class, wrap.getCause());
      assertEquals(2, tensor.get(1));
      tensor.close();
    }
  }

  @Test
  void theArenaStaysOpenWhileAnOperatorRuns() throws InterruptedException {
    float[] values = new float[400_000];
    for (int round = 0; round < 20; round++) {
      Arena arena = Arena.ofShared();
      Tensor tensor =
          Tensor.wrap(arena.allocateFrom(ValueLayout.JAVA_FLOAT, values), DType.F32, values.length);
      Thread closer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (arena.scope().isAlive()) {
                      try {
                        arena.close();
                      } catch (IllegalStateException e) {
                        Thread.onSpinWait(); // It is in use.
                      }
                    }
                  });
      // Either it runs to its end or it does not start; reading freed memory would end the JVM.
      try {
        Plain.run(() -> tensor.copy().close());
      } catch (IllegalStateException e) {
        assertTrue(
            e.getMessage().contains("closed") || e.getMessage().contains("Already closed"),
            e.getMessage());
      }
      closer.join();
    }
  }

  @Test
  void readOnlyMemoryIsReadAndNotWritten() {
    try (Arena arena = Arena.ofConfined();
        Scope _ = Scope.open()) {
      MemorySegment memory = floats(arena, 1, 2);
      Tensor tensor = Tensor.wrap(memory.asReadOnly(), DType.F32, 2);
      assertReadOnly(tensor);
      assertTrue(tensor.slice(0, 0, 1).isReadOnly());
      assertArrayEquals(new float[] {1, 2}, tensor.toFloatArray());
      assertFalse(Tensor.wrap(memory, DType.F32, 2).isReadOnly());
    }
  }

  private static void assertReadOnly(Tensor tensor) {
    assertTrue(tensor.isReadOnly());
    assertTrue(tensor.segment().isReadOnly());
    var set = assertThrows(IllegalStateException.class, () -> tensor.set(5, 0));
    assertEquals("set: tensor " + tensor.layout() + " is read-only", set.getMessage());
    assertThrows(IllegalStateException.class, () -> tensor.fill(5));
    assertThrows(IllegalStateException.class, () -> tensor.copyFrom(tensor));
    try (Engine engine = Engine.of(new Plain());
        Tensor source = Tensor.zeros(tensor.dtype(), tensor.shape().dims())) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> engine.run(new Copy(false), List.of(source), List.of(tensor)));
      assertEquals(
          "contiguous: output 0, a tensor "
              + tensor.layout()
              + ", is read-only, expected a writable one",
          e.getMessage());
    }
  }

  @Test
  void constantsOfARunnerDoNotNeedTheirArena() {
    try (Engine engine = Engine.of(new Plain())) {
      Arena arena = Arena.ofShared();
      Tensor weights = Tensor.wrap(floats(arena, 1, 2), DType.F32, 2);
      try (var runner = engine.bind(new Copy(false), weights)) {
        weights.close();
        arena.close();
        try (Tensor result = runner.run()) {
          assertArrayEquals(new float[] {1, 2}, result.toFloatArray());
        }
      }
    }
  }

  @Test
  void filesAreMapped(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("weights.bin");
    ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    bytes.putFloat(4, 1.5f).putFloat(8, 2.5f).putFloat(16, 4.5f);
    Files.write(file, bytes.array());
    Tensor tensor;
    try (FileChannel channel = FileChannel.open(file);
        FileChannel writer = FileChannel.open(file, StandardOpenOption.WRITE)) {
      tensor = Tensor.map(channel, 4, DType.F32, 2, 2);
      // It is the file's memory, not a copy.
      writer.write(ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putFloat(0, 7), 12);
      var misaligned =
          assertThrows(IllegalArgumentException.class, () -> Tensor.map(channel, 2, DType.F32, 1));
      assertEquals("map: offset 2 for f32, expected a multiple of 4", misaligned.getMessage());
      var large =
          assertThrows(IllegalArgumentException.class, () -> Tensor.map(channel, 8, DType.F32, 4));
      assertEquals("map: 16 bytes of f32[4] from 8, the file has 20", large.getMessage());
      assertThrows(IllegalArgumentException.class, () -> Tensor.map(channel, -4, DType.F32, 1));
      assertThrows(IllegalArgumentException.class, () -> Tensor.map(channel, 24, DType.F32, 0));
      assertEquals(0, Tensor.map(channel, 20, DType.F32, 0).size());
    }
    assertArrayEquals(new float[] {1.5f, 2.5f, 7, 4.5f}, tensor.toFloatArray());
    try (Tensor row = tensor.select(0, 0)) {
      assertReadOnly(row);
    }
    tensor.close();
    assertThrows(IllegalStateException.class, tensor::toFloatArray);
  }
}
