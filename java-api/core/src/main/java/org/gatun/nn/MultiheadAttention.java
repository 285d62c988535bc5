package org.gatun.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.PrecisionSupport;
import org.jspecify.annotations.Nullable;

/**
 * Attention in several heads: queries, keys and values are projected, each head attends to a part
 * of them, and what the heads find is projected once more.
 *
 * <p>Safe for use by many threads in evaluation; in training the seeds of dropout come one after
 * the other.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html">PyTorch,
 * MultiheadAttention</a>, whose masks are true where a key is not to be seen.
 */
public final class MultiheadAttention implements Layer {
  private static final String NAME = "multihead_attention";

  /**
   * What the layer is made of.
   *
   * @param size the last dimension of queries and results
   * @param heads how many heads, which divide the size
   * @param bias whether projections have a bias
   * @param keySize the last dimension of keys
   * @param valueSize the last dimension of values
   * @param batchFirst whether tensors are (batch, length, size), not (length, batch, size)
   * @param dropout the probability of a weight to be dropped in training
   */
  public record Options(
      int size,
      int heads,
      boolean bias,
      int keySize,
      int valueSize,
      boolean batchFirst,
      double dropout) {
    /** Checks the sizes. */
    public Options {
      Parameters.positive(NAME, "size", size);
      Parameters.positive(NAME, "heads", heads);
      if (size % heads != 0) {
        throw new IllegalArgumentException(
            NAME + ": size " + size + " for " + heads + " heads, expected a multiple of the heads");
      }
      Parameters.positive(NAME, "key size", keySize);
      Parameters.positive(NAME, "value size", valueSize);
      if (!(dropout >= 0 && dropout <= 1)) {
        throw new IllegalArgumentException(
            NAME + ": dropout " + dropout + ", expected a number from 0 to 1");
      }
    }

    /** Returns options as PyTorch has them by default. */
    public static Options of(int size, int heads) {
      return new Options(size, heads, true, size, size, false, 0);
    }

    /** Returns these options without biases, or with them. */
    public Options withBias(boolean other) {
      return new Options(size, heads, other, keySize, valueSize, batchFirst, dropout);
    }

    /** Returns these options for keys and values of other sizes. */
    public Options withSizes(int keys, int values) {
      return new Options(size, heads, bias, keys, values, batchFirst, dropout);
    }

    /** Returns these options for tensors (batch, length, size), or (length, batch, size). */
    public Options withBatchFirst(boolean other) {
      return new Options(size, heads, bias, keySize, valueSize, other, dropout);
    }

    /** Returns these options with dropout in training. */
    public Options withDropout(double other) {
      return new Options(size, heads, bias, keySize, valueSize, batchFirst, other);
    }

    private boolean isPacked() {
      return keySize == size && valueSize == size;
    }
  }

  /**
   * What a call returns that asks for weights.
   *
   * @param output the result
   * @param weights how much each query weighs each key: (batch, L, S) as a mean over the heads, or
   *     (batch, heads, L, S); without the batch where there is none
   */
  public record Attended(Tensor output, Tensor weights) {
    /** Checks that nothing is null. */
    public Attended {
      Objects.requireNonNull(output, "attended: output is null");
      Objects.requireNonNull(weights, "attended: weights is null");
    }
  }

  private final Options options;
  private final StateLock lock = new StateLock();
  private final AttentionProjections projections;
  private final Linear out;
  private final Generator generator;
  private volatile boolean training = true;
  private volatile Precision precision = Precision.F32;

  /**
   * Makes a layer of random parameters of {@code f32}, drawn as PyTorch does it; {@link #load}
   * gives it others.
   *
   * @param seed the same gives the same parameters and the same dropout
   */
  public MultiheadAttention(Options options, long seed) {
    int size = options.size;
    this.options = options;
    this.generator = new Generator(seed);
    this.projections =
        new AttentionProjections(
            size, options.keySize, options.valueSize, options.isPacked(), options.bias, seed + 1);
    Parameters drawn = Parameters.random(Shape.of(size, size), 0, seed);
    this.out = new Linear(drawn.weight(), options.bias ? Tensor.zeros(DType.F32, size) : null);
  }

  /** Makes a layer of random parameters with PyTorch's default options. */
  public MultiheadAttention(int size, int heads, long seed) {
    this(Options.of(size, heads), seed);
  }

  /** Returns the attention of a sequence to itself. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, x, x, null, null);
  }

  /**
   * Returns the attention of queries to keys.
   *
   * @param query of shape (L, batch, size), (batch, L, size) by the options, or (L, size)
   * @param key likewise (S, batch, key size)
   * @param value likewise (S, batch, value size)
   * @param keyPaddingMask of shape (batch, S), or (S) without a batch: true for keys that are not
   *     to be seen, or numbers to add; null for none
   * @param mask of shape (L, S) or (batch * heads, L, S), likewise; null for none
   */
  public Tensor forward(
      Tensor query,
      Tensor key,
      Tensor value,
      @Nullable Tensor keyPaddingMask,
      @Nullable Tensor mask) {
    if (!rounds(query, key, value)) {
      return lock.use(() -> attend(query, key, value, keyPaddingMask, mask));
    }
    try (Scope scope = Scope.open()) {
      Tensor q = query.to(DType.BF16);
      Tensor k = key.equals(query) ? q : key.to(DType.BF16);
      Tensor v = value.equals(query) ? q : value.to(DType.BF16);
      Tensor found = lock.use(() -> attend(q, k, v, keyPaddingMask, mask));
      return scope.keep(found.to(DType.F32));
    }
  }

