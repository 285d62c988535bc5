package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Uniform;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Weights;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a recording notes, what it holds for constant, and what it is given up for. */
class RecordingTest {
  private final LeakCheck leaks = LeakCheck.start();
  private final Engine engine = Engine.of(Engines.NATIVE.backend());
  private final Scope scope = Scope.open();
  private final Weights weights = new Weights(engine);

  @AfterEach
  void nothingIsLeft() throws InterruptedException {
    scope.close();
    weights.close();
    engine.close();
    for (int i = 0; i < 100 && leaks.leak().isPresent(); i++) {
      System.gc(); // Segments that were handed out keep their memory until they are collected.
      Thread.sleep(10);
    }
    assertEquals(Optional.empty(), leaks.leak());
  }

  /** What Java code does to a tensor that depends on the inputs. */
  private enum Access {
    TO_ARRAY(Tensor::toFloatArray, "reading it into an array"),
    OF_STRIDED(x -> x.t().toFloatArray(), "reading it into an array"),
    GET(x -> x.get(0, 0), "get"),
    ITEM(x -> x.sum().item(), "get"),
    READ(x -> x.read(_ -> {}), "read"),
    SEGMENT(Tensor::segment, "segment"),
    BUFFER(Tensor::asByteBuffer, "segment"),
    TO_STRING(x -> assertFalse(x.toString().isEmpty()), "toString"),
    NONZERO(Tensor::nonzero, "read"),
    SET(x -> x.set(1, 0, 0), "set");

    private final Consumer<Tensor> action;
    private final String operation;

    Access(Consumer<Tensor> action, String operation) {
      this.action = action;
      this.operation = operation;
    }
  }

  private Tensor matrix() {
    return new Generator(1).randn(DType.F32, 3, 4);
  }

  private static void run(Recording recording, Runnable action) {
    Boolean unused =
        recording.run(
            () -> {
              action.run();
              return true;
            });
  }

  private static void assertReason(String start, Recording recording) {
    String reason = recording.reason();
    assertNotNull(reason);
    assertEquals(start, reason.substring(0, Math.min(start.length(), reason.length())));
    assertEquals(
        "recording: given up: " + reason,
        assertThrows(IllegalStateException.class, () -> recording.finish(List.of())).getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void lookingAtElementsSpoils(Access access) {
    Tensor x = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(recording, () -> access.action.accept(x.exp()));
      assertReason(access.operation, recording);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lookingAtConstantsDoesNot(Access access) {
    Tensor x = matrix();
    Tensor other = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(recording, () -> access.action.accept(other.exp()));
      access.action.accept(x.exp()); // Nor does what is done while nothing runs in it.
      assertNull(recording.reason());
    }
  }

  @Test
  void whatOtherThreadsLookAtDoesNot() throws InterruptedException {
    Tensor x = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      Thread reader = new Thread(x::toFloatArray);
      run(
          recording,
          () -> {
            reader.start();
            try {
              reader.join();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      assertNull(recording.reason());
    }
  }

  @Test
  void constantsAreWhatNoInputIsIn() {
    Tensor x = matrix();
    Tensor c = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(
          recording,
          () -> {
            assertTrue(recording.isConstant(c));
            assertTrue(recording.isConstant(c.exp().t().select(0, 1)));
            assertFalse(recording.isConstant(x));
            assertFalse(recording.isConstant(x.t().slice(0, 0, 1)));
            Tensor y = c.add(x);
            assertFalse(recording.isConstant(y.select(0, 1).exp()));
            Tensor written = Tensor.zeros(DType.F32, 3, 4);
            assertTrue(recording.isConstant(written));
            written.select(0, 1).copyFrom(x.select(0, 0));
            assertFalse(recording.isConstant(written));
          });
      assertNull(recording.reason());
    }
  }

  @Test
  void operatorsOnConstantsAreNoSteps() {
    Tensor x = matrix();
    Tensor c = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x));
        Program program =
            recording.finish(
                recording.run(
                    () -> {
                      Tensor dead = x.exp().add(c);
                      return List.of(x.add(c.exp().mul(2).sum(0)).t().neg());
                    }))) {
      assertEquals(
          List.of("add", "neg"), program.steps().stream().map(Program.Step::name).toList());
    }
  }

