package org.gatun.cli.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.OnnxSession;
import org.gatun.onnx.SessionOptions;
import org.gatun.onnx.Value;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.gatun.testkit.onnx.PrecisionLoss;
import org.jspecify.annotations.Nullable;

/** Runs a model once, and again for its time. */
public final class ModelRun {
  private static final int PROFILED = 20;

  /** Is given the outputs of the first run. */
  @FunctionalInterface
  public interface OutputWriter {
    /** Takes the outputs, which are open until this returns. */
    void write(Map<String, Value> outputs) throws IOException;
  }

  private final OnnxSession session;
  private final Map<String, Value> values;

  private ModelRun(OnnxSession session, Map<String, Value> values) {
    this.session = session;
    this.values = values;
  }

  /**
   * Returns what came of running the model in a file.
   *
   * @param spec its inputs
   * @param repeat how often it runs after the first time
   * @param timed the engine's backend where a profile is wanted, else null
   * @throws InputException if the inputs are not the model's
   * @throws IOException if a file cannot be read or written
   */
  public static RunResult of(
      Path file,
      SessionOptions options,
      InputSpec spec,
      int repeat,
      Engine engine,
      @Nullable TimedBackend timed,
      OutputWriter writer)
      throws IOException {
    try (Scope scope = Scope.open()) {
      long start = System.nanoTime();
      OnnxModel model = OnnxModel.load(file);
      final long read = System.nanoTime() - start;
      List<ModelInput> inputs = ModelInputs.of(model, spec);
      start = System.nanoTime();
      try (OnnxSession session = engine.with(() -> model.session(options))) {
        long loaded = read + System.nanoTime() - start;
        return of(file, model, session, inputs, repeat, timed, writer, loaded);
      }
    }
  }

  private static RunResult of(
      Path file,
      OnnxModel model,
      OnnxSession session,
      List<ModelInput> inputs,
      int repeat,
      @Nullable TimedBackend timed,
      OutputWriter writer,
      long loaded)
      throws IOException {
    Map<String, Value> values = new LinkedHashMap<>();
    Map<String, String> origins = new LinkedHashMap<>();
    List<ValueSummary> summaries = new ArrayList<>();
    for (ModelInput input : inputs) {
      values.put(input.name(), input.value());
      origins.put(input.name(), input.origin());
      summaries.addAll(ValueSummary.of(input.name(), input.value()));
    }
    ModelRun run = new ModelRun(session, values);
    final long start = System.nanoTime();
    Map<String, Value> outputs = session.runValues(values);
    final long first = System.nanoTime() - start;
    List<ValueSummary> results = new ArrayList<>();
    outputs.forEach((name, value) -> results.addAll(ValueSummary.of(name, value)));
    writer.write(outputs);
    PrecisionLoss loss = session.precision() == Precision.F32 ? null : loss(model, values, outputs);
    List<Long> repeats = run.repeat(repeat);
    return new RunResult(
        file.toString(),
        model.definition(),
        session.graph().nodes().size(),
        Threads.count(),
        summaries,
        origins,
        results,
        loaded,
        first,
        repeats,
        session.peakBytes(),
        session.packedBytes(),
        session.interpretedBecause(),
        session.precision(),
        loss,
        timed == null ? RunProfile.none() : run.profile(repeat, timed));
  }

  /** Returns how far outputs are from those of the model as it is. */
  private static PrecisionLoss loss(
      OnnxModel model, Map<String, Value> values, Map<String, Value> outputs) {
    try (Scope scope = Scope.open();
        OnnxSession exact = model.session()) {
      return PrecisionLoss.of(exact.runValues(values), outputs);
    }
  }

  private List<Long> repeat(int times) {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      try (Scope scope = Scope.open()) {
        long start = System.nanoTime();
        session.runValues(values);
        nanos.add(System.nanoTime() - start);
      }
    }
    return nanos;
  }

  /** Kernels in runs like any other; nodes one by one, once they are warm. */
  private RunProfile profile(int repeat, TimedBackend timed) {
    int runs = Math.clamp(repeat, 1, PROFILED);
    repeat(1);
    timed.reset();
    long start = System.nanoTime();
    repeat(runs);
    long nanos = System.nanoTime() - start;
    List<TimedBackend.KernelTime> kernels = timed.times();
    NodeTimes nodes = new NodeTimes();
    try (Scope scope = Scope.open()) {
      session.trace(values, new NodeTimes());
      session.trace(values, nodes);
    }
    return new RunProfile(nodes.operators(), nodes.nodes(), kernels, runs, nanos);
  }
}
