package org.gatun.safety.programs;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/** The tensors that programs begin with, in memory. */
public final class Leaves {
  private Leaves() {}

  /**
   * Returns a new tensor of drawn numbers. Where it is a view, what it is a view of is closed
   * already.
   */
  public static Tensor tensor(Step.Leaf leaf) {
    Shape shape = leaf.shape();
    return switch (leaf.arrangement()) {
      case ROW_MAJOR -> Elements.tensor(leaf.values().draw(leaf.dtype(), shape, leaf.seed()));
      case REVERSED -> {
        int[] back = IntStream.range(0, shape.rank()).map(i -> shape.rank() - 1 - i).toArray();
        long[] dims = Arrays.stream(back).mapToLong(shape::dim).toArray();
        try (Tensor base = drawn(leaf, Shape.of(dims))) {
          yield base.permute(back);
        }
      }
      case GAPS -> {
        try (Tensor base = drawn(leaf, around(shape))) {
          yield everyOther(base);
        }
      }
      case REPEATED -> {
        Shape once = shape.rank() == 0 || shape.dim(0) == 0 ? shape : shape.with(0, 1);
        try (Tensor base = drawn(leaf, once)) {
          yield base.expand(shape.dims());
        }
      }
    };
  }

  private static Tensor drawn(Step.Leaf leaf, Shape shape) {
    NdArray numbers = leaf.values().draw(leaf.dtype(), shape, leaf.seed());
    return Elements.tensor(numbers);
  }

  /** Returns a view of the elements with odd indices alone. */
  static Tensor everyOther(Tensor base) {
    Tensor view = base.view(base.shape().dims());
    for (int axis = 0; axis < base.rank(); axis++) {
      try (Tensor whole = view) {
        view = whole.slice(axis, 1, Long.MAX_VALUE, 2);
      }
    }
    return view;
  }

  /** Returns the shape of what {@link #everyOther} makes a view of this shape of. */
  static Shape around(Shape shape) {
    return Shape.of(Arrays.stream(shape.dims()).map(dim -> 2 * dim + 1).toArray());
  }

  /** Returns the layout that {@link #tensor} gives. */
  static Layout layout(Step.Leaf leaf) {
    Shape shape = leaf.shape();
    int rank = shape.rank();
    long[] strides = Layout.of(leaf.dtype(), shape).strides();
    switch (leaf.arrangement()) {
      case ROW_MAJOR -> {}
      case REVERSED -> {
        long[] reversed = new long[rank];
        for (int i = 0; i < rank; i++) {
          reversed[i] = shape.dim(rank - 1 - i);
        }
        long[] of = Layout.of(leaf.dtype(), Shape.of(reversed)).strides();
        Arrays.setAll(strides, i -> of[rank - 1 - i]);
      }
      case GAPS -> {
        long[] of = Layout.of(leaf.dtype(), around(shape)).strides();
        Arrays.setAll(strides, i -> 2 * of[i]);
      }
      case REPEATED -> {
        if (rank > 0) {
          strides[0] = 0;
        }
      }
    }
    return Layout.of(leaf.dtype(), shape, strides);
  }
}
