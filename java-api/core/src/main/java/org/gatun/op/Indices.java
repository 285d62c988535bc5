package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** The checks that indexing operators share. */
final class Indices {
  private Indices() {}

  /** Checks that the axes ascend from 0 or more. */
  static void checkAscending(String name, Ints axes) {
    for (int i = 0; i < axes.size(); i++) {
      if (axes.get(i) < (i == 0 ? 0 : axes.get(i - 1) + 1)) {
        throw new IllegalArgumentException(name + ": axes " + axes + ", expected ascending ones");
      }
    }
    if (axes.size() == 0) {
      throw new IllegalArgumentException(name + ": no axes, expected one or more");
    }
  }

  /** Checks the dtype of indices; that of none at all says nothing. */
  static void checkDType(Op op, Layout indices) {
    Checks.check(
        indices.dtype() == DType.I64 || indices.dtype() == DType.I32 || indices.size() == 0,
        op,
        "indices have dtype " + indices.dtype().spelling() + ", expected i32 or i64");
  }

  /** Returns the shape that the indices of all axes have. */
  static Shape shape(Op op, Ints axes, Layout x, List<Layout> indices) {
    int last = axes.get(axes.size() - 1);
    Checks.check(last < x.rank(), op, "axis " + last + " out of range for shape " + x.shape());
    Shape shape = indices.getFirst().shape();
    for (Layout each : indices) {
      checkDType(op, each);
      Checks.check(
          each.shape().equals(shape),
          op,
          "indices have shapes " + shape + " and " + each.shape() + ", expected the same");
    }
    for (int i = 0; i < axes.size(); i++) {
      Checks.check(
          shape.isEmpty() || x.dim(axes.get(i)) > 0,
          op,
          "indices into axis " + axes.get(i) + " of shape " + x.shape() + ", which has none");
    }
    return shape;
  }

  /** Returns a shape with axes replaced by others; in front where the axes lie apart. */
  static Shape replaced(Shape shape, Ints axes, Shape by) {
    int first = axes.get(0);
    int last = axes.get(axes.size() - 1);
    if (last - first == axes.size() - 1) {
      return shape.range(0, first).concat(by).concat(shape.range(last + 1, shape.rank()));
    }
    Shape result = by;
    int next = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (next < axes.size() && axes.get(next) == axis) {
        next++;
      } else {
        result = result.concat(shape.range(axis, axis + 1));
      }
    }
    return result;
  }

  /** Checks indices that are one for each element. */
  static void checkElements(Op op, int axis, Layout x, Layout indices) {
    int at = Checks.axis(op, axis, x.shape());
    checkDType(op, indices);
    if (indices.size() == 0) {
      return;
    }
    boolean fits = indices.rank() == x.rank();
    for (int i = 0; fits && i < x.rank(); i++) {
      fits = i == at || indices.dim(i) <= x.dim(i);
    }
    Checks.check(
        fits,
        op,
        "indices have shape "
            + indices.shape()
            + " for an input of shape "
            + x.shape()
            + ", expected as many dimensions, none larger but for axis "
            + axis);
  }

  /** Checks the number of elements that a mask lets through. */
  static void checkCount(Op op, long count, long size) {
    Checks.check(
        count >= 0 && count <= size,
        op,
        "count " + count + " for a mask of " + size + " elements, expected 0 to " + size);
  }
}
