package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Quantized;
import org.gatun.nn.QuantizedTensor;
import org.gatun.op.Conv;
import org.gatun.op.Fused;
import org.gatun.op.IntegerRange;
import org.gatun.op.QuantizedMatMul;

/** Products and convolutions of integers that stand for numbers. */
final class IntegerProductFamily {
  private IntegerProductFamily() {}

  static void register(Registry onnx, Registry microsoft, Registry own) {
    onnx.add("ConvInteger", 10, IntegerProductFamily::convInteger);
    onnx.add("MatMulInteger", 10, IntegerProductFamily::matMulInteger);
    onnx.add("QLinearConv", 10, IntegerProductFamily::qLinearConv);
    onnx.add("QLinearMatMul", 10, IntegerProductFamily::qLinearMatMul);
    microsoft.add("DynamicQuantizeMatMul", 1, IntegerProductFamily::dynamicQuantizeMatMul);
    microsoft.add("MatMulIntegerToFloat", 1, IntegerProductFamily::matMulIntegerToFloat);
    microsoft.add("QGemm", 1, IntegerProductFamily::qGemm);
    microsoft.add("QLinearConv", 1, IntegerProductFamily::qLinearConv);
    own.add("DynamicQuantizeMatMul", 1, IntegerProductFamily::dynamicQuantizeMatMul);
    own.add("MatMulIntegerToFloat", 1, IntegerProductFamily::matMulIntegerToFloat);
    own.add("QGemm", 1, IntegerProductFamily::qGemm);
    own.add("QLinearConv", 1, IntegerProductFamily::qLinearConv);
    own.add("QLinearMatMul", 1, IntegerProductFamily::qLinearMatMul);
  }

  private static Tensor matMulInteger(Call call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    return matrices(
        a,
        b,
        (x, y) ->
            Quantized.matmul(x, rows(zeroPoint(call, 2, a)), y, single(zeroPoint(call, 3, b))));
  }

  private static Tensor matMulIntegerToFloat(Call call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    return matrices(
        a,
        b,
        (x, y) ->
            numbers(
                call,
                new QuantizedTensor(x, rows(scale(call, 2)), rows(zeroPoint(call, 4, a))),
                new QuantizedTensor(y, single(scale(call, 3)), single(zeroPoint(call, 5, b))),
                6));
  }

  private static Tensor dynamicQuantizeMatMul(Call call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(1);
    return matrices(
        a,
        b,
        (x, y) ->
            numbers(
                call,
                QuantizedTensor.of(x.to(DType.F32)),
                new QuantizedTensor(y, single(scale(call, 2)), single(zeroPoint(call, 3, b))),
                4));
  }

  /**
   * Returns {@code activation(a b + bias + residual)}; the last two are of nodes that the passes
   * wrote.
   *
   * @param bias the input that is the bias, before that which is the residual
   */
  private static Tensor numbers(Call call, QuantizedTensor a, QuantizedTensor b, int bias) {
    List<Tensor> inputs = new ArrayList<>(List.of(a.values(), a.scale(), a.zeroPoint()));
    inputs.addAll(List.of(b.values(), b.scale(), b.zeroPoint()));
    Tensor added = call.optional(bias);
    if (added != null) {
      inputs.add(added);
    }
    Tensor residual = call.optional(bias + 1);
    if (residual != null) {
      inputs.add(residual);
    }
    return FusedActivation.ofConvolution(call)
        .run(
            call,
            new QuantizedMatMul(DType.F32, added != null),
            residual == null ? List.of() : List.of(new Fused.Step.Add()),
            inputs.toArray(Tensor[]::new));
  }

  private static Tensor qLinearMatMul(Call call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(3);
    Tensor scale = scale(call, 6);
    return matrices(
        a,
        b,
        (x, y) -> {
          QuantizedTensor first =
              new QuantizedTensor(x, rows(scale(call, 1)), rows(zeroPoint(call, 2, a)));
          QuantizedTensor second =
              new QuantizedTensor(y, single(scale(call, 4)), single(zeroPoint(call, 5, b)));
          if (scale.size() == 1) {
            return Quantized.matmul(
                first, second, null, scale.reshape(), single(resultZeroPoint(call, 7)));
          }
          // Of each row.
          return Quantized.quantize(
              Quantized.matmul(first, second, null),
              scale,
              resultZeroPoint(call, 7),
              range(call, resultZeroPoint(call, 7)),
              -2,
              0);
        });
  }

