package org.gatun.onnx.pass;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import org.gatun.DType;
import org.gatun.FileMapping;
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
    Map<String, Attribute> values = Constants.values(node);
    if (values.size() == 1) {
      switch (values.values().iterator().next()) {
        case Attribute.OfTensor(TensorData data) -> {
          return renamed(data, name);
        }
        case Attribute.OfInt(long value) -> {
          return integers(name, List.of(), value);
        }
        case Attribute.OfInts(List<Long> list) -> {
          long[] array = list.stream().mapToLong(Long::longValue).toArray();
          return integers(name, List.of((long) array.length), array);
        }
        case Attribute.OfFloat(float value) -> {
          return numbers(name, ElementType.FLOAT, List.of(), value);
        }
        case Attribute.OfFloats(List<Float> list) -> {
          double[] array = list.stream().mapToDouble(Float::doubleValue).toArray();
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
    boolean narrow = type == ElementType.INT32;
    return data(
        name,
        narrow ? type : ElementType.INT64,
        shape,
        (narrow ? 4L : 8L) * values.length,
        to -> {
          for (int i = 0; i < values.length; i++) {
            if (narrow) {
              to.setAtIndex(ValueLayout.JAVA_INT, i, (int) values[i]);
            } else {
              to.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
            }
          }
        });
  }

  /** Returns numbers rounded to a floating-point type. */
  static TensorData numbers(String name, ElementType type, List<Long> shape, double... values) {
    switch (type) {
      case FLOAT -> {
        return data(
            name,
            type,
            shape,
            4L * values.length,
            to -> {
              for (int i = 0; i < values.length; i++) {
                to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
              }
            });
      }
      case DOUBLE -> {
        return data(
            name,
            type,
            shape,
            8L * values.length,
            to -> MemorySegment.copy(values, 0, to, ValueLayout.JAVA_DOUBLE, 0, values.length));
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
    List<Long> shape = Arrays.stream(tensor.shape().dims()).boxed().toList();
    try (Tensor packed = tensor.contiguous()) {
      return data(
          name,
          value.type(),
          shape,
          bytes,
          to -> packed.read(segment -> to.copyFrom(segment.asSlice(0, bytes))));
    }
  }

  /**
   * Returns the elements of weights, each times a factor.
   *
   * @param factor of the rows, one after the other
   * @param inner elements in a row
   */
  static TensorData scaled(String name, TensorData weights, IntToDoubleFunction factor, int inner) {
    if (weights.type() != ElementType.FLOAT) {
      double[] values = numbers(weights);
      Arrays.setAll(values, i -> values[i] * factor.applyAsDouble(i / inner));
      return numbers(name, weights.type(), weights.shape(), values);
    }
    MemorySegment from = weights.elements();
    TensorData made =
        data(
            name,
            weights.type(),
            weights.shape(),
            from.byteSize(),
            to -> scale(from, to, factor, inner));
    unload(weights);
    return made;
  }

  /** Through a small array: a loop over arrays is compiled to vector code. */
  private static void scale(
      MemorySegment from, MemorySegment to, IntToDoubleFunction factor, int inner) {
    float[] piece = new float[4096];
    long size = from.byteSize() / Float.BYTES;
    for (long start = 0; start < size; start += piece.length) {
      int count = (int) Math.min(piece.length, size - start);
      MemorySegment.copy(
          from, ValueLayout.JAVA_FLOAT_UNALIGNED, start * Float.BYTES, piece, 0, count);
      for (int i = 0; i < count; ) {
        long row = (start + i) / inner;
        int end = (int) Math.min(count, (row + 1) * inner - start);
        double times = factor.applyAsDouble((int) row);
        for (; i < end; i++) {
          piece[i] = (float) (piece[i] * times);
        }
      }
      MemorySegment.copy(
          piece, 0, to, ValueLayout.JAVA_FLOAT_UNALIGNED, start * Float.BYTES, count);
    }
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
    boolean matrix = parts.getFirst().shape().size() == 2;
    List<Long> shape = matrix ? List.of(rows, columns) : List.of(columns);
    TensorData made =
        data(
            name,
            parts.getFirst().type(),
            shape,
            rows * columns * size,
            elements -> joinColumns(parts, elements, rows, columns, widths));
    parts.forEach(ConstantData::unload);
    return made;
  }

  private static void joinColumns(
      List<TensorData> parts, MemorySegment to, long rows, long columns, long[] widths) {
    long size = parts.getFirst().elements().byteSize() / parts.getFirst().size();
    long start = 0;
    for (int part = 0; part < widths.length; part++) {
      MemorySegment from = parts.get(part).elements();
      boolean one = parts.get(part).size() == 1;
      long some = one ? 1 : widths[part];
      for (long i = 0; i < rows * widths[part]; i += some) {
        long row = i / widths[part];
        long at = row * columns + start + i % widths[part];
        MemorySegment.copy(from, one ? 0 : i * size, to, at * size, some * size);
      }
      start += widths[part];
    }
  }

  /** Has elements that nobody is going to read again leave memory, where they are a file's. */
  private static void unload(TensorData data) {
    MemorySegment elements = data.elements();
    if (data.file() != null && elements.isMapped() && elements.byteSize() > SMALL) {
      elements.unload();
    }
  }

  /** Small ones on the heap, where they cost nothing to free. */
  private static TensorData data(
      String name, ElementType type, List<Long> shape, long bytes, Consumer<MemorySegment> writer) {
    if (bytes <= SMALL) {
      MemorySegment elements = MemorySegment.ofArray(new long[(int) (bytes + 7) / 8]);
      writer.accept(elements.asSlice(0, bytes));
      return new TensorData(name, type, shape, elements.asSlice(0, bytes), null, List.of());
    }
    FileMapping memory = FileMapping.ofMemory(bytes, writer);
    return new TensorData(name, type, shape, memory.segment(), memory, List.of());
  }
}
