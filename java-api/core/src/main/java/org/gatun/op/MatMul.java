package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The matrix product over the last two dimensions, the others broadcast.
 *
 * <p>(..., m, k) times (..., k, n) gives (..., m, n). A vector on the left is a row and one on the
 * right a column, and the dimension that was added is dropped from the result: (k) times (k) is a
 * scalar. Integers wrap around.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.matmul.html">PyTorch,
 * matmul</a>; ONNX MatMul.
 */
public record MatMul() implements Contraction {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 2);
    Layout a = inputs.getFirst();
    Layout b = inputs.getLast();
    Checks.check(
        a.dtype() != DType.BOOL,
        this,
        "input 0 has dtype bool, expected a floating-point one or an integer");
    Checks.sameDType(this, inputs, 1, a.dtype());
    Checks.check(
        a.rank() >= 1 && b.rank() >= 1,
        this,
        "shapes " + a.shape() + " and " + b.shape() + ", expected one dimension or more of each");
    long inner = a.dim(-1);
    long other = b.rank() == 1 ? b.dim(0) : b.dim(-2);
    Checks.check(
        inner == other,
        this,
        "shapes "
            + a.shape()
            + " and "
            + b.shape()
            + ", inner dimensions "
            + inner
            + " and "
            + other
            + " differ");
    Shape batch = Checks.broadcast(this, leading(a.shape()), leading(b.shape()));
    Shape rows = a.rank() == 1 ? Shape.scalar() : Shape.of(a.dim(-2));
    Shape columns = b.rank() == 1 ? Shape.scalar() : Shape.of(b.dim(-1));
    return List.of(Layout.of(a.dtype(), batch.concat(rows).concat(columns)));
  }

  private static Shape leading(Shape shape) {
    return shape.range(0, Math.max(0, shape.rank() - 2));
  }
}
