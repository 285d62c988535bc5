package org.gatun.onnx.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.gatun.Layout;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.NodeListener;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Graph;
import org.gatun.op.Copy;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Ownership;
import org.gatun.runtime.Program;
import org.gatun.runtime.Recording;
import org.gatun.runtime.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph on values, in an engine: node by node for inputs of new layouts, and from then on as
 * it was recorded. A graph whose course depends on the values of its inputs always runs node by
 * node. Any number of threads may use it.
 */
public final class GraphRunner implements AutoCloseable {
  private final Engine engine;
  private final Weights weights;
  private final GraphCode code;
  private final ProgramCache programs;
  private final boolean reuseMemory;
  private final Owned owned;

  /** That of the last run, which mostly is the next one's too. */
  private volatile ProgramCache.@Nullable Key lastKey;

  private final AtomicBoolean closed = new AtomicBoolean();

  /** The open runner and every run: the last one out frees what they share. */
  private final AtomicInteger users = new AtomicInteger(1);

  /**
   * Makes the runner of a graph.
   *
   * @param opsets versions of the operators by domain
   * @param plans for how many layouts of the inputs what was recorded is kept
   * @param reuseMemory whether values that are not needed at the same time share memory
   * @throws OnnxException if a value or an operator is missing
   */
  public GraphRunner(
      Engine engine, Graph graph, Map<String, Long> opsets, int plans, boolean reuseMemory) {
    this.engine = engine;
    this.code = engine.with(() -> GraphCode.of(graph, opsets));
    this.weights = new Weights(engine);
    this.programs = new ProgramCache(plans);
    this.reuseMemory = reuseMemory;
    this.owned = new Owned(graph.name(), code, weights, programs);
    owned.guard(this);
  }

  /** What the runs share, which nobody else gives back where the session was forgotten. */
  private static final class Owned extends Ownership {
    private final String graph;
    private final GraphCode code;
    private final Weights weights;
    private final ProgramCache programs;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Owned(String graph, GraphCode code, Weights weights, ProgramCache programs) {
      this.graph = graph;
      this.code = code;
      this.weights = weights;
      this.programs = programs;
    }

    @Override
    protected boolean letGo() {
      boolean first = open.compareAndSet(true, false);
      if (first) {
        programs.close();
        weights.close();
        code.close();
      }
      return first;
    }

    @Override
    protected String what() {
      return "a session of graph '" + graph + "'";
    }
  }

  /**
   * Returns the outputs of the graph as tensors of their own.
   *
   * @param inputs one for each input of the graph, null for its default
   * @throws IllegalStateException if this is closed
   */
  public List<Value> run(List<? extends @Nullable Value> inputs) {
    enter();
    ProgramCache.Recorded recorded = null;
    try {
      List<Tensor> tensors = new ArrayList<>(inputs.size());
      ProgramCache.Key key = key(inputs, tensors);
      recorded = programs.hold(key);
      Program program = recorded == null ? null : recorded.program();
      if (recorded == null || program == null) {
        return record(key, tensors, recorded == null, null);
      }
      List<Tensor> outputs = program.run(tensors);
      return recorded.givesTensors()
          ? ValueForm.tensors(recorded.outputs(), outputs)
          : present(ValueForm.with(recorded.outputs(), outputs.iterator()));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw refused(told(inputs, e));
    } catch (OutOfNativeMemoryException e) {
      throw refused(e);
    } catch (OutOfMemoryError e) {
      throw noMemory(e);
    } finally {
      programs.release(recorded);
      leave();
    }
  }

  private OnnxException refused(RuntimeException thrown) {
    String message = "graph '" + code.graph().name() + "': " + thrown.getMessage();
    return new OnnxException(message, thrown);
  }

  private OnnxException noMemory(OutOfMemoryError thrown) {
    String message = "graph '" + code.graph().name() + "': no room on the heap: ";
    return new OnnxException(message + thrown.getMessage(), thrown);
  }

