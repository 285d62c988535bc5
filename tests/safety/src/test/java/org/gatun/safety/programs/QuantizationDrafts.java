package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Conv;
import org.gatun.op.Dequantize;
import org.gatun.op.DynamicQuantize;
import org.gatun.op.IntegerRange;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.gatun.op.Quantize;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;

/** Integers that stand for numbers. */
final class QuantizationDrafts {
  private static final Values SCALE = new Values.Between(0.003, 0.02);

  private QuantizationDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(Quantize.class, QuantizationDrafts::quantize);
    drafts.put(Dequantize.class, QuantizationDrafts::dequantize);
    drafts.put(
        DynamicQuantize.class,
        d ->
            new Draft.Call(
                new DynamicQuantize(),
                d.fitting(x -> x.dtype() == DType.F32, DType.F32, d.shape(0, 4))));
    drafts.put(QuantizedMatMul.class, QuantizationDrafts::matmul);
    drafts.put(QuantizedConv.class, QuantizationDrafts::conv);
  }

  private static Values all(DType dtype) {
    return switch (dtype) {
      case U8 -> new Values.Whole(0, 255);
      case I8 -> new Values.Whole(-128, 127);
      default -> new Values.Whole(-5000, 5000);
    };
  }

  private static Draft.Call quantize(Draw d) {
    IntegerRange range =
        d.of(IntegerRange.U8, IntegerRange.I8, IntegerRange.I16, IntegerRange.ofBits(4, true));
    int x =
        d.chance(0.8)
            ? d.real(0, 4)
            : d.fitting(l -> l.dtype() == DType.I32, DType.I32, d.shape(0, 4));
    DType dtype = d.dtype(x) == DType.I32 ? DType.F32 : d.dtype(x);
    int axis = d.axis(d.layout(x).rank());
    long block = d.layout(x).rank() > 0 && d.chance(0.2) ? d.between(1, 3) : 0;
    Shape shape = scales(d, d.shape(x), axis, block);
    List<Integer> operands = new ArrayList<>(List.of(x));
    operands.add(d.leaf(dtype, shape, new Values.Between(0.02, 0.5)));
    boolean zero = d.coin();
    if (zero) {
      operands.add(d.leaf(range.dtype(), shape, new Values.Whole(0, 7)));
    }
    return new Draft.Call(new Quantize(range, axis, block, zero), operands);
  }

  private static Shape scales(Draw d, Shape x, int axis, long block) {
    if (block > 0) {
      return x.with(axis, Math.ceilDiv(x.dim(axis), block));
    }
    return x.rank() == 0 || d.coin() ? Shape.of() : Shape.of(x.dim(axis));
  }

  private static Draft.Call dequantize(Draw d) {
    DType dtype = d.of(DType.U8, DType.I8, DType.I16, DType.I32);
    int x = d.fitting(l -> l.dtype() == dtype, dtype, d.shape(0, 4));
    int axis = d.axis(d.layout(x).rank());
    long block = d.layout(x).rank() > 0 && d.chance(0.2) ? d.between(1, 3) : 0;
    Shape shape = scales(d, d.shape(x), axis, block);
    List<Integer> operands = new ArrayList<>(List.of(x));
    operands.add(d.leaf(d.floating(), shape, SCALE));
    boolean zero = d.coin();
    if (zero) {
      operands.add(d.leaf(dtype, shape, new Values.Whole(0, 7)));
    }
    return new Draft.Call(new Dequantize(axis, block, zero), operands);
  }

  private static Draft.Call matmul(Draw d) {
    DType dtype = d.of(DType.I32, DType.F32, DType.U8, DType.I8);
    boolean bias = dtype != DType.I32 && d.coin();
    QuantizedMatMul op = new QuantizedMatMul(dtype, bias);
    long rows = d.between(1, 9);
    long inner = d.between(1, 24);
    long columns = d.between(1, 20);
    Shape batch = d.chance(0.3) ? Shape.of(d.between(1, 3)) : Shape.of();
    DType a = d.of(DType.U8, DType.I8);
    DType b = d.of(DType.U8, DType.I8);
    List<Integer> operands = new ArrayList<>();
    operands.add(d.leaf(a, batch.concat(Shape.of(rows, inner)), all(a)));
    operand(d, operands, op.result().isScaled(), a, Shape.of());
    operands.add(d.leaf(b, Shape.of(inner, columns), all(b)));
    operand(d, operands, op.result().isScaled(), b, d.coin() ? Shape.of() : Shape.of(columns));
    result(d, operands, dtype, bias, columns);
    return new Draft.Call(op, operands);
  }

  private static Draft.Call conv(Draw d) {
    DType dtype = d.of(DType.I32, DType.F32, DType.U8, DType.I8);
    boolean bias = dtype != DType.I32 && d.coin();
    int spatial = d.of(1, 2, 2, 3);
    Ints padding = Ints.of(d.ints(spatial, 0, 1));
    Ints one = Ints.repeat(1, spatial);
    QuantizedConv op =
        new QuantizedConv(
            new Conv(Ints.of(d.ints(spatial, 1, 2)), padding, padding, one, 1, bias), dtype);
    Shape image = ContractionDrafts.image(d, spatial, 7);
    long channels = image.dim(-spatial - 1);
    long out = d.between(1, 8);
    long[] kernel = new long[spatial];
    java.util.Arrays.setAll(kernel, _ -> d.between(1, 3));
    DType x = d.of(DType.U8, DType.I8);
    DType w = d.of(DType.U8, DType.I8);
    List<Integer> operands = new ArrayList<>();
    operands.add(d.leaf(x, image, all(x)));
    operand(d, operands, op.result().isScaled(), x, Shape.of());
    operands.add(d.leaf(w, Shape.of(out, channels).concat(Shape.of(kernel)), all(w)));
    operand(d, operands, op.result().isScaled(), w, d.coin() ? Shape.of() : Shape.of(out));
    result(d, operands, dtype, bias, out);
    return new Draft.Call(op, operands);
  }

  /** What goes with an operand: its scale where there is one, and its zero point. */
  private static void operand(
      Draw d, List<Integer> operands, boolean scaled, DType dtype, Shape shape) {
    if (scaled) {
      operands.add(d.leaf(DType.F32, shape, SCALE));
    }
    operands.add(d.leaf(dtype, shape, d.coin() ? new Values.Whole(0, 0) : all(dtype)));
  }

  private static void result(
      Draw d, List<Integer> operands, DType dtype, boolean bias, long columns) {
    if (bias) {
      DType of = d.of(DType.I32, DType.F32);
      operands.add(d.leaf(of, Shape.of(columns), of == DType.I32 ? all(of) : Values.Kind.NORMAL));
    }
    if (dtype == DType.U8 || dtype == DType.I8) {
      operands.add(d.leaf(DType.F32, Shape.of(), new Values.Between(0.1, 0.5)));
      operands.add(d.leaf(dtype, Shape.of(), new Values.Whole(0, 7)));
    }
  }
}
