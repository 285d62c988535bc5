package org.gatun.op;

import java.util.List;
import java.util.Objects;
import org.gatun.Layout;
import org.jspecify.annotations.Nullable;

/** Operators that look at the same memory in another way; nothing is computed or copied. */
public sealed interface View extends Op
    permits Diagonal, Expand, Permute, Reshape, Slice, Split, UnfoldAxis {

  /**
   * Where an output lies in the input's memory.
   *
   * @param layout the output's layout
   * @param offset elements from the input's first element to the output's
   */
  record Placement(Layout layout, long offset) {
    /** Checks that nothing is null. */
    public Placement {
      Objects.requireNonNull(layout, "view: layout is null");
    }
  }

  /**
   * Returns where each output lies in the memory of an input of this layout, or null where the
   * operator allows a copy and the strides ask for one: the input is to be made contiguous first.
   *
   * @throws IllegalArgumentException as {@link #infer} does
   */
  @Nullable List<Placement> place(Layout input);

  @Override
  default List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    List<Placement> placed = place(inputs.getFirst());
    if (placed == null) {
      Layout input = inputs.getFirst();
      placed = place(Layout.of(input.dtype(), input.shape()));
    }
    if (placed == null) {
      throw new AssertionError(name() + ": no view of a contiguous tensor");
    }
    return placed.stream().map(Placement::layout).toList();
  }
}
