package org.gatun.op;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * The last dimensions with elements put before and after, or, by negative numbers, taken away.
 *
 * <p>By {@link PadMode#REFLECT} a dimension gets fewer elements on a side than it has, by {@link
 * PadMode#CIRCULAR} at most as many, and no dimension may be without elements where some are to be
 * repeated. Unlike PyTorch's function this takes any number of dimensions in every mode.
 *
 * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html">
 * PyTorch, pad</a>; ONNX Pad.
 *
 * @param before the number of elements to put before, for each of the last dimensions in their
 *     order
 * @param after that of those to put after
 * @param mode which elements
 * @param value the number of {@link PadMode#CONSTANT}, converted to the dtype; 0 in other modes
 */
public record Pad(Longs before, Longs after, PadMode mode, double value) implements Movement {
  /** Checks what the arguments alone tell. */
  public Pad {
    Objects.requireNonNull(before, "pad: before is null");
    Objects.requireNonNull(after, "pad: after is null");
    Objects.requireNonNull(mode, "pad: mode is null");
    if (before.size() != after.size()) {
      throw new IllegalArgumentException(
          "pad: padding " + before + " before and " + after + " after, expected as many of both");
    }
    if (mode != PadMode.CONSTANT && value != 0) {
      throw new IllegalArgumentException(
          "pad: value " + value + " in mode " + spelling(mode) + ", expected 0");
    }
  }

  private static String spelling(PadMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String name() {
    return "pad";
  }

  /** Returns the elements put before along an axis of an input of this rank. */
  public long before(int axis, int rank) {
    int own = axis - (rank - before.size());
    return own < 0 ? 0 : before.get(own);
  }

  /** Returns the elements put after along an axis of an input of this rank. */
  public long after(int axis, int rank) {
    int own = axis - (rank - after.size());
    return own < 0 ? 0 : after.get(own);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    int rank = input.rank();
    Checks.check(
        before.size() <= rank,
        this,
        "padding of " + before.size() + " dimensions for shape " + input.shape());
    long[] dims = input.shape().dims();
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = padded(input, axis);
    }
    return List.of(Layout.like(input, input.dtype(), Shape.of(dims)));
  }

  private long padded(Layout input, int axis) {
    long size = input.dim(axis);
    long first = before(axis, input.rank());
    long last = after(axis, input.rank());
    String problem =
        "padding "
            + first
            + " and "
            + last
            + " of axis "
            + axis
            + " of shape "
            + input.shape()
            + (mode == PadMode.CONSTANT ? "" : " in mode " + spelling(mode));
    Checks.check(
        Math.min(0, first) >= -size && Math.min(0, last) >= -size - Math.min(0, first),
        this,
        problem + " takes away more than there is");
    if (first != 0 || last != 0) {
      long most =
          switch (mode) {
            case CONSTANT -> Long.MAX_VALUE;
            case REFLECT -> size - 1;
            case REPLICATE -> size == 0 ? 0 : Long.MAX_VALUE;
            case CIRCULAR -> size + Math.min(0, first) + Math.min(0, last);
          };
      Checks.check(
          first <= most && last <= most, this, problem + ", expected " + most + " or less");
    }
    try {
      return Math.addExact(size, Math.addExact(first, last));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(name() + ": " + problem + " is too much", e);
    }
  }
}
