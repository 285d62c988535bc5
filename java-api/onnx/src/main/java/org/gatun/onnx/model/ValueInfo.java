package org.gatun.onnx.model;

import java.util.Objects;

/**
 * A value of a graph with its declared type.
 *
 * @param name of the value
 * @param type as declared
 */
public record ValueInfo(String name, ValueType type) {
  /** Checks that nothing is null. */
  public ValueInfo {
    Objects.requireNonNull(name, "value info: name is null");
    Objects.requireNonNull(type, "value info: type is null");
  }

  /** Returns name and type: {@code image: float[batch, 3, 224, 224]}. */
  @Override
  public String toString() {
    return name + ": " + type;
  }
}
