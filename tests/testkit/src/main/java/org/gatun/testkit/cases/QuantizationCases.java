package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Dequantize;
import org.gatun.op.DynamicQuantize;
import org.gatun.op.IntegerRange;
import org.gatun.op.Quantize;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Numbers to integers and back: every dtype and granularity, and the shapes of real models. */
final class QuantizationCases {
  private QuantizationCases() {}

  static List<Case> list() {
    return List.of(
        quantize("u8", IntegerRange.U8, 0, 0, Operand.of(7, 13), scale(), integers(DType.U8)),
        quantize("i8", IntegerRange.I8, 0, 0, Operand.of(7, 13), scale(), integers(DType.I8)),
        quantize("i16", IntegerRange.I16, 0, 0, Operand.of(7, 13), scale(), integers(DType.I16)),
        quantize("u16", IntegerRange.U16, 0, 0, Operand.of(7, 13), scale(), u16()),
        quantize("u4", IntegerRange.ofBits(4, false), 0, 0, Operand.of(7, 13), scale()),
        quantize("i4", IntegerRange.ofBits(4, true), 0, 0, Operand.of(7, 13), scale()),
        quantize("i2", IntegerRange.ofBits(2, true), 0, 0, Operand.of(7, 13), scale()),
        quantize("scalar", IntegerRange.U8, 0, 0, Operand.of(), scale(), integers(DType.U8)),
        quantize("one-element", IntegerRange.U8, 0, 0, Operand.of(13), scale(1)),
        quantize("empty", IntegerRange.U8, 0, 0, Operand.of(0, 3), scale(), integers(DType.U8)),
        quantize("channels", IntegerRange.I8, 1, 0, Operand.of(2, 3, 4, 5), scale(3), zeros(3)),
        quantize("rows", IntegerRange.I8, 0, 0, Operand.of(5, 17), scale(5), zeros(5)),
        quantize("columns", IntegerRange.I8, -1, 0, Operand.of(5, 17), scale(17), zeros(17)),
        quantize("columns-no-zero", IntegerRange.I8, 1, 0, Operand.of(5, 17), scale(17)),
        quantize("blocks", IntegerRange.I8, -1, 4, Operand.of(3, 10), scale(3, 3), zeros(3, 3)),
        quantize("block-rows", IntegerRange.I8, 0, 2, Operand.of(5, 7), scale(3, 7), zeros(3, 7)),
        quantize(
            "block-middle",
            IntegerRange.I8,
            1,
            2,
            Operand.of(2, 4, 3),
            scale(2, 2, 3),
            zeros(2, 2, 3)),
        quantize("one-block", IntegerRange.I8, 0, 9, Operand.of(5, 7), scale(1, 7)),
        quantize(
                "integers",
                IntegerRange.U8,
                0,
                0,
                new Operand(
                    Shape.of(700), new Operand.Values.Integers(DType.I32, -5000, 5000), false),
                new Operand(Shape.of(), new Operand.Values.Numbers(DType.F32, 1, 30), false),
                integers(DType.U8))
            .with(DType.F32),
        quantize(
            "ties",
            IntegerRange.I8,
            0,
            0,
            new Operand(
                Shape.of(16),
                new Operand.Values.Given(
                    null, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, 127.5, -128.5, 1e30, -1e30),
                false),
            new Operand(Shape.of(), new Operand.Values.Given(null, 1), false)),
        quantize(
                "128x384", IntegerRange.U8, 0, 0, Operand.of(128, 384), scale(), integers(DType.U8))
            .bench(),
        quantize("channels-1x64x56x56", IntegerRange.U8, 1, 0, Operand.of(1, 64, 56, 56), scale(64))
            .bench(),
        dequantize("u8", 0, 0, integers(DType.U8, 7, 13), scale(), integers(DType.U8)),
        dequantize("i8", 0, 0, integers(DType.I8, 7, 13), scale(), integers(DType.I8)),
        dequantize("i16", 0, 0, integers(DType.I16, 7, 13), scale(), integers(DType.I16)),
        dequantize("i32", 0, 0, i32(7, 13), scale(), i32()),
        dequantize("scalar", 0, 0, integers(DType.U8), scale(), integers(DType.U8)),
        dequantize("empty", 0, 0, integers(DType.U8, 0, 3), scale(), integers(DType.U8)),
        dequantize("channels", 1, 0, integers(DType.I8, 2, 3, 4, 5), scale(3), zeros(3)),
        dequantize("columns", -1, 0, integers(DType.I8, 5, 17), scale(17), zeros(17)),
        dequantize("columns-no-zero", 1, 0, i32(5, 17), scale(17)),
        dequantize("blocks", -1, 4, integers(DType.I8, 3, 10), scale(3, 3), zeros(3, 3)),
        dequantize("block-rows", 0, 2, integers(DType.I8, 5, 7), scale(3, 7), zeros(3, 7)),
        dequantize("128x384", 0, 0, integers(DType.U8, 128, 384), scale(), integers(DType.U8))
            .bench(),
        dequantize("weights-1536x384", 0, 0, integers(DType.I8, 1536, 384), scale(1536)).bench(),
        dynamic("matrix", Operand.of(7, 13)),
        dynamic("image", Operand.of(2, 3, 5, 7)),
        dynamic("positive", Operand.positive(700)),
        dynamic("scalar", Operand.of()),
        dynamic("empty", Operand.of(0, 3)),
        dynamic("zeros", new Operand(Shape.of(5), new Operand.Values.Given(null, 0), false)),
        dynamic("128x384", Operand.of(128, 384)).bench());
  }

  private static Operand scale(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Uniform(0.003, 0.02), false);
  }

  private static Operand integers(DType dtype, long... shape) {
    return Operand.quantized(dtype, shape);
  }

  private static Operand zeros(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Integers(DType.I8, -20, 20), false);
  }

  private static Operand u16() {
    return new Operand(Shape.scalar(), new Operand.Values.Integers(DType.I32, 0, 65535), false);
  }

  private static Operand i32(long... shape) {
    return new Operand(
        Shape.of(shape), new Operand.Values.Integers(DType.I32, -100_000_000, 100_000_000), false);
  }

  private static Case quantize(
      String name, IntegerRange range, int axis, long block, Operand... operands) {
    Quantize op = new Quantize(range, axis, block, operands.length == 3);
    return Case.of("quantize/" + name, op, Tolerance.exact(), operands);
  }

  private static Case dequantize(String name, int axis, long block, Operand... operands) {
    Dequantize op = new Dequantize(axis, block, operands.length == 3);
    return Case.of("dequantize/" + name, op, Tolerance.ulps(2), operands);
  }

  private static Case dynamic(String name, Operand x) {
    return Case.of("dynamic_quantize/" + name, new DynamicQuantize(), Tolerance.exact(), x);
  }
}
