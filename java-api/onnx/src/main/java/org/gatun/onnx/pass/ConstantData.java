package org.gatun.onnx.pass;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.operator.Constants;
import org.jspecify.annotations.Nullable;

/** Constants of graphs, read and made by passes. */
final class ConstantData {
  private static final long SMALL = 1 << 16;

  private ConstantData() {}

  /** Returns what a Constant node gives, named as its output; null where it is no tensor. */
  static @Nullable TensorData of(Node node) {
    if (!GraphEdit.is(node, "Constant") || node.outputs().size() != 1) {
      return null;
    }
    String name = node.outputs().getFirst();
    for (Attribute attribute : node.attributes().values()) {
      switch (attribute) {
        case Attribute.OfTensor(TensorData data) -> {
          return renamed(data, name);
        }
        case Attribute.OfInt(long value) -> {
          return integers(name, List.of(), value);
        }
        case Attribute.OfInts(List<Long> values) -> {
          long[] array = values.stream().mapToLong(Long::longValue).toArray();
          return integers(name, List.of((long) array.length), array);
        }
        case Attribute.OfFloat(float value) -> {
          return numbers(name, ElementType.FLOAT, List.of(), value);
        }
        case Attribute.OfFloats(List<Float> values) -> {
          double[] array = values.stream().mapToDouble(Float::doubleValue).toArray();
          return numbers(name, ElementType.FLOAT, List.of((long) array.length), array);
        }
        default -> {}
      }
    }
    return null;
  }

  static TensorData renamed(TensorData data, String name) {
    return new TensorData(
        name, data.type(), data.shape(), data.elements(), data.file(), data.strings());
  }

  /** Returns the same elements in another shape. */
  static TensorData reshaped(TensorData data, String name, List<Long> shape) {
    return new TensorData(name, data.type(), shape, data.elements(), data.file(), data.strings());
  }

  /** Returns the elements of a tensor of numbers, which should be few. */
  static double[] numbers(TensorData data) {
    MemorySegment elements = data.elements();
    double[] values = new double[Math.toIntExact(data.size())];
    switch (data.type()) {
      case FLOAT ->
          Arrays.setAll(values, i -> elements.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i));
      case DOUBLE ->
          Arrays.setAll(values, i -> elements.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8L * i));
      case INT64 ->
          Arrays.setAll(values, i -> elements.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i));
      case INT32 ->
          Arrays.setAll(values, i -> elements.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i));
      default -> {
        if (!data.type().hasCarrier()) {
          Arrays.fill(values, Double.NaN);
          return values;
        }
        try (Tensor tensor = Constants.value(data).tensor();
            Tensor wide = tensor.to(DType.F64)) {
          return wide.toDoubleArray();
        }
      }
    }
    return values;
  }

  /** Returns the elements of a tensor of 32- or 64-bit integers; null for other types. */
  static long @Nullable [] integers(TensorData data) {
    MemorySegment elements = data.elements();
    long[] values = new long[Math.toIntExact(data.size())];
    switch (data.type()) {
      case INT64 ->
          Arrays.setAll(values, i -> elements.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i));
      case INT32 ->
          Arrays.setAll(values, i -> elements.get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i));
      default -> {
        return null;
      }
    }
    return values;
  }

  static TensorData integers(String name, List<Long> shape, long... values) {
    return integers(name, ElementType.INT64, shape, values);
  }

  /** Returns integers of 64 bits or 32. */
  static TensorData integers(String name, ElementType type, List<Long> shape, long... values) {
    MemorySegment elements = allocate(8L * values.length);
    boolean narrow = type == ElementType.INT32;
    for (int i = 0; i < values.length; i++) {
      if (narrow) {
        elements.setAtIndex(ValueLayout.JAVA_INT, i, (int) values[i]);
      } else {
        elements.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
      }
    }
    long bytes = (narrow ? 4L : 8L) * values.length;
    return data(name, narrow ? type : ElementType.INT64, shape, elements.asSlice(0, bytes));
  }

  /** Returns numbers rounded to a floating-point type. */
  static TensorData numbers(String name, ElementType type, List<Long> shape, double... values) {
    MemorySegment elements = allocate(8L * values.length);
    switch (type) {
      case FLOAT -> {
        for (int i = 0; i < values.length; i++) {
          elements.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
        }
        return data(name, type, shape, elements.asSlice(0, 4L * values.length));
      }
      case DOUBLE -> {
        for (int i = 0; i < values.length; i++) {
          elements.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
        }
        return data(name, type, shape, elements.asSlice(0, 8L * values.length));
      }
      default -> {
        long[] dims = shape.stream().mapToLong(Long::longValue).toArray();
        try (Tensor wide = Tensor.of(values, dims);
            Tensor narrow = wide.to(type.carrier())) {
          return of(name, new Value.Dense(type, narrow));
        }
      }
    }
  }

  /**
   * Returns a tensor's elements.
   *
   * @throws OnnxException if its type is carried in another
   */
  static TensorData of(String name, Value.Dense value) {
    if (!value.type().isNative()) {
      throw new OnnxException("tensor '" + name + "' is of " + value.type());
    }
    Tensor tensor = value.tensor();
    long bytes = tensor.size() * tensor.dtype().byteSize();
    MemorySegment elements = allocate(bytes);
    try (Tensor packed = tensor.copy()) {
      packed.read(segment -> elements.copyFrom(segment.asSlice(0, bytes)));
    }
    List<Long> shape = Arrays.stream(tensor.shape().dims()).boxed().toList();
    return data(name, value.type(), shape, elements);
  }

  /**
   * Returns matrices, or vectors, side by side.
   *
   * @param parts of one type, each of so many rows and columns, or of one element for all
   * @param widths the columns of each
   */
  static TensorData sideBySide(String name, List<TensorData> parts, long rows, long... widths) {
    long columns = Arrays.stream(widths).sum();
    long size = parts.getFirst().elements().byteSize() / parts.getFirst().size();
    MemorySegment elements = allocate(rows * columns * size);
    long start = 0;
    for (int part = 0; part < widths.length; part++) {
      MemorySegment from = parts.get(part).elements();
      boolean one = parts.get(part).size() == 1;
      long some = one ? 1 : widths[part];
      for (long i = 0; i < rows * widths[part]; i += some) {
        long row = i / widths[part];
        long to = row * columns + start + i % widths[part];
        MemorySegment.copy(from, one ? 0 : i * size, elements, to * size, some * size);
      }
      start += widths[part];
    }
    boolean matrix = parts.getFirst().shape().size() == 2;
    List<Long> shape = matrix ? List.of(rows, columns) : List.of(columns);
    return data(name, parts.getFirst().type(), shape, elements);
  }

  /** Small ones on the heap, where they cost nothing to free. */
  private static MemorySegment allocate(long bytes) {
    MemorySegment whole =
        bytes <= SMALL
            ? MemorySegment.ofArray(new long[(int) (bytes + 7) / 8])
            : Arena.ofAuto().allocate(bytes, 64);
    return whole.asSlice(0, bytes);
  }

  private static TensorData data(
      String name, ElementType type, List<Long> shape, MemorySegment elements) {
    return new TensorData(name, type, shape, elements, null, List.of());
  }
}
