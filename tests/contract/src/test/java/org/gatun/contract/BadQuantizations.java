package org.gatun.contract;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.contract.BadInputTest.Bad;
import org.gatun.op.Conv;
import org.gatun.op.Dequantize;
import org.gatun.op.DynamicQuantize;
import org.gatun.op.IntegerRange;
import org.gatun.op.Ints;
import org.gatun.op.Quantize;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;

/** What the operators on integers that stand for numbers do not take. */
final class BadQuantizations {
  private BadQuantizations() {}

  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static Layout u8(long... dims) {
    return Layout.of(DType.U8, Shape.of(dims));
  }

  private static Layout i8(long... dims) {
    return Layout.of(DType.I8, Shape.of(dims));
  }

  private static Layout i32(long... dims) {
    return Layout.of(DType.I32, Shape.of(dims));
  }

  private static Conv conv(boolean bias) {
    Ints one = Ints.of(1, 1);
    return new Conv(one, one, one, one, 1, bias);
  }

  static List<Bad> table() {
    return Stream.of(numbers(), sums()).flatMap(List::stream).toList();
  }

  private static List<Bad> numbers() {
    Quantize all = new Quantize(IntegerRange.U8, 0, 0, true);
    return List.of(
        new Bad(
            "quantization to floats",
            () -> new Quantize(new IntegerRange(DType.F32, 0, 1), 0, 0, false),
            List.of(f32(3), f32()),
            "quantize: dtype f32, expected u8, i8, i16 or i32"),
        new Bad(
            "quantization beyond the dtype",
            () -> new Quantize(new IntegerRange(DType.U8, 0, 256), 0, 0, false),
            List.of(f32(3), f32()),
            "quantize: integers from 0 to 256, expected some between 0 and 255 for u8"),
        new Bad(
            "quantization to an empty range",
            () -> new Quantize(new IntegerRange(DType.I8, 3, 3), 0, 0, false),
            List.of(f32(3), f32()),
            "quantize: integers from 3 to 3"),
        new Bad(
            "quantization to one bit",
            () -> new Quantize(IntegerRange.ofBits(1, false), 0, 0, false),
            List.of(f32(3), f32()),
            "quantize: 1 bits, expected 2 to 8"),
        new Bad(
            "quantization by negative blocks",
            () -> new Quantize(IntegerRange.U8, 0, -1, false),
            List.of(f32(3), f32()),
            "quantize: block -1, expected 0 or more"),
        new Bad(
            "quantization of bytes",
            () -> all,
            List.of(u8(3), f32(), u8()),
            "quantize: input has dtype u8, expected a floating-point one or i32"),
        new Bad(
            "a scale of another dtype",
            () -> all,
            List.of(Layout.of(DType.F64, Shape.of(3)), f32(), u8()),
            "quantize: scale has dtype f32, expected f64"),
        new Bad(
            "a zero point of another dtype",
            () -> all,
            List.of(f32(3), f32(), i8()),
            "quantize: zero point has dtype i8, expected u8"),
        new Bad(
            "a zero point of another shape",
            () -> all,
            List.of(f32(3), f32(3), u8()),
            "quantize: zero point has shape [], expected the scale's, [3]"),
        new Bad(
            "no zero point", () -> all, List.of(f32(3), f32()), "quantize: 2 inputs, expected 3"),
        new Bad(
            "scales along an axis that is not there",
            () -> new Quantize(IntegerRange.U8, 2, 0, false),
            List.of(f32(3, 4), f32(4)),
            "quantize: axis 2 out of range for shape [3, 4]"),
        new Bad(
            "too few scales",
            () -> new Dequantize(1, 0, false),
            List.of(i8(3, 4), f32(3)),
            "dequantize: scale has shape [3], expected the size of axis 1 of shape [3, 4]"),
        new Bad(
            "a matrix of scales",
            () -> new Dequantize(1, 0, false),
            List.of(i8(3, 4), f32(3, 4)),
            "dequantize: scale has shape [3, 4], expected a scalar or one dimension"),
        new Bad(
            "too few scales for blocks",
            () -> new Dequantize(1, 3, false),
            List.of(i8(3, 4), f32(3, 1)),
            "dequantize: scale has shape [3, 1], expected [3, 2] for blocks of 3 along axis 1"),
        new Bad(
            "blocks of a scalar",
            () -> new Dequantize(0, 3, false),
            List.of(i8(), f32()),
            "dequantize: block 3 of a scalar, expected 0"),
        new Bad(
            "numbers of numbers",
            () -> new Dequantize(0, 0, false),
            List.of(f32(3), f32()),
            "dequantize: input has dtype f32, expected u8 or i8 or i16 or i32"),
        new Bad(
            "integers as a scale",
            () -> new Dequantize(0, 0, false),
            List.of(i8(3), i32()),
            "dequantize: scale has dtype i32, expected a floating-point one"),
        new Bad(
            "dynamic quantization of integers",
            DynamicQuantize::new,
            List.of(i32(3)),
            "dynamic_quantize: input has dtype i32, expected a floating-point one"));
  }

