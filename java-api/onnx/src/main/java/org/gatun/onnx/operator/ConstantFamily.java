package org.gatun.onnx.operator;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.TensorData;
import org.gatun.onnx.operator.Operator.Typing;

/** Operators whose results depend on attributes, shapes and a few numbers alone. */
final class ConstantFamily {
  private ConstantFamily() {}

  static void register(Registry onnx) {
    onnx.add("Constant", 1, Typing.ANY, c -> List.of(constant(c)));
    onnx.add("ConstantOfShape", 9, Typing.ANY, ConstantFamily::constantOfShape);
    onnx.add("EyeLike", 9, Typing.ANY, ConstantFamily::eyeLike);
    onnx.add("Range", 11, ConstantFamily::range);
    onnx.add("Shape", 1, Typing.ANY, ConstantFamily::shape);
    onnx.add("Size", 1, Typing.ANY, c -> List.of(Value.of(scalar(c.tensor(0).size()))));
  }

  private static Tensor scalar(long value) {
    return Tensor.of(new long[] {value}, new long[0]);
  }

  private static Value constant(Call call) {
    Map<String, Attribute> values = Constants.values(call.node());
    if (values.size() != 1) {
      throw call.failure("attributes " + values.keySet() + ", expected one value");
    }
    return switch (values.values().iterator().next()) {
      case Attribute.OfTensor(TensorData data) -> Constants.value(data);
      case Attribute.OfSparseTensor(var data) -> Constants.value(data);
      case Attribute.OfInt(long value) -> Value.of(scalar(value));
      case Attribute.OfInts(List<Long> list) ->
          Value.of(Tensor.of(list.stream().mapToLong(Long::longValue).toArray()));
      case Attribute.OfFloat(float value) -> Value.of(Tensor.scalar(value));
      case Attribute.OfFloats(List<Float> list) -> {
        float[] array = new float[list.size()];
        for (int i = 0; i < array.length; i++) {
          array[i] = list.get(i);
        }
        yield Value.of(Tensor.of(array));
      }
      case Attribute other ->
          throw call.failure(
              "attribute "
                  + values.keySet().iterator().next()
                  + " is "
                  + other.getClass().getSimpleName()
                  + ", expected numbers");
    };
  }

  private static List<Value> constantOfShape(Call call) {
    long[] shape = call.longs(0);
    for (long dim : shape) {
      if (dim < 0) {
        throw call.failure("a shape with a dimension of " + dim + ", expected 0 or more");
      }
    }
    TensorData data = call.constant("value");
    if (data == null) {
      return List.of(Value.of(Tensor.zeros(DType.F32, shape)));
    }
    if (data.size() != 1) {
      throw call.failure("attribute value is " + data + ", expected one element");
    }
    Value.Dense value = Constants.value(data);
    return List.of(
        new Value.Dense(value.type(), value.tensor().reshape().expand(shape).contiguous()));
  }

  private static List<Value> eyeLike(Call call) {
    Tensor x = call.tensor(0);
    if (x.rank() != 2) {
      throw call.failure("input 0 is of shape " + x.shape() + ", expected two dimensions");
    }
    Tensor rows = Tensor.arange(x.dim(0)).reshape(x.dim(0), 1);
    Tensor diagonal = Tensor.arange(x.dim(1)).sub(rows).eq(call.integer("k", 0));
    return List.of(Conversions.cast(Value.of(diagonal), call.elementType("dtype", call.type(0))));
  }

  private static Tensor range(Call call) {
    Numbers.same(call, 1);
    DType dtype = call.tensor(0).dtype();
    if (!dtype.isFloating()) {
      long start = call.scalarLong(0);
      long limit = call.scalarLong(1);
      long delta = call.scalarLong(2);
      checkStep(call, delta, (double) limit - start);
      long count =
          limit > start == delta > 0 ? Math.ceilDiv(Math.subtractExact(limit, start), delta) : 0;
      return Tensor.arange(count).mul(delta).add(start).to(dtype);
    }
    double start = call.scalar(0);
    double delta = call.scalar(2);
    double distance = call.scalar(1) - start;
    checkStep(call, delta, distance);
    long count = Math.max(0, (long) Math.ceil(distance / delta));
    return Tensor.arange(count).to(DType.F64).mul(delta).add(start).to(dtype);
  }

  private static void checkStep(Call call, double delta, double distance) {
    // Not so for 0 and NaN either.
    if (!(distance / delta < Long.MAX_VALUE / Long.BYTES) || delta == 0) {
      throw call.failure(
          "steps of " + delta + " over a distance of " + distance + ", expected finitely many");
    }
  }

  private static List<Value> shape(Call call) {
    long[] dims = call.shape(0).dims();
    int start = clamped(call.integer("start", 0), dims.length);
    int end = clamped(call.integer("end", dims.length), dims.length);
    long[] part = start < end ? Arrays.copyOfRange(dims, start, end) : new long[0];
    return List.of(Value.of(Tensor.of(part)));
  }

  private static int clamped(long axis, int rank) {
    return (int) Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
  }
}
