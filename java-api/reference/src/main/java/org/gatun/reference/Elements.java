package org.gatun.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;

/** Elements of tensors' memory, read and written one by one. */
public final class Elements {
  private Elements() {}

  /** Returns the elements of memory with this layout. */
  public static NdArray read(MemorySegment memory, Layout layout) {
    NdArray array = NdArray.zeros(layout.dtype(), layout.shape());
    for (int i = 0; i < array.size(); i++) {
      array.values()[i] = get(memory, layout.dtype(), position(layout, array.index(i)));
    }
    return array;
  }

  /**
   * Returns the elements of a tensor, by no operator: whatever the backend, they are what they are.
   */
  public static NdArray read(Tensor tensor) {
    if (tensor.isContiguous() && tensor.dtype() == DType.F64) {
      return NdArray.of(DType.F64, tensor.shape(), tensor.toDoubleArray());
    }
    NdArray array = NdArray.zeros(tensor.dtype(), tensor.shape());
    double[] values = array.values();
    if (tensor.isContiguous() && tensor.dtype() == DType.F32) {
      float[] floats = tensor.toFloatArray();
      Arrays.setAll(values, i -> floats[i]);
      return array;
    }
    long[] index = new long[array.rank()];
    for (int i = 0; i < values.length; i++) {
      int[] at = array.index(i);
      Arrays.setAll(index, axis -> at[axis]);
      values[i] = tensor.get(index);
    }
    return array;
  }

  /** Returns a new tensor of the elements, rounded to the dtype, in row-major order. */
  public static Tensor tensor(NdArray array) {
    Layout layout = Layout.of(array.dtype(), array.shape());
    MemorySegment memory = heap(layout);
    write(array, memory, layout);
    return Tensor.copyOf(memory, array.dtype(), array.shape().dims());
  }

  /** Returns the elements as the dtype has them. */
  public static NdArray rounded(NdArray array) {
    Layout layout = Layout.of(array.dtype(), array.shape());
    MemorySegment memory = heap(layout);
    write(array, memory, layout);
    return read(memory, layout);
  }

  /** Returns new memory on the heap for elements of a layout, aligned for any dtype. */
  public static MemorySegment heap(Layout layout) {
    long bytes = layout.byteSpan();
    return MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]).asSlice(0, bytes);
  }

  /** Writes the elements, rounded to the dtype, to memory with this layout. */
  public static void write(NdArray array, MemorySegment memory, Layout layout) {
    for (int i = 0; i < array.size(); i++) {
      set(memory, layout.dtype(), position(layout, array.index(i)), array.values()[i]);
    }
  }

  private static long position(Layout layout, int[] index) {
    long position = 0;
    for (int axis = 0; axis < index.length; axis++) {
      position += index[axis] * layout.stride(axis);
    }
    return position;
  }

  private static double get(MemorySegment memory, DType dtype, long index) {
    return switch (dtype) {
      case F32 -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F64 -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
      case F16 -> Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index));
      case BF16 -> Float.intBitsToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
      case I8 -> memory.get(ValueLayout.JAVA_BYTE, index);
      case U8, BOOL -> memory.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
      case I16 -> memory.getAtIndex(ValueLayout.JAVA_SHORT, index);
      case I32 -> memory.getAtIndex(ValueLayout.JAVA_INT, index);
      case I64 -> memory.getAtIndex(ValueLayout.JAVA_LONG, index);
    };
  }

  private static void set(MemorySegment memory, DType dtype, long index, double value) {
    switch (dtype) {
      case F32 -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case F64 -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
      case F16 ->
          memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16((float) value));
      case BF16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, toBf16((float) value));
      case I8, U8 -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) (long) value);
      case BOOL -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) (value == 0 ? 0 : 1));
      case I16 -> memory.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) (long) value);
      case I32 -> memory.setAtIndex(ValueLayout.JAVA_INT, index, (int) (long) value);
      case I64 -> memory.setAtIndex(ValueLayout.JAVA_LONG, index, (long) value);
    }
  }

  private static short toBf16(float value) {
    if (Float.isNaN(value)) {
      return (short) 0x7FC0;
    }
    int bits = Float.floatToIntBits(value);
    int lowest = (bits >>> 16) & 1;
    return (short) ((bits + 0x7FFF + lowest) >>> 16);
  }
}
