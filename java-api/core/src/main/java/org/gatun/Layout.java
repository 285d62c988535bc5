package org.gatun;

import java.util.Arrays;

/**
 * How a tensor's elements lie in memory: their type, the shape, and for each dimension the stride,
 * in elements, from one index to the next. A stride of 0 repeats elements, as {@code expand} does.
 *
 * <p>Immutable, with the hash computed once: layouts are part of the key by which plans are found.
 */
public final class Layout {
  private final DType dtype;
  private final Shape shape;
  private final long[] strides;
  private final int hash;
  private final long span;
  private final long byteSpan;
  private final boolean contiguous;
  private final boolean channelsLast;
  private final boolean dense;

  private Layout(DType dtype, Shape shape, long[] strides) {
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.hash = (dtype.ordinal() * 31 + shape.hashCode()) * 31 + Arrays.hashCode(strides);
    this.span = span(shape, strides);
    this.byteSpan = byteSpan(dtype, shape, span);
    this.contiguous = follows(shape, strides, rowMajorStrides(shape));
    this.channelsLast = shape.rank() >= 3 && follows(shape, strides, channelsLastStrides(shape));
    this.dense = contiguous || channelsLast || isDense(shape, strides);
  }

  /**
   * Returns the row-major layout: the last dimension's elements lie side by side.
   *
   * @throws IllegalArgumentException if the elements take more bytes than a long can count
   */
  public static Layout of(DType dtype, Shape shape) {
    return new Layout(dtype, shape, rowMajorStrides(shape));
  }

  /**
   * Returns the layout with these strides.
   *
   * @throws IllegalArgumentException if there is not one stride for each dimension, one is
   *     negative, or the elements would span more bytes than a long can count
   */
  public static Layout of(DType dtype, Shape shape, long... strides) {
    if (strides.length != shape.rank()) {
      throw new IllegalArgumentException(
          "layout: strides "
              + Arrays.toString(strides)
              + " for shape "
              + shape
              + ", expected one for each dimension");
    }
    for (long stride : strides) {
      if (stride < 0) {
        throw new IllegalArgumentException(
            "layout: stride "
                + stride
                + " in "
                + Arrays.toString(strides)
                + ", expected 0 or more");
      }
    }
    return new Layout(dtype, shape, strides.clone());
  }

  /**
   * Returns the channels-last layout of a batch of images, (N, C, spatial...) with the channels of
   * one position side by side.
   *
   * @throws IllegalArgumentException if the shape has fewer than three dimensions
   */
  public static Layout channelsLast(DType dtype, Shape shape) {
    if (shape.rank() < 3) {
      throw new IllegalArgumentException(
          "layout: channels-last of shape " + shape + ", expected (N, C, spatial...)");
    }
    return new Layout(dtype, shape, channelsLastStrides(shape));
  }

  /**
   * Returns the layout of a result that keeps the arrangement of an operand: channels-last where
   * {@code operand} is channels-last, or some of the channels or pixels of such images, and of the
   * same rank; row-major otherwise.
   */
  public static Layout like(Layout operand, DType dtype, Shape shape) {
    boolean keep =
        !operand.contiguous
            && operand.shape.rank() == shape.rank()
            && (operand.channelsLast || operand.isPartOfChannelsLast());
    return keep ? channelsLast(dtype, shape) : of(dtype, shape);
  }

