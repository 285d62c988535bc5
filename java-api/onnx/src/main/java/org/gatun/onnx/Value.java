package org.gatun.onnx;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.gatun.Tensor;
import org.gatun.onnx.format.ValueReader;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/** What flows along the edges of a graph: a tensor, a sequence of values, or an optional one. */
public sealed interface Value {
  /**
   * A tensor.
   *
   * @param type of the elements in ONNX; where Gatun's tensors have no such type, {@code tensor}
   *     carries the values in a wider one, {@link ElementType#carrier}
   * @param tensor the values
   */
  record Dense(ElementType type, Tensor tensor) implements Value {
    /** Checks that the tensor is of the type's carrier. */
    public Dense {
      Objects.requireNonNull(type, "value: type is null");
      Objects.requireNonNull(tensor, "value: tensor is null");
      if (tensor.dtype() != type.carrier()) {
        throw new IllegalArgumentException(
            "value: a tensor of "
                + tensor.dtype().spelling()
                + " for "
                + type
                + ", expected "
                + type.carrier().spelling());
      }
    }
  }

  /** A sequence of values of one type. */
  record Sequence(List<Value> elements) implements Value {
    /** Copies the list. */
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /** A value that may be absent. */
  record Optional(@Nullable Value value) implements Value {}

  /**
   * Returns the value in a file of its own, {@code TensorProto}, {@code SequenceProto} or {@code
   * OptionalProto}, such as ONNX's test data.
   *
   * @param bytes the whole file
   * @param type of the value, which the file does not tell
   * @throws OnnxException if the file is damaged or holds maps, text or complex numbers
   */
  static Value read(byte[] bytes, ValueType type) {
    Objects.requireNonNull(bytes, "value: bytes is null");
    Objects.requireNonNull(type, "value: type is null");
    return ValueReader.read(MemorySegment.ofArray(bytes), type);
  }

  /** Returns the tensor as a value, of the type of its elements. */
  static Dense of(Tensor tensor) {
    return new Dense(ElementType.of(tensor.dtype()), tensor);
  }
}
