package org.gatun.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.gatun.Precision;
import org.gatun.Tensor;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.pass.FunctionInlining;
import org.gatun.onnx.pass.Passes;
import org.gatun.onnx.session.GraphRunner;
import org.gatun.onnx.session.InputCheck;
import org.gatun.runtime.Engine;
import org.gatun.runtime.PrecisionSupport;
import org.jspecify.annotations.Nullable;

/**
 * A model that is ready to run. Any number of threads may run it at once.
 *
 * <p>The first run with inputs of some shapes works out how to compute them: it packs weights, and
 * lays out the memory of all that lies between. Later runs with the same shapes repeat what was
 * worked out. It is kept for as many shapes as {@link SessionOptions#plans} says. A model whose
 * course depends on the values of its inputs, as one with {@code NonZero} or a loop until something
 * has converged, runs node by node each time; {@link #interpretedBecause} tells.
 *
 * <p>A loop has no bound but those that the model gives it. Who runs models of others interrupts
 * the thread: a run ends with an {@link OnnxException} where its loop begins anew, and the thread
 * stays interrupted. What a run takes of memory is bound by {@code gatun.memory.limit}, the JVM's
 * heap, and nothing else.
 */
public final class OnnxSession implements AutoCloseable {
  private static final long FIRST_WITH_DEFAULTS = 4;

  private final OnnxModel model;
  private final Graph graph;
  private final GraphRunner runner;
  private final InputCheck check;
  private final List<String> outputNames;
  private final Precision precision;

  OnnxSession(OnnxModel model, SessionOptions options) {
    this.model = model;
    Map<String, Long> opsets = model.definition().opsets();
    Graph whole = withFixedInitializers(model.definition());
    Engine engine = Engine.current();
    this.precision = PrecisionSupport.possible(engine, options.precision());
    this.graph = Passes.optimize(whole, opsets, options.disabledPasses(), precision);
    this.check = InputCheck.of(whole);
    this.outputNames = model.outputs().stream().map(ValueInfo::name).toList();
    this.runner =
        new GraphRunner(
            engine, graph, Passes.opsets(opsets), options.plans(), options.reuseMemory());
  }

  /**
   * Returns the graph without the inputs that are initializers too, where the format had them all
   * be inputs. Only since format 4 such an input has a default, which the caller may replace.
   */
  private static Graph withFixedInitializers(Model model) {
    Graph graph = FunctionInlining.inline(model);
    if (model.irVersion() >= FIRST_WITH_DEFAULTS) {
      return graph;
    }
    Set<String> fixed = graph.initializerNames();
    return new Graph(
        graph.name(),
        graph.nodes(),
        graph.initializers(),
        graph.sparseInitializers(),
        graph.inputs().stream().filter(input -> !fixed.contains(input.name())).toList(),
        graph.outputs(),
        graph.values());
  }

  /** Returns the inputs that {@link #run(Map)} takes, without those that have a default. */
  public List<ValueInfo> inputs() {
    return model.inputs();
  }

  /** Returns the outputs that {@link #run(Map)} gives. */
  public List<ValueInfo> outputs() {
    return model.outputs();
  }

  /**
   * Returns what products are computed in: what the options say, or {@link Precision#F32} where the
   * processor does not multiply the other.
   */
  public Precision precision() {
    return precision;
  }

  /** Returns the graph that runs: the model's after the rewrites. */
  public Graph graph() {
    return graph;
  }