  private boolean rounds(Tensor... sequences) {
    return precision == Precision.BF16
        && Stream.of(sequences).allMatch(x -> x.dtype() == DType.F32)
        && PrecisionSupport.possible(Engine.current(), precision) == Precision.BF16;
  }

  private Tensor attend(
      Tensor query,
      Tensor key,
      Tensor value,
      @Nullable Tensor keyPaddingMask,
      @Nullable Tensor mask) {
    try (Scope scope = Scope.open()) {
      AttentionHeads heads = heads(query, key, value, keyPaddingMask, mask);
      Tensor found =
          Functional.scaledDotProductAttention(
              heads.query(), heads.key(), heads.value(), attention(heads.mask()));
      return scope.keep(joined(found, query.rank() == 3));
    }
  }

  /**
   * Returns the attention of queries to keys and its weights; see {@link #forward(Tensor, Tensor,
   * Tensor, Tensor, Tensor)}. A query that sees no key gets NaN here.
   *
   * @param average whether the weights are the mean over the heads
   */
  public Attended forwardWithWeights(
      Tensor query,
      Tensor key,
      Tensor value,
      @Nullable Tensor keyPaddingMask,
      @Nullable Tensor mask,
      boolean average) {
    return lock.use(() -> attendWithWeights(query, key, value, keyPaddingMask, mask, average));
  }

  private Attended attendWithWeights(
      Tensor query,
      Tensor key,
      Tensor value,
      @Nullable Tensor keyPaddingMask,
      @Nullable Tensor mask,
      boolean average) {
    try (Scope scope = Scope.open()) {
      AttentionHeads heads = heads(query, key, value, keyPaddingMask, mask);
      Tensor weights = heads.weights();
      if (training && options.dropout > 0) {
        weights = Functional.dropout(weights, options.dropout, generator);
      }
      boolean batched = query.rank() == 3;
      Tensor output = joined(weights.matmul(heads.value()), batched);
      Tensor told = average ? weights.mean(1) : weights;
      return new Attended(scope.keep(output), scope.keep(batched ? told : told.squeeze(0)));
    }
  }

  private AttentionOptions attention(@Nullable Tensor mask) {
    AttentionOptions plain = AttentionOptions.DEFAULT.withMask(mask);
    return training && options.dropout > 0 ? plain.withDropout(options.dropout, generator) : plain;
  }

  private AttentionHeads heads(
      Tensor query,
      Tensor key,
      Tensor value,
      @Nullable Tensor keyPaddingMask,
      @Nullable Tensor mask) {
    check("query", query, options.size, query);
    check("key", key, options.keySize, query);
    check("value", value, options.valueSize, query);
    Tensor[] projected =
        query.equals(key) && key.equals(value) && options.isPacked()
            ? projections.of(batchFirst(query))
            : projections.of(batchFirst(query), batchFirst(key), batchFirst(value));
    return AttentionHeads.of(NAME, projected, options.heads, keyPaddingMask, mask);
  }

  private static void check(String role, Tensor x, int size, Tensor query) {
    if ((x.rank() != 2 && x.rank() != 3) || x.rank() != query.rank() || x.dim(-1) != size) {
      throw new IllegalArgumentException(
          NAME
              + ": "
              + role
              + " of shape "
              + x.shape()
              + ", expected two or three dimensions, as many as the query has, the last of size "
              + size);
    }
  }

  /** Returns a tensor as (batch, length, size). */
  private Tensor batchFirst(Tensor x) {
    if (x.rank() == 2) {
      return x.unsqueeze(0);
    }
    return options.batchFirst ? x : x.transpose(0, 1);
  }

  /** Returns what the heads found, (batch, heads, length, part), side by side and projected. */
  private Tensor joined(Tensor found, boolean batched) {
    Tensor together =
        found.transpose(1, 2).reshape(found.dim(0), found.dim(2), found.dim(1) * found.dim(3));
    Tensor result = out.forward(together);
    if (!batched) {
      return result.squeeze(0);
    }
    return options.batchFirst ? result : result.transpose(0, 1);
  }

  @Override
  public Map<String, Tensor> parameters() {
    Map<String, Tensor> named = new LinkedHashMap<>(projections.parameters());
    out.parameters().forEach((name, tensor) -> named.put("out_proj." + name, tensor));
    return Collections.unmodifiableMap(named);
  }

  @Override
  public void load(Map<String, Tensor> state) {
    LayerState.check(parameters(), state);
    Map<String, Tensor> rest = new LinkedHashMap<>(state);
    Map<String, Tensor> ofOut = new LinkedHashMap<>();
    for (String name : out.parameters().keySet()) {
      Tensor given = rest.remove("out_proj." + name);
      if (given != null) {
        ofOut.put(name, given);
      }
    }
    lock.write(
        () -> {
          projections.load(rest);
          out.load(ofOut);
        });
  }

  @Override
  public void computeIn(Precision other) {
    precision = Objects.requireNonNull(other, "multi_head_attention: precision is null");
    projections.computeIn(other);
    out.computeIn(other);
  }

  @Override
  public void train() {
    training = true;
  }

  @Override
  public void eval() {
    training = false;
  }

  @Override
  public boolean isTraining() {
    return training && options.dropout > 0;
  }

  @Override
  public void close() {
    projections.close();
    out.close();
  }
}
