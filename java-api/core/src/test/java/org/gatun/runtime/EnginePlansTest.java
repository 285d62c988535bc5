package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Copy;
import org.gatun.op.MatMul;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plans are made once, run by many threads, and closed once, when nobody runs them. */
@Timeout(60)
class EnginePlansTest {
  private static final Unary RELU = new Unary(UnaryFunction.RELU);

  private static Tensor tensor(float... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void equalOperatorsAndLayoutsShareAPlan() {
    Counting backend = new Counting();
    try (Engine engine = Engine.of(backend);
        Tensor two = tensor(1, 2);
        Tensor three = tensor(1, 2, 3)) {
      engine.run(RELU, two).close();
      engine.run(new Unary(UnaryFunction.RELU), two).close();
      engine.run(RELU, three).close();
      assertEquals(2, backend.planned.get());
      assertEquals(2, engine.plans());
      int unused = Threads.with(3, () -> engine.run(RELU, two).rank());
      assertEquals(3, backend.planned.get());
    }
    assertEquals(3, backend.closed.get());
  }

  @Test
  void evictionClosesWhatIsNotInUse() {
    AtomicInteger closed = new AtomicInteger();
    try (PlanCache cache = new PlanCache(8)) {
      Planned held = cache.hold(key(0), () -> planned(closed));
      for (int i = 1; i <= 100; i++) {
        cache.hold(key(i), () -> planned(closed)).release();
      }
      assertTrue(cache.size() <= 8, cache.size() + " plans");
      int evicted = 101 - cache.size();
      assertTrue(closed.get() == evicted || closed.get() == evicted - 1, closed + " closed");
      assertTrue(held.hold(), "a plan in use was closed");
      held.release();
      held.release();
      assertEquals(evicted, closed.get());
    }
    assertEquals(101, closed.get());
  }

  private static PlanCache.Key key(int size) {
    Layout[] inputs = {Layout.of(DType.F32, Shape.of(size))};
    return new PlanCache.Key(RELU, inputs, new Layout[0], 1);
  }

  private static Planned planned(AtomicInteger closed) {
    Plan plan =
        new Plan() {
          @Override
          public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {}

          @Override
          public String implementation() {
            return "nothing";
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    return new Planned(plan, new Layout[0]);
  }

  @Test
  void threadsThatPlanAtTheSameTimeUseOnePlanAndCloseTheOthers() throws Exception {
    Counting backend = new Counting();
    try (Engine engine = Engine.of(backend);
        Tensor x = tensor(-1, 2);
        var pool = Executors.newFixedThreadPool(8)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(
            pool.submit(
                () -> {
                  start.await();
                  try (Tensor y = engine.run(RELU, x)) {
                    return engine.with(y::toFloatArray);
                  }
                }));
      }
      start.countDown();
      for (Future<float[]> result : results) {
        assertArrayEquals(new float[] {0, 2}, result.get());
      }
      assertEquals(1, engine.plans());
      assertEquals(backend.planned.get() - 1, backend.closed.get());
    }
    assertEquals(backend.planned.get(), backend.closed.get());
  }

  @Test
  void aPlanThatRunsIsClosedAfterwards() throws Exception {
    Counting backend = new Counting();
    backend.hold();
    Engine engine = Engine.of(backend);
    try (Tensor x = tensor(-1, 2);
        var pool = Executors.newSingleThreadExecutor()) {
      Future<Tensor> running = pool.submit(() -> engine.run(RELU, x));
      assertTrue(backend.entered.await(30, TimeUnit.SECONDS));
      engine.close();
      assertEquals(0, backend.closed.get());
      backend.letGo.countDown();
      running.get().close();
    }
    assertEquals(1, backend.closed.get());
  }

  @Test
  void aTensorClosedWhileItIsReadStaysUntilTheEnd() throws Exception {
    Counting backend = new Counting();
    backend.hold();
    try (Engine engine = Engine.of(backend);
        var pool = Executors.newSingleThreadExecutor()) {
      Tensor x = tensor(-1, 2);
      Future<float[]> running =
          pool.submit(
              () -> {
                try (Tensor y = engine.run(RELU, x)) {
                  return engine.with(y::toFloatArray);
                }
              });
      assertTrue(backend.entered.await(30, TimeUnit.SECONDS));
      x.close();
      try (Tensor other = tensor(7, 7)) {
        assertFalse(other.startsWith(x), "the memory was given to another tensor");
        backend.letGo.countDown();
        assertArrayEquals(new float[] {0, 2}, running.get());
      }
      assertEquals(
          "relu: input 0, a tensor f32[2], is closed",
          assertThrows(IllegalStateException.class, () -> engine.run(RELU, x)).getMessage());
    }
  }

  @Test
  void aRunnerKeepsItsConstantsAndRefusesWhenClosed() {
    Counting backend = new Counting();
    try (Engine engine = Engine.of(backend);
        Tensor x = Tensor.of(new float[] {1, 2}, 1, 2)) {
      Tensor weights = Tensor.of(new float[] {3, 4}, 2, 1);
      Runner runner = engine.bind(new MatMul(), weights);
      weights.close();
      try (Tensor y = runner.run(x)) {
        assertEquals(Shape.of(1, 1), y.shape());
      }
      assertEquals(0, engine.plans());
      runner.close();
      runner.close();
      assertEquals(
          "matmul: the runner is closed",
          assertThrows(IllegalStateException.class, () -> runner.run(x)).getMessage());
      assertThrows(IllegalStateException.class, () -> engine.bind(new MatMul(), weights));
    }
    assertEquals(backend.planned.get(), backend.closed.get());
  }

  @Test
  void aRunnerClosedWhileItRunsEndsTheRun() throws Exception {
    Counting backend = new Counting();
    backend.hold();
    try (Engine engine = Engine.of(backend);
        Tensor x = Tensor.of(new float[] {1, 2}, 1, 2);
        Tensor weights = Tensor.of(new float[] {3, 4}, 2, 1);
        var pool = Executors.newSingleThreadExecutor()) {
      Runner runner = engine.bind(new MatMul(), weights);
      Future<Tensor> running = pool.submit(() -> runner.run(x));
      assertTrue(backend.entered.await(30, TimeUnit.SECONDS));
      runner.close();
      assertEquals(0, backend.closed.get());
      backend.letGo.countDown();
      running.get().close();
      assertEquals(1, backend.closed.get());
    }
  }

  @Test
  void anOutputMayBeStridedAndMayBeAnInput() {
    Counting backend = new Counting();
    try (Engine engine = Engine.of(backend);
        Tensor x = tensor(-1, 2, -3);
        Tensor wide = tensor(9, 9, 9, 9, 9, 9);
        Tensor every = engine.with(() -> wide.slice(0, 0, 6, 2))) {
      engine.run(RELU, List.of(x), List.of(every));
      assertArrayEquals(new float[] {0, 9, 2, 9, 0, 9}, engine.with(wide::toFloatArray));
      engine.run(RELU, List.of(x), List.of(x));
      assertArrayEquals(new float[] {0, 2, 0}, engine.with(x::toFloatArray));
    }
  }

  @Test
  void anOutputThatOverlapsAnInputOtherwiseIsComputedBeside() {
    Counting backend = new Counting();
    try (Engine engine = Engine.of(backend);
        Tensor x = tensor(-1, 2, 3, 4);
        Tensor from = engine.with(() -> x.slice(0, 0, 3));
        Tensor to = engine.with(() -> x.slice(0, 1, 4))) {
      engine.run(RELU, List.of(from), List.of(to));
      assertArrayEquals(new float[] {-1, 0, 2, 3}, engine.with(x::toFloatArray));
    }
  }

  @Test
  void anOutputThatDoesNotFitIsRefused() {
    Counting backend = new Counting();
    try (Engine engine = Engine.of(backend);
        Tensor x = tensor(-1, 2, 3);
        Tensor two = tensor(0, 0);
        Tensor one = tensor(5);
        Tensor repeated = engine.with(() -> one.expand(3))) {
      assertEquals(
          "relu: output 0 given is f32[2], expected f32[3]",
          assertThrows(
                  IllegalArgumentException.class, () -> engine.run(RELU, List.of(x), List.of(two)))
              .getMessage());
      assertThrows(
          IllegalArgumentException.class, () -> engine.run(RELU, List.of(x), List.of(repeated)));
      assertThrows(IllegalArgumentException.class, () -> engine.run(RELU, List.of(x), List.of()));
      assertEquals(0, backend.planned.get());
      assertArrayEquals(new float[] {5}, engine.with(one::toFloatArray));
    }
  }

  @Test
  void aFailingPlanLeavesNoMemoryBehind() {
    Counting backend = new Counting();
    backend.failing = true;
    try (Engine engine = Engine.of(backend);
        Tensor x = tensor(-1, 2)) {
      long before = MemoryPool.shared().report().liveBlocks();
      assertThrows(ArithmeticException.class, () -> engine.run(RELU, x));
      assertEquals(before, MemoryPool.shared().report().liveBlocks());
    }
    assertEquals(1, backend.closed.get());
  }

  /** ReLU and copies of f32 vectors of any stride; whatever else is asked for, nothing happens. */
  private static final class Counting implements Backend, Workers {
    final AtomicInteger planned = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(0);
    boolean failing;

    /** Has plans wait in their execution. */
    void hold() {
      letGo = new CountDownLatch(1);
    }

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public KernelContext context() {
      return new KernelContext(this, MemoryPool.shared(), false);
    }

    @Override
    public void parallel(int threads, long count, long grain, Part part) {
      part.run(0, count);
    }

    @Override
    public @Nullable Plan plan(PlanRequest request) {
      planned.incrementAndGet();
      return new Counted(this, request);
    }
  }

  private record Counted(Counting backend, PlanRequest request) implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      backend.entered.countDown();
      try {
        assertTrue(backend.letGo.await(30, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (backend.failing) {
        throw new ArithmeticException("as asked");
      }
      if (request.op() instanceof MatMul) {
        return;
      }
      Layout from = request.input(0);
      Layout to = request.output(0);
      for (long i = 0; i < from.size(); i++) {
        float value = inputs[0].getAtIndex(ValueLayout.JAVA_FLOAT, i * from.stride(0));
        float result = request.op() instanceof Copy ? value : Math.max(0, value);
        outputs[0].setAtIndex(ValueLayout.JAVA_FLOAT, i * to.stride(0), result);
      }
    }

    @Override
    public String implementation() {
      return "counted";
    }

    @Override
    public void close() {
      backend.closed.incrementAndGet();
    }
  }
}
