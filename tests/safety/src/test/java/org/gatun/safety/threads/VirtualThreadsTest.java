package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxSession;
import org.gatun.safety.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operators and models called from virtual threads. */
@Timeout(600)
class VirtualThreadsTest {
  private static final int AT_ONCE = 1000;
  private static final int WAITING = Extent.of(10_000, 100_000);

  private final Collection<Object> failures = new ConcurrentLinkedQueue<>();

  @Test
  void aThousandAtOnceGetWhatOneGetsAndNeverWaitPinned() throws Exception {
    Path file = Files.createTempFile("gatun", ".jfr");
    try (Recording recording = new Recording();
        Scope scope = Scope.open()) {
      Tensor x = new Generator(1).randn(DType.F32, 96, 256);
      Tensor w = new Generator(2).randn(DType.F32, 256, 256);
      SmallNetworks.Network network = SmallNetworks.all().getFirst();
      Tensor image = network.input(3, 1);
      try (OnnxSession session = network.model().session()) {
        long product = product(x, w);
        long result = result(session, image);
        recording.enable("jdk.VirtualThreadPinned").withoutThreshold().withStackTrace();
        recording.start();
        List<Thread> threads = new ArrayList<>();
        int before = ProcessState.now().threads();
        for (int i = 0; i < AT_ONCE; i++) {
          boolean model = i % 4 == 0;
          threads.add(
              start(
                  () -> {
                    long bits = model ? result(session, image) : product(x, w);
                    if (bits != (model ? result : product)) {
                      failures.add(model ? "a model's result differs" : "a product differs");
                    }
                  }));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        int carriers = Runtime.getRuntime().availableProcessors();
        int more = ProcessState.now().threads() - before;
        // Each carrier has a team of workers of its own.
        assertTrue(more <= 20 + 2 * carriers * carriers, more + " threads of the system");
      }
      recording.stop();
      recording.dump(file);
      assertEquals(List.of(), List.copyOf(failures));
      assertEquals(List.of(), pinned(file));
    } finally {
      Files.delete(file);
    }
  }

  private Thread start(Runnable action) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                action.run();
              } catch (RuntimeException | Error e) {
                failures.add(e);
              }
            });
  }

  private static long product(Tensor x, Tensor w) {
    try (Scope scope = Scope.open()) {
      return Bits.of(x.matmul(w).relu().softmax(-1));
    }
  }

  private static long result(OnnxSession session, Tensor image) {
    try (Tensor y = session.run(image)) {
      return Bits.of(y);
    }
  }

  /** Returns where threads waited while they were pinned, in code of ours. */
  private static List<String> pinned(Path file) throws IOException {
    List<String> places = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      if (!event.getEventType().getName().equals("jdk.VirtualThreadPinned")) {
        continue; // Gatun's own events are recorded wherever the recorder runs.
      }
      RecordedStackTrace trace = event.getStackTrace();
      String text = trace == null ? "" : trace.getFrames().toString();
      if (text.contains("org.gatun")) {
        places.add(event.toString());
      }
    }
    return places;
  }

  @Test
  void aThreadThatHasRunOperatorsKeepsLittle() throws IOException, InterruptedException {
    // A heap that is there from the start: what the process grows by is not the heap.
    List<String> flags = List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");
    Processes.Ended ended = Processes.run(WaitingThreads.class, flags, Integer.toString(WAITING));
    assertEquals(0, ended.status(), ended.output());
  }
}
