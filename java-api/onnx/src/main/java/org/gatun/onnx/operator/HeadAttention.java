package org.gatun.onnx.operator;

import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.AttentionOptions;
import org.gatun.nn.Functional;
import org.jspecify.annotations.Nullable;

/**
 * Attention of heads: {@code softmax(mask(softcap(scale Q K^T))) V}. The heads of the keys and of
 * the values may be fewer than those of the queries, each of which then serves so many in a row.
 *
 * <p>What core's attention has runs there, in one pass that never holds all weights; a cap, a sink,
 * another precision and the weights themselves are steps of their own.
 *
 * @param query of shape (batch, heads, queries, size), in whatever order it lies
 * @param key of shape (batch, shared heads, keys, size)
 * @param value of shape (batch, shared heads, keys, value size)
 * @param mask what queries see
 * @param scale what products are multiplied by; NaN for {@code 1 / sqrt(size)}
 * @param softcap the bound {@code c} of {@code c tanh(product / c)}; 0 for none
 * @param precision the dtype that the softmax is computed in, or null for the queries'
 * @param sink what each head's softmax counts beside its products, of shape (heads), or null
 */
record HeadAttention(
    Tensor query,
    Tensor key,
    Tensor value,
    KeyMask mask,
    double scale,
    double softcap,
    @Nullable DType precision,
    @Nullable Tensor sink) {
  /** How far the products of queries and keys are on their way to weights. */
  enum Stage {
    /** The products, scaled. */
    PRODUCTS,
    /** The products after the cap. */
    CAPPED,
    /** The products after the cap and the mask. */
    MASKED,
    /** The weights. */
    WEIGHTS
  }

  /**
   * What attention gives.
   *
   * @param output of shape (batch, heads, queries, value size)
   * @param products of shape (batch, heads, queries, keys), or null where they were not asked for
   */
  record Result(Tensor output, @Nullable Tensor products) {}

  /** Attention with neither cap nor sink, in the precision of its operands. */
  HeadAttention(Tensor query, Tensor key, Tensor value, KeyMask mask, double scale) {
    this(query, key, value, mask, scale, 0, null, null);
  }

  /** Returns the heads of a tensor of shape (batch, length, heads * size), a view of it. */
  static Tensor split(Tensor x, long heads) {
    if (x.rank() != 3 || heads < 1 || x.dim(2) % heads != 0) {
      throw new IllegalArgumentException(
          "heads: shape " + x.shape() + ", expected (batch, length, " + heads + " heads * size)");
    }
    return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).permute(0, 2, 1, 3);
  }

  /** Returns heads of shape (batch, heads, length, size) side by side: (batch, length, size). */
  static Tensor join(Tensor heads) {
    return heads
        .permute(0, 2, 1, 3)
        .reshape(heads.dim(0), heads.dim(2), heads.dim(1) * heads.dim(3));
  }

  /** Returns the result. */
  Tensor attend() {
    if (softcap != 0 || precision != null || sink != null) {
      return attend(null).output;
    }
    boolean shares = query.rank() > 2 && key.rank() > 2 && query.dim(-3) != key.dim(-3);
    AttentionOptions options = AttentionOptions.DEFAULT.withScale(scale).withGrouped(shares);
    options =
        mask.isCausalAlone()
            ? options.withCausal(true)
            : options.withMask(mask.tensor(maskDType(), query.dim(-2), key.dim(-2)));
    return Functional.scaledDotProductAttention(query, key, value, options);
  }

  /** Numbers of f32, such as -3.4e38, are added to products of fewer bits as they are. */
  private DType maskDType() {
    Tensor added = mask.added();
    boolean isWider = added != null && added.dtype() == DType.F32;
    return isWider && query.dtype().byteSize() < DType.F32.byteSize() ? DType.F32 : query.dtype();
  }

  /**
   * Returns the result and the products of queries and keys.
   *
   * @param stage what products, or null for none
   */
  Result attend(@Nullable Stage stage) {
    DType given = query.dtype();
    DType wide = given.byteSize() < 4 ? DType.F32 : given;
    Tensor products = products(wide);
    Tensor capped = softcap == 0 ? products : products.div(softcap).tanh().mul(softcap);
    Tensor seen = mask.tensor(wide, query.dim(2), key.dim(2));
    Tensor masked = masked(capped, seen);
    Tensor weights = weights(masked, seen);
    Tensor output = byHead(weights.to(wide), value.to(wide));
    Tensor shown =
        switch (stage) {
          case null -> null;
          case PRODUCTS -> products;
          case CAPPED -> capped;
          case MASKED -> masked;
          case WEIGHTS -> weights;
        };
    return new Result(output.to(given), shown == null ? null : shown.to(given));
  }

  /** Returns the products of queries and keys, scaled, of shape (batch, heads, queries, keys). */
  Tensor products(DType wide) {
    double factor = Double.isNaN(scale) ? 1 / Math.sqrt(query.dim(3)) : scale;
    return byHead(query.to(wide).mul(factor), key.to(wide).transpose(2, 3));
  }

  private static Tensor masked(Tensor products, @Nullable Tensor seen) {
    if (seen == null) {
      return products;
    }
    return seen.dtype() == DType.BOOL
        ? products.where(seen, Double.NEGATIVE_INFINITY)
        : products.add(seen);
  }

  /** Returns the softmax; 0 for a query that sees no key. */
  private Tensor weights(Tensor masked, @Nullable Tensor seen) {
    Tensor scores = precision == null ? masked : masked.to(precision);
    Tensor weights;
    if (sink == null) {
      weights = scores.softmax(-1);
    } else {
      Tensor column =
          sink.to(scores.dtype())
              .reshape(1, -1, 1, 1)
              .expand(scores.dim(0), scores.dim(1), scores.dim(2), 1);
      weights = Tensor.concat(-1, scores, column).softmax(-1).slice(-1, 0, scores.dim(3));
    }
    if (seen == null || scores.dim(3) == 0) {
      return weights;
    }
    int[] last = {-1};
    Tensor any =
        seen.dtype() == DType.BOOL
            ? seen.any(last, true)
            : seen.amax(last, true).ne(Double.NEGATIVE_INFINITY);
    return weights.where(any, 0.0);
  }

  /** Returns the product of each head of the queries with the head that it shares. */
  static Tensor byHead(Tensor left, Tensor right) {
    long heads = left.dim(1);
    long shared = right.dim(1);
    if (heads == shared) {
      return left.matmul(right);
    }
    if (shared == 0 || heads % shared != 0) {
      throw new IllegalArgumentException(
          "attention: " + heads + " heads of queries, expected a multiple of " + shared);
    }
    Tensor product =
        left.reshape(left.dim(0), shared, heads / shared, left.dim(2), left.dim(3))
            .matmul(right.unsqueeze(2));
    return product.reshape(left.dim(0), heads, product.dim(3), product.dim(4));
  }
}