  private static Tensor qGemm(Call call) {
    Tensor a = call.tensor(0);
    Tensor b = call.tensor(3);
    Tensor x = call.flag("transA", false) ? a.t() : a;
    Tensor y = call.flag("transB", false) ? b.t() : b;
    float alpha = call.number("alpha", 1);
    Tensor scaleA = alpha == 1 ? scale(call, 1) : scale(call, 1).mul(alpha);
    QuantizedTensor first = new QuantizedTensor(x, rows(scaleA), rows(zeroPoint(call, 2, a)));
    QuantizedTensor second =
        new QuantizedTensor(y, single(scale(call, 4)), single(zeroPoint(call, 5, b)));
    Tensor added = call.optional(6);
    long n = y.shape().dim(1);
    if (added == null || (added.size() == n && (added.rank() == 0 || added.dim(-1) == n))) {
      Tensor bias = added == null ? null : added.reshape(n);
      return call.has(7)
          ? Quantized.matmul(
              first, second, bias, scale(call, 7).reshape(), single(resultZeroPoint(call, 8)))
          : Quantized.matmul(first, second, bias);
    }
    Tensor sums = Quantized.matmul(x, first.zeroPoint(), y, second.zeroPoint()).add(added);
    Tensor numbers = sums.to(DType.F32).mul(first.scale().mul(second.scale()));
    return call.has(7)
        ? Quantized.quantize(
            numbers,
            scale(call, 7).reshape(),
            single(resultZeroPoint(call, 8)),
            range(call, resultZeroPoint(call, 8)))
        : numbers;
  }

  private static Tensor convInteger(Call call) {
    Tensor x = call.tensor(0);
    Tensor w = call.tensor(1);
    return Quantized.conv(
        x, single(zeroPoint(call, 2, x)), w, zeroPoint(call, 3, w), conv(call, x, w, false));
  }

  private static Tensor qLinearConv(Call call) {
    boolean last = call.flag("channels_last", false);
    Tensor given = call.tensor(0);
    Tensor x = last ? ChannelsLast.channelsSecond(given) : given;
    Tensor w = call.tensor(3);
    Tensor bias = call.optional(8);
    Tensor y =
        Quantized.conv(
            new QuantizedTensor(x, scale(call, 1).reshape(), single(zeroPoint(call, 2, x))),
            new QuantizedTensor(w, scale(call, 4), zeroPoint(call, 5, w)),
            bias,
            conv(call, x, w, bias != null),
            scale(call, 6).reshape(),
            single(resultZeroPoint(call, 7)));
    return last ? ChannelsLast.channelsBehind(y) : y;
  }

  private static Conv conv(Call call, Tensor x, Tensor w, boolean bias) {
    SlidingWindow window = SlidingWindow.of(call, x.shape(), w.shape());
    return new Conv(
        window.strides(),
        window.begins(),
        window.ends(),
        window.dilations(),
        call.smallInteger("group", 1),
        bias);
  }

  /** Multiplies matrices; a vector is a row or a column whose dimension the result lacks. */
  private static Tensor matrices(Tensor a, Tensor b, BiFunction<Tensor, Tensor, Tensor> product) {
    Tensor x = a.rank() == 1 ? a.unsqueeze(0) : a;
    Tensor y = b.rank() == 1 ? b.unsqueeze(1) : b;
    Tensor result = product.apply(x, y);
    if (b.rank() == 1) {
      result = result.squeeze(-1);
    }
    if (a.rank() == 1) {
      result = result.squeeze(b.rank() == 1 ? -1 : -2);
    }
    return result;
  }

  private static Tensor scale(Call call, int index) {
    return call.tensor(index).to(DType.F32);
  }

  private static Tensor zeroPoint(Call call, int index, Tensor operand) {
    Tensor given = call.optional(index);
    return given == null ? Tensor.full(operand.dtype(), 0) : given;
  }

  /** Returns the result's zero point, whose dtype is the result's; u8 where it is absent. */
  private static Tensor resultZeroPoint(Call call, int index) {
    Tensor given = call.optional(index);
    return given == null ? Tensor.full(DType.U8, 0) : given;
  }

  private static Tensor single(Tensor number) {
    return number.size() == 1 ? number.reshape() : number;
  }

  /** Returns what goes with the rows of a matrix: of one dimension it is one for each. */
  private static Tensor rows(Tensor given) {
    return given.rank() == 1 && given.size() > 1 ? given.unsqueeze(1) : single(given);
  }

  private static IntegerRange range(Call call, Tensor zero) {
    return switch (zero.dtype()) {
      case U8 -> IntegerRange.U8;
      case I8 -> IntegerRange.I8;
      default ->
          throw call.failure("zero point of " + zero.dtype().spelling() + ", expected u8 or i8");
    };
  }
}
