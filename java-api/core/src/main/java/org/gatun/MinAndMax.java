package org.gatun;

import java.util.Objects;

/**
 * The smallest and the largest elements.
 *
 * @param min the smallest
 * @param max the largest
 */
public record MinAndMax(Tensor min, Tensor max) implements AutoCloseable {
  /** Checks that nothing is null. */
  public MinAndMax {
    Objects.requireNonNull(min, "min and max: min is null");
    Objects.requireNonNull(max, "min and max: max is null");
  }

  /** Closes both tensors. */
  @Override
  public void close() {
    min.close();
    max.close();
  }
}
