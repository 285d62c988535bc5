package org.gatun.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.Tensor;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;

/**
 * Runs models on the native engine, twice, so that the second run is the recorded one if there is
 * such, and on the reference engine. All three have to agree, the first two to the last bit.
 */
public final class BothEngines {
  private static final Engine REFERENCE = Engine.of(new ReferenceBackend());

  private BothEngines() {}

  /** Returns the outputs of the native engine. */
  public static Map<String, Value> run(GraphBuilder graph, Map<String, Value> inputs) {
    Map<String, Value> outputs = runTwice(graph, inputs);
    Map<String, Value> reference = runByReference(graph, inputs);
    reference.forEach((name, value) -> Agreement.assertSame(name, value, outputs.get(name)));
    return outputs;
  }

  /** Returns the outputs of the reference engine alone. */
  public static Map<String, Value> runByReference(GraphBuilder graph, Map<String, Value> inputs) {
    return REFERENCE.with(() -> runTwice(graph, inputs));
  }

  /**
   * Returns the outputs of the native engine alone, for integers that the reference engine, which
   * computes in {@code double}, does not hold.
   */
  public static Map<String, Value> runTwice(GraphBuilder graph, Map<String, Value> inputs) {
    try (OnnxSession session = graph.model().session()) {
      Map<String, Value> first = session.runValues(inputs);
      Map<String, Value> second = session.runValues(inputs);
      first.forEach((name, value) -> Agreement.assertIdentical(name, value, second.get(name)));
      return first;
    }
  }

  /** Returns the outputs of one run of the native engine, for what is drawn at random. */
  public static Map<String, Value> runOnce(GraphBuilder graph, Map<String, Value> inputs) {
    try (OnnxSession session = graph.model().session()) {
      return session.runValues(inputs);
    }
  }

  /** Returns the only output, or the first. */
  public static Tensor tensor(GraphBuilder graph, Map<String, Tensor> inputs) {
    Map<String, Value> values = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> values.put(name, Value.of(tensor)));
    Value value = run(graph, values).values().iterator().next();
    return ((Value.Dense) value).tensor();
  }
}
