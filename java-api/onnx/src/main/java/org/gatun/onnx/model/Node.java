package org.gatun.onnx.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A call of an operator.
 *
 * @param name for messages; may be empty
 * @param domain of the operator, empty for ONNX's own
 * @param operator its name
 * @param overload tells functions of one name apart; mostly empty
 * @param inputs names of values, empty where an optional input is absent
 * @param outputs names of values, empty where an optional output is not wanted
 * @param attributes by name
 * @param opset the version of the operator's domain, or 0 for the one that the model imports
 */
public record Node(
    String name,
    String domain,
    String operator,
    String overload,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes,
    long opset) {
  /** Copies the lists and the map. */
  public Node {
    Objects.requireNonNull(name, "node: name is null");
    Objects.requireNonNull(domain, "node: domain is null");
    Objects.requireNonNull(operator, "node: operator is null");
    Objects.requireNonNull(overload, "node: overload is null");
    Objects.requireNonNull(inputs, "node: inputs is null");
    Objects.requireNonNull(outputs, "node: outputs is null");
    Objects.requireNonNull(attributes, "node: attributes is null");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Map.copyOf(attributes);
  }

  /** Makes a node of the version that the model imports. */
  public Node(
      String name,
      String domain,
      String operator,
      String overload,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {
    this(name, domain, operator, overload, inputs, outputs, attributes, 0);
  }

  /**
   * Returns the version of the operator's domain, or 0 where the model imports none.
   *
   * @param opsets what the model imports
   */
  public long opset(Map<String, Long> opsets) {
    Objects.requireNonNull(opsets, "node: opsets is null");
    return opset != 0 ? opset : opsets.getOrDefault(domain, 0L);
  }

  /** Returns operator and name for messages: {@code Conv 'stem'}. */
  public String label() {
    String qualified = domain.isEmpty() ? operator : domain + "." + operator;
    if (!name.isEmpty()) {
      return qualified + " '" + name + "'";
    }
    return outputs.isEmpty() ? qualified : qualified + " of '" + outputs.getFirst() + "'";
  }

  /** Returns the node with other inputs. */
  public Node withInputs(List<String> changed) {
    return new Node(name, domain, operator, overload, changed, outputs, attributes, opset);
  }

  /** Returns the node with other outputs. */
  public Node withOutputs(List<String> changed) {
    return new Node(name, domain, operator, overload, inputs, changed, attributes, opset);
  }

  /** Returns the node with other attributes. */
  public Node withAttributes(Map<String, Attribute> changed) {
    return new Node(name, domain, operator, overload, inputs, outputs, changed, opset);
  }
}
