package org.gatun.safety.programs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.gatun.Layout;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.Op;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Runner;
import org.jspecify.annotations.Nullable;

/** One run of a program on an engine, with the tensors that it makes. */
final class ProgramRun implements AutoCloseable {
  /** Is told of each operator, before and after it runs. */
  interface Observer {
    /** The operator is about to run, over the target if there is one. */
    void before(Step.Compute step, List<Tensor> operands, @Nullable Tensor target);

    /** The operator has run. */
    void after(Step.Compute step, List<Tensor> operands, List<Tensor> results);

    /** The operator was refused. */
    void failed(Step.Compute step, List<Tensor> operands, RuntimeException problem);
  }

  private final Engine engine;
  private final @Nullable Observer observer;
  private final Map<Integer, Tensor> tensors = new TreeMap<>();
  private final List<Tensor> made = new ArrayList<>();
  private final Deque<Scope> scopes = new ArrayDeque<>();
  private boolean wroteOver;
  private boolean refused;

  ProgramRun(Engine engine, @Nullable Observer observer) {
    this.engine = engine;
    this.observer = observer;
  }

  /**
   * Runs the steps.
   *
   * @param given tensors in place of leaves
   */
  void run(List<Step> steps, Map<Integer, Tensor> given) {
    for (Step step : steps) {
      switch (step) {
        case Step.Leaf leaf -> {
          Tensor tensor = given.get(leaf.result());
          put(leaf.result(), tensor == null ? Leaves.tensor(leaf) : tensor);
        }
        case Step.Compute compute -> compute(compute);
        case Step.Close(int tensor) -> {
          Tensor closed = tensors.get(tensor);
          if (closed != null) {
            closed.close();
          }
        }
        case Step.Enter _ -> scopes.push(Scope.open());
        case Step.Leave(List<Integer> kept) -> leave(kept);
      }
    }
  }

  private void put(int number, Tensor tensor) {
    tensors.put(number, tensor);
    made.add(tensor);
  }

  private void leave(List<Integer> kept) {
    Scope scope = scopes.pop();
    for (int tensor : kept) {
      if (tensors.containsKey(tensor)) {
        scope.keep(tensors.get(tensor));
      }
    }
    scope.close();
  }

  private void compute(Step.Compute step) {
    List<Tensor> operands = new ArrayList<>();
    for (int operand : step.operands()) {
      Tensor tensor = tensors.get(operand);
      if (tensor == null) {
        return; // What makes it was refused.
      }
      operands.add(tensor);
    }
    Tensor target = null;
    if (step.door() instanceof Step.Door.Over(int number)) {
      target = tensors.get(number);
      if (target == null) {
        return;
      }
    }
    if (observer != null) {
      observer.before(step, operands, target);
    }
    List<Tensor> results;
    try {
      results = results(step, operands);
    } catch (RuntimeException e) {
      refused = true;
      if (observer == null) {
        return;
      }
      observer.failed(step, operands, e);
      return;
    }
    for (int i = 0; i < step.results().size(); i++) {
      put(step.results().get(i), results.get(i));
    }
    if (observer != null) {
      observer.after(step, operands, results);
    }
  }

  private List<Tensor> results(Step.Compute step, List<Tensor> operands) {
    return switch (step.door()) {
      case Step.Door.Fresh _ -> engine.runAll(step.op(), operands.toArray(Tensor[]::new));
      case Step.Door.Into(boolean gaps) ->
          into(engine, step.op(), operands, gaps, observer != null);
      case Step.Door.Over(int target) -> {
        wroteOver = true;
        List<Tensor> results = List.of(tensors.get(target));
        engine.run(step.op(), operands, results);
        yield results;
      }
      case Step.Door.Bound(int constants) -> bound(engine, step.op(), operands, constants);
    };
  }

  /**
   * Returns the results of an operator in new tensors of the caller.
   *
   * @param gaps whether they are parts of bigger ones, around which nothing may be written
   */
  static List<Tensor> into(Engine engine, Op op, List<Tensor> operands, boolean gaps) {
    return into(engine, op, operands, gaps, true);
  }

  /** A recording ends where Java reads elements: what lies between is not looked at then. */
  private static List<Tensor> into(
      Engine engine, Op op, List<Tensor> operands, boolean gaps, boolean look) {
    List<Tensor> results = new ArrayList<>();
    boolean done = false;
    try (Gaps around = new Gaps()) {
      for (Layout layout : op.infer(operands.stream().map(Tensor::layout).toList())) {
        results.add(
            gaps ? around.make(layout) : Tensor.empty(layout.dtype(), layout.shape().dims()));
      }
      engine.run(op, operands, results);
      if (look) {
        around.check(op);
      }
      done = true;
      return results;
    } finally {
      if (!done) {
        results.forEach(Tensor::close);
      }
    }
  }

  /** Returns the results of an operator by a runner, of its second run. */
  static List<Tensor> bound(Engine engine, Op op, List<Tensor> operands, int constants) {
    int variable = operands.size() - constants;
    Tensor[] last = operands.subList(variable, operands.size()).toArray(Tensor[]::new);
    List<Layout> layouts = op.infer(operands.stream().map(Tensor::layout).toList());
    List<Tensor> results = new ArrayList<>();
    boolean done = false;
    try (Runner runner = engine.bind(op, last)) {
      for (Layout layout : layouts) {
        results.add(Tensor.empty(layout.dtype(), layout.shape().dims()));
      }
      for (int i = 0; i < 2; i++) {
        runner.run(operands.subList(0, variable), results);
      }
      done = true;
      return results;
    } finally {
      if (!done) {
        results.forEach(Tensor::close);
      }
    }
  }

  /** Returns the tensors that are open. */
  Map<Integer, Tensor> open() {
    Map<Integer, Tensor> open = new TreeMap<>(tensors);
    open.values().removeIf(Tensor::isClosed);
    return open;
  }

  /** Returns whether an operator was refused. */
  boolean refused() {
    return refused;
  }

  /** Returns whether an operator wrote over a tensor that was there. */
  boolean wroteOver() {
    return wroteOver;
  }

  @Override
  public void close() {
    while (!scopes.isEmpty()) {
      scopes.pop().close();
    }
    made.forEach(Tensor::close);
  }
}
