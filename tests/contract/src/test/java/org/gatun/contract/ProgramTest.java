package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Threads;
import org.gatun.runtime.Weights;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program takes, where it writes, and that many may run it and one may close it. */
@Timeout(120)
class ProgramTest {
  private static final Engine ENGINE = Engines.NATIVE;

  /** Records a function of one input on numbers of this shape. */
  private static Program program(Weights weights, UnaryOperator<Tensor> function, long... shape) {
    try (Scope scope = Scope.open()) {
      Tensor x = new Generator(1).randn(DType.F32, shape);
      try (Recording recording = Recording.start(ENGINE, weights, List.of(x))) {
        return recording.finish(List.of(recording.run(() -> function.apply(x))));
      }
    }
  }

  private static void checked(Runnable test) {
    LeakCheck leaks = LeakCheck.start();
    try (Scope scope = Scope.open()) {
      test.run();
    }
    ENGINE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  @Test
  void badInputsAreNamed() {
    checked(
        () -> {
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, x -> x.exp().add(1), 2, 3)) {
            assertEquals(List.of(Layout.of(DType.F32, Shape.of(2, 3))), program.inputs());
            Tensor x = Tensor.ones(DType.F32, 2, 3);
            Tensor closed = Tensor.ones(DType.F32, 2, 3);
            closed.close();
            assertArgument("program: 2 inputs given, expected 1", () -> program.run(List.of(x, x)));
            assertArgument(
                "program: input 0 is f32[3, 2], expected f32[2, 3]",
                () -> program.run(List.of(Tensor.ones(DType.F32, 3, 2))));
            assertArgument(
                "program: input 0 is f32[2, 3] strides [1, 2], expected f32[2, 3]",
                () -> program.run(List.of(Tensor.ones(DType.F32, 3, 2).t())));
            assertArgument(
                "program: input 0 is f64[2, 3], expected f32[2, 3]",
                () -> program.run(List.of(Tensor.ones(DType.F64, 2, 3))));
            assertEquals(
                "program: input 0, a tensor f32[2, 3], is closed",
                assertThrows(IllegalStateException.class, () -> program.run(List.of(closed)))
                    .getMessage());
            assertArgument(
                "program: 0 outputs given, expected 1", () -> program.run(List.of(x), List.of()));
            assertArgument(
                "program: output 0 given is f32[6], expected f32[2, 3]",
                () -> program.run(List.of(x), List.of(Tensor.ones(DType.F32, 6))));
            assertArgument(
                "program: output 0 given is f32[2, 3] strides [0, 1], whose elements share memory;"
                    + " expected a tensor that is not expanded",
                () -> program.run(List.of(x), List.of(Tensor.ones(DType.F32, 1, 3).expand(2, 3))));
            assertEquals(
                "program: output 0, a tensor f32[2, 3], is closed",
                assertThrows(
                        IllegalStateException.class, () -> program.run(List.of(x), List.of(closed)))
                    .getMessage());
          }
        });
  }

  private static void assertArgument(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  @Test
  void outputsMayLieAnywhere() {
    checked(
        () -> {
          // The output is written before the input has been read for the last time.
          UnaryOperator<Tensor> function =
              x -> {
                Tensor y = x.exp();
                y.addInPlace(x.t());
                return y;
              };
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, function, 4, 4)) {
            Tensor x = new Generator(5).randn(DType.F32, 4, 4);
            float[] expected = function.apply(x).toFloatArray();
            Tensor plain = Tensor.zeros(DType.F32, 4, 4);
            Tensor turned = Tensor.zeros(DType.F32, 4, 4).t();
            Tensor apart = Tensor.zeros(DType.F32, 4, 8).slice(1, 0, 8, 2);
            for (Tensor output : List.of(plain, turned, apart)) {
              program.run(List.of(x), List.of(output));
              assertArrayEquals(expected, output.toFloatArray());
            }
            Tensor itself = x.copy();
            program.run(List.of(itself), List.of(itself));
            assertArrayEquals(expected, itself.toFloatArray());
            Tensor shifted = Tensor.zeros(DType.F32, 5, 4);
            shifted.slice(0, 0, 4).copyFrom(x);
            program.run(List.of(shifted.slice(0, 0, 4)), List.of(shifted.slice(0, 1, 5)));
            assertArrayEquals(expected, shifted.slice(0, 1, 5).toFloatArray());
            try (Arena arena = Arena.ofConfined()) {
              Tensor wrapped = Tensor.wrap(arena.allocate(64, 64), DType.F32, 4, 4);
              program.run(List.of(x), List.of(wrapped));
              assertArrayEquals(expected, wrapped.toFloatArray());
            }
          }
        });
  }

  @Test
  void inputsInMemoryOfTheCallersAreTakenWhileItIsOpen() {
    checked(
        () -> {
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, Tensor::exp, 4)) {
            Arena arena = Arena.ofShared();
            Tensor x = Tensor.wrap(arena.allocate(16, 64), DType.F32, 4);
            assertEquals(1, program.run(List.of(x)).getFirst().get(0));
            arena.close();
            assertThrows(IllegalStateException.class, () -> program.run(List.of(x)));
          }
        });
  }

  @Test
  void memoryIsUsedAgain() {
    checked(
        () -> {
          UnaryOperator<Tensor> function =
              x -> {
                Tensor y = x;
                for (int i = 0; i < 20; i++) {
                  y = y.t().contiguous().softmax(1);
                }
                return y.sum();
              };
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, function, 32, 32)) {
            assertEquals(40 * 4096, program.sumBytes());
            assertEquals(2 * 4096, program.peakBytes());
          }
          // Element by element, one buffer is enough, and the last one is the output.
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, x -> x.exp().neg().add(1).tanh(), 32, 32)) {
            assertEquals(3 * 4096, program.sumBytes());
            assertEquals(4096, program.peakBytes());
          }
        });
  }

  @Test
  void listenersHearOfEachStep() {
    checked(
        () -> {
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, x -> x.exp().sum(0).neg(), 3, 4)) {
            List<Integer> heard = new ArrayList<>();
            program.run(
                List.of(Tensor.ones(DType.F32, 3, 4)),
                (step, nanos) -> {
                  assertTrue(nanos >= 0);
                  heard.add(step);
                });
            assertEquals(List.of(0, 1, 2), heard);
            Program.Step sum = program.steps().get(1);
            assertEquals("sum", sum.name());
            assertEquals(List.of(Layout.of(DType.F32, Shape.of(4))), sum.outputs());
            assertTrue(sum.implementation().startsWith("java:"), sum.implementation());
          }
        });
  }

  @Test
  void otherNumbersOfThreadsHavePlansOfTheirOwn() {
    checked(
        () -> {
          Tensor w = new Generator(2).randn(DType.F32, 128, 64);
          Tensor big = new Generator(3).randn(DType.F32, 256, 128);
          try (Weights weights = new Weights(ENGINE);
              Program program =
                  Threads.with(
                      1,
                      () ->
                          program(
                              weights,
                              x -> x.matmul(w).relu().mul(Threads.with(1, () -> x.sum())),
                              256,
                              128))) {
            assertEquals(1, program.threads());
            float[] one =
                Threads.with(1, () -> program.run(List.of(big)).getFirst()).toFloatArray();
            int plans = weights.plans();
            for (int i = 0; i < 2; i++) {
              float[] two =
                  Threads.with(2, () -> program.run(List.of(big)).getFirst()).toFloatArray();
              for (int k = 0; k < one.length; k++) {
                assertEquals(one[k], two[k], 1e-3 * Math.abs(one[k]));
              }
            }
            assertEquals(plans + 1, weights.plans());
            w.close(); // Then the plan for 3 threads cannot be made: that for 1 runs.
            float[] three =
                Threads.with(3, () -> program.run(List.of(big)).getFirst()).toFloatArray();
            assertEquals(one[7], three[7], 1e-3 * Math.abs(one[7]));
          }
        });
  }

  @Test
  void manyThreadsRunOneProgram() {
    checked(
        () -> {
          Tensor w = new Generator(2).randn(DType.F32, 64, 32);
          UnaryOperator<Tensor> function =
              x -> Functional.linear(x, w.t(), null).softmax(1).add(x.sum(1).unsqueeze(1)).exp();
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, function, 16, 64);
              ExecutorService callers = Executors.newFixedThreadPool(6)) {
            List<Future<?>> done = new ArrayList<>();
            for (int caller = 0; caller < 6; caller++) {
              Tensor x = new Generator(caller).randn(DType.F32, 16, 64);
              float[] expected = program.run(List.of(x)).getFirst().toFloatArray();
              done.add(
                  callers.submit(
                      () -> {
                        for (int i = 0; i < 300; i++) {
                          try (Tensor y = program.run(List.of(x)).getFirst()) {
                            assertArrayEquals(expected, y.toFloatArray());
                          }
                        }
                      }));
            }
            for (Future<?> future : done) {
              future.get();
            }
          } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void programThatIsClosedWhileItRunsReleasesEverythingInTheEnd() {
    checked(
        () -> {
          Tensor w = new Generator(2).randn(DType.F32, 64, 32);
          try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 50; i++) {
              Weights weights = new Weights(ENGINE);
              Program program = program(weights, x -> x.matmul(w).relu().add(1), 32, 64);
              Future<?> user = other.submit(() -> runUntilClosed(program));
              weights.close(); // The program keeps what it needs.
              for (int k = 0; k < 100; k++) {
                Thread.onSpinWait();
              }
              program.close();
              user.get();
            }
          } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void runUntilClosed(Program program) {
    try (Tensor x = Tensor.ones(DType.F32, 32, 64)) {
      while (true) {
        program.run(List.of(x)).getFirst().close();
      }
    } catch (IllegalStateException e) {
      assertEquals("program: it is closed", e.getMessage());
    }
  }

  @Test
  void stepThatFailsLeavesNothingBehind() {
    checked(
        () -> {
          Tensor table = Tensor.ones(DType.F32, 3, 2);
          Tensor good = Tensor.of(new long[] {0, 2});
          Tensor bad = Tensor.of(new long[] {0, 3});
          try (Weights weights = new Weights(ENGINE);
              Recording recording = Recording.start(ENGINE, weights, List.of(good));
              Program program =
                  recording.finish(
                      List.of(
                          recording.run(() -> Functional.embedding(good.add(0), table).add(1))))) {
            IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> program.run(List.of(bad)));
            assertTrue(e.getMessage().startsWith("embedding: index 3"), e.getMessage());
            assertEquals(2, program.run(List.of(good)).getFirst().get(1, 1));
          }
        });
  }

  @Test
  void runsAllocateNothingButOutputs() {
    checked(
        () -> {
          try (Weights weights = new Weights(ENGINE);
              Program program = program(weights, x -> x.t().softmax(1).contiguous(), 16, 16)) {
            Tensor x = Tensor.ones(DType.F32, 16, 16);
            Tensor out = Tensor.ones(DType.F32, 16, 16);
            LeakCheck blocks = LeakCheck.start();
            for (int i = 0; i < 100; i++) {
              program.run(List.of(x), List.of(out));
            }
            assertEquals(Optional.empty(), blocks.leak());
            float[] row = new float[16 * 16];
            Arrays.fill(row, 1f / 16);
            assertArrayEquals(row, out.toFloatArray());
          }
        });
  }
}
