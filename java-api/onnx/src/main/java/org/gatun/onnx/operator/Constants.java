package org.gatun.onnx.operator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.gatun.DType;
import org.gatun.FileMapping;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.SparseTensorData;
import org.gatun.onnx.model.TensorData;

/** Tensors of a file as values: where they lie, if they can be used there, else converted. */
public final class Constants {
  /** Smaller parts of a file share the pages that the system maps at a time with others. */
  private static final long UNLOADED = 1 << 16;

  /** The attributes of a Constant that say what it is; others may stand beside them. */
  private static final Set<String> VALUES =
      Set.of(
          "sparse_value",
          "value",
          "value_float",
          "value_floats",
          "value_int",
          "value_ints",
          "value_string",
          "value_strings");

  private Constants() {}

  /**
   * Returns the attributes of a Constant node that say what it is, of which there should be one.
   */
  public static Map<String, Attribute> values(Node node) {
    Map<String, Attribute> values = new TreeMap<>(node.attributes());
    values.keySet().retainAll(VALUES);
    return values;
  }

  /**
   * Returns the tensor as a value.
   *
   * @throws OnnxException if its elements are text or complex numbers
   */
  public static Value.Dense value(TensorData data) {
    if (!data.type().hasCarrier()) {
      throw new OnnxException(
          "tensor '" + data.name() + "': elements of " + data.type() + ", which Gatun has not");
    }
    long[] shape = data.shape().stream().mapToLong(Long::longValue).toArray();
    ElementType type = data.type();
    if (!type.isNative()) {
      return new Value.Dense(type, carried(data, shape));
    }
    DType dtype = type.carrier();
    if (dtype == DType.BOOL && !areTruthValues(data.elements())) {
      return new Value.Dense(type, truthValues(data, shape));
    }
    if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
      throw new OnnxException("model: files are little-endian, and this machine is not");
    }
    FileMapping file = data.file();
    if (file != null && data.elements().address() % dtype.byteSize() == 0) {
      long offset = data.elements().address() - file.segment().address();
      return new Value.Dense(type, file.tensor(offset, dtype, shape));
    }
    Tensor copy = Tensor.copyOf(data.elements(), dtype, shape);
    if (file != null && data.elements().byteSize() >= UNLOADED) {
      data.elements().unload(); // What was copied need not be in memory twice.
    }
    return new Value.Dense(type, copy);
  }

  /**
   * Returns the whole tensor of one that is given by its non-zero elements.
   *
   * @throws OnnxException if an index is out of range
   */
  public static Value.Dense value(SparseTensorData data) {
    Shape shape = Shape.of(data.shape().stream().mapToLong(Long::longValue).toArray());
    if (data.indices().type() != ElementType.INT64) {
      throw new OnnxException(
          "tensor '"
              + data.values().name()
              + "': indices of "
              + data.indices().type()
              + ", expected int64");
    }
    Value.Dense values = value(data.values());
    long[] indices = value(data.indices()).tensor().toLongArray();
    boolean flat = data.indices().shape().size() == 1;
    int rank = flat ? 1 : shape.rank();
    if (indices.length != values.tensor().size() * rank) {
      throw new OnnxException(
          "tensor '"
              + data.values().name()
              + "': indices of shape "
              + data.indices().shape()
              + " for values of shape "
              + data.values().shape());
    }
    long[] at = new long[Math.toIntExact(values.tensor().size())];
    for (int i = 0; i < at.length; i++) {
      for (int axis = 0; axis < rank; axis++) {
        long index = indices[i * rank + axis];
        long bound = flat ? shape.size() : shape.dim(axis);
        if (index < 0 || index >= bound) {
          throw new OnnxException(
              "tensor '"
                  + data.values().name()
                  + "': index "
                  + index
                  + ", expected below "
                  + bound);
        }
        at[i] = flat ? index : at[i] * bound + index;
      }
    }
    try (Tensor zeros = Tensor.zeros(values.type().carrier(), shape.size());
        Tensor positions = Tensor.of(at)) {
      Tensor flatValues = values.tensor().flatten();
      Tensor whole = zeros.scatter(0, positions, flatValues);
      return new Value.Dense(values.type(), whole.reshape(shape.dims()));
    }
  }

  /** Returns whether bytes are 0 or 1, which is what kernels take booleans to be. */
  private static boolean areTruthValues(MemorySegment bytes) {
    long at = 0;
    for (; at <= bytes.byteSize() - Long.BYTES; at += Long.BYTES) {
      if ((bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at) & ~0x0101010101010101L) != 0) {
        return false;
      }
    }
    for (; at < bytes.byteSize(); at++) {
      if ((bytes.get(ValueLayout.JAVA_BYTE, at) & ~1) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Makes booleans of bytes of any value: all but 0 are true. */
  private static Tensor truthValues(TensorData data, long[] shape) {
    Layout layout = Layout.of(DType.BOOL, Shape.of(shape));
    checkBytes(data, layout.size());
    return Tensor.of(
        layout,
        to -> {
          for (long i = 0; i < layout.size(); i++) {
            byte truth = (byte) (data.elements().get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1);
            to.set(ValueLayout.JAVA_BYTE, i, truth);
          }
        });
  }

  private static void checkBytes(TensorData data, long expected) {
    if (data.elements().byteSize() < expected) {
      throw new OnnxException(
          "tensor '"
              + data.name()
              + "': "
              + data.elements().byteSize()
              + " bytes for "
              + data
              + ", expected "
              + expected);
    }
  }

  /** Converts elements of types that Gatun carries in wider ones. */
  private static Tensor carried(TensorData data, long[] shape) {
    Layout layout = Layout.of(data.type().carrier(), Shape.of(shape));
    MemorySegment from = data.elements();
    checkBytes(data, Math.ceilDiv(layout.size() * data.type().bits(), 8L));
    return Tensor.of(
        layout,
        to -> {
          for (long i = 0; i < layout.shape().size(); i++) {
            long bits = bits(from, i, data.type().bits());
            switch (data.type()) {
              case UINT16 -> to.setAtIndex(ValueLayout.JAVA_INT, i, (int) bits);
              case UINT32, UINT64 -> to.setAtIndex(ValueLayout.JAVA_LONG, i, bits);
              case UINT4, UINT2 -> to.set(ValueLayout.JAVA_BYTE, i, (byte) bits);
              case INT4 -> to.set(ValueLayout.JAVA_BYTE, i, (byte) (bits << 60 >> 60));
              case INT2 -> to.set(ValueLayout.JAVA_BYTE, i, (byte) (bits << 62 >> 62));
              default ->
                  to.setAtIndex(
                      ValueLayout.JAVA_FLOAT, i, SmallFloats.toFloat(data.type(), (int) bits));
            }
          }
        });
  }

  /** The bits of an element, unsigned. */
  private static long bits(MemorySegment from, long index, int bits) {
    return switch (bits) {
      case 16 -> Short.toUnsignedLong(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index));
      case 32 -> Integer.toUnsignedLong(from.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * index));
      case 64 -> from.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * index);
      case 8 -> Byte.toUnsignedLong(from.get(ValueLayout.JAVA_BYTE, index));
      default -> {
        int perByte = 8 / bits;
        int shift = (int) (index % perByte) * bits;
        yield (from.get(ValueLayout.JAVA_BYTE, index / perByte) >> shift) & ((1L << bits) - 1);
      }
    };
  }
}
