package org.gatun;

/**
 * Elements that were chosen, and where they stood.
 *
 * @param values the elements
 * @param indices their {@code i64} indices along the axis
 */
public record ValuesAndIndices(Tensor values, Tensor indices) implements AutoCloseable {
  /** Closes both tensors. */
  @Override
  public void close() {
    values.close();
    indices.close();
  }
}