  private static List<Bad> sums() {
    QuantizedMatMul plain = new QuantizedMatMul(DType.I32, false);
    QuantizedMatMul scaled = new QuantizedMatMul(DType.F32, true);
    QuantizedMatMul quantized = new QuantizedMatMul(DType.U8, false);
    QuantizedConv image = new QuantizedConv(conv(false), DType.I32);
    return List.of(
        new Bad(
            "a product of doubles",
            () -> new QuantizedMatMul(DType.F64, false),
            List.of(),
            "quantized_matmul: result of dtype f64, expected i32, f32, u8 or i8"),
        new Bad(
            "a bias of sums",
            () -> new QuantizedMatMul(DType.I32, true),
            List.of(),
            "quantized_matmul: a bias of a result of i32, expected none"),
        new Bad(
            "too few inputs",
            () -> scaled,
            List.of(u8(3, 4), u8(), i8(4, 5), i8()),
            "quantized_matmul: 4 inputs, expected 7"),
        new Bad(
            "a vector",
            () -> plain,
            List.of(u8(4), u8(), i8(4, 5), i8()),
            "quantized_matmul: shapes [4] and [4, 5], expected two dimensions or more of each"),
        new Bad(
            "inner dimensions that differ",
            () -> plain,
            List.of(u8(3, 4), u8(), i8(5, 4), i8()),
            "quantized_matmul: shapes [3, 4] and [5, 4], inner dimensions 4 and 5 differ"),
        new Bad(
            "operands of 32 bits",
            () -> plain,
            List.of(i32(3, 4), i32(), i8(4, 5), i8()),
            "quantized_matmul: a has dtype i32, expected u8 or i8"),
        new Bad(
            "a zero point of another dtype",
            () -> plain,
            List.of(u8(3, 4), u8(), i8(4, 5), u8()),
            "quantized_matmul: zero point of b has dtype u8, expected i8"),
        new Bad(
            "zero points of columns for rows",
            () -> plain,
            List.of(u8(3, 4), u8(3), i8(4, 5), i8()),
            "quantized_matmul: zero point of a has shape [3], expected one that broadcasts to [3,"
                + " 1]"),
        new Bad(
            "too few scales of columns",
            () -> scaled,
            List.of(u8(3, 4), f32(), u8(), i8(4, 5), f32(4), i8(), f32(5)),
            "quantized_matmul: scale of b has shape [4], expected one that broadcasts to [1, 5]"),
        new Bad(
            "a bias of another size",
            () -> scaled,
            List.of(u8(3, 4), f32(), u8(), i8(4, 5), f32(), i8(), f32(4)),
            "quantized_matmul: bias has shape [4], expected [5]"),
        new Bad(
            "a bias of bytes",
            () -> scaled,
            List.of(u8(3, 4), f32(), u8(), i8(4, 5), f32(), i8(), i8(5)),
            "quantized_matmul: bias has dtype i8, expected i32 or f32"),
        new Bad(
            "scales of the result for rows",
            () -> quantized,
            List.of(u8(3, 4), f32(), u8(), i8(4, 5), f32(), i8(), f32(3), u8()),
            "quantized_matmul: scale of y has shape [3], expected a scalar"),
        new Bad(
            "a zero point of the result of another dtype",
            () -> quantized,
            List.of(u8(3, 4), f32(), u8(), i8(4, 5), f32(), i8(), f32(), i8()),
            "quantized_matmul: zero point of y has dtype i8, expected u8"),
        new Bad(
            "images with zero points for channels",
            () -> image,
            List.of(u8(1, 4, 8, 8), u8(4), i8(6, 4, 3, 3), i8()),
            "quantized_conv2d: zero point of x has shape [4], expected a scalar"),
        new Bad(
            "too few zero points of channels",
            () -> image,
            List.of(u8(1, 4, 8, 8), u8(), i8(6, 4, 3, 3), i8(4)),
            "quantized_conv2d: zero point of w has shape [4], expected a scalar or [6]"),
        new Bad(
            "channels that differ",
            () -> image,
            List.of(u8(1, 3, 8, 8), u8(), i8(6, 4, 3, 3), i8()),
            "conv2d: input of shape [1, 3, 8, 8] has 3 channels, expected 4"),
        new Bad(
            "a convolution of bytes",
            () -> new QuantizedConv(conv(true), DType.BOOL),
            List.of(),
            "quantized_conv2d: result of dtype bool, expected i32, f32, u8 or i8"));
  }
}
