package org.gatun.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.kernel.Library;
import org.gatun.reference.NdArray;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.gatun.runtime.Threads;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.gatun.testkit.Setting;
import org.gatun.testkit.bench.Contender;
import org.gatun.testkit.bench.Subject;
import org.gatun.testkit.cases.Cases;
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
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The operators' realistic shapes by contender: native, native with packed weights, Java with and
 * without the Vector API, and the reference. Each result is held against the reference before it is
 * timed.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OperatorBenchmark {
  /** The case; {@link #main} fills in all that are benchmarks. */
  @Param("matmul/512")
  public String name;

  /** Who computes. */
  @Param({"NATIVE", "BOUND", "VECTOR", "SCALAR", "REFERENCE"})
  public Contender contender;

  /** The number of threads. */
  @Param("1")
  public int threads;

  private Engine engine;
  private Subject subject;
  private final List<Tensor> inputs = new ArrayList<>();

  /**
   * Runs JMH with its usual arguments, on all benchmark cases where {@code -p name=} names none.
   *
   * @throws CommandLineOptionException if an argument is not JMH's
   * @throws RunnerException if a benchmark fails
   * @throws IOException if JMH cannot print
   */
  public static void main(String[] arguments)
      throws CommandLineOptionException, RunnerException, IOException {
    CommandLineOptions given = new CommandLineOptions(arguments);
    OptionsBuilder options = new OptionsBuilder();
    options.parent(given);
    if (!given.getParameter("name").hasValue()) {
      options.param(
          "name",
          Cases.all().stream().filter(Case::benchmark).map(Case::name).toArray(String[]::new));
    }
    if (given.shouldHelp() || given.shouldList() || given.shouldListWithParams()) {
      org.openjdk.jmh.Main.main(arguments);
    } else {
      new Runner(options.build()).run();
    }
  }

  /** Makes the operands, and checks what the contender makes of them. */
  @Setup(Level.Trial)
  public void setUp() {
    Case test =
        Cases.all().stream()
            .filter(c -> c.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no case " + name));
    DType dtype = test.dtypes().stream().sorted().findFirst().orElseThrow();
    Expectation expectation = Expectation.of(test, Setting.plain(dtype));
    Threads.set(threads);
    engine =
        Engine.of(
            switch (contender) {
              case NATIVE, BOUND, REFERENCE -> NativeBackend.create();
              case VECTOR -> NativeBackend.of(EnumSet.of(Library.JAVA), true);
              case SCALAR -> NativeBackend.of(EnumSet.of(Library.JAVA), false);
            });
    for (NdArray values : expectation.inputs()) {
      inputs.add(Subject.place(values, Layout.of(values.dtype(), values.shape())));
    }
    Subject made = Subject.of(contender, engine, inputs, expectation);
    if (made == null) {
      throw new IllegalStateException(name + ": no constants to pack");
    }
    subject = made;
    expectation
        .complaint(subject.results())
        .ifPresent(
            complaint -> {
              throw new IllegalStateException(name + ": " + complaint);
            });
  }

  /** Closes everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    subject.close();
    engine.close();
    inputs.forEach(Tensor::close);
  }

  /** One run. */
  @Benchmark
  public void run() {
    subject.run();
  }
}
