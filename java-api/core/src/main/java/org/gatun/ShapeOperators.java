package org.gatun;

import java.util.Arrays;
import org.gatun.op.Cast;
import org.gatun.op.Copy;
import org.gatun.op.Flip;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.Roll;
import org.gatun.op.Triangle;

/**
 * The methods of {@link Tensor} that move elements to other places, in memory of their own.
 *
 * <p>Bad arguments throw {@link IllegalArgumentException} with a message that names the operator
 * and what it expected; a closed tensor throws {@link IllegalStateException}. Nothing is computed
 * then.
 */
public sealed interface ShapeOperators permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Returns the elements in row-major order: a view of this tensor if they lie so, else a copy. */
  default Tensor contiguous() {
    return self().isContiguous() ? self().view(self().shape().dims()) : copy();
  }

  /** Returns a copy, in row-major order. */
  default Tensor copy() {
    return self().run(new Copy(false));
  }

  /** Returns a copy of a batch of images (N, C, ...) in channels-last order. */
  default Tensor channelsLast() {
    return self().run(new Copy(true));
  }

  /** Returns the elements converted to a dtype: a view of this tensor if they have it already. */
  default Tensor to(DType dtype) {
    return dtype == self().dtype() ? self().sharing("to") : self().run(new Cast(dtype));
  }

  // Repetitions.

  /**
   * Returns the tensor put side by side with itself along each dimension.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html">
   * PyTorch, repeat</a>; ONNX Tile.
   *
   * @param repeats how many times, for each dimension; for more than there are the first ones are
   *     new
   */
  default Tensor repeat(long... repeats) {
    return repeat("repeat", repeats);
  }

  /**
   * Returns the same as {@link #repeat}, but fewer numbers than dimensions are for the last ones.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.tile.html">PyTorch,
   * tile</a>.
   */
  default Tensor tile(long... repeats) {
    long[] all = new long[Math.max(self().rank(), repeats.length)];
    Arrays.fill(all, 1);
    System.arraycopy(repeats, 0, all, all.length - repeats.length, repeats.length);
    return repeat("tile", all);
  }

  /** One copy of a view that has each dimension twice: once to repeat it, once as it is. */
  private Tensor repeat(String name, long[] repeats) {
    int added = repeats.length - self().rank();
    if (added < 0 || Arrays.stream(repeats).anyMatch(n -> n < 0)) {
      throw new IllegalArgumentException(
          name
              + ": repeats "
              + Arrays.toString(repeats)
              + " for shape "
              + self().shape()
              + ", expected a number of 0 or more for each dimension");
    }
    long[] apart = new long[2 * repeats.length];
    long[] expanded = new long[apart.length];
    long[] joined = new long[repeats.length];
    for (int axis = 0; axis < repeats.length; axis++) {
      long dim = axis < added ? 1 : self().dim(axis - added);
      apart[2 * axis] = 1;
      apart[2 * axis + 1] = dim;
      expanded[2 * axis] = repeats[axis];
      expanded[2 * axis + 1] = dim;
      joined[axis] = Shape.of(repeats[axis], dim).size();
    }
    try (Tensor once = self().view(apart);
        Tensor again = once.expand(expanded);
        Tensor all = again.copy()) {
      return all.view(joined);
    }
  }

  /**
   * Returns each element along an axis so many times, one after the other.
   *
   * <p>Source: <a
   * href="https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html">PyTorch,
   * repeat_interleave</a>.
   */
  default Tensor repeatInterleave(long repeats, int axis) {
    int at = self().axis("repeat_interleave", axis, self().rank());
    if (repeats < 0) {
      throw new IllegalArgumentException(
          "repeat_interleave: repeats " + repeats + ", expected 0 or more");
    }
    long[] dims = self().rank() == 0 ? new long[] {1} : self().shape().dims();
    long[] expanded = Arrays.copyOf(dims, dims.length + 1);
    System.arraycopy(dims, at + 1, expanded, at + 2, dims.length - at - 1);
    expanded[at + 1] = repeats;
    dims[at] = Shape.of(dims[at], repeats).size();
    try (Tensor apart = self().unsqueeze(self().rank() == 0 ? 0 : at + 1);
        Tensor again = apart.expand(self().rank() == 0 ? new long[] {repeats} : expanded);
        Tensor all = again.copy()) {
      return all.view(dims);
    }
  }

  /** Returns each element so many times, one after the other, in one dimension. */
  default Tensor repeatInterleave(long repeats) {
    try (Tensor flat = self().flatten()) {
      return flat.repeatInterleave(repeats, 0);
    }
  }

  /**
   * Returns the element at each index of an axis as often as a tensor says.
   *
   * @param repeats {@code i32} or {@code i64} numbers of 0 or more: one for each index of the axis,
   *     or one for all
   */
  default Tensor repeatInterleave(Tensor repeats, int axis) {
    int at = self().axis("repeat_interleave", axis, self().rank());
    long size = self().rank() == 0 ? 1 : self().dim(at);
    if ((repeats.dtype() != DType.I64 && repeats.dtype() != DType.I32)
        || repeats.rank() > 1
        || (repeats.size() != 1 && repeats.size() != size)) {
      throw new IllegalArgumentException(
          "repeat_interleave: repeats "
              + repeats.layout()
              + " for axis "
              + axis
              + " of shape "
              + self().shape()
              + ", expected i32 or i64, one for each index or one for all");
    }
    long[] counts = longs(repeats);
    if (counts.length == 1 && size != 1) {
      return repeatInterleave(counts[0], axis);
    }
    long total = 0;
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException(
            "repeat_interleave: repeats " + count + ", expected 0 or more");
      }
      total = Math.min(Integer.MAX_VALUE, total) + Math.min(Integer.MAX_VALUE, count);
    }
    if (total >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "repeat_interleave: repeats of 2^31 or more in all, expected fewer");
    }
    long[] chosen = new long[(int) total];
    int next = 0;
    for (int i = 0; i < counts.length; i++) {
      Arrays.fill(chosen, next, next += (int) counts[i], i);
    }
    try (Tensor indices = Tensor.of(chosen)) {
      return self().indexSelect(axis, indices);
    }
  }

  /** Returns the elements of an {@code i32} or {@code i64} tensor. */
  private static long[] longs(Tensor whole) {
    try (Tensor wide = whole.to(DType.I64)) {
      return wide.toLongArray();
    }
  }

  // Other orders.

  /** Returns a copy with the elements in reverse order along some axes; see {@link Flip}. */
  default Tensor flip(int... axes) {
    return self().run(new Flip(Ints.of(axes)));
  }

  /** Returns a copy with the columns of a matrix in reverse order, along axis 1. */
  default Tensor fliplr() {
    checkRank("fliplr", 2);
    return flip(1);
  }

  /** Returns a copy with the rows in reverse order, along axis 0. */
  default Tensor flipud() {
    checkRank("flipud", 1);
    return flip(0);
  }

  /** Returns a copy with the elements moved on, in row-major order; see {@link Roll}. */
  default Tensor roll(long shift) {
    try (Tensor flat = self().flatten();
        Tensor rolled = flat.roll(shift, 0)) {
      return rolled.view(self().shape().dims());
    }
  }

  /** Returns a copy with the elements moved on along an axis; see {@link Roll}. */
  default Tensor roll(long shift, int axis) {
    return roll(new long[] {shift}, new int[] {axis});
  }

  /** Returns a copy with the elements moved on along some axes; see {@link Roll}. */
  default Tensor roll(long[] shifts, int[] axes) {
    return self().run(new Roll(Longs.of(shifts), Ints.of(axes)));
  }

  /**
   * Returns a copy of the tensor turned in the plane of two axes, from the first towards the
   * second.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.rot90.html">PyTorch,
   * rot90</a>.
   *
   * @param times by how many right angles; negative ones turn the other way
   */
  default Tensor rot90(int times, int axis0, int axis1) {
    checkRank("rot90", 2);
    int first = self().axis("rot90", axis0, self().rank());
    int second = self().axis("rot90", axis1, self().rank());
    if (first == second) {
      throw new IllegalArgumentException(
          "rot90: axes "
              + axis0
              + " and "
              + axis1
              + " for shape "
              + self().shape()
              + ", expected two");
    }
    return switch (Math.floorMod(times, 4)) {
      case 0 -> copy();
      case 2 -> flip(first, second);
      case 1 -> flippedAfterTranspose(first, second, first);
      default -> flippedAfterTranspose(first, second, second);
    };
  }

  private Tensor flippedAfterTranspose(int axis0, int axis1, int flipped) {
    try (Tensor transposed = self().transpose(axis0, axis1)) {
      return transposed.flip(flipped);
    }
  }

  // Matrices.

  /** Returns a copy with zeros above the main diagonal. */
  default Tensor tril() {
    return tril(0);
  }

  /** Returns a copy with zeros above a diagonal; see {@link Triangle}. */
  default Tensor tril(long diagonal) {
    return self().run(new Triangle(false, diagonal));
  }

  /** Returns a copy with zeros below the main diagonal. */
  default Tensor triu() {
    return triu(0);
  }

  /** Returns a copy with zeros below a diagonal; see {@link Triangle}. */
  default Tensor triu(long diagonal) {
    return self().run(new Triangle(true, diagonal));
  }

  /** Returns the matrix with a vector on its main diagonal, or that diagonal of a matrix. */
  default Tensor diag() {
    return diag(0);
  }

  /**
   * Returns the matrix with a vector on a diagonal, or that diagonal of a matrix: a view.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.diag.html">PyTorch,
   * diag</a>.
   */
  default Tensor diag(long offset) {
    if (self().rank() != 1 && self().rank() != 2) {
      throw new IllegalArgumentException(
          "diag: shape " + self().shape() + ", expected one dimension or two");
    }
    return self().rank() == 1 ? diagEmbed(offset, 0, 1) : self().diagonal(offset, 0, 1);
  }

  /** Returns the matrix with all elements, in row-major order, on a diagonal. */
  default Tensor diagflat(long offset) {
    try (Tensor flat = self().flatten()) {
      return flat.diagEmbed(offset, 0, 1);
    }
  }

  /**
   * Returns matrices of zeros with the elements of the last dimension on a diagonal.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.diag_embed.html">PyTorch,
   * diag_embed</a>.
   *
   * @param offset how far above the main diagonal, or below where it is negative
   * @param axis1 the axis of the result for the matrices' rows; negative counts from the last
   * @param axis2 that for their columns
   */
  default Tensor diagEmbed(long offset, int axis1, int axis2) {
    checkRank("diag_embed", 1);
    int rank = self().rank() + 1;
    int rows = self().axis("diag_embed", axis1, rank);
    int columns = self().axis("diag_embed", axis2, rank);
    if (rows == columns) {
      throw new IllegalArgumentException(
          "diag_embed: axes " + axis1 + " and " + axis2 + ", expected two");
    }
    self().checkOpen("diag_embed");
    long length = self().dim(-1);
    long most = Long.MAX_VALUE - length;
    if (offset > most || offset < -most) {
      throw new IllegalArgumentException(
          "diag_embed: offset " + offset + " of a diagonal of " + length + " overflows a long");
    }
    long side = length + Math.abs(offset);
    long[] dims = new long[rank];
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      dims[axis] = axis == rows || axis == columns ? side : self().dim(next++);
    }
    Tensor matrices = Tensor.zeros(self().dtype(), dims);
    try (Tensor diagonal = matrices.diagonal(offset, rows, columns)) {
      diagonal.copyFrom(self());
    }
    return matrices;
  }

  private void checkRank(String name, int rank) {
    if (self().rank() < rank) {
      throw new IllegalArgumentException(
          name + ": shape " + self().shape() + ", expected " + rank + " dimensions or more");
    }
  }
}
