package org.gatun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Java's arrays of arrays as tensors. */
final class NestedArrays {
  private NestedArrays() {}

  /** Returns a new tensor with a copy of the innermost arrays' elements. */
  static Tensor toTensor(Object[] rows) {
    Class<?> leaf = rows.getClass();
    int rank = 0;
    for (; leaf.isArray(); leaf = leaf.getComponentType()) {
      rank++;
    }
    DType dtype = dtype(leaf, rows);
    long[] dims = new long[rank];
    Object level = rows;
    for (int axis = 0; axis < rank && level != null; axis++) {
      dims[axis] = Array.getLength(level);
      level = axis + 1 < rank && dims[axis] > 0 ? Array.get(level, 0) : null;
    }
    List<Object> leaves = new ArrayList<>();
    collect(rows, dims, 0, "", leaves);
    long row = dims[rank - 1] * dtype.byteSize();
    return Tensor.filled(
        Layout.of(dtype, Shape.of(dims)),
        memory -> {
          for (int i = 0; i < leaves.size(); i++) {
            copy(leaves.get(i), memory.asSlice(i * row, row));
          }
        });
  }

  private static DType dtype(Class<?> leaf, Object[] rows) {
    if (leaf == float.class) {
      return DType.F32;
    } else if (leaf == double.class) {
      return DType.F64;
    } else if (leaf == byte.class) {
      return DType.I8;
    } else if (leaf == short.class) {
      return DType.I16;
    } else if (leaf == int.class) {
      return DType.I32;
    } else if (leaf == long.class) {
      return DType.I64;
    } else if (leaf == boolean.class) {
      return DType.BOOL;
    }
    throw new IllegalArgumentException(
        "of: an array of type "
            + rows.getClass().getTypeName()
            + ", expected arrays of primitive numbers such as float[][]");
  }

  private static void collect(
      @Nullable Object array, long[] dims, int axis, String path, List<Object> leaves) {
    int length = array == null ? 0 : Array.getLength(array);
    if (array == null || length != dims[axis]) {
      throw new IllegalArgumentException(
          "of: array"
              + path
              + (array == null ? " is null" : " has length " + length)
              + ", expected length "
              + dims[axis]
              + " as its neighbours have");
    }
    if (axis == dims.length - 1) {
      leaves.add(array);
      return;
    }
    for (int i = 0; i < length; i++) {
      collect(Array.get(array, i), dims, axis + 1, path + "[" + i + "]", leaves);
    }
  }

  private static void copy(Object leaf, MemorySegment target) {
    switch (leaf) {
      case float[] values -> target.copyFrom(MemorySegment.ofArray(values));
      case double[] values -> target.copyFrom(MemorySegment.ofArray(values));
      case byte[] values -> target.copyFrom(MemorySegment.ofArray(values));
      case short[] values -> target.copyFrom(MemorySegment.ofArray(values));
      case int[] values -> target.copyFrom(MemorySegment.ofArray(values));
      case long[] values -> target.copyFrom(MemorySegment.ofArray(values));
      case boolean[] values -> {
        for (int i = 0; i < values.length; i++) {
          target.set(ValueLayout.JAVA_BYTE, i, (byte) (values[i] ? 1 : 0));
        }
      }
      default -> throw new AssertionError(leaf.getClass());
    }
  }
}