  /**
   * Returns what was thrown, unless the graph throws node by node too: that has the node's name. A
   * value, such as an index, may be what an operator does not take.
   */
  private RuntimeException told(List<? extends @Nullable Value> inputs, RuntimeException thrown) {
    try (Scope scope = Scope.open()) {
      trace(inputs, null);
    }
    return thrown;
  }

  /**
   * Does what {@link #run(List)} does, node by node.
   *
   * @param listener is told of each node of the graph, if not null
   */
  public List<Value> trace(
      List<? extends @Nullable Value> inputs, @Nullable NodeListener listener) {
    enter();
    try {
      List<Tensor> tensors = new ArrayList<>(inputs.size());
      return record(key(inputs, tensors), tensors, false, listener);
    } catch (OutOfNativeMemoryException e) {
      throw refused(e);
    } catch (OutOfMemoryError e) {
      throw noMemory(e);
    } finally {
      leave();
    }
  }

  /**
   * Computes into the caller's tensors, of the shapes and dtypes of the outputs.
   *
   * @param outputs one for each output of the graph, null for those not wanted
   * @throws IllegalArgumentException if a tensor is not as its output is
   * @throws OnnxException if a wanted output is no tensor
   * @throws IllegalStateException if this, an input or an output is closed
   */
  public void run(List<? extends @Nullable Value> inputs, List<@Nullable Tensor> outputs) {
    enter();
    ProgramCache.Recorded recorded = null;
    try {
      List<Tensor> tensors = new ArrayList<>(inputs.size());
      recorded = programs.hold(key(inputs, tensors));
      Program program = recorded == null ? null : recorded.program();
      if (recorded != null && program != null && recorded.givesTensors()) {
        try {
          runInto(program, tensors, outputs);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
          throw told(inputs, e);
        } catch (OutOfNativeMemoryException e) {
          throw refused(e);
        } catch (OutOfMemoryError e) {
          throw noMemory(e);
        }
        return;
      }
      try (Scope scope = Scope.open()) {
        List<Value> results = run(inputs);
        for (int i = 0; i < outputs.size(); i++) {
          Tensor output = outputs.get(i);
          if (output == null) {
            continue;
          }
          if (!(results.get(i) instanceof Value.Dense dense)) {
            throw new OnnxException(
                "run: output '"
                    + code.graph().outputs().get(i).name()
                    + "' is no tensor; runValues returns it");
          }
          engine.run(new Copy(false), List.of(dense.tensor()), List.of(output));
        }
      }
    } finally {
      programs.release(recorded);
      leave();
    }
  }

  private void runInto(Program program, List<Tensor> inputs, List<@Nullable Tensor> outputs) {
    List<Tensor> unwanted = List.of();
    List<Tensor> all = new ArrayList<>(outputs.size());
    try {
      for (int i = 0; i < outputs.size(); i++) {
        Tensor output = outputs.get(i);
        if (output == null) {
          output = engine.allocate(program.outputs().get(i));
          if (unwanted.isEmpty()) {
            unwanted = new ArrayList<>();
          }
          unwanted.add(output);
        }
        all.add(output);
      }
      program.run(inputs, all);
    } finally {
      for (int i = 0; i < unwanted.size(); i++) {
        unwanted.get(i).close();
      }
    }
  }

