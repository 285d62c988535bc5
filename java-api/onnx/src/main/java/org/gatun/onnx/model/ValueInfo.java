package org.gatun.onnx.model;

/**
 * A value of a graph with its declared type.
 *
 * @param name of the value
 * @param type as declared
 */
public record ValueInfo(String name, ValueType type) {
  /** Returns name and type: {@code image: float[batch, 3, 224, 224]}. */
  @Override
  public String toString() {
    return name + ": " + type;
  }
}
