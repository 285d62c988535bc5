package org.gatun.safety.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.Value;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Weights;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A callback that closes what has called it: the scope around, the inputs, engine, session. */
class CallbackTest {
  private LeakCheck check;
  private Engine engine;

  @BeforeEach
  void start() {
    Engine.current().close();
    check = LeakCheck.start();
    engine = Engine.of(NativeBackend.create());
  }

  @AfterEach
  void nothingIsLeft() {
    engine.close();
    Engine.current().close();
    assertEquals(Optional.empty(), check.leak());
  }

  /** Copies after an action: what it reads and writes then is there still. */
  private static HostFunction copyAfter(Runnable action) {
    return HostFunction.of(
        "copy",
        (in, out) -> {
          action.run();
          float[] values = in.getFirst().toFloatArray();
          for (int i = 0; i < values.length; i++) {
            out.getFirst().set(values[i], i);
          }
        });
  }

  private static Tensor input() {
    return Tensor.of(new float[] {1, 2, 3, 4, 5});
  }

  @Test
  void aFunctionClosesItsInputsAndItsEngine() {
    Tensor x = input();
    HostFunction function =
        copyAfter(
            () -> {
              x.close();
              engine.close();
            });
    try (Tensor y = engine.call(function, List.of(x.layout()), x).getFirst()) {
      assertTrue(x.isClosed());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5}, y.toFloatArray());
    }
  }

  @Test
  void aFunctionClosesTheScopeAroundItsCall() {
    Scope scope = Scope.open();
    Tensor x = input();
    HostFunction throwing = copyAfter(scope::close);
    var e =
        assertThrows(
            IllegalStateException.class, () -> engine.call(throwing, List.of(x.layout()), x));
    assertEquals("scope: closed before a scope that was opened inside it", e.getMessage());
    assertTrue(x.isClosed());
    scope.close();
    try (Tensor free = input()) {
      assertFalse(free.isClosed(), "the thread has no scope any more");
    }
  }

  @Test
  void aFunctionThatHidesItHasClosedResults() {
    Scope scope = Scope.open();
    Tensor x = input();
    AtomicInteger elements = new AtomicInteger();
    HostFunction hiding = copyAfter(() -> assertThrows(IllegalStateException.class, scope::close));
    Tensor y =
        engine
            .call(
                HostFunction.of(
                    "copy",
                    (in, out) -> {
                      hiding.compute(in, out);
                      elements.addAndGet(in.getFirst().toFloatArray().length);
                    }),
                List.of(x.layout()),
                x)
            .getFirst();
    assertEquals(5, elements.get());
    assertThrows(IllegalStateException.class, y::toFloatArray);
  }

  @Test
  void aStepOfAProgramClosesTheProgram() {
    List<Program> programs = new ArrayList<>();
    try (Weights weights = new Weights(engine);
        Tensor x = input()) {
      Program program = recorded(weights, x, copyAfter(() -> programs.forEach(Program::close)));
      programs.add(program);
      try (Tensor y = program.run(List.of(x)).getFirst()) {
        assertArrayEquals(new float[] {1, 2, 3, 4, 5}, y.toFloatArray());
      }
      assertThrows(IllegalStateException.class, () -> program.run(List.of(x)));
    }
  }

  @Test
  void aListenerOfStepsClosesTheProgramAndItsInput() {
    try (Weights weights = new Weights(engine);
        Tensor x = input()) {
      Program program = recorded(weights, x, copyAfter(() -> {}));
      Tensor given = input();
      List<Tensor> outputs =
          program.run(
              List.of(given),
              (_, _) -> {
                program.close();
                weights.close();
                given.close();
              });
      try (Tensor y = outputs.getFirst()) {
        assertArrayEquals(new float[] {1, 2, 3, 4, 5}, y.toFloatArray());
      }
    }
  }

  private Program recorded(Weights weights, Tensor x, HostFunction function) {
    try (Recording recording = Recording.start(engine, weights, List.of(x));
        Tensor copy =
            recording.run(() -> engine.call(function, List.of(x.layout()), x).getFirst())) {
      return recording.finish(List.of(copy));
    }
  }

  @Test
  void whatIsRecordedClosesItsRecording() {
    try (Weights weights = new Weights(engine);
        Tensor x = input();
        Tensor w = Subjects.wave(5, 3)) {
      Recording recording = Recording.start(engine, weights, List.of(x));
      Tensor y =
          recording.run(
              () -> {
                try (Tensor before = x.matmul(w);
                    Tensor after = Subjects.wave(3, 2)) {
                  recording.close();
                  weights.close();
                  return before.matmul(after);
                } finally {
                  assertEquals("it was closed", recording.reason());
                }
              });
      assertEquals(2, y.size());
      y.close();
      assertThrows(IllegalStateException.class, () -> recording.finish(List.of(y)));
    }
  }

  @Test
  void aRecordingIsNotClosedByAnotherThread() throws InterruptedException {
    try (Weights weights = new Weights(engine);
        Tensor x = input();
        Recording recording = Recording.start(engine, weights, List.of(x))) {
      List<String> said = new ArrayList<>();
      try (Tensor y =
          recording.run(
              () -> {
                Thread other =
                    Thread.ofPlatform()
                        .name("other")
                        .start(
                            () ->
                                said.add(
                                    assertThrows(IllegalStateException.class, recording::close)
                                        .getMessage()));
                try {
                  other.join();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                return x.exp();
              })) {
        assertEquals(1, said.size());
        assertTrue(said.getFirst().startsWith("recording: closed while it runs in thread "));
        recording.finish(List.of(y)).close();
      }
    }
  }

  @Test
  void aListenerOfNodesClosesTheSessionTheInputAndWhatItIsShown() {
    OnnxSession session = OnnxModel.load(SmallModel.bytes()).session();
    Tensor x = Subjects.wave(SmallModel.INPUT);
    AtomicInteger nodes = new AtomicInteger();
    Map<String, Value> outputs =
        session.trace(
            Map.of("x", Value.of(x)),
            (node, values, nanos) -> {
              nodes.incrementAndGet();
              session.close();
            });
    assertTrue(nodes.get() > 5);
    outputs.values().forEach(value -> ((Value.Dense) value).tensor().close());
    assertThrows(IllegalStateException.class, () -> session.run(Map.of("x", x)));
    x.close();
  }

  @Test
  void aListenerOfNodesClosesWhatItIsShown() {
    try (OnnxSession session = OnnxModel.load(SmallModel.bytes()).session();
        Tensor x = Subjects.wave(SmallModel.INPUT)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              session.trace(
                  Map.of("x", Value.of(x)),
                  (node, values, nanos) -> ((Value.Dense) values.getFirst()).tensor().close()));
      session.run(Map.of("x", x)).values().forEach(Tensor::close);
    }
  }

  @Test
  void aListenerOfNodesClosesTheScopeAround() {
    try (OnnxSession session = OnnxModel.load(SmallModel.bytes()).session()) {
      Scope scope = Scope.open();
      Tensor x = Subjects.wave(SmallModel.INPUT);
      assertThrows(
          IllegalStateException.class,
          () -> session.trace(Map.of("x", Value.of(x)), (node, values, nanos) -> scope.close()));
      assertTrue(x.isClosed());
      try (Tensor again = Subjects.wave(SmallModel.INPUT)) {
        session.run(Map.of("x", again)).values().forEach(Tensor::close);
      }
    }
  }
}