  @Test
  void writingIntoInputsSpoils() {
    Tensor x = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(recording, () -> x.select(0, 0).addInPlace(1));
      assertReason("add: it wrote into the memory of an input", recording);
    }
  }

  @Test
  void writingIntoTensorsFromOutsideSpoils() {
    Tensor x = matrix();
    for (Consumer<Tensor> write :
        List.<Consumer<Tensor>>of(
            c -> c.copyFrom(x), c -> c.addInPlace(1), c -> c.fill(2), c -> c.set(2, 0, 0))) {
      Tensor c = matrix();
      try (Recording recording = Recording.start(engine, weights, List.of(x))) {
        run(recording, () -> write.accept(c));
        assertNotNull(recording.reason());
        assertTrue(recording.reason().contains(": it wrote to a tensor from outside, f32[3, 4]"));
      }
    }
  }

  @Test
  void randomNumbersFromAConstantSeedSpoil() {
    Tensor x = matrix();
    Generator generator = new Generator(3);
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(recording, () -> Functional.dropout(x, 0.5, generator));
      assertReason("dropout: it drew random numbers from a seed that is constant", recording);
    }
  }

  @Test
  void randomNumbersFromASeedThatIsAnInputAreNew() {
    Generator generator = new Generator(3);
    Uniform uniform = new Uniform(0, 1, DType.F32, Shape.of(4));
    try (Recording recording = Recording.start(engine, weights, List.of(generator.next()));
        Program program =
            recording.finish(
                List.of(recording.run(() -> engine.run(uniform, recording.inputs().getFirst()))))) {
      Tensor seed = generator.next();
      assertEquals(
          List.of(engine.run(uniform, seed).toString()),
          program.run(List.of(seed)).stream().map(Tensor::toString).toList());
    }
  }

  @Test
  void operatorThatFailedOnValuesSpoils() {
    Tensor x = Tensor.of(new long[] {1, 9});
    Tensor table = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(
          recording,
          () -> assertThrows(IllegalArgumentException.class, () -> Functional.embedding(x, table)));
      assertReason("embedding: it failed", recording);
    }
  }

  @Test
  void operatorThatDoesNotTakeTheShapesDoesNot() {
    Tensor x = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      run(recording, () -> assertThrows(IllegalArgumentException.class, () -> x.matmul(x)));
      assertNull(recording.reason());
    }
  }

  @Test
  void exceptionsLeaveNothingBehind() {
    Tensor x = matrix();
    Tensor w = new Generator(2).randn(DType.F32, 64, 4);
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      IllegalStateException thrown = new IllegalStateException("mine");
      assertEquals(
          thrown,
          assertThrows(
              IllegalStateException.class,
              () ->
                  run(
                      recording,
                      () -> {
                        Functional.linear(x, w, null).relu();
                        throw thrown;
                      })));
      x.toFloatArray(); // Nothing runs in it any more.
      assertNull(recording.reason());
    }
  }

  @Test
  void recordingInsideAnotherSpoilsTheOuterOne() {
    Tensor x = matrix();
    try (Recording outer = Recording.start(engine, weights, List.of(x));
        Recording inner = Recording.start(engine, weights, List.of(x))) {
      Tensor y = outer.run(() -> inner.run(() -> x.exp()));
      try (Program program = inner.finish(List.of(y))) {
        assertEquals(1, program.steps().size());
      }
      assertReason("another recording ran inside it", outer);
    }
  }

  @Test
  void programInsideARecordingIsAStep() {
    Tensor x = matrix();
    Program inner;
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      inner = recording.finish(List.of(recording.run(() -> x.exp().add(1))));
    }
    try (Recording recording = Recording.start(engine, weights, List.of(x));
        Program outer =
            recording.finish(
                List.of(recording.run(() -> inner.run(List.of(x.neg())).getFirst().mul(2))))) {
      assertEquals(
          List.of("neg", "program", "mul"),
          outer.steps().stream().map(Program.Step::name).toList());
      inner.close(); // The outer one keeps it.
      assertEquals(
          x.abs().neg().exp().add(1).mul(2).toString(),
          outer.run(List.of(x.abs())).getFirst().toString());
    }
  }

  @Test
  void oneTensorForTwoInputsIsToldApart() {
    Tensor x = matrix();
    Tensor other = matrix().mul(2);
    try (Recording recording = Recording.start(engine, weights, List.of(x, x.t()))) {
      List<Tensor> in = recording.inputs();
      Tensor y = recording.run(() -> in.get(0).sub(in.get(1).t().mul(3)));
      try (Program program = recording.finish(List.of(y))) {
        assertEquals(
            x.sub(other.mul(3)).toString(),
            program.run(List.of(x, other.t())).getFirst().toString());
      }
    }
  }

  @Test
  void memoryOfTwoInputsSpoils() {
    Tensor x = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x, x))) {
      run(recording, x::exp);
      assertReason("a tensor f32[3, 4] lies in the memory of several inputs", recording);
    }
  }

  @Test
  void inputsSideBySideInOneStorageAreToldApart() {
    Tensor both = new Generator(1).randn(DType.F32, 2, 5);
    Tensor a = both.select(0, 0);
    Tensor b = both.select(0, 1);
    try (Recording recording = Recording.start(engine, weights, List.of(a, b));
        Program program = recording.finish(List.of(recording.run(() -> a.sub(b.mul(3)))))) {
      Tensor c = both.select(0, 1).copy();
      Tensor d = both.select(0, 0).exp();
      assertEquals(c.sub(d.mul(3)).toString(), program.run(List.of(c, d)).getFirst().toString());
    }
  }

  @Test
  void memoryAroundAnInputSpoils() {
    Tensor both = new Generator(1).randn(DType.F32, 2, 5);
    Tensor a = both.select(0, 0);
    try (Recording recording = Recording.start(engine, weights, List.of(a))) {
      run(recording, () -> a.add(both.select(0, 1)));
      assertReason("a tensor f32[5] lies in the memory of several inputs, or around", recording);
    }
  }

  @Test
  void constantsInMemoryOfTheCallersAreNeitherCopiedNorReadAfterItIsClosed() {
    Tensor x = Tensor.ones(DType.F32, 4);
    Arena arena = Arena.ofShared();
    Tensor c = Tensor.wrap(arena.allocate(16, 64), DType.F32, 4);
    try (Recording recording = Recording.start(engine, weights, List.of(x));
        Program program = recording.finish(List.of(recording.run(() -> x.add(c))))) {
      c.fill(2);
      assertEquals(3, program.run(List.of(x)).getFirst().get(3));
      arena.close();
      assertEquals(
          "tensor: the arena of the memory it wraps is closed",
          assertThrows(IllegalStateException.class, () -> program.run(List.of(x))).getMessage());
    }
  }

  @Test
  void hostFunctionSeesTensorsThatEndWithIt() {
    Tensor x = Tensor.ones(DType.F32, 4);
    Tensor[] kept = new Tensor[2];
    MemorySegment[] segment = new MemorySegment[1];
    HostFunction keeps =
        (in, out) -> {
          kept[0] = in.getFirst();
          kept[1] = out.getFirst();
          segment[0] = out.getFirst().segment();
          assertThrows(IllegalStateException.class, () -> in.getFirst().fill(2));
          out.getFirst().copyFrom(in.getFirst().add(1));
        };
    Layout layout = Layout.of(DType.F32, Shape.of(4));
    assertEquals(2, engine.call(keeps, List.of(layout), x).getFirst().get(0));
    for (Tensor tensor : kept) {
      assertThrows(IllegalStateException.class, tensor::toFloatArray);
      assertThrows(
          IllegalStateException.class, () -> engine.run(new Unary(UnaryFunction.EXP), tensor));
    }
    assertFalse(segment[0].scope().isAlive());
    assertEquals(
        "call: output 0 is to be f32[4] strides [0], whose elements share memory; expected a layout"
            + " that is not expanded",
        assertThrows(
                IllegalArgumentException.class,
                () -> engine.call(keeps, List.of(Layout.of(DType.F32, Shape.of(4), 0)), x))
            .getMessage());
  }

  @Test
  void recordingEndsWithItsProgram() {
    Tensor x = matrix();
    try (Recording recording = Recording.start(engine, weights, List.of(x))) {
      recording.finish(List.of(recording.run(x::exp))).close();
      assertEquals(
          "recording: it is closed",
          assertThrows(IllegalStateException.class, () -> recording.run(x::exp)).getMessage());
      assertThrows(IllegalStateException.class, () -> recording.finish(List.of(x)));
    }
  }

  @Test
  void inputsAndWeightsAreChecked() {
    Tensor x = matrix();
    x.close();
    assertEquals(
        "recording: input 0, a tensor f32[3, 4], is closed",
        assertThrows(
                IllegalStateException.class, () -> Recording.start(engine, weights, List.of(x)))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Recording.start(Engines.NATIVE, weights, List.of()));
    Weights closed = new Weights(engine);
    closed.close();
    assertEquals(
        "weights: they are closed",
        assertThrows(IllegalStateException.class, () -> Recording.start(engine, closed, List.of()))
            .getMessage());
  }
}
