package org.gatun.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Tensor;

/** Elements of tensors' memory, read and written one by one. */
public final class Elements {
  private Elements() {}

  /** Returns the elements of memory with this layout. */
  public static NdArray read(MemorySegment memory, Layout layout) {
    NdArray array = NdArray.zeros(layout.dtype(), layout.shape());
    double[] values = array.values();
    long[] positions = positions(layout);
    for (int i = 0; i < values.length; i++) {
      values[i] = get(memory, layout.dtype(), positions[i]);
    }
    return array;
  }

  /**
   * Returns the elements of a tensor, by no operator: whatever the backend, they are what they are.
   */
  public static NdArray read(Tensor tensor) {
    NdArray[] array = new NdArray[1];
    tensor.read(memory -> array[0] = read(memory, tensor.layout()));
    return array[0];
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
    DType dtype = array.dtype();
    double[] values = array.values();
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = rounded(dtype, values[i]);
    }
    return NdArray.of(dtype, array.shape(), rounded);
  }

  /** Returns new memory on the heap for elements of a layout, aligned for any dtype. */
  public static MemorySegment heap(Layout layout) {
    long bytes = layout.byteSpan();
    return MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)]).asSlice(0, bytes);
  }

  /** Writes the elements, rounded to the dtype, to memory with this layout. */
  public static void write(NdArray array, MemorySegment memory, Layout layout) {
    double[] values = array.values();
    long[] positions = positions(layout);
    for (int i = 0; i < values.length; i++) {
      set(memory, layout.dtype(), positions[i], values[i]);
    }
  }

  /** Returns where the elements are, in row-major order of their indices. */
  private static long[] positions(Layout layout) {
    long[] positions = new long[Math.toIntExact(layout.size())];
    int filled = positions.length == 0 ? 0 : 1; // The first one is at 0.
    for (int axis = layout.rank() - 1; axis >= 0 && filled > 0; axis--) {
      int known = filled;
      for (long i = 1; i < layout.dim(axis); i++) {
        for (int j = 0; j < known; j++) {
          positions[filled++] = positions[j] + i * layout.stride(axis);
        }
      }
    }
    return positions;
  }

  /** Returns what {@link #get} finds where {@link #set} stored a value. */
  private static double rounded(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> (float) value;
      case F64 -> value;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BF16 -> Float.intBitsToFloat(toBf16((float) value) << 16);
      case I8 -> (byte) (long) value;
      case U8 -> (byte) (long) value & 0xFF;
      case BOOL -> value == 0 ? 0 : 1;
      case I16 -> (short) (long) value;
      case I32 -> (int) (long) value;
      case I64 -> (long) value;
    };
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
