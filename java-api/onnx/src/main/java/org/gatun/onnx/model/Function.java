package org.gatun.onnx.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A function: an operator that the model itself defines.
 *
 * @param domain of the operator
 * @param name of the operator
 * @param overload tells functions of one name apart
 * @param inputs names in the body
 * @param outputs names in the body
 * @param attributes names of attributes without defaults
 * @param defaults attributes with their defaults
 * @param nodes the body
 * @param opsets versions by domain that the body is written for
 */
public record Function(
    String domain,
    String name,
    String overload,
    List<String> inputs,
    List<String> outputs,
    List<String> attributes,
    Map<String, Attribute> defaults,
    List<Node> nodes,
    Map<String, Long> opsets) {
  /** Copies the lists and maps. */
  public Function {
    Objects.requireNonNull(domain, "function: domain is null");
    Objects.requireNonNull(name, "function: name is null");
    Objects.requireNonNull(overload, "function: overload is null");
    Objects.requireNonNull(inputs, "function: inputs is null");
    Objects.requireNonNull(outputs, "function: outputs is null");
    Objects.requireNonNull(attributes, "function: attributes is null");
    Objects.requireNonNull(defaults, "function: defaults is null");
    Objects.requireNonNull(nodes, "function: nodes is null");
    Objects.requireNonNull(opsets, "function: opsets is null");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
    defaults = Map.copyOf(defaults);
    nodes = List.copyOf(nodes);
    opsets = Map.copyOf(opsets);
  }
}
