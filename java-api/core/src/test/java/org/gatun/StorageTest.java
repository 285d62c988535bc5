package org.gatun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.gatun.bindings.openmp.OpenMp;
import org.gatun.kernel.ScratchMemory;
import org.gatun.runtime.MemoryPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StorageTest {
  /** Memory that counts how often it was given back. */
  private static final class CountedBlock implements ScratchMemory.Block {
    private final MemorySegment segment = Arena.global().allocate(64, 64);
    private final AtomicInteger givenBack = new AtomicInteger();

    @Override
    public MemorySegment segment() {
      return segment;
    }

    @Override
    public boolean giveBack() {
      return givenBack.incrementAndGet() == 1;
    }
  }

  /** Collects garbage until the condition holds, for some seconds at most. */
  private static boolean collected(BooleanSupplier condition) throws InterruptedException {
    for (int attempt = 0; attempt < 200 && !condition.getAsBoolean(); attempt++) {
      System.gc();
      Thread.sleep(20);
    }
    return condition.getAsBoolean();
  }

  private static Storage open(CountedBlock block) {
    Storage storage = Storage.pooled(block);
    storage.open();
    return storage;
  }

  @Test
  void theLastUserGivesTheMemoryBack() {
    CountedBlock block = new CountedBlock();
    Storage storage = open(block);
    assertTrue(storage.hold());
    assertTrue(storage.hold());
    storage.release();
    storage.release();
    assertEquals(0, block.givenBack.get());
    storage.release();
    assertTrue(block.givenBack.get() >= 1);
    assertFalse(storage.hold());
  }

  @Test
  void manyThreadsCountRight() throws InterruptedException {
    CountedBlock block = new CountedBlock();
    Storage storage = open(block);
    AtomicInteger refused = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      if (!storage.hold() || block.givenBack.get() != 0) {
                        refused.incrementAndGet();
                      }
                      storage.release();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, refused.get());
    assertEquals(0, block.givenBack.get());
    storage.release();
    assertFalse(storage.hold());
  }

  @Test
  void closingWhileItIsReadDefersTheRelease() throws InterruptedException {
    long live = LiveBlocks.settled();
    Tensor tensor = Tensor.of(new float[] {1, 2});
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicReference<@Nullable Float> seen = new AtomicReference<>();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () ->
                    tensor.read(
                        memory -> {
                          reading.countDown();
                          awaitUninterruptibly(closed);
                          seen.set(memory.getAtIndex(ValueLayout.JAVA_FLOAT, 1));
                        }));
    assertTrue(reading.await(10, TimeUnit.SECONDS));
    tensor.close();
    assertThrows(IllegalStateException.class, () -> tensor.get(0));
    assertEquals(live + 1, LiveBlocks.count());
    closed.countDown();
    reader.join();
    assertEquals(2f, seen.get());
    assertEquals(live, LiveBlocks.count());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anExportedSegmentOutlivesTheTensor() throws InterruptedException {
    CountedBlock block = new CountedBlock();
    Storage storage = open(block);
    @Nullable MemorySegment[] exported = {storage.export()};
    storage.release(); // The tensor is closed.
    System.gc();
    Objects.requireNonNull(exported[0]).set(ValueLayout.JAVA_INT, 60, 42);
    assertEquals(42, block.segment.get(ValueLayout.JAVA_INT, 60));
    assertEquals(0, block.givenBack.get(), "the segment is reachable");
    assertTrue(storage.hold(), "the segment is a user");
    storage.release();
    exported[0] = null;
    assertTrue(collected(() -> block.givenBack.get() > 0), "the segment was forgotten");
    assertFalse(storage.hold());
  }

  @Test
  void aSliceOfAnExportedSegmentKeepsItToo() throws InterruptedException {
    MemorySegment part;
    try (Tensor tensor = Tensor.of(new float[] {1, 2, 3})) {
      part = tensor.slice(0, 1, 2).segment();
    }
    System.gc();
    Thread.sleep(50);
    try (Tensor other = Tensor.full(DType.F32, 9, 3)) {
      assertEquals(2, part.get(ValueLayout.JAVA_FLOAT, 0), other::toString);
    }
  }

  @Test
  void forgottenTensorsAreFreed() throws InterruptedException {
    CountedBlock block = new CountedBlock();
    open(block);
    assertTrue(collected(() -> block.givenBack.get() > 0));
  }

  @Test
  void aFreedStorageLeavesNothingToTheCleaner() throws InterruptedException {
    CountedBlock block = new CountedBlock();
    open(block).release();
    int after = block.givenBack.get();
    System.gc();
    Thread.sleep(100);
    assertEquals(after, block.givenBack.get());
  }

  @Test
  void leaksAreTracedToTheLineThatAllocated() throws Exception {
    String log = runForgetful("-Dgatun.leaks=trace");
    assertTrue(log.contains("memory: a tensor of 4096 bytes was never closed; made at "), log);
    assertTrue(log.contains("StorageTest$Forgetful.forget(StorageTest.java:"), log);
    assertFalse(log.contains("a tensor of 128 bytes"), log);
  }

  @Test
  void leaksAreNotTracedUnasked() throws Exception {
    assertFalse(runForgetful("-Dgatun.leaks=no").contains("never closed"));
  }

  /** Forgets one tensor and closes another. */
  static final class Forgetful {
    private Forgetful() {}

    static void forget() {
      Tensor.zeros(DType.F32, 1024);
    }

    public static void main(String[] args) throws InterruptedException {
      forget();
      Tensor.zeros(DType.F32, 32).close();
      if (!collected(() -> MemoryPool.shared().report().liveBlocks() == 0)) {
        throw new IllegalStateException("the tensor was not freed");
      }
      Thread.sleep(200); // The log line follows the release.
    }
  }

  /** Returns what a JVM of its own prints that runs {@link Forgetful}. */
  private static String runForgetful(String property) throws Exception {
    String classpath =
        String.join(
            java.io.File.pathSeparator,
            root(Tensor.class),
            root(Forgetful.class),
            root(OpenMp.class));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                property,
                "-cp",
                classpath,
                Forgetful.class.getName())
            .redirectErrorStream(true)
            .start();
    String printed = text(process.getInputStream());
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }

  private static String text(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Returns the folder or jar that a class came from. */
  private static String root(Class<?> type) throws URISyntaxException {
    String file = type.getName().replace('.', '/') + ".class";
    String url = String.valueOf(type.getResource("/" + file));
    if (url.startsWith("jar:")) {
      return Path.of(java.net.URI.create(url.substring(4, url.indexOf("!/")))).toString();
    }
    Path path = Path.of(java.net.URI.create(url));
    for (int i = 0; i < file.split("/").length; i++) {
      path = path.getParent();
    }
    return path.toString();
  }
}
