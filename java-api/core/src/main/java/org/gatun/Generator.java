package org.gatun;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A source of seeds for operators with a random part, such as dropout. The same seed gives the same
 * sequence, on every platform and for any number of threads that the operators run on.
 *
 * <p>Safe for use by many threads; which of them gets which part of the sequence is up to them.
 */
public final class Generator {
  private final long seed;
  private final AtomicLong offset = new AtomicLong();

  /** Makes a generator at the start of the sequence of a seed. */
  public Generator(long seed) {
    this.seed = seed;
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /**
   * Returns a new {@code i64} tensor of shape (2), with the seed and an offset that is another one
   * at each call: 0, 1, 2 and so on.
   */
  public Tensor next() {
    return Tensor.of(new long[] {seed, offset.getAndIncrement()});
  }
}