  /** Returns whether several channels lie side by side, and dimensions in their order else. */
  private boolean isPartOfChannelsLast() {
    int rank = shape.rank();
    if (rank < 3 || shape.dim(1) < 2 || strides[1] != 1) {
      return false;
    }
    long least = shape.dim(1);
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (axis != 1 && shape.dim(axis) != 1) {
        if (strides[axis] < least) {
          return false;
        }
        least = strides[axis] * shape.dim(axis);
      }
    }
    return true;
  }

  /** Returns the type of the elements. */
  public DType dtype() {
    return dtype;
  }

  /** Returns the shape. */
  public Shape shape() {
    return shape;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** Returns the size of a dimension; negative axes count from the last. */
  public long dim(int axis) {
    return shape.dim(axis);
  }

  /** Returns the number of elements of the shape. */
  public long size() {
    return shape.size();
  }

  /** Returns a copy of the strides, in elements. */
  public long[] strides() {
    return strides.clone();
  }

  /** Returns the stride of a dimension, in elements; negative axes count from the last. */
  public long stride(int axis) {
    int index = axis < 0 ? axis + strides.length : axis;
    if (index < 0 || index >= strides.length) {
      throw new IndexOutOfBoundsException(
          "layout: axis " + axis + " out of range for shape " + shape);
    }
    return strides[index];
  }

  /** Returns the elements from the first to the last one, both included; 0 where there are none. */
  public long span() {
    return span;
  }

  /** Returns the bytes from the first element to the end of the last one. */
  public long byteSpan() {
    return byteSpan;
  }

  /** Returns whether the elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    return contiguous;
  }

  /** Returns whether the elements lie in channels-last order without gaps. */
  public boolean isChannelsLast() {
    return channelsLast;
  }

  /** Returns whether the elements lie without gaps or overlap, in whatever order of dimensions. */
  public boolean isDense() {
    return dense;
  }

  /** Returns whether several indices may share an element, as in an expanded tensor. */
  public boolean overlaps() {
    return !dense && overlaps(shape, strides);
  }

  /** Returns whether both have the same shape and, where a dimension has a second index, stride. */
  public boolean sameArrangement(Layout other) {
    return shape.equals(other.shape) && follows(shape, strides, other.strides);
  }

  /** Returns this layout with elements of another type. */
  public Layout withDType(DType other) {
    return other == dtype ? this : new Layout(other, shape, strides);
  }

  private static long[] rowMajorStrides(Shape shape) {
    long[] strides = new long[shape.rank()];
    long next = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = next;
      next *= Math.max(1, shape.dim(axis));
    }
    return strides;
  }

  private static long[] channelsLastStrides(Shape shape) {
    int rank = shape.rank();
    long[] strides = new long[rank];
    strides[1] = 1;
    long next = Math.max(1, shape.dim(1));
    for (int axis = rank - 1; axis >= 2; axis--) {
      strides[axis] = next;
      next *= Math.max(1, shape.dim(axis));
    }
    strides[0] = next;
    return strides;
  }

  /** A dimension of one index is never stepped along, so its stride says nothing. */
  private static boolean follows(Shape shape, long[] strides, long[] expected) {
    if (shape.isEmpty()) {
      return true;
    }
    for (int axis = 0; axis < strides.length; axis++) {
      if (shape.dim(axis) != 1 && strides[axis] != expected[axis]) {
        return false;
      }
    }
    return true;
  }

  private static long span(Shape shape, long[] strides) {
    if (shape.isEmpty()) {
      return 0;
    }
    try {
      long last = 0;
      for (int axis = 0; axis < strides.length; axis++) {
        last = Math.addExact(last, Math.multiplyExact(shape.dim(axis) - 1, strides[axis]));
      }
      return Math.addExact(last, 1);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "layout: shape "
              + shape
              + " with strides "
              + Arrays.toString(strides)
              + " spans more than 2^63 - 1 elements",
          e);
    }
  }

  private static long byteSpan(DType dtype, Shape shape, long span) {
    if (span > Long.MAX_VALUE / dtype.byteSize()) {
      throw new IllegalArgumentException(
          "layout: "
              + dtype.spelling()
              + shape
              + " spans "
              + span
              + " elements, more than 2^63 - 1 bytes");
    }
    return span * dtype.byteSize();
  }

  private static boolean isDense(Shape shape, long[] strides) {
    Integer[] axes = axesByStride(shape, strides);
    long expected = 1;
    for (int axis : axes) {
      if (strides[axis] != expected) {
        return false;
      }
      expected *= shape.dim(axis);
    }
    return true;
  }

  /** Conservative: strides that interleave without sharing an element count as overlapping. */
  private static boolean overlaps(Shape shape, long[] strides) {
    long reach = 1;
    for (int axis : axesByStride(shape, strides)) {
      if (strides[axis] < reach) {
        return true;
      }
      reach = strides[axis] * (shape.dim(axis) - 1) + reach;
    }
    return false;
  }

  private static Integer[] axesByStride(Shape shape, long[] strides) {
    return java.util.stream.IntStream.range(0, strides.length)
        .filter(axis -> shape.dim(axis) > 1)
        .boxed()
        .sorted(java.util.Comparator.comparingLong(axis -> strides[axis]))
        .toArray(Integer[]::new);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Layout that
            && hash == that.hash
            && dtype == that.dtype
            && shape.equals(that.shape)
            && Arrays.equals(strides, that.strides));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Returns {@code f32[2, 3]}, followed by the strides where they are not the row-major ones. */
  @Override
  public String toString() {
    String text = dtype.spelling() + shape;
    return contiguous ? text : text + " strides " + Arrays.toString(strides);
  }
}
