package org.gatun.safety.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An interrupt does nothing to a call but one that may take for ever, and is still there after it.
 */
@Timeout(120)
class InterruptedCallersTest {
  private final Collection<Object> failures = new ConcurrentLinkedQueue<>();

  @Test
  void callsAreRunToTheirEndAndKeepTheInterrupt() {
    for (SmallNetworks.Network network : SmallNetworks.all()) {
      try (Tensor x = network.input(1, 2);
          OnnxSession session = network.model().session()) {
        long expected = twice(session, x);
        Thread.currentThread().interrupt();
        long interrupted = twice(session, x);
        // Making one of a large graph takes long, and so may be interrupted.
        assertThrows(OnnxException.class, () -> network.model().session());
        assertTrue(Thread.interrupted(), network.name());
        assertEquals(expected, interrupted, network.name());
      }
    }
  }

  private static long twice(OnnxSession session, Tensor x) {
    try (Tensor first = session.run(x);
        Tensor second = session.run(x)) {
      assertEquals(Bits.of(first), Bits.of(second));
      return Bits.of(second);
    }
  }

  @Test
  void interruptsDuringCallsChangeNothing() throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    try (Scope scope = Scope.open()) {
      Tensor x = new Generator(1).randn(DType.F32, 128, 512);
      Tensor w = new Generator(2).randn(DType.F32, 512, 512);
      long expected = bits(x, w);
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Runnable calls = () -> callWhileInterrupted(stop, x, w, expected);
        callers.add(
            i % 2 == 0 ? Thread.ofPlatform().start(calls) : Thread.startVirtualThread(calls));
      }
      for (int i = 0; i < 500; i++) {
        callers.forEach(Thread::interrupt);
        Thread.sleep(1);
      }
      stop.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
    }
    assertEquals(List.of(), List.copyOf(failures));
  }

  private void callWhileInterrupted(AtomicBoolean stop, Tensor x, Tensor w, long expected) {
    try {
      while (!stop.get()) {
        if (bits(x, w) != expected) {
          failures.add("a result differs");
        }
        Thread.interrupted();
      }
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  private static long bits(Tensor x, Tensor w) {
    try (Scope scope = Scope.open()) {
      return Bits.of(x.matmul(w).relu());
    }
  }

  /** Processes are made by a copy of this one, threads and all, for a moment. */
  @Test
  void childProcessesStartWhileOthersCompute() throws IOException, InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    try (Scope scope = Scope.open()) {
      Tensor x = new Generator(1).randn(DType.F32, 128, 512);
      Tensor w = new Generator(2).randn(DType.F32, 512, 512);
      long expected = bits(x, w);
      Thread caller = Thread.ofPlatform().start(() -> callWhileInterrupted(stop, x, w, expected));
      String java = ProcessHandle.current().info().command().orElseThrow();
      for (int i = 0; i < 5; i++) {
        Process child =
            new ProcessBuilder(java, "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, child.waitFor());
      }
      stop.set(true);
      caller.join();
    }
    assertEquals(List.of(), List.copyOf(failures));
  }
}