  /** Returns what a recording for these inputs depends on, and adds their tensors to the list. */
  private ProgramCache.Key key(List<? extends @Nullable Value> inputs, List<Tensor> tensors) {
    ProgramCache.Key last = lastKey;
    if (last != null && last.isOf(inputs)) {
      for (int i = 0; i < inputs.size(); i++) {
        if (inputs.get(i) instanceof Value.Dense dense) {
          tensors.add(dense.tensor());
        }
      }
      return last;
    }
    List<ValueForm> forms = ValueForm.of(inputs, tensors);
    List<Layout> layouts = new ArrayList<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      layouts.add(tensors.get(i).layout());
    }
    ProgramCache.Key key = new ProgramCache.Key(forms, layouts);
    lastKey = key;
    return key;
  }

  /** Runs node by node, with packed weights, and keeps what was recorded if that is wanted. */
  private List<Value> record(
      ProgramCache.Key key, List<Tensor> tensors, boolean keep, @Nullable NodeListener listener) {
    try (Scope scope = Scope.open();
        Recording recording = Recording.start(engine, weights, tensors)) {
      if (!keep) {
        recording.giveUp("nobody keeps it"); // Then it packs nothing for this run alone.
      }
      List<@Nullable Value> inputs =
          ValueForm.with(key.forms(), List.copyOf(recording.inputs()).iterator());
      List<Value> outputs = recording.run(() -> interpret(inputs, listener));
      List<Tensor> results = new ArrayList<>();
      List<ValueForm> forms = ValueForm.of(outputs, results);
      List<Tensor> given = new ArrayList<>();
      for (Tensor result : results) {
        // A constant stays the program's, and the caller may write to what it gets.
        Tensor own = recording.isConstant(result) ? engine.run(new Copy(false), result) : result;
        given.add(scope.keep(own));
      }
      if (keep) {
        String reason = recording.reason();
        Program program = reason == null ? recording.finish(results, reuseMemory) : null;
        programs.put(key, new ProgramCache.Recorded(program, forms, reason));
      }
      return present(ValueForm.with(forms, given.iterator()));
    }
  }

  private List<Value> interpret(
      List<? extends @Nullable Value> inputs, @Nullable NodeListener listener) {
    Interpreter interpreter = new Interpreter(listener);
    List<Tensor> given = new ArrayList<>();
    List<Value> outputs = new ArrayList<>();
    List<Value> results = interpreter.run(code, inputs);
    try {
      for (Value value : results) {
        outputs.add(independent(value, interpreter, given));
      }
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw refused(e); // A view that repeats elements may be larger than any memory.
    }
    return outputs;
  }

  /** An output is row-major, and shares no memory with inputs, constants or other outputs. */
  private static Value independent(Value value, Interpreter interpreter, List<Tensor> given) {
    return switch (value) {
      case Value.Dense dense -> {
        Tensor tensor = dense.tensor();
        boolean shared =
            interpreter.sharesMemory(tensor) || given.stream().anyMatch(tensor::overlaps);
        Tensor own =
            shared || !tensor.isContiguous()
                ? Engine.current().run(new Copy(false), tensor)
                : tensor;
        given.add(own);
        yield new Value.Dense(dense.type(), own);
      }
      case Value.Sequence sequence ->
          new Value.Sequence(
              sequence.elements().stream()
                  .map(element -> independent(element, interpreter, given))
                  .toList());
      case Value.Optional optional -> {
        Value inner = optional.value();
        yield new Value.Optional(inner == null ? null : independent(inner, interpreter, given));
      }
    };
  }

  private static List<Value> present(List<@Nullable Value> values) {
    List<Value> all = new ArrayList<>(values.size());
    for (Value value : values) {
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }

  /** Returns the number of layouts of the inputs for which something was recorded. */
  public int plans() {
    return programs.all().size();
  }

  /** Returns the most bytes that a recorded run takes beside inputs, outputs and weights. */
  public long peakBytes() {
    return programs.all().stream()
        .mapToLong(recorded -> recorded.program() == null ? 0 : recorded.program().peakBytes())
        .max()
        .orElse(0);
  }

  /** Returns the bytes that packed weights take, beside those of the model. */
  public long packedBytes() {
    return weights.packedBytes();
  }

  /** Returns why the graph runs node by node, or null where it need not. */
  public @Nullable String interpretedBecause() {
    for (ProgramCache.Recorded recorded : programs.all()) {
      if (recorded.reason() != null) {
        return recorded.reason();
      }
    }
    return null;
  }

  private void enter() {
    int seen = closed.get() ? 0 : users.get();
    while (seen > 0) {
      int witness = users.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return;
      }
      seen = witness;
    }
    throw new IllegalStateException("session: it is closed");
  }

  private void leave() {
    if (users.decrementAndGet() == 0) {
      owned.close();
    }
  }

  /** Frees what the runs share, once those that are running have ended. Twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      leave();
    }
  }
}
