package org.gatun.op;

import java.util.List;
import org.gatun.Layout;

/**
 * The elements moved on along some axes; those that leave at the end come back at the start.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.roll.html">PyTorch, roll</a>.
 *
 * @param shifts by how many places, for each of the axes; negative ones move back
 * @param axes the axes; negative ones count from the last; shifts of an axis that is given twice
 *     add up
 */
public record Roll(Longs shifts, Ints axes) implements Movement {
  /** Checks that there is a shift for each axis. */
  public Roll {
    if (shifts.size() != axes.size() || axes.size() == 0) {
      throw new IllegalArgumentException(
          "roll: shifts " + shifts + " for axes " + axes + ", expected one for each, and some");
    }
  }

  @Override
  public String name() {
    return "roll";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    for (int i = 0; i < axes.size(); i++) {
      int _ = Checks.axis(this, axes.get(i), input.shape());
    }
    return List.of(Layout.like(input, input.dtype(), input.shape()));
  }
}
