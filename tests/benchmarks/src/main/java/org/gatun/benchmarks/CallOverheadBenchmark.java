package org.gatun.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call costs beside the computing: operators so small that they hardly compute. The
 * difference between {@code eager} and {@code kernel} is what lies between the caller and the
 * kernel: finding the plan, allocating and closing the result, holding the memory.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallOverheadBenchmark {
  /** Which operator, and on what. */
  @Param({"add-1", "matmul-8x8"})
  public String call;

  private Op op;
  private Tensor a;
  private Tensor b;
  private Tensor result;
  private Engine engine;
  private Runner runner;
  private Plan plan;
  private MemorySegment[] inputs;
  private MemorySegment[] outputs;

  /** Makes the operands and the plan, and checks what they give. */
  @Setup(Level.Trial)
  public void setUp() {
    boolean add = call.equals("add-1");
    op = add ? new Binary(BinaryFunction.ADD) : new MatMul();
    long[] shape = add ? new long[] {1} : new long[] {8, 8};
    a = Tensor.full(DType.F32, 3, shape);
    b = Tensor.full(DType.F32, 2, shape);
    Layout layout = Layout.of(DType.F32, Shape.of(shape));
    result = Tensor.empty(layout);
    engine = Engine.current();
    runner = engine.bind(op, b);
    Backend backend = engine.backend();
    PlanRequest request =
        new PlanRequest(
            op,
            List.of(layout, layout),
            List.of(layout),
            Arrays.asList(new @Nullable MemorySegment[2]),
            1,
            backend.context());
    Plan made = backend.plan(request);
    if (made == null) {
      throw new IllegalStateException(call + ": no kernel");
    }
    plan = made;
    inputs = new MemorySegment[] {a.segment(), b.segment()};
    outputs = new MemorySegment[] {result.segment()};
    plan.execute(inputs, outputs);
    double expected = add ? 5 : 48;
    if (result.get(new long[shape.length]) != expected) {
      throw new IllegalStateException(call + ": " + result + ", expected " + expected);
    }
  }

  /** Closes everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    plan.close();
    runner.close();
    result.close();
    b.close();
    a.close();
  }

  /** The kernel alone, on operands that were prepared. */
  @Benchmark
  public void kernel() {
    plan.execute(inputs, outputs);
  }

  /** A call that returns a new tensor, and its closing. */
  @Benchmark
  public void eager() {
    engine.run(op, a, b).close();
  }

  /** A call into a tensor of the caller's. */
  @Benchmark
  public void into() {
    engine.run(op, List.of(a, b), List.of(result));
  }

  /** A call of a bound runner that returns a new tensor, and its closing. */
  @Benchmark
  public void bound() {
    runner.run(a).close();
  }
}
