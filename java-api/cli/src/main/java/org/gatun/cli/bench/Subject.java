package org.gatun.cli.bench;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Tensor;
import org.gatun.op.Op;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.reference.Reference;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;

/** A contender with everything it needs to run a case again and again. */
abstract class Subject implements AutoCloseable {
  /** Runs the case, and throws the results away. */
  abstract void run();

  /** Runs the case, and returns the results. */
  abstract List<NdArray> results();

  /** Returns which code runs. */
  abstract String implementation();

  @Override
  public void close() {}

  /** Returns the subject that calls an engine, one call at a time. */
  static Subject eager(Engine engine, Op op, List<Tensor> inputs) {
    return new Eager(engine, op, inputs.toArray(Tensor[]::new));
  }

  /** Returns the subject that has the constants packed; they come after the other inputs. */
  static Subject bound(
      Engine engine, Op op, List<Tensor> inputs, List<Tensor> constants, List<Tensor> added) {
    List<Tensor> variable = new ArrayList<>(inputs);
    variable.addAll(added);
    return new Bound(
        engine.bind(op, constants.toArray(Tensor[]::new)), variable.toArray(Tensor[]::new));
  }

  /** Returns the reference. */
  static Subject reference(Op op, List<NdArray> inputs) {
    return new ByReference(op, inputs);
  }

  private static NdArray read(Tensor tensor) {
    return Elements.read(tensor.segment(), tensor.layout());
  }

  private static final class Eager extends Subject {
    private final Engine engine;
    private final Op op;
    private final Tensor[] inputs;

    Eager(Engine engine, Op op, Tensor[] inputs) {
      this.engine = engine;
      this.op = op;
      this.inputs = inputs;
    }

    @Override
    void run() {
      engine.runAll(op, inputs).forEach(Tensor::close);
    }

    @Override
    List<NdArray> results() {
      List<Tensor> outputs = engine.runAll(op, inputs);
      try {
        return outputs.stream().map(Subject::read).toList();
      } finally {
        outputs.forEach(Tensor::close);
      }
    }

    @Override
    String implementation() {
      return engine.implementation(op, inputs);
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private static final class Bound extends Subject {
    private final Runner runner;
    private final Tensor[] inputs;

    Bound(Runner runner, Tensor[] inputs) {
      this.runner = runner;
      this.inputs = inputs;
    }

    @Override
    void run() {
      runner.run(inputs).close();
    }

    @Override
    List<NdArray> results() {
      // The first run packs the weights; the second one uses what was packed.
      runner.run(inputs).close();
      try (Tensor output = runner.run(inputs)) {
        return List.of(read(output));
      }
    }

    @Override
    String implementation() {
      return runner.implementation(inputs);
    }

    @Override
    public void close() {
      runner.close();
    }
  }

  private static final class ByReference extends Subject {
    private final Op op;
    private final List<NdArray> inputs;

    ByReference(Op op, List<NdArray> inputs) {
      this.op = op;
      this.inputs = inputs;
    }

    @Override
    void run() {
      results();
    }

    @Override
    List<NdArray> results() {
      return Reference.evaluate(op, inputs);
    }

    @Override
    String implementation() {
      return "reference";
    }
  }
}
