package org.gatun;

/**
 * How far elements are from their mean, and the mean.
 *
 * @param spread the variance or the standard deviation
 * @param mean the mean
 */
public record SpreadAndMean(Tensor spread, Tensor mean) implements AutoCloseable {
  /** Closes both tensors. */
  @Override
  public void close() {
    spread.close();
    mean.close();
  }
}
