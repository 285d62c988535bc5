package org.gatun;

/**
 * The smallest and the largest elements.
 *
 * @param min the smallest
 * @param max the largest
 */
public record MinAndMax(Tensor min, Tensor max) implements AutoCloseable {
  /** Closes both tensors. */
  @Override
  public void close() {
    min.close();
    max.close();
  }
}
