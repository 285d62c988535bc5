package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;

/**
 * The norm of the elements along some axes, taken as one vector: {@code sum(|x|^p)^(1/p)}, for an
 * order of infinity the largest magnitude, of negative infinity the smallest, of 0 the number of
 * elements that are not 0.
 *
 * <p>Elements and result have the same floating-point dtype. Of no elements 0, but an error for
 * negative and infinite orders, which have no value then.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html">PyTorch,
 * vector_norm</a>; ONNX ReduceL1, ReduceL2.
 *
 * @param order p
 * @param axes the axes to reduce, none for all; negative ones count from the last
 * @param keepDims whether a reduced axis stays as one of size 1
 */
public record Norm(double order, Ints axes, boolean keepDims) implements Reduction {
  /** Checks the order. */
  public Norm {
    Objects.requireNonNull(axes, "vector_norm: axes is null");
    if (Double.isNaN(order)) {
      throw new IllegalArgumentException("vector_norm: order NaN, expected a number");
    }
    order += 0.0; // -0.0 is the same order as 0.0.
  }

  @Override
  public String name() {
    return "vector_norm";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    Checks.floating(this, input, "input");
    if (order < 0 || Double.isInfinite(order)) {
      Checks.someReduced(this, input.shape(), axes);
    }
    return List.of(Layout.of(input.dtype(), Checks.reduced(this, input.shape(), axes, keepDims)));
  }
}
