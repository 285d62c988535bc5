package org.gatun.op;

import java.util.List;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The inputs one after the other along an axis. They agree in dtype, rank and the other dimensions;
 * but inputs of shape [0] are left out, whatever the others have, as in PyTorch.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.cat.html">PyTorch, cat</a>;
 * ONNX Concat.
 *
 * @param axis the axis; negative counts from the last
 */
public record Concat(int axis) implements Movement {
  @Override
  public String name() {
    return "concat";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.check(!inputs.isEmpty(), this, "no inputs, expected one or more");
    Layout first = inputs.getFirst();
    for (int i = inputs.size() - 1; i >= 0; i--) {
      first = isLeftOut(inputs.get(i)) ? first : inputs.get(i);
    }
    int model = inputs.indexOf(first);
    Checks.check(
        first.rank() > 0, this, "input " + model + " is a scalar, expected one dimension or more");
    int at = Checks.axis(this, axis, first.shape());
    long total = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Layout input = inputs.get(i);
      Checks.sameDType(this, inputs, i, first.dtype());
      if (isLeftOut(input)) {
        continue;
      }
      Checks.check(
          input.rank() == first.rank()
              && input.shape().with(at, 0).equals(first.shape().with(at, 0)),
          this,
          "input "
              + i
              + " has shape "
              + input.shape()
              + ", expected that of input "
              + model
              + ", "
              + first.shape()
              + ", but for axis "
              + axis);
      total = Math.addExact(total, input.dim(at));
    }
    Shape shape = first.shape().with(at, total);
    return List.of(Layout.like(first, first.dtype(), shape));
  }

  private static boolean isLeftOut(Layout input) {
    return input.rank() == 1 && input.size() == 0;
  }
}
