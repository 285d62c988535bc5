package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.kernel.Plan;
import org.gatun.kernel.ScratchMemory;
import org.gatun.nn.Layer;
import org.gatun.onnx.OnnxModel;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryReport;
import org.gatun.safety.Extent;
import org.gatun.safety.memory.Subjects.AfterClose;
import org.gatun.safety.memory.Subjects.Subject;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is closed: twice, by several threads at once, before it is used, while it is used, and
 * never. Nothing crashes, nothing is left, and the exceptions are those that are documented.
 */
class LifecycleTest {
  @TempDir private static Path folder;

  private Subjects subjects;
  private LeakCheck check;

  static List<Subject<?>> all() {
    return Subjects.all();
  }

  static List<Subject<?>> shared() {
    return all().stream().filter(Subject::isShared).toList();
  }

  @BeforeEach
  void start() throws IOException {
    Engine.current().close();
    settle(LeakCheck.start());
    check = LeakCheck.start();
    subjects = Subjects.in(folder);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    subjects.close();
    Engine.current().close();
    assertEquals(java.util.Optional.empty(), check.leak());
  }

  /** Collects garbage until nothing more is found. */
  private static void settle(LeakCheck since) {
    for (int attempt = 0; attempt < 200 && (attempt < 2 || since.leak().isPresent()); attempt++) {
      System.gc();
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  <T extends AutoCloseable> void closedTwiceAndUsedAfterwards(Subject<T> subject) throws Exception {
    T closed = subject.maker().apply(subjects);
    subject.use().apply(closed);
    closed.close();
    closed.close();
    checkClosed(subject, closed);
    closed.close();
  }

  @ParameterizedTest
  @MethodSource("all")
  <T extends AutoCloseable> void closedBeforeItIsUsed(Subject<T> subject) throws Exception {
    T closed = subject.maker().apply(subjects);
    closed.close();
    checkClosed(subject, closed);
    closed.close();
  }

  private static <T extends AutoCloseable> void checkClosed(Subject<T> subject, T closed)
      throws IOException {
    switch (subject.after()) {
      case REFUSES -> {
        var e = assertThrows(IllegalStateException.class, () -> subject.use().apply(closed));
        assertTrue(e.getMessage().contains("closed"), e.getMessage());
      }
      case REFUSES_AS_FILES ->
          assertThrows(ClosedChannelException.class, () -> subject.use().apply(closed));
      case GOES_ON -> subject.use().apply(closed);
    }
  }

  @ParameterizedTest
  @MethodSource("shared")
  <T extends AutoCloseable> void closedByManyThreadsAtOnce(Subject<T> subject) throws Exception {
    int count = 4;
    CyclicBarrier barrier = new CyclicBarrier(count);
    for (int round = 0; round < Extent.of(10, 500); round++) {
      T closed = subject.maker().apply(subjects);
      subject.use().apply(closed);
      inThreads(
          count,
          () -> {
            barrier.await();
            closed.close();
          });
      checkClosed(subject, closed);
      closed.close();
    }
  }

  @ParameterizedTest
  @MethodSource("shared")
  <T extends AutoCloseable> void closedWhileOthersUseIt(Subject<T> subject) throws Exception {
    for (int round = 0; round < Extent.of(6, 300); round++) {
      T used = subject.maker().apply(subjects);
      CyclicBarrier barrier = new CyclicBarrier(3);
      long pause = ThreadLocalRandom.current().nextLong(2_000_000);
      AtomicReference<Thread> closer = new AtomicReference<>();
      inThreads(
          3,
          () -> {
            boolean closes = closer.compareAndSet(null, Thread.currentThread());
            barrier.await();
            if (closes) {
              Thread.sleep(0, (int) (pause % 1_000_000));
              used.close();
            } else {
              useUntilClosed(subject, used, closer);
            }
          });
      used.close();
    }
  }

  /** The one that closes is a thread that ends when it has. */
  private static <T extends AutoCloseable> void useUntilClosed(
      Subject<T> subject, T used, AtomicReference<Thread> closer) throws IOException {
    try {
      for (boolean more = true; more; ) {
        more = closer.get().isAlive();
        subject.use().apply(used);
      }
    } catch (IllegalStateException e) {
      boolean expected = subject.after() == AfterClose.REFUSES;
      if (!expected || !e.getMessage().contains("closed")) {
        throw e;
      }
    } catch (ClosedChannelException e) {
      if (subject.after() != AfterClose.REFUSES_AS_FILES) {
        throw e;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  <T extends AutoCloseable> void forgotten(Subject<T> subject) throws Exception {
    long forgotten = MemoryReport.now().forgotten();
    LeakCheck before = LeakCheck.start();
    // In a thread of its own, with whose end the last reference goes.
    inThreads(1, () -> subject.use().apply(subject.maker().apply(subjects)));
    Engine.current().close();
    settle(before);
    assertEquals(java.util.Optional.empty(), before.leak());
    boolean ofFile = subject.after() == AfterClose.REFUSES_AS_FILES; // The JDK's own to close.
    long found = MemoryReport.now().forgotten() - forgotten;
    assertTrue(ofFile || found > 0, "nothing was counted");
  }

  /** Runs the same in some threads, and throws what the first one threw that failed. */
  private static void inThreads(int count, ThrowingAction action) throws Exception {
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      action.run();
                    } catch (Throwable t) {
                      thrown.add(t);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join(60_000);
      assertTrue(!thread.isAlive(), "a thread does not end");
    }
    if (!thrown.isEmpty()) {
      throw new AssertionError(thrown.getFirst());
    }
  }

  /** An action that may throw. */
  @FunctionalInterface
  private interface ThrowingAction {
    void run() throws Exception;
  }

  @Test
  void everyPublicTypeThatIsClosedIsTested() throws Exception {
    Set<String> tested = new TreeSet<>();
    all().forEach(subject -> tested.add(subject.type().getName()));
    // What kernels are made of: used by engines, and by nobody beside them.
    tested.add(Plan.class.getName());
    tested.add(ScratchMemory.Block.class.getName());
    Set<String> missing = new TreeSet<>();
    for (Class<?> type : publicTypes()) {
      if (AutoCloseable.class.isAssignableFrom(type)
          && !Layer.class.isAssignableFrom(type)
          && !tested.contains(type.getName())) {
        missing.add(type.getName());
      }
    }
    assertEquals(Set.of(), missing);
    assertTrue(tested.contains(Layer.class.getName()));
  }

  private static List<Class<?>> publicTypes() throws Exception {
    List<Class<?>> types = new ArrayList<>();
    Set<String> exported = new TreeSet<>();
    for (String name : List.of("", ".io", ".nn", ".op", ".runtime", ".kernel", ".onnx")) {
      exported.add("org.gatun" + name);
    }
    for (Class<?> inside : List.of(Tensor.class, OnnxModel.class)) {
      URI place = inside.getProtectionDomain().getCodeSource().getLocation().toURI();
      if (Files.isDirectory(Path.of(place))) {
        collect(Path.of(place), exported, types);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(place), Map.of())) {
          collect(jar.getPath("/"), exported, types);
        }
      }
    }
    assertTrue(types.size() > 200, () -> types.size() + " public types");
    return types;
  }

  private static void collect(Path root, Set<String> exported, List<Class<?>> types)
      throws Exception {
    List<String> names;
    try (Stream<Path> files = Files.walk(root)) {
      names =
          files
              .map(file -> root.relativize(file).toString().replaceAll("[/\\\\]", "."))
              .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
              .map(name -> name.substring(0, name.length() - ".class".length()))
              .filter(name -> exported.contains(name.substring(0, name.lastIndexOf('.'))))
              .toList();
    }
    for (String name : names) {
      Class<?> type = Class.forName(name, false, LifecycleTest.class.getClassLoader());
      if (java.lang.reflect.Modifier.isPublic(type.getModifiers())) {
        types.add(type);
      }
    }
  }
}
