package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;

/**
 * The elements in reverse order along some axes. A copy, as PyTorch's.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.flip.html">PyTorch, flip</a>.
 *
 * @param axes each axis at most once; negative ones count from the last; none leaves all as it is
 */
public record Flip(Ints axes) implements Movement {
  /** Checks that nothing is null. */
  public Flip {
    Objects.requireNonNull(axes, "flip: axes is null");
  }

  @Override
  public String name() {
    return "flip";
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    if (axes.size() > 0) {
      int[] _ = Checks.axes(this, axes, input.shape());
    }
    return List.of(Layout.like(input, input.dtype(), input.shape()));
  }
}
