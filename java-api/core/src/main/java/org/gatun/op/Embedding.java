package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * Rows of a table.
 *
 * <p>Inputs: the table, of shape (rows, width), and the indices, {@code i32} or {@code i64}, of any
 * shape. Result: the shape of the indices, followed by the width. An index that is negative, or not
 * less than the number of rows, is an {@link IllegalArgumentException} when the operator runs,
 * before anything is written.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html">PyTorch,
 * embedding</a>; ONNX Gather along axis 0.
 */
public record Embedding() implements Movement {
  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout table = inputs.getFirst();
    Layout indices = inputs.getLast();
    Checks.check(
        table.rank() == 2, this, "table has shape " + table.shape() + ", expected (rows, width)");
    Checks.check(
        indices.dtype() == DType.I32 || indices.dtype() == DType.I64,
        this,
        "indices have dtype " + indices.dtype().spelling() + ", expected i32 or i64");
    return List.of(Layout.of(table.dtype(), indices.shape().concat(table.shape().range(1, 2))));
  }
}
