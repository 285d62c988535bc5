package org.gatun;

import java.util.Objects;

/**
 * Elements that were chosen, and where they stood.
 *
 * @param values the elements
 * @param indices their {@code i64} indices along the axis
 */
public record ValuesAndIndices(Tensor values, Tensor indices) implements AutoCloseable {
  /** Checks that nothing is null. */
  public ValuesAndIndices {
    Objects.requireNonNull(values, "values and indices: values is null");
    Objects.requireNonNull(indices, "values and indices: indices is null");
  }

  /** Closes both tensors. */
  @Override
  public void close() {
    values.close();
    indices.close();
  }
}
