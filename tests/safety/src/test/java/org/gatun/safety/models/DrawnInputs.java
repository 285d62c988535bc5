package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.OnnxModel;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;

/** Draws values for the inputs that a model declares, as it declares them and otherwise. */
final class DrawnInputs {
  private static final long MOST_ELEMENTS = 1 << 16;

  private final RandomGenerator random;
  private final Map<String, Long> named = new HashMap<>();

  DrawnInputs(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Returns a value for each input, in the innermost scope.
   *
   * @param known files of values that the model took before it was changed
   */
  Map<String, Value> of(OnnxModel model, List<byte[]> known) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    boolean drawn = known.isEmpty() || Hostile.once(random, 4);
    for (int i = 0; i < model.inputs().size(); i++) {
      ValueInfo info = model.inputs().get(i);
      Value value = null;
      if (!drawn && i < known.size()) {
        try {
          value = Value.read(known.get(i), info.type());
        } catch (OnnxException _) {
          // The mutant declares it to be something else.
        }
      }
      inputs.put(info.name(), value == null ? value(info.type(), 0) : value);
    }
    return inputs;
  }

  /** Spoils inputs as callers do; returns whether an input is closed now. */
  boolean spoil(Map<String, Value> inputs) {
    List<String> names = new ArrayList<>(inputs.keySet());
    if (names.isEmpty()) {
      inputs.put("x", Value.of(Tensor.of(new float[] {1})));
      return false;
    }
    String name = Hostile.one(random, names);
    switch (random.nextInt(6)) {
      case 0 -> inputs.remove(name);
      case 1 -> inputs.put(name + "?", value(new ValueType.Unknown(), 0));
      case 2 -> {
        if (inputs.get(name) instanceof Value.Dense dense) {
          dense.tensor().close();
          return true;
        }
      }
      case 3 -> inputs.put(name, new Value.Sequence(List.of(inputs.get(name))));
      case 4 -> inputs.put(name, new Value.Optional(null));
      default -> inputs.put(name, value(new ValueType.OfTensor(type(), null), 0));
    }
    return false;
  }

  private ElementType type() {
    ElementType[] types = ElementType.values();
    return types[random.nextInt(types.length)];
  }

  private Value value(ValueType type, int depth) {
    return switch (type) {
      case ValueType.OfTensor(ElementType element, List<Dimension> shape) ->
          tensor(element, dims(shape));
      case ValueType.OfSequence(ValueType element) -> {
        List<Value> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0 && depth < 4; i--) {
          elements.add(value(element, depth + 1));
        }
        yield new Value.Sequence(elements);
      }
      case ValueType.OfOptional(ValueType element) ->
          new Value.Optional(random.nextBoolean() || depth > 4 ? null : value(element, depth + 1));
      case ValueType.OfSparseTensor _, ValueType.OfMap _, ValueType.Unknown _ ->
          tensor(random.nextBoolean() ? ElementType.FLOAT : type(), dims(null));
    };
  }

  private long[] dims(List<Dimension> shape) {
    if (shape == null) {
      long[] dims = new long[random.nextInt(5)];
      for (int i = 0; i < dims.length; i++) {
        dims[i] = random.nextInt(5);
      }
      return dims;
    }
    long[] dims = new long[Math.min(shape.size(), 64)];
    long size = 1;
    for (int i = 0; i < dims.length; i++) {
      long wanted =
          switch (shape.get(i)) {
            case Dimension.Known(long known) when known > 0 -> known;
            case Dimension.Named(String name) ->
                named.computeIfAbsent(name, _ -> (long) random.nextInt(1, 5));
            default -> random.nextInt(5);
          };
      dims[i] = wanted > MOST_ELEMENTS / Math.max(1, size) ? 1 : wanted;
      size *= dims[i];
    }
    return dims;
  }

  private Value tensor(ElementType element, long[] dims) {
    ElementType type = element.hasCarrier() ? element : ElementType.FLOAT;
    long size = 1;
    for (long dim : dims) {
      size *= dim;
    }
    boolean hostile = Hostile.once(random, 5);
    DType dtype = type.carrier();
    if (dtype == DType.I64) {
      long[] values = new long[(int) size];
      for (int i = 0; i < values.length; i++) {
        values[i] = hostile ? Hostile.integer(random) : random.nextInt(4);
      }
      return new Value.Dense(type, Tensor.of(values, dims));
    }
    double[] values = new double[(int) size];
    for (int i = 0; i < values.length; i++) {
      values[i] = hostile ? Hostile.number(random) : small(dtype);
    }
    try (Tensor wide = Tensor.of(values, dims)) {
      return new Value.Dense(type, wide.to(dtype));
    }
  }

  /** Small numbers, of which many operators give exact results. */
  private double small(DType dtype) {
    return switch (dtype) {
      case BOOL -> random.nextInt(2);
      case U8 -> random.nextInt(5);
      case I8, I16, I32, I64 -> random.nextInt(-2, 5);
      case F16, BF16, F32, F64 -> random.nextInt(-16, 17) / 8.0;
    };
  }
}
