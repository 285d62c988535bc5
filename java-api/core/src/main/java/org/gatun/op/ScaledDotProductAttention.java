package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * {@code softmax(scale Q K^T + mask) V} over the last two dimensions: for each query the mean of
 * the values, weighed by how well their keys fit it.
 *
 * <p>Inputs: queries (..., L, E), keys (..., S, E) and values (..., S, V), whose dimensions in
 * front broadcast; the mask, which broadcasts to the weights (..., L, S), if there is one; and, for
 * dropout, the seed, as {@link Dropout} takes it, for the weights in row-major order. Result: (...,
 * L, V).
 *
 * <p>A {@code bool} mask lets queries see the keys where it is true; one of the dtype of the
 * queries is added, and one of {@code f32} to the products of queries of 16 bits. A query that sees
 * no key, all its sums being minus infinity, gets zeros. With {@code causal}, query i sees the keys
 * 0 to i; what is not finite among the others may or may not show.
 *
 * <p>With {@code grouped}, the third dimension from the last counts heads: those of the queries are
 * a multiple of those of the keys and of the values, each of which serves so many in a row.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html">PyTorch,
 * scaled_dot_product_attention</a>; ONNX Attention.
 *
 * @param mask whether there is a mask
 * @param causal whether queries see no later keys; not together with a mask
 * @param scale what the products are multiplied by; NaN for {@code 1 / sqrt(E)}
 * @param dropout the probability of a weight to be dropped, from 0 to 1
 * @param grouped whether heads of the queries share those of the keys
 */
public record ScaledDotProductAttention(
    boolean mask, boolean causal, double scale, double dropout, boolean grouped)
    implements Attention {
  /** Checks the arguments. */
  public ScaledDotProductAttention {
    Checks.check(
        !(mask && causal), this, "a mask with causal attention, expected one of them at most");
    Checks.check(
        dropout >= 0 && dropout <= 1,
        this,
        "dropout " + dropout + ", expected a number from 0 to 1");
  }

  @Override
  public String name() {
    return "scaled_dot_product_attention";
  }

  /** Returns the scale of queries of {@code size} elements. */
  public double scaleFor(long size) {
    return Double.isNaN(scale) ? 1 / Math.sqrt(size) : scale;
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 3 + (mask ? 1 : 0) + (dropout > 0 ? 1 : 0));
    Layout query = inputs.get(0);
    Layout key = inputs.get(1);
    Layout value = inputs.get(2);
    Checks.floating(this, query, "query");
    Checks.sameDType(this, inputs, 1, query.dtype());
    Checks.sameDType(this, inputs, 2, query.dtype());
    int fewest = grouped ? 3 : 2;
    Checks.check(
        query.rank() >= fewest && key.rank() >= fewest && value.rank() >= fewest,
        this,
        shapes(query, key, value) + ", expected " + fewest + " dimensions or more of each");
    Checks.check(
        query.dim(-1) == key.dim(-1),
        this,
        shapes(query, key, value) + ", queries and keys of different sizes");
    Checks.check(
        key.dim(-2) == value.dim(-2),
        this,
        shapes(query, key, value) + ", keys and values of different numbers");
    Shape batch = batch(query, key, value);
    if (mask) {
      checkMask(inputs.get(3), query, batch.concat(Shape.of(query.dim(-2), key.dim(-2))));
    }
    if (dropout > 0) {
      Layout seed = inputs.getLast();
      Checks.check(
          seed.dtype() == DType.I64 && seed.shape().equals(Shape.of(2)),
          this,
          "seed is " + seed.dtype().spelling() + seed.shape() + ", expected i64[2]");
    }
    Shape shape = batch.concat(Shape.of(query.dim(-2), value.dim(-1)));
    return List.of(inOrderOf(query, shape));
  }

  /** Returns the dimensions in front of the result, of which the last one may count heads. */
  private Shape batch(Layout query, Layout key, Layout value) {
    int heads = grouped ? 3 : 2;
    Shape outer =
        Checks.broadcast(
            this,
            query.shape().range(0, query.rank() - heads),
            Checks.broadcast(
                this,
                key.shape().range(0, key.rank() - heads),
                value.shape().range(0, value.rank() - heads)));
    if (!grouped) {
      return outer;
    }
    long count = query.dim(-3);
    Checks.check(
        isMultiple(count, key.dim(-3)) && isMultiple(count, value.dim(-3)),
        this,
        shapes(query, key, value)
            + ", expected the heads of the queries to be a multiple of those of keys and values");
    return outer.concat(Shape.of(count));
  }

  private static boolean isMultiple(long heads, long shared) {
    return shared == 0 ? heads == 0 : heads % shared == 0;
  }

  private void checkMask(Layout given, Layout query, Shape weights) {
    boolean isWider = given.dtype() == DType.F32 && query.dtype().byteSize() < DType.F32.byteSize();
    Checks.check(
        given.dtype() == DType.BOOL || given.dtype() == query.dtype() || isWider,
        this,
        "mask has dtype "
            + given.dtype().spelling()
            + ", expected bool or "
            + query.dtype().spelling());
    Checks.check(
        Checks.broadcast(this, weights, given.shape()).equals(weights),
        this,
        "mask of shape " + given.shape() + ", expected one that broadcasts to " + weights);
  }

  private static String shapes(Layout query, Layout key, Layout value) {
    return "query, key and value of shapes "
        + query.shape()
        + ", "
        + key.shape()
        + " and "
        + value.shape();
  }

  /**
   * Heads that lie one beside the other in each query lie so in the result: the layer behind joins
   * them without a copy.
   */
  private static Layout inOrderOf(Layout query, Shape shape) {
    int rank = shape.rank();
    boolean together =
        rank >= 3
            && query.rank() == rank
            && query.dim(-3) > 1
            && query.dim(-2) > 1
            && query.stride(-3) < query.stride(-2)
            && query.stride(-3) >= query.dim(-1);
    if (!together) {
      return Layout.of(query.dtype(), shape);
    }
    long[] strides = new long[rank];
    strides[rank - 1] = 1;
    strides[rank - 3] = shape.dim(-1);
    strides[rank - 2] = strides[rank - 3] * shape.dim(-3);
    long next = strides[rank - 2] * shape.dim(-2);
    for (int axis = rank - 4; axis >= 0; axis--) {
      strides[axis] = next;
      next *= shape.dim(axis);
    }
    return Layout.of(query.dtype(), shape, strides);
  }
}
