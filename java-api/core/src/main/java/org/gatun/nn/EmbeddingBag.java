package org.gatun.nn;

import java.util.Map;
import java.util.Objects;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.op.BagMode;
import org.jspecify.annotations.Nullable;

/**
 * Sums, means or maxima of bags of vectors that are looked up by index; see {@link
 * org.gatun.op.EmbeddingBag}.
 *
 * <p>Safe for use by many threads, without a limit to the norms of rows, which changes the table.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html">PyTorch,
 * EmbeddingBag</a>.
 */
public final class EmbeddingBag implements Layer {
  private final StateLock lock = new StateLock();
  private final Tensor weight;
  private final EmbeddingBagOptions options;

  private EmbeddingBag(Tensor weight, EmbeddingBagOptions options) {
    if (weight.rank() != 2) {
      throw new IllegalArgumentException(
          "embedding_bag: weight of shape " + weight.shape() + ", expected (rows, width)");
    }
    this.weight = Scope.detach(weight);
    this.options = Objects.requireNonNull(options, "embedding_bag: options is null");
  }

  /**
   * Makes a layer of random rows of {@code f32}, normally distributed, for means.
   *
   * @param seed the same gives the same rows
   * @throws IllegalArgumentException if a size is less than 1
   */
  public EmbeddingBag(int rows, int width, long seed) {
    this(Embedding.random(rows, width, seed), EmbeddingBagOptions.of(BagMode.MEAN));
  }

  /** Returns a layer of given rows, of shape (rows, width), which it owns from now on. */
  public static EmbeddingBag fromPretrained(Tensor weight, EmbeddingBagOptions options) {
    return new EmbeddingBag(weight, options);
  }

  /** Returns the result for bags of equal size, of shape (bags, size). */
  @Override
  public Tensor forward(Tensor indices) {
    return forward(Objects.requireNonNull(indices, "embedding_bag: indices is null"), null, null);
  }

  /**
   * Returns the result for bags of any size.
   *
   * @param offsets where each bag begins among the indices, or null
   * @param weights what each row is multiplied by, for sums, or null
   */
  public Tensor forward(Tensor indices, @Nullable Tensor offsets, @Nullable Tensor weights) {
    return lock.use(() -> Functional.embeddingBag(indices, weight, offsets, weights, options));
  }

  @Override
  public Map<String, Tensor> parameters() {
    return Parameters.byName(weight, null);
  }

  @Override
  public void load(Map<String, Tensor> state) {
    lock.load(parameters(), state);
  }

  @Override
  public void close() {
    weight.close();
  }
}
