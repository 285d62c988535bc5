package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The cosine of the angle between vectors along an axis: {@code sum(a b) / (max(|a|, eps) max(|b|,
 * eps))}, a number from -1 to 1.
 *
 * <p>Two inputs of the same floating-point dtype, which broadcast. 0 of no elements.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html">PyTorch,
 * cosine_similarity</a>.
 *
 * @param axis the axis of the shape that both broadcast to; negative counts from the last
 * @param eps the least norm, 0 or more
 */
public record CosineSimilarity(int axis, double eps) implements Reduction {
  /** Checks the least norm. */
  public CosineSimilarity {
    if (!(eps >= 0)) {
      throw new IllegalArgumentException("cosine_similarity: eps " + eps + ", expected 0 or more");
    }
  }

  @Override
  public String name() {
    return "cosine_similarity";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    DType dtype = inputs.getFirst().dtype();
    Checks.floating(this, inputs.getFirst(), "input");
    Checks.sameDType(this, inputs, 1, dtype);
    Shape shape = Checks.broadcast(this, inputs.getFirst().shape(), inputs.getLast().shape());
    return List.of(Layout.of(dtype, Checks.reduced(this, shape, Ints.of(axis), false)));
  }
}
