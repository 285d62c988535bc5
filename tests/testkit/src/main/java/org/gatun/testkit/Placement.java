package org.gatun.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/**
 * An operand in memory: a block of elements, and the tensor that is a view of some of them. What
 * lies between is filled with NaN (or -77), so that a kernel that reads there is found out, and
 * looked at afterwards, so that one that writes there is.
 */
final class Placement implements AutoCloseable {
  private static final double GAP = -77;

  private final Tensor block;
  private final Tensor tensor;
  private final long offset;
  private final NdArray before;

  private Placement(Tensor block, Tensor tensor, long offset, NdArray before) {
    this.block = block;
    this.tensor = tensor;
    this.offset = offset;
    this.before = before;
  }

  /** Returns the axis of a shape that an arrangement repeats, or -1 where it repeats none. */
  static int repeatedAxis(Operand operand, Arrangement arrangement, int position) {
    if (arrangement != Arrangement.BROADCAST
        || operand.values() instanceof Operand.Values.Given
        || operand.shape().isEmpty()) {
      return -1;
    }
    int rank = operand.shape().rank();
    // The first operand repeats its outermost rows, the second its innermost elements, and so on.
    return IntStream.range(0, rank)
        .map(i -> position % 2 == 0 ? i : rank - 1 - i)
        .filter(axis -> operand.shape().dim(axis) > 1)
        .findFirst()
        .orElse(-1);
  }

  /**
   * Returns an operand with these values.
   *
   * @param position of the operand: {@link Arrangement#TRANSPOSED} alternates between orders
   * @param repeated the axis to repeat, or -1
   */
  static Placement of(NdArray values, Arrangement arrangement, int position, int repeated) {
    Shape shape = values.shape();
    int rank = shape.rank();
    return switch (arrangement) {
      case CONTIGUOUS -> contiguous(values);
      case TRANSPOSED -> rank == 1 ? everyOther(values) : transposed(values, order(rank, position));
      case OFFSET_VIEW -> rank == 0 ? oneOfMany(values) : part(values);
      case BROADCAST -> repeated < 0 ? contiguous(values) : expanded(values, repeated);
    };
  }

  /** Returns an output of elements that are all NaN (or -77). */
  static Placement output(DType dtype, Shape shape, Arrangement arrangement) {
    NdArray values = NdArray.zeros(dtype, shape);
    Arrays.fill(values.values(), gap(dtype));
    return of(values, arrangement, 0, -1);
  }

  private static double gap(DType dtype) {
    return dtype.isFloating() ? Double.NaN : GAP;
  }

  private static Placement contiguous(NdArray values) {
    Tensor block = Elements.tensor(values);
    return new Placement(block, block, 0, values);
  }

  private static Placement transposed(NdArray values, int[] order) {
    int[] back = new int[order.length];
    long[] dims = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      back[order[i]] = i;
      dims[i] = values.dim(order[i]);
    }
    NdArray moved = NdArray.zeros(values.dtype(), Shape.of(dims));
    int[] from = new int[order.length];
    for (int i = 0; i < moved.size(); i++) {
      int[] to = moved.index(i);
      for (int axis = 0; axis < order.length; axis++) {
        from[order[axis]] = to[axis];
      }
      moved.values()[i] = values.get(from);
    }
    Tensor block = Elements.tensor(moved);
    return new Placement(block, block.permute(back), 0, moved);
  }

  /** The order of the dimensions in memory, outermost first. */
  private static int[] order(int rank, int position) {
    boolean reversed = rank <= 2 || (rank >= 4 && position % 2 == 1);
    return IntStream.range(0, rank)
        .map(i -> reversed ? rank - 1 - i : i == 0 ? 0 : i == rank - 1 ? 1 : i + 1)
        .toArray();
  }

  private static Placement everyOther(NdArray values) {
    NdArray wide = gaps(values.dtype(), Shape.of(2L * values.size()));
    for (int i = 0; i < values.size(); i++) {
      wide.values()[2 * i] = values.values()[i];
    }
    Tensor block = Elements.tensor(wide);
    return new Placement(block, block.slice(0, 0, Long.MAX_VALUE, 2), 0, wide);
  }

  private static Placement oneOfMany(NdArray values) {
    NdArray wide = gaps(values.dtype(), Shape.of(3));
    wide.values()[1] = values.values()[0];
    Tensor block = Elements.tensor(wide);
    return new Placement(block, block.select(0, 1), 1, wide);
  }

  private static Placement part(NdArray values) {
    int rank = values.rank();
    long[] dims = values.shape().dims();
    for (int axis = 0; axis < rank; axis++) {
      // One more than is needed on both sides of rows, on one side of other dimensions.
      dims[axis] += axis == rank - 1 ? 2 : 1;
    }
    NdArray wide = gaps(values.dtype(), Shape.of(dims));
    for (int i = 0; i < values.size(); i++) {
      int[] index = values.index(i);
      for (int axis = 0; axis < rank; axis++) {
        index[axis]++;
      }
      wide.values()[wide.at(index)] = values.values()[i];
    }
    Tensor block = Elements.tensor(wide);
    Tensor part = block;
    for (int axis = 0; axis < rank; axis++) {
      Tensor narrower = part.slice(axis, 1, 1L + values.dim(axis));
      if (part != block) {
        part.close();
      }
      part = narrower;
    }
    int[] first = new int[rank];
    Arrays.fill(first, 1);
    return new Placement(block, part, values.size() == 0 ? 0 : wide.at(first), wide);
  }

  private static Placement expanded(NdArray values, int axis) {
    NdArray one = NdArray.zeros(values.dtype(), values.shape().with(axis, 1));
    for (int i = 0; i < one.size(); i++) {
      one.values()[i] = values.get(one.index(i));
    }
    Tensor block = Elements.tensor(one);
    return new Placement(block, block.expand(values.shape().dims()), 0, one);
  }

  private static NdArray gaps(DType dtype, Shape shape) {
    NdArray array = NdArray.zeros(dtype, shape);
    Arrays.fill(array.values(), gap(dtype));
    return array;
  }

  /** Returns the tensor. */
  Tensor tensor() {
    return tensor;
  }

  /** Returns whether no element of the block has changed. */
  boolean isUntouched() {
    return sameBits(Elements.read(block), before, new boolean[before.size()]);
  }

  /** Returns whether none has but for those of the tensor. */
  boolean isUntouchedAround() {
    boolean[] own = new boolean[before.size()];
    NdArray elements = NdArray.zeros(tensor.dtype(), tensor.shape());
    for (int i = 0; i < elements.size(); i++) {
      int[] index = elements.index(i);
      long at = offset;
      for (int axis = 0; axis < index.length; axis++) {
        at += index[axis] * tensor.layout().stride(axis);
      }
      own[(int) at] = true;
    }
    return sameBits(Elements.read(block), before, own);
  }

  private static boolean sameBits(NdArray after, NdArray before, boolean[] except) {
    NdArray exact = Elements.rounded(before);
    for (int i = 0; i < after.size(); i++) {
      if (!except[i]
          && Double.doubleToLongBits(after.values()[i])
              != Double.doubleToLongBits(exact.values()[i])) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    tensor.close();
    block.close();
  }

  /** Closes all. */
  static void close(List<Placement> placements) {
    List.copyOf(placements).forEach(Placement::close);
  }

  /** Returns a list to collect placements in. */
  static List<Placement> list() {
    return new ArrayList<>();
  }
}
