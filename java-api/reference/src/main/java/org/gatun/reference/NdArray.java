package org.gatun.reference;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Shape;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers in row-major order, as doubles whatever the dtype; {@code i64} values beyond
 * 2^53 are not exact.
 *
 * @param dtype the type that the values have in a tensor; the values of inputs are exact in it,
 *     those of results are not rounded to it yet
 * @param shape the dimensions
 * @param values the elements; not copied
 * @param scale for results that are sums: for each element what its rounding error is relative to,
 *     the square root of the number of terms (roundings go up as often as down) times the sum of
 *     their absolute values; null for others
 */
public record NdArray(DType dtype, Shape shape, double[] values, double @Nullable [] scale) {
  /** Checks that there are as many values as the shape has elements. */
  public NdArray {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException("array: " + values.length + " values for shape " + shape);
    }
  }

  /** Returns an array of these values. */
  public static NdArray of(DType dtype, Shape shape, double[] values) {
    return new NdArray(dtype, shape, values, null);
  }

  /** Returns an array of zeros. */
  public static NdArray zeros(DType dtype, Shape shape) {
    return of(dtype, shape, new double[Math.toIntExact(shape.size())]);
  }

  /** Returns an array of zeros with a scale, for a result that is made of sums. */
  public static NdArray sums(DType dtype, Shape shape) {
    int size = Math.toIntExact(shape.size());
    return new NdArray(dtype, shape, new double[size], new double[size]);
  }

  /**
   * Stores a sum.
   *
   * @param position where, in row-major order
   * @param sum its value
   * @param terms the number of terms
   * @param absolute the sum of their absolute values
   */
  void store(int position, double sum, long terms, double absolute) {
    values[position] = sum;
    if (scale != null) {
      scale[position] = Math.sqrt(terms) * absolute;
    }
  }

  /** Returns these values with the scale of another array of the same shape. */
  public NdArray scaledAs(NdArray other) {
    return new NdArray(dtype, shape, values, other.scale);
  }

  /** Returns an array with values of its own, equal to these, and the same scale. */
  public NdArray copy() {
    return new NdArray(dtype, shape, values.clone(), scale);
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** Returns the size of a dimension; negative axes count from the last. */
  public int dim(int axis) {
    return Math.toIntExact(shape.dim(axis));
  }

  /** Returns the number of elements. */
  public int size() {
    return values.length;
  }

  /** Returns the position in {@link #values} of an index. */
  public int at(int... index) {
    int position = 0;
    for (int axis = 0; axis < index.length; axis++) {
      position = position * dim(axis) + index[axis];
    }
    return position;
  }

  /** Returns the element at an index. */
  public double get(int... index) {
    return values[at(index)];
  }

  /** Returns the index of a position. */
  public int[] index(int position) {
    int[] index = new int[rank()];
    for (int axis = index.length - 1; axis > 0; axis--) {
      int size = dim(axis);
      int rest = position / size;
      index[axis] = position - rest * size;
      position = rest;
    }
    if (index.length > 0) {
      index[0] = position;
    }
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NdArray that
        && dtype == that.dtype
        && shape.equals(that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values) * 31 + shape.hashCode();
  }

  @Override
  public String toString() {
    return dtype.spelling() + shape + " " + Arrays.toString(values);
  }
}
