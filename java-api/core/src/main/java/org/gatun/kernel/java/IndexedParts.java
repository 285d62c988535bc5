package org.gatun.kernel.java;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Layout;
import org.gatun.op.Ints;

/**
 * A tensor as the parts that indices of some axes pick: for each index along the axes before them
 * (if all lie side by side) and for each of the indices one part, of the dimensions that are left.
 * The elements of a part go in chunks that lie side by side in memory.
 *
 * @param readers what reads the indices of each axis
 * @param indexed the bytes from one index to the next of each axis
 * @param before the dimensions before the axes
 * @param within those of a part around its chunks
 * @param chunk the bytes of a chunk
 * @param width the bytes of an element
 */
record IndexedParts(
    IndexReader[] readers, long[] indexed, Dims before, Dims within, long chunk, int width) {
  /** Sizes and strides, in bytes, from the outermost dimension on. */
  record Dims(long[] sizes, long[] strides) {
    /** Returns the product of the sizes. */
    long count() {
      long count = 1;
      for (long size : sizes) {
        count *= size;
      }
      return count;
    }

    /** Returns where the part of an index is that counts the dimensions in row-major order. */
    long offset(long position) {
      long offset = 0;
      long rest = position;
      for (int i = sizes.length - 1; i >= 0; i--) {
        offset += rest % sizes[i] * strides[i];
        rest /= sizes[i];
      }
      return offset;
    }
  }

  /** Returns the parts of a tensor that the indices of some axes pick. */
  static IndexedParts of(String name, Layout x, Ints axes, List<Layout> indices, boolean fromEnd) {
    int width = x.dtype().byteSize();
    int count = axes.size();
    IndexReader[] readers = new IndexReader[count];
    long[] indexed = new long[count];
    for (int i = 0; i < count; i++) {
      readers[i] = IndexReader.of(name, indices.get(i), x, axes.get(i), fromEnd);
      indexed[i] = x.stride(axes.get(i)) * width;
    }
    boolean together = axes.get(count - 1) - axes.get(0) == count - 1;
    List<long[]> before = new ArrayList<>();
    List<long[]> within = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (next < count && axes.get(next) == axis) {
        next++;
      } else {
        add(together && next == 0 ? before : within, x.dim(axis), x.stride(axis) * width);
      }
    }
    long chunk = width;
    if (!within.isEmpty() && within.getLast()[1] == width) {
      chunk *= within.removeLast()[0];
    }
    return new IndexedParts(readers, indexed, dims(before), dims(within), chunk, width);
  }

  /** Adds a dimension, joined with the one around it where they lie side by side. */
  private static void add(List<long[]> dims, long size, long stride) {
    if (size == 1) {
      return;
    }
    if (!dims.isEmpty() && dims.getLast()[1] == size * stride) {
      dims.set(dims.size() - 1, new long[] {dims.getLast()[0] * size, stride});
    } else {
      dims.add(new long[] {size, stride});
    }
  }

  private static Dims dims(List<long[]> dims) {
    return new Dims(
        dims.stream().mapToLong(dim -> dim[0]).toArray(),
        dims.stream().mapToLong(dim -> dim[1]).toArray());
  }

  /** Returns the bytes of a part. */
  long partBytes() {
    return within.count() * chunk;
  }

  /** Throws if one of the indices is out of range. */
  void check(long[] indices, long count) {
    for (int i = 0; i < readers.length; i++) {
      readers[i].check(indices[i], count);
    }
  }

  /** Returns where the part is that the indices at a position pick. */
  long offset(long[] indices, long position) {
    long offset = 0;
    for (int i = 0; i < readers.length; i++) {
      offset += readers[i].get(indices[i], position) * indexed[i];
    }
    return offset;
  }
}
