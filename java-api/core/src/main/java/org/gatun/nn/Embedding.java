package org.gatun.nn;

import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A table of vectors, looked up by index; see {@link org.gatun.op.Embedding}.
 *
 * <p>Safe for use by many threads, without a limit to the norms of rows, which changes the table.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html">PyTorch,
 * Embedding</a>.
 */
public final class Embedding implements Layer {
  private static final String NAME = "embedding";

  private final StateLock lock = new StateLock();
  private final Tensor weight;
  private final @Nullable Long padding;
  private final @Nullable Double maxNorm;
  private final double normType;

  private Embedding(
      Tensor weight, @Nullable Long padding, @Nullable Double maxNorm, double normType) {
    if (weight.rank() != 2) {
      throw new IllegalArgumentException(
          NAME + ": weight of shape " + weight.shape() + ", expected (rows, width)");
    }
    this.padding = padding == null ? null : EmbeddingLookup.padding(NAME, padding, weight.dim(0));
    this.weight = Scope.detach(weight);
    this.maxNorm = maxNorm;
    this.normType = normType;
  }

  /**
   * Makes a layer of random rows of {@code f32}, normally distributed with mean 0 and variance 1.
   *
   * @param seed the same gives the same rows
   * @throws IllegalArgumentException if a size is less than 1
   */
  public Embedding(int rows, int width, long seed) {
    this(random(rows, width, seed), null, null, 2);
  }

  /**
   * Returns a layer of random rows, that of the padding zeros.
   *
   * @param padding the index of the row for what is no token, negative ones counted from the last
   */
  public static Embedding withPadding(int rows, int width, long padding, long seed) {
    Embedding layer = new Embedding(random(rows, width, seed), padding, null, 2);
    try (Tensor row = layer.weight.select(0, padding)) {
      row.fill(0);
    }
    return layer;
  }

  /** Returns a layer of given rows, of shape (rows, width), which it owns from now on. */
  public static Embedding fromPretrained(Tensor weight) {
    return new Embedding(weight, null, null, 2);
  }

  /**
   * Returns a layer of given rows; see {@link #fromPretrained(Tensor)}.
   *
   * @param padding the index of the row for what is no token, which stays as it is given; null for
   *     none
   * @param maxNorm rows with a larger norm are scaled to it in the table, when they are looked up;
   *     null for no limit
   * @param normType which norm
   */
  public static Embedding fromPretrained(
      Tensor weight, @Nullable Long padding, @Nullable Double maxNorm, double normType) {
    return new Embedding(weight, padding, maxNorm, normType);
  }

  static Tensor random(int rows, int width, long seed) {
    Parameters.positive(NAME, "rows", rows);
    Parameters.positive(NAME, "width", width);
    return new Generator(seed).randn(DType.F32, rows, width);
  }

  /** Returns the row for what is no token, counted from the first; null for none. */
  public @Nullable Long paddingIndex() {
    return padding;
  }

  @Override
  public Tensor forward(Tensor indices) {
    Double limit = maxNorm;
    return lock.use(
        () ->
            limit == null
                ? Functional.embedding(indices, weight)
                : Functional.embedding(indices, weight, limit, normType));
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
