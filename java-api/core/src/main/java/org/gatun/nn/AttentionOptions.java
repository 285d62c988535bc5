package org.gatun.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * What there is to choose in attention: {@code AttentionOptions.DEFAULT.withCausal(true)}.
 *
 * @param mask true where a query may see a key, or numbers to add; broadcast to (..., L, S). Null
 *     for none
 * @param causal whether queries see no later keys; not together with a mask
 * @param scale what the products of queries and keys are multiplied by; NaN for {@code 1 / sqrt(E)}
 * @param grouped whether heads of the queries share those of the keys: PyTorch's {@code enable_gqa}
 * @param dropout the probability of a weight to be dropped
 * @param generator where the seed of dropout comes from; needed if some weights are dropped
 */
public record AttentionOptions(
    @Nullable Tensor mask,
    boolean causal,
    double scale,
    boolean grouped,
    double dropout,
    @Nullable Generator generator) {
  /** Every query sees every key. */
  public static final AttentionOptions DEFAULT =
      new AttentionOptions(null, false, Double.NaN, false, 0, null);

  /** Returns these options with another mask. */
  public AttentionOptions withMask(@Nullable Tensor other) {
    return new AttentionOptions(other, causal, scale, grouped, dropout, generator);
  }

  /** Returns these options for queries that see no later keys, or for such that do. */
  public AttentionOptions withCausal(boolean other) {
    return new AttentionOptions(mask, other, scale, grouped, dropout, generator);
  }

  /** Returns these options with another scale. */
  public AttentionOptions withScale(double other) {
    return new AttentionOptions(mask, causal, other, grouped, dropout, generator);
  }

  /** Returns these options with heads of the keys that are shared, or with as many as there are. */
  public AttentionOptions withGrouped(boolean other) {
    return new AttentionOptions(mask, causal, scale, other, dropout, generator);
  }

  /** Returns these options with some weights dropped, as in training. */
  public AttentionOptions withDropout(double probability, Generator seeds) {
    Objects.requireNonNull(seeds, "attention options: seeds is null");
    return new AttentionOptions(mask, causal, scale, grouped, probability, seeds);
  }

  Tensor attend(Tensor query, Tensor key, Tensor value) {
    ScaledDotProductAttention op =
        new ScaledDotProductAttention(mask != null, causal, scale, dropout, grouped);
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(Objects.requireNonNull(query, "scaled_dot_product_attention: query is null"));
    inputs.add(Objects.requireNonNull(key, "scaled_dot_product_attention: key is null"));
    inputs.add(Objects.requireNonNull(value, "scaled_dot_product_attention: value is null"));
    if (mask != null) {
      inputs.add(mask);
    }
    if (dropout == 0) {
      return Engine.current().run(op, inputs.toArray(Tensor[]::new));
    }
    if (generator == null) {
      throw new IllegalArgumentException(
          op.name() + ": dropout " + dropout + " without a generator, expected one");
    }
    try (Tensor seed = generator.next()) {
      inputs.add(seed);
      return Engine.current().run(op, inputs.toArray(Tensor[]::new));
    }
  }
}
