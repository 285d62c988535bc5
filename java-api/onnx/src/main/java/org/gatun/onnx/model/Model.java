package org.gatun.onnx.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What an ONNX file says.
 *
 * @param irVersion of the file format
 * @param producer which program wrote it, with its version
 * @param opsets versions of the operators by domain; ONNX's own domain is the empty name
 * @param graph the computation
 * @param functions the operators that the model defines
 * @param metadata what the producer added
 */
public record Model(
    long irVersion,
    String producer,
    Map<String, Long> opsets,
    Graph graph,
    List<Function> functions,
    Map<String, String> metadata) {
  /** Copies the lists and maps. */
  public Model {
    Objects.requireNonNull(producer, "model: producer is null");
    Objects.requireNonNull(opsets, "model: opsets is null");
    Objects.requireNonNull(graph, "model: graph is null");
    Objects.requireNonNull(functions, "model: functions is null");
    Objects.requireNonNull(metadata, "model: metadata is null");
    opsets = Map.copyOf(opsets);
    functions = List.copyOf(functions);
    metadata = Map.copyOf(metadata);
  }
}
