package org.gatun.nn;

import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.op.Gemm;
import org.gatun.op.Where;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Queries, keys and values by head, of shape (batch, heads, length, part), and what is added to
 * their weights.
 */
record AttentionHeads(Tensor query, Tensor key, Tensor value, @Nullable Tensor mask) {
  /**
   * Returns the heads of projections of shape (batch, length, size).
   *
   * @param name of the layer, for messages
   * @param keyPaddingMask of shape (batch, keys), or (keys) for a batch of one
   * @param mask of shape (queries, keys) or (batch * heads, queries, keys)
   */
  static AttentionHeads of(
      String name,
      Tensor[] projected,
      int heads,
      @Nullable Tensor keyPaddingMask,
      @Nullable Tensor mask) {
    Tensor query = split(projected[0], heads);
    Tensor key = split(projected[1], heads);
    long batch = query.dim(0);
    long keys = key.dim(2);
    // Numbers such as -3.4e38 are added to products of fewer bits as they are.
    boolean narrow = query.dtype().byteSize() < DType.F32.byteSize();
    DType dtype = narrow ? DType.F32 : query.dtype();
    Tensor added = null;
    if (mask != null) {
      Shape one = Shape.of(query.dim(2), keys);
      Shape each = Shape.of(batch * heads, query.dim(2), keys);
      check(name, "mask", mask, one, each);
      Tensor numbers = numbers(mask, dtype);
      added = mask.rank() == 2 ? numbers : numbers.reshape(batch, heads, query.dim(2), keys);
    }
    if (keyPaddingMask != null) {
      Shape one = batch == 1 && keyPaddingMask.rank() == 1 ? Shape.of(keys) : Shape.of(batch, keys);
      check(name, "key padding mask", keyPaddingMask, one, one);
      Tensor padding = numbers(keyPaddingMask, dtype).reshape(batch, 1, 1, keys);
      added = added == null ? padding : added.add(padding);
    }
    return new AttentionHeads(query, key, split(projected[2], heads), added);
  }

  private static void check(String name, String role, Tensor given, Shape one, Shape each) {
    if (!given.shape().equals(one) && !given.shape().equals(each)) {
      throw new IllegalArgumentException(
          name
              + ": "
              + role
              + " of shape "
              + given.shape()
              + ", expected "
              + one
              + (one.equals(each) ? "" : " or " + each));
    }
  }

  private static Tensor split(Tensor x, int heads) {
    return x.reshape(x.dim(0), x.dim(1), heads, x.dim(2) / heads).transpose(1, 2);
  }

  /** Returns what a mask adds to weights: minus infinity where it is true. */
  private static Tensor numbers(Tensor mask, DType dtype) {
    if (mask.dtype() != DType.BOOL) {
      return mask.to(dtype);
    }
    return Engine.current()
        .run(new Where(), mask, Tensor.full(dtype, Double.NEGATIVE_INFINITY), Tensor.zeros(dtype));
  }

  /** Returns how much each query weighs each key. */
  Tensor weights() {
    Tensor keys = key.transpose(-2, -1);
    double scale = 1 / Math.sqrt(query.dim(-1));
    Tensor added = mask == null ? Tensor.zeros(query.dtype()) : mask.to(query.dtype());
    return Engine.current()
        .run(new Gemm(scale, mask == null ? 0 : 1), query, keys, added)
        .softmax(-1);
  }
}
