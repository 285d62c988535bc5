package org.gatun.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Conv;
import org.gatun.op.Ints;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;
import org.gatun.runtime.Threads;
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
 * What a call costs beside the computing. The difference between {@code eager} and {@code kernel}
 * is what lies between the caller and the kernel: finding the plan, allocating and closing the
 * result, holding the memory; it shows in operators so small that they hardly compute. {@code
 * boundInto} against {@code kernel}, which runs the primitive with packed weights, is what a bound
 * layer costs beside its primitive.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CallOverheadBenchmark {
  /** Which operator, and on what: two tiny ones, and two layers with their weights packed. */
  @Param({"add-1", "matmul-8x8", "conv2d-3x3-64@56", "linear-128x384to1536"})
  public String call;

  /** The number of threads. */
  @Param("1")
  public int threads;

  private Op op;
  private List<Tensor> operands;
  private Tensor[] all;
  private Tensor[] variable;
  private Tensor result;
  private Engine engine;
  private Runner runner;
  private Plan plan;
  private MemorySegment[] inputs;
  private MemorySegment[] outputs;

  /** Makes the operands and the plan, and checks that all ways give the same. */
  @Setup(Level.Trial)
  public void setUp() {
    Threads.set(threads);
    engine = Engine.current();
    Subject subject =
        switch (call) {
          case "add-1" -> new Subject(new Binary(BinaryFunction.ADD), 1, random(1), random(1));
          case "matmul-8x8" -> new Subject(new MatMul(), 1, random(8, 8), random(8, 8));
          case "conv2d-3x3-64@56" ->
              new Subject(
                  new Conv(Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), Ints.of(1, 1), 1, true),
                  2,
                  random(1, 64, 56, 56).channelsLast(),
                  random(64, 64, 3, 3),
                  random(64));
          case "linear-128x384to1536" ->
              new Subject(new Linear(true), 2, random(128, 384), random(1536, 384), random(1536));
          default -> throw new IllegalArgumentException("no call " + call);
        };
    op = subject.op();
    all = subject.operands();
    operands = List.of(all);
    int first = all.length - subject.constants();
    variable = Arrays.copyOf(all, first);
    runner = engine.bind(op, Arrays.copyOfRange(all, first, all.length));
    try (Tensor bound = runner.run(variable)) {
      result = Tensor.empty(bound.layout());
      prepare(first, bound.layout());
      plan.execute(inputs, outputs);
      if (!Arrays.equals(bound.toFloatArray(), result.toFloatArray())) {
        throw new IllegalStateException(call + ": the kernel and the runner differ");
      }
    }
  }

  /** An operator with its operands, the last of which are constants. */
  private record Subject(Op op, int constants, Tensor... operands) {}

  private static Tensor random(long... shape) {
    SplittableRandom random = new SplittableRandom(7);
    float[] values = new float[Math.toIntExact(Shape.of(shape).size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return Tensor.of(values, shape);
  }

  /** Plans as a bound runner does, with the last operands packed. */
  private void prepare(int first, Layout output) {
    inputs = operands.stream().map(Tensor::segment).toArray(MemorySegment[]::new);
    outputs = new MemorySegment[] {result.segment()};
    @Nullable MemorySegment[] fixed = inputs.clone();
    Arrays.fill(fixed, 0, first, null);
    Backend backend = engine.backend();
    Plan made =
        backend.plan(
            new PlanRequest(
                op,
                operands.stream().map(Tensor::layout).toList(),
                List.of(output),
                Arrays.asList(fixed),
                threads,
                backend.context()));
    if (made == null) {
      throw new IllegalStateException(call + ": no kernel");
    }
    plan = made;
  }

  /** Closes everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    plan.close();
    runner.close();
    result.close();
    operands.forEach(Tensor::close);
  }

  /** The kernel alone, on operands that were prepared. */
  @Benchmark
  public void kernel() {
    plan.execute(inputs, outputs);
  }

  /** A call that returns a new tensor, and its closing. */
  @Benchmark
  public void eager() {
    engine.run(op, all).close();
  }

  /** A call into a tensor of the caller's. */
  @Benchmark
  public void into() {
    engine.run(op, operands, List.of(result));
  }

  /** A call of a bound runner into a tensor of the caller's. */
  @Benchmark
  public void boundInto() {
    runner.run(List.of(variable), List.of(result));
  }

  /** A call of a bound runner that returns a new tensor, and its closing. */
  @Benchmark
  public void bound() {
    runner.run(variable).close();
  }
}