  /**
   * Returns the outputs by name, as new tensors in row-major order.
   *
   * @param inputs by name; they are read and not closed
   * @throws OnnxException if an input is missing, unknown or not as the model declares it, an
   *     output is no tensor, a node cannot run, there is no memory for what it computes, neither
   *     native nor on the heap, or the thread is interrupted in a loop
   * @throws IllegalStateException if this session or an input is closed
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs) {
    List<Value> results = runner.run(check.orderedTensors(inputs));
    Map<String, Tensor> tensors = LinkedHashMap.newLinkedHashMap(results.size());
    for (int i = 0; i < results.size(); i++) {
      if (!(results.get(i) instanceof Value.Dense dense)) {
        results.forEach(OnnxSession::close);
        throw new OnnxException(
            "run: output '" + outputNames.get(i) + "' is no tensor; runValues returns it");
      }
      tensors.put(outputNames.get(i), dense.tensor());
    }
    return tensors;
  }

  private static void close(@Nullable Value value) {
    switch (value) {
      case null -> {}
      case Value.Dense dense -> dense.tensor().close();
      case Value.Sequence sequence -> sequence.elements().forEach(OnnxSession::close);
      case Value.Optional optional -> close(optional.value());
    }
  }

  /**
   * Returns the output of a model that takes one tensor and gives one.
   *
   * @param input is read and not closed
   * @throws OnnxException as {@link #run(Map)} does, and if there are several inputs or outputs
   * @throws IllegalStateException if this session or the input is closed
   */
  public Tensor run(Tensor input) {
    Objects.requireNonNull(input, "run: input is null");
    if (inputs().size() != 1 || outputs().size() != 1) {
      throw new OnnxException(
          "run: the model takes "
              + inputs()
              + " and gives "
              + outputs()
              + ", expected one of each");
    }
    return run(Map.of(inputs().getFirst().name(), input)).values().iterator().next();
  }

  /**
   * Computes the outputs into the caller's tensors, of the shapes and dtypes that they have. They
   * may lie in the memory of inputs; where two have elements in common, the later output's stay.
   *
   * @param inputs by name; they are read and not closed
   * @param outputs by name; those that are not named are dropped
   * @throws IllegalArgumentException if an output has another shape or dtype, or repeats elements
   * @throws OnnxException as {@link #run(Map)} does, and if there is no output of a name
   * @throws IllegalStateException if this session, an input or an output is closed
   */
  public void run(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    for (String name : outputs.keySet()) {
      if (!outputNames.contains(name)) {
        throw new OnnxException("run: no output '" + name + "', expected " + outputNames);
      }
    }
    List<@Nullable Tensor> into = new ArrayList<>(outputNames.size());
    for (int i = 0; i < outputNames.size(); i++) {
      into.add(outputs.get(outputNames.get(i)));
    }
    runner.run(check.orderedTensors(inputs), into);
  }

  /**
   * Returns the outputs by name, of models that take or give sequences, optional values, or
   * elements that Gatun carries in another type. Throws as {@link #run(Map)} does.
   */
  public Map<String, Value> runValues(Map<String, Value> inputs) {
    return named(runner.run(check.ordered(inputs)));
  }

  /**
   * Does what {@link #runValues} does, node by node, and tells of each node: for shapes and
   * profiles. Nodes in the bodies of others are a part of those, and are not told of.
   */
  public Map<String, Value> trace(Map<String, Value> inputs, NodeListener listener) {
    return named(runner.trace(check.ordered(inputs), listener));
  }

  private Map<String, Value> named(List<Value> results) {
    Map<String, Value> outputs = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      outputs.put(outputNames.get(i), results.get(i));
    }
    return outputs;
  }

  /** Returns the number of shapes of the inputs for which the session knows how to compute. */
  public int plans() {
    return runner.plans();
  }

  /** Returns the most bytes that a run takes beside inputs, outputs and weights. */
  public long peakBytes() {
    return runner.peakBytes();
  }

  /** Returns the bytes that packed weights take, beside those of the model. */
  public long packedBytes() {
    return runner.packedBytes();
  }

  /** Returns why the model runs node by node each time, or null where it does not. */
  public @Nullable String interpretedBecause() {
    return runner.interpretedBecause();
  }

  /**
   * Frees what the session holds, once the runs that are going on have ended. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    runner.close();
  }
}
