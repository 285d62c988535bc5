package org.gatun;

import java.util.Arrays;
import java.util.Objects;

/**
 * The sizes of a tensor's dimensions, outermost first. A shape without dimensions is a scalar's.
 *
 * <p>Immutable. The number of elements fits in a {@code long}.
 */
public final class Shape {
  private static final int MOST_SHOWN = 100;
  private static final Shape SCALAR = new Shape(new long[0], 1);

  private final long[] dims;
  private final long size;
  private final int hash;

  private Shape(long[] dims, long size) {
    this.dims = dims;
    this.size = size;
    this.hash = Arrays.hashCode(dims);
  }

  /**
   * Returns the shape with these dimensions.
   *
   * @throws IllegalArgumentException if a dimension is negative or the product of those that are
   *     not 0 overflows a long
   */
  public static Shape of(long... dims) {
    Objects.requireNonNull(dims, "shape: dims is null");
    if (dims.length == 0) {
      return SCALAR;
    }
    long size = 1;
    boolean overflow = false;
    boolean empty = false;
    for (long dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException(
            "shape: dimension " + dim + " in " + text(dims) + ", expected 0 or more");
      }
      empty |= dim == 0;
      if (dim > 0) {
        overflow |= size > Long.MAX_VALUE / dim;
        size = overflow ? size : size * dim;
      }
    }
    if (overflow) {
      throw new IllegalArgumentException(
          "shape: " + text(dims) + " has more than 2^63 - 1 elements");
    }
    return new Shape(dims.clone(), empty ? 0 : size);
  }

  /** Returns the shape of a scalar: no dimensions, one element. */
  public static Shape scalar() {
    return SCALAR;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /**
   * Returns the size of a dimension.
   *
   * @param axis from {@code -rank} to {@code rank - 1}; negative counts from the last
   */
  public long dim(int axis) {
    return dims[index(axis)];
  }

  private int index(int axis) {
    int index = axis < 0 ? axis + dims.length : axis;
    if (index < 0 || index >= dims.length) {
      throw new IndexOutOfBoundsException(
          "shape: axis " + axis + " out of range for shape " + this);
    }
    return index;
  }

  /** Returns a copy of the dimensions. */
  public long[] dims() {
    return dims.clone();
  }

  /** Returns the number of elements: the product of the dimensions, 1 for a scalar. */
  public long size() {
    return size;
  }

  /** Returns whether there are no elements: some dimension is 0. */
  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * Returns this shape with the size of one dimension replaced.
   *
   * @param axis from {@code -rank} to {@code rank - 1}; negative counts from the last
   */
  public Shape with(int axis, long dim) {
    long[] changed = dims.clone();
    changed[index(axis)] = dim;
    return of(changed);
  }

  /**
   * Returns the dimensions from {@code start} (inclusive) to {@code end} (exclusive).
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= start <= end <= rank}
   */
  public Shape range(int start, int end) {
    if (start < 0 || start > end || end > dims.length) {
      throw new IndexOutOfBoundsException(
          "shape: dimensions "
              + start
              + " to "
              + end
              + " of shape "
              + this
              + ", expected a range within 0 to "
              + dims.length);
    }
    return of(Arrays.copyOfRange(dims, start, end));
  }

  /** Returns the dimensions of this shape followed by those of another. */
  public Shape concat(Shape other) {
    long[] joined = Arrays.copyOf(dims, dims.length + other.dims.length);
    System.arraycopy(other.dims, 0, joined, dims.length, other.dims.length);
    return of(joined);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Shape that && hash == that.hash && Arrays.equals(dims, that.dims));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Returns the dimensions as {@code [2, 3]}. */
  @Override
  public String toString() {
    return text(dims);
  }

  /** The first dimensions of many: messages are not to be as large as memory. */
  private static String text(long[] dims) {
    if (dims.length <= MOST_SHOWN) {
      return Arrays.toString(dims);
    }
    String first = Arrays.toString(Arrays.copyOf(dims, MOST_SHOWN));
    return first.substring(0, first.length() - 1) + ", ... " + dims.length + " in all]";
  }
}
