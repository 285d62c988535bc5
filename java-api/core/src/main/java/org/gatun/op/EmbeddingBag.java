package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * For each bag of indices the sum, the mean or the maximum of these rows of a table; zeros for an
 * empty bag.
 *
 * <p>Inputs: the table, of shape (rows, width); the indices, {@code i32} or {@code i64}: of shape
 * (bags, size), or of one dimension, all bags one after the other; for these the offsets, integers
 * too: where each bag begins, the first at 0, and with {@code includesEnd} where the last one ends;
 * and a weight for each index, if there are weights. Result: (bags, width).
 *
 * <p>Indices that are {@code padding} are left out, and not counted by the mean. A wrong index or
 * offset is an {@link IllegalArgumentException} when the operator runs, before anything is written.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html">PyTorch,
 * embedding_bag</a>.
 *
 * @param mode what becomes of the rows
 * @param padding the index to leave out, negative for none
 * @param offsets whether the indices have one dimension, and there are offsets
 * @param includesEnd whether the last offset is the end of the last bag
 * @param weights whether there are weights, for sums alone
 */
public record EmbeddingBag(
    BagMode mode, long padding, boolean offsets, boolean includesEnd, boolean weights)
    implements Lookup {
  /** Checks the arguments. */
  public EmbeddingBag {
    Checks.check(
        !weights || mode == BagMode.SUM,
        this,
        "weights for mode " + mode.spelling() + ", expected sum");
    Checks.check(offsets || !includesEnd, this, "the end of the last bag without offsets");
  }

  @Override
  public String name() {
    return "embedding_bag";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2 + (offsets ? 1 : 0) + (weights ? 1 : 0));
    Layout table = inputs.get(0);
    Layout indices = inputs.get(1);
    Checks.floating(this, table, "table");
    Checks.check(
        table.rank() == 2, this, "table has shape " + table.shape() + ", expected (rows, width)");
    checkIntegers(indices, "indices");
    Checks.check(
        indices.rank() == (offsets ? 1 : 2),
        this,
        "indices have shape "
            + indices.shape()
            + (offsets ? ", expected one dimension with offsets" : ", expected (bags, size)"));
    Checks.check(
        padding < table.dim(0),
        this,
        "padding " + padding + ", expected less than " + table.dim(0) + ", the rows of the table");
    long bags = offsets ? bags(inputs.get(2)) : indices.dim(0);
    if (weights) {
      Layout given = inputs.getLast();
      Checks.sameDType(this, inputs, inputs.size() - 1, table.dtype());
      Checks.check(
          given.shape().equals(indices.shape()),
          this,
          "weights have shape " + given.shape() + ", expected " + indices.shape());
    }
    return List.of(Layout.of(table.dtype(), Shape.of(bags, table.dim(1))));
  }

  private long bags(Layout given) {
    checkIntegers(given, "offsets");
    Checks.check(
        given.rank() == 1 && (!includesEnd || given.size() > 0),
        this,
        "offsets have shape "
            + given.shape()
            + (includesEnd ? ", expected one dimension with an end" : ", expected one dimension"));
    return given.size() - (includesEnd ? 1 : 0);
  }

  private void checkIntegers(Layout given, String argument) {
    Checks.check(
        given.dtype() == DType.I32 || given.dtype() == DType.I64,
        this,
        argument + " have dtype " + given.dtype().spelling() + ", expected i32 or i64");
  }
}
