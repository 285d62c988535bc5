package org.gatun.onnx.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ValueType;
import org.gatun.onnx.operator.Constants;
import org.jspecify.annotations.Nullable;

/**
 * Reads values that stand in files of their own: {@code TensorProto}, {@code SequenceProto} and
 * {@code OptionalProto}.
 */
public final class ValueReader {
  private final WireReader in;
  private final TensorReader tensors;

  private ValueReader(MemorySegment bytes) {
    this.in = new WireReader(bytes);
    this.tensors = new TensorReader(in, null, null);
  }

  /**
   * Returns the value.
   *
   * @param bytes the whole file
   * @param type of the value, which the file does not tell
   * @throws OnnxException if the file is damaged or holds maps, text or complex numbers
   */
  public static Value read(MemorySegment bytes, ValueType type) {
    ValueReader reader = new ValueReader(bytes);
    return switch (type) {
      case ValueType.OfTensor _ -> Constants.value(reader.tensors.tensor(bytes));
      case ValueType.OfSequence _ -> {
        List<Value> elements = new ArrayList<>();
        reader.in.fields(field -> reader.sequenceField(field, elements));
        yield new Value.Sequence(elements);
      }
      case ValueType.OfOptional _ -> {
        @Nullable Value[] value = new Value[1];
        reader.in.fields(field -> reader.optionalField(field, value));
        yield new Value.Optional(value[0]);
      }
      case ValueType.OfSparseTensor _, ValueType.OfMap _, ValueType.Unknown _ ->
          throw new OnnxException("value: a file of " + type + ", expected a tensor or sequence");
    };
  }

  private Value.Sequence sequence() throws IOException {
    List<Value> elements = new ArrayList<>();
    in.message(field -> sequenceField(field, elements));
    return new Value.Sequence(elements);
  }

  private Value.Optional optional() throws IOException {
    @Nullable Value[] value = new Value[1];
    in.message(field -> optionalField(field, value));
    return new Value.Optional(value[0]);
  }

  private void sequenceField(int field, List<Value> elements) throws IOException {
    switch (field) {
      case 3 -> elements.add(Constants.value(tensors.tensor()));
      case 4 -> elements.add(Constants.value(tensors.sparse()));
      case 5 -> elements.add(sequence());
      case 7 -> elements.add(optional());
      default -> {}
    }
  }

  private void optionalField(int field, @Nullable Value[] value) throws IOException {
    switch (field) {
      case 3 -> value[0] = Constants.value(tensors.tensor());
      case 4 -> value[0] = Constants.value(tensors.sparse());
      case 5 -> value[0] = sequence();
      case 7 -> value[0] = optional();
      default -> {}
    }
  }
}
