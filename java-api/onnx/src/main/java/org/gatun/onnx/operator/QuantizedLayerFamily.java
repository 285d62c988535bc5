package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Quantized;
import org.gatun.onnx.model.Attribute;
import org.gatun.op.IntegerRange;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's operators between quantized tensors that are none of products: those of ONNX on
 * the numbers, and these quantized again.
 */
final class QuantizedLayerFamily {
  private QuantizedLayerFamily() {}

  static void register(Registry microsoft) {
    microsoft.add("QLinearAdd", 1, c -> binary(c, "Add"));
    microsoft.add("QLinearAveragePool", 1, c -> pool(c, "AveragePool", 19));
    microsoft.add("QLinearConcat", 1, QuantizedLayerFamily::concat);
    microsoft.add("QLinearGlobalAveragePool", 1, c -> pool(c, "GlobalAveragePool", 1));
    microsoft.add("QLinearLeakyRelu", 1, c -> unary(c, "LeakyRelu", 16));
    microsoft.add("QLinearMul", 1, c -> binary(c, "Mul"));
    microsoft.add("QLinearReduceMean", 1, c -> unary(c, "ReduceMean", 13));
    microsoft.add("QLinearSigmoid", 1, c -> unary(c, "Sigmoid", 13));
    microsoft.add("QLinearSoftmax", 1, c -> unary(c, "Softmax", c.integer("opset", 13)));
    microsoft.add("QLinearWhere", 1, QuantizedLayerFamily::where);
  }

  private static Tensor binary(Call call, String operator) {
    Tensor numbers =
        StandardOperator.run(
            call, operator, 14, List.of(numbers(call, 0), numbers(call, 3)), Map.of());
    return quantize(call, numbers, 6);
  }

  private static Tensor unary(Call call, String operator, long version) {
    Tensor numbers =
        StandardOperator.run(
            call, operator, version, List.of(numbers(call, 0)), call.node().attributes());
    return quantize(call, numbers, 3);
  }

  private static Tensor pool(Call call, String operator, long version) {
    Tensor x = numbers(call, 0);
    boolean last = call.flag("channels_last", false);
    Map<String, Attribute> attributes = new LinkedHashMap<>(call.node().attributes());
    attributes.remove("channels_last");
    Tensor y =
        StandardOperator.run(
            call,
            operator,
            version,
            List.of(last ? ChannelsLast.channelsSecond(x) : x),
            attributes);
    return quantize(call, last ? ChannelsLast.channelsBehind(y) : y, 3);
  }

  /** The result's scale and zero point come first, then each input with its own. */
  private static Tensor concat(Call call) {
    List<Tensor> parts = new ArrayList<>();
    for (int i = 2; i < call.inputs(); i += 3) {
      parts.add(numbers(call, i));
    }
    return quantize(
        call, StandardOperator.run(call, "Concat", 13, parts, call.node().attributes()), 0);
  }

  private static Tensor where(Call call) {
    Tensor x = numbers(call, 1);
    Tensor y = numbers(call, 4);
    return quantize(
        call, StandardOperator.run(call, "Where", 16, List.of(call.tensor(0), x, y), Map.of()), 7);
  }

  /** Returns the numbers of an input, with the scale and the zero point after it. */
  private static Tensor numbers(Call call, int index) {
    Tensor zero = call.optional(index + 2);
    return Quantized.dequantize(
        call.tensor(index), single(call.tensor(index + 1)), zero == null ? null : single(zero));
  }

  /**
   * Returns numbers as integers of the scale at an input and the zero point after it; without one
   * they are of the first quantized input's type.
   */
  private static Tensor quantize(Call call, Tensor numbers, int scale) {
    @Nullable Tensor zero = call.optional(scale + 1);
    DType dtype = zero == null ? call.tensor(0).dtype() : zero.dtype();
    IntegerRange range =
        switch (dtype) {
          case U8 -> IntegerRange.U8;
          case I8 -> IntegerRange.I8;
          default -> throw call.failure("quantized to " + dtype.spelling() + ", expected u8 or i8");
        };
    return Quantized.quantize(
        numbers, single(call.tensor(scale)), zero == null ? null : single(zero), range, 0, 0);
  }

  private static Tensor single(Tensor number) {
    return number.size() == 1 ? number.reshape() : number;
  }
}
