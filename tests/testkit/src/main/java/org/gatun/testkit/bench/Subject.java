package org.gatun.testkit.bench;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.View;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;
import org.gatun.reference.Reference;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;
import org.gatun.testkit.Case;
import org.gatun.testkit.Expectation;
import org.jspecify.annotations.Nullable;

/** A case with everything that a contender needs to run it again and again. */
public abstract class Subject implements AutoCloseable {
  /** Runs the case, and throws the results away. */
  public abstract void run();

  /** Runs the case, and returns the results. */
  public abstract List<NdArray> results();

  /** Returns which code runs. */
  public abstract String implementation();

  @Override
  public void close() {}

  /**
   * Returns a case made ready for a contender.
   *
   * @param engine the contender's; not used for the reference
   * @param inputs the operands, for the contenders that take tensors
   * @param expectation the operands and the results that are expected
   * @return null for {@link Contender#BOUND} where the case has no constants to pack
   */
  public static @Nullable Subject of(
      Contender contender, Engine engine, List<Tensor> inputs, Expectation expectation) {
    Case test = expectation.test();
    return switch (contender) {
      case NATIVE, VECTOR, SCALAR -> new Eager(engine, test.op(), inputs.toArray(Tensor[]::new));
      case BOUND -> bound(engine, test, inputs);
      case REFERENCE -> new ByReference(test.op(), expectation.inputs());
    };
  }

  /** Returns a tensor of these values that lies in memory as the layout says. */
  public static Tensor place(NdArray values, Layout layout) {
    Tensor tensor = Tensor.empty(layout);
    Elements.write(values, tensor.segment(), layout);
    return tensor;
  }

  /** Constants are the last inputs, but for those that fused steps add. */
  private static @Nullable Subject bound(Engine engine, Case test, List<Tensor> inputs) {
    int end = inputs.size() - (test.op() instanceof Fused fused ? fused.extraInputs() : 0);
    int start = end;
    while (start > 0 && test.operands().get(start - 1).constant()) {
      start--;
    }
    List<Layout> layouts = inputs.stream().map(Tensor::layout).toList();
    if (start == end || test.op() instanceof View || test.op().infer(layouts).size() != 1) {
      return null;
    }
    List<Tensor> variable = new ArrayList<>(inputs.subList(0, start));
    variable.addAll(inputs.subList(end, inputs.size()));
    Tensor[] constants = inputs.subList(start, end).toArray(Tensor[]::new);
    return new Bound(engine.bind(test.op(), constants), variable.toArray(Tensor[]::new));
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
    public void run() {
      engine.runAll(op, inputs).forEach(Tensor::close);
    }

    @Override
    public List<NdArray> results() {
      List<Tensor> outputs = engine.runAll(op, inputs);
      try {
        return outputs.stream().map(Subject::read).toList();
      } finally {
        outputs.forEach(Tensor::close);
      }
    }

    @Override
    public String implementation() {
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
    public void run() {
      runner.run(inputs).close();
    }

    @Override
    public List<NdArray> results() {
      // The first run packs the weights; the second one uses what was packed.
      runner.run(inputs).close();
      try (Tensor output = runner.run(inputs)) {
        return List.of(read(output));
      }
    }

    @Override
    public String implementation() {
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
    public void run() {
      results();
    }

    @Override
    public List<NdArray> results() {
      return Reference.evaluate(op, inputs);
    }

    @Override
    public String implementation() {
      return "reference";
    }
  }
}
