package org.gatun.onnx.operator;

import org.gatun.DType;
import org.gatun.Tensor;

/**
 * The masks of ONNX Runtime's attention, which say in integers which keys count. What does not gets
 * a large negative number added, and not minus infinity: a query all of whose keys are padding
 * weighs them alike.
 *
 * @param batch the size of the batch
 * @param queries how many queries there are
 * @param keys how many keys there are, past ones included
 * @param past how many past keys there are
 */
record PaddingMask(long batch, long queries, long keys, long past) {
  /**
   * Returns what is added to the products, of the dtype, which broadcasts to (batch, heads,
   * queries, keys).
   *
   * @param call the node, for messages
   * @param given integers of one of ONNX Runtime's forms
   * @param dtype of the products
   */
  Tensor added(Call call, Tensor given, DType dtype) {
    double filter = call.number("mask_filter_value", -10000);
    return Tensor.full(dtype, 0).where(counted(call, given), filter);
  }

  /** Returns true where a key counts. */
  private Tensor counted(Call call, Tensor given) {
    long size = given.size();
    return switch (given.rank()) {
      case 1 -> {
        if (size == batch) {
          yield KeyMask.below(given, keys);
        }
        if (size == 2 * batch) {
          // The ends, then the starts, for padding on the left.
          Tensor starts = given.slice(0, batch, size);
          yield KeyMask.below(given.slice(0, 0, batch), keys)
              .logicalAnd(KeyMask.below(starts, keys).logicalNot());
        }
        if (size == 3 * batch + 2) {
          // Lengths of the keys, then where queries and keys begin in a packed batch.
          yield KeyMask.below(given.slice(0, 0, batch), keys);
        }
        throw unknown(call, given);
      }
      case 2 -> {
        if (given.dim(0) != batch || (given.dim(1) != keys && given.dim(1) != keys - past)) {
          throw unknown(call, given);
        }
        Tensor counted = given.gt(0).reshape(batch, 1, 1, given.dim(1));
        yield given.dim(1) == keys ? counted : afterPast(counted);
      }
      case 3 -> {
        if (given.dim(0) != batch || given.dim(1) != queries || given.dim(2) != keys) {
          throw unknown(call, given);
        }
        yield given.gt(0).unsqueeze(1);
      }
      case 4 -> {
        if (given.dim(0) != batch
            || given.dim(1) != 1
            || given.dim(2) < past + queries
            || given.dim(3) < keys) {
          throw unknown(call, given);
        }
        yield given.slice(2, past, past + queries).slice(3, 0, keys).gt(0);
      }
      default -> throw unknown(call, given);
    };
  }

  /** Returns the mask of new keys for all: the past ones count. */
  private Tensor afterPast(Tensor counted) {
    return Tensor.concat(-1, Tensor.ones(DType.BOOL, batch, 1, 1, past), counted);
  }

  private RuntimeException unknown(Call call, Tensor given) {
    return call.failure(
        "mask of shape "
            + given.shape()
            + " for a batch of "
            + batch
            + ", "
            + queries
            + " queries and "
            + keys
            + " keys");
  }
}
