package org.gatun;

import java.util.Objects;

/**
 * How far elements are from their mean, and the mean.
 *
 * @param spread the variance or the standard deviation
 * @param mean the mean
 */
public record SpreadAndMean(Tensor spread, Tensor mean) implements AutoCloseable {
  /** Checks that nothing is null. */
  public SpreadAndMean {
    Objects.requireNonNull(spread, "spread and mean: spread is null");
    Objects.requireNonNull(mean, "spread and mean: mean is null");
  }

  /** Closes both tensors. */
  @Override
  public void close() {
    spread.close();
    mean.close();
  }
}
