package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The elements of one input where a condition holds, of another where it does not: {@code condition
 * ? a : b}.
 *
 * <p>Inputs: the condition, of {@code bool}; {@code a}; {@code b}, of the same dtype. All broadcast
 * by NumPy's rules. The result has the dtype of {@code a}.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.where.html">PyTorch,
 * where</a>; ONNX Where.
 */
public record Where() implements Pointwise {
  @Override
  public String name() {
    return "where";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 3);
    Layout a = inputs.get(1);
    Checks.sameDType(this, inputs, 0, DType.BOOL);
    Checks.sameDType(this, inputs, 2, a.dtype());
    Shape shape = Checks.broadcast(this, inputs);
    return List.of(Layout.like(a.shape().equals(shape) ? a : inputs.get(0), a.dtype(), shape));
  }
}
