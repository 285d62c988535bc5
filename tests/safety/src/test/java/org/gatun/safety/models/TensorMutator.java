package org.gatun.safety.models;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.TensorData;

/** Changes what a file says of a tensor: its shape, its type, its elements. */
final class TensorMutator {
  private static final int MOST_BYTES = 1 << 16;

  private final RandomGenerator random;

  TensorMutator(RandomGenerator random) {
    this.random = random;
  }

  /** Returns the tensor with one thing changed. */
  TensorData mutated(TensorData data) {
    return switch (random.nextInt(8)) {
      case 0 -> with(data, data.type(), hostileShape(data.shape()), data.elements());
      case 1 -> with(data, data.type(), reshaped(data.shape()), data.elements());
      case 2 -> with(data, type(), data.shape(), data.elements());
      case 3 -> {
        long bytes = data.elements().byteSize();
        yield with(
            data,
            data.type(),
            data.shape(),
            data.elements().asSlice(0, bytes - Math.min(bytes, random.nextInt(9))));
      }
      case 4 -> of(data.name(), type(), smallShape());
      default -> with(data, data.type(), data.shape(), elements(data));
    };
  }

  /** Returns a tensor of a type, with drawn elements. */
  TensorData of(String name, ElementType type, List<Long> shape) {
    long size = 1;
    for (long dim : shape) {
      size *= dim;
    }
    if (type == ElementType.STRING) {
      return new TensorData(
          name,
          type,
          shape,
          MemorySegment.ofArray(new byte[0]),
          null,
          Collections.nCopies((int) Math.min(size, 100), Hostile.text(random)));
    }
    byte[] bytes = new byte[(int) Math.min(MOST_BYTES, (size * type.bits() + 7) / 8)];
    return new TensorData(name, type, shape, fill(type, bytes), null, List.of());
  }

  ElementType type() {
    ElementType[] types = ElementType.values();
    return types[random.nextInt(types.length)];
  }

  List<Long> smallShape() {
    List<Long> shape = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      shape.add((long) random.nextInt(5));
    }
    return shape;
  }

  List<Long> hostileShape(List<Long> shape) {
    List<Long> changed = new ArrayList<>(shape);
    switch (random.nextInt(4)) {
      case 0 -> changed.add(random.nextInt(changed.size() + 1), Hostile.integer(random));
      case 1 -> {
        for (int i = random.nextInt(300); i > 0; i--) {
          changed.add(1L);
        }
      }
      case 2 -> {
        if (!changed.isEmpty()) {
          changed.remove(random.nextInt(changed.size()));
        }
      }
      default -> {
        if (!changed.isEmpty()) {
          changed.set(random.nextInt(changed.size()), Hostile.integer(random));
        }
      }
    }
    return changed;
  }

  /** The same number of elements, in other dimensions: such a tensor is sound. */
  private List<Long> reshaped(List<Long> shape) {
    List<Long> changed = new ArrayList<>(shape);
    Collections.shuffle(changed, new java.util.Random(random.nextLong()));
    if (random.nextBoolean()) {
      changed.add(random.nextInt(changed.size() + 1), 1L);
    }
    return changed;
  }

  private MemorySegment elements(TensorData data) {
    if (data.elements().byteSize() > MOST_BYTES || data.elements().byteSize() == 0) {
      return data.elements();
    }
    byte[] bytes = data.elements().toArray(ValueLayout.JAVA_BYTE);
    if (random.nextBoolean()) {
      return fill(data.type(), bytes);
    }
    byte[] one = new byte[Math.max(1, data.type().bits() / 8)];
    fill(data.type(), one);
    int at = random.nextInt(bytes.length) / one.length * one.length;
    System.arraycopy(one, 0, bytes, at, Math.min(one.length, bytes.length - at));
    return MemorySegment.ofArray(bytes);
  }

  private MemorySegment fill(ElementType type, byte[] bytes) {
    ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean same = random.nextInt(3) == 0;
    boolean hostile = random.nextInt(3) == 0;
    long integer = Hostile.integer(random);
    double number = Hostile.number(random);
    while (to.remaining() >= Math.max(1, type.bits() / 8)) {
      if (!same) {
        integer = hostile ? Hostile.integer(random) : random.nextInt(4);
        number = hostile ? Hostile.number(random) : random.nextInt(-3, 4);
      }
      put(to, type, integer, number);
    }
    return MemorySegment.ofArray(bytes);
  }

  private static void put(ByteBuffer to, ElementType type, long integer, double number) {
    switch (type) {
      case FLOAT -> to.putFloat((float) number);
      case DOUBLE -> to.putDouble(number);
      case FLOAT16 -> to.putShort(Float.floatToFloat16((float) number));
      case BFLOAT16 -> to.putShort((short) (Float.floatToRawIntBits((float) number) >>> 16));
      case INT64, UINT64 -> to.putLong(integer);
      case INT32, UINT32 -> to.putInt((int) integer);
      case INT16, UINT16 -> to.putShort((short) integer);
      default -> to.put((byte) integer);
    }
  }

  /** Returns a tensor of these elements. */
  static TensorData of(String name, ElementType type, List<Long> shape, double[] values) {
    ByteBuffer to =
        ByteBuffer.allocate(values.length * Math.max(8, type.bits()) / 8)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      put(to, type, (long) value, value);
    }
    // Of types of less than a byte there are more elements than are wanted.
    byte[] bytes = Arrays.copyOf(to.array(), (values.length * type.bits() + 7) / 8);
    return new TensorData(name, type, shape, MemorySegment.ofArray(bytes), null, List.of());
  }

  private static TensorData with(
      TensorData data, ElementType type, List<Long> shape, MemorySegment elements) {
    return new TensorData(data.name(), type, shape, elements, data.file(), data.strings());
  }
}
