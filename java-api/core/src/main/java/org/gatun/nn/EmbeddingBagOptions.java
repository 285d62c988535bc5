package org.gatun.nn;

import java.util.Objects;
import org.gatun.op.BagMode;
import org.jspecify.annotations.Nullable;

/**
 * What there is to choose in bags of embeddings: {@code
 * EmbeddingBagOptions.of(BagMode.SUM).withPaddingIndex(0)}.
 *
 * @param mode what becomes of the rows of a bag
 * @param paddingIndex the index to leave out, negative ones counted from the last row; null for
 *     none
 * @param includesEnd whether the last offset is the end of the last bag
 * @param maxNorm rows with a larger norm are scaled to it in the table itself, before they are
 *     read; null for no limit
 * @param normType which norm
 */
public record EmbeddingBagOptions(
    BagMode mode,
    @Nullable Long paddingIndex,
    boolean includesEnd,
    @Nullable Double maxNorm,
    double normType) {
  /** Checks that nothing is null. */
  public EmbeddingBagOptions {
    Objects.requireNonNull(mode, "embedding bag options: mode is null");
  }

  /** Returns options of a mode, without anything to leave out or to limit. */
  public static EmbeddingBagOptions of(BagMode mode) {
    return new EmbeddingBagOptions(mode, null, false, null, 2);
  }

  /** Returns these options with an index that is left out. */
  public EmbeddingBagOptions withPaddingIndex(long index) {
    return new EmbeddingBagOptions(mode, index, includesEnd, maxNorm, normType);
  }

  /** Returns these options for offsets with the end of the last bag, or without it. */
  public EmbeddingBagOptions withEnd(boolean included) {
    return new EmbeddingBagOptions(mode, paddingIndex, included, maxNorm, normType);
  }

  /** Returns these options with a limit to the norms of rows. */
  public EmbeddingBagOptions withMaxNorm(double limit, double type) {
    return new EmbeddingBagOptions(mode, paddingIndex, includesEnd, limit, type);
  }
}
