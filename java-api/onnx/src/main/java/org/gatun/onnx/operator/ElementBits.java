package org.gatun.onnx.operator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.gatun.Layout;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/** Elements as the bits that they have in ONNX, whatever type carries them. */
final class ElementBits {
  private ElementBits() {}

  /** Returns the elements of a type of as many bits that have the same bits. */
  static Value.Dense reinterpret(Value.Dense x, ElementType to) {
    if (x.type().carrier() == to.carrier() && !x.type().isSmallFloat() && !to.isSmallFloat()) {
      return new Value.Dense(to, x.tensor()); // Such as int64 and uint64.
    }
    Tensor tensor = x.tensor().contiguous();
    ElementType from = x.type();
    Layout layout = Layout.of(to.carrier(), tensor.shape());
    HostFunction copy =
        HostFunction.of(
            "bitcast",
            (inputs, outputs) ->
                inputs
                    .getFirst()
                    .read(
                        source -> {
                          Tensor read = Tensor.of(layout, target -> copy(source, from, target, to));
                          outputs.getFirst().copyFrom(read);
                        }));
    Tensor bits = Engine.current().call(copy, List.of(layout), tensor).getFirst();
    return new Value.Dense(to, bits);
  }

  private static void copy(
      MemorySegment source, ElementType from, MemorySegment target, ElementType to) {
    long count = source.byteSize() / from.carrier().byteSize();
    for (long i = 0; i < count; i++) {
      set(target, to, i, get(source, from, i));
    }
  }

  /** Returns the bits of an element; those above the type's have no meaning. */
  private static long get(MemorySegment segment, ElementType type, long index) {
    if (type.isSmallFloat()) {
      return SmallFloats.nearestBits(type, segment.getAtIndex(ValueLayout.JAVA_FLOAT, index), true);
    }
    return switch (type.carrier().byteSize()) {
      case 1 -> segment.get(ValueLayout.JAVA_BYTE, index);
      case 2 -> segment.getAtIndex(ValueLayout.JAVA_SHORT, index);
      case 4 -> segment.getAtIndex(ValueLayout.JAVA_INT, index);
      default -> segment.getAtIndex(ValueLayout.JAVA_LONG, index);
    };
  }

  private static void set(MemorySegment segment, ElementType type, long index, long bits) {
    long mask = type.bits() == Long.SIZE ? -1 : (1L << type.bits()) - 1;
    long unsigned = bits & mask;
    if (type.isSmallFloat()) {
      float value = SmallFloats.toFloat(type, (int) unsigned);
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
      return;
    }
    int above = Long.SIZE - type.bits();
    long value =
        type == ElementType.BOOL
            ? Math.min(unsigned, 1)
            : type.isUnsigned() ? unsigned : bits << above >> above;
    switch (type.carrier().byteSize()) {
      case 1 -> segment.set(ValueLayout.JAVA_BYTE, index, (byte) value);
      case 2 -> segment.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) value);
      case 4 -> segment.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
      default -> segment.setAtIndex(ValueLayout.JAVA_LONG, index, value);
    }
  }
}
