package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Conv;
import org.gatun.op.Fused;
import org.gatun.op.Ints;
import org.gatun.op.Op;
import org.gatun.op.QuantizedConv;
import org.gatun.op.QuantizedMatMul;
import org.gatun.op.UnaryFunction;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;
import org.jspecify.annotations.Nullable;

/**
 * Products and convolutions of integers: every pair of dtypes, zero points and scales of every
 * shape, sums beyond what 16 bits and an f32 hold, and the shapes of real models.
 */
final class QuantizedSumCases {
  private static final DType U8 = DType.U8;
  private static final DType I8 = DType.I8;

  /** What makes the largest sums: these saturate where pairs are added up in 16 bits. */
  private static final Operand LARGE_A = constant(U8, 255, 2, 4500);

  private static final Operand LARGE_B = constant(I8, 127, 4500, 3).asConstant();

  private QuantizedSumCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    products(cases);
    images(cases);
    return List.copyOf(cases);
  }

  private static void products(List<Case> cases) {
    for (DType a : List.of(U8, I8)) {
      for (DType b : List.of(U8, I8)) {
        String name = a.spelling() + "x" + b.spelling();
        cases.add(sums(name, q(a, 5, 13), q(a), q(b, 13, 7).asConstant(), q(b).asConstant()));
        cases.add(sums(name + "-no-constant", q(a, 5, 13), q(a), q(b, 13, 7), q(b)));
      }
    }
    cases.add(sums("no-zero-points", q(U8, 5, 13), zero(U8), q(I8, 13, 7), zero(I8)));
    cases.add(
        sums(
            "rows-and-columns",
            q(U8, 5, 13),
            q(U8, 5, 1),
            q(U8, 13, 7).asConstant(),
            q(U8, 7).asConstant()));
    cases.add(sums("large", LARGE_A, zero(U8), LARGE_B, zero(I8).asConstant()));
    cases.add(sums("largest", LARGE_A, constant(U8, 0), LARGE_B, constant(I8, -128).asConstant()));
    cases.add(sums("i8-large", constant(I8, -128, 2, 4500), zero(I8), LARGE_B, zero(I8)));
    cases.add(sums("batch", q(U8, 4, 5, 13), q(U8), q(I8, 4, 13, 7), q(I8)));
    cases.add(sums("batch-matrix", q(U8, 2, 4, 5, 13), q(U8), q(I8, 13, 7), q(I8, 7)));
    cases.add(sums("matrix-batch", q(U8, 5, 13), q(U8), q(U8, 4, 13, 7), q(U8)));
    cases.add(
        sums(
            "batch-zero-points", q(U8, 3, 5, 13), q(U8, 3, 5, 1), q(U8, 3, 13, 7), q(U8, 3, 1, 7)));
    cases.add(
        sums("batches-broadcast", q(I8, 2, 1, 5, 13), q(I8), q(U8, 3, 13, 7), q(U8, 3, 1, 1)));
    cases.add(sums("no-inner", q(U8, 3, 0), q(U8), q(I8, 0, 4), q(I8)));
    cases.add(sums("no-rows", q(U8, 0, 3), q(U8), q(I8, 3, 4), q(I8)));
    cases.add(sums("one-row", q(U8, 1, 300), q(U8), q(I8, 300, 400), q(I8)));
    cases.add(sums("one-column", q(U8, 30, 300), q(U8), q(U8, 300, 1), q(U8)));
    cases.add(sums("many-columns", q(U8, 3, 5), q(U8), q(U8, 5, 1300), q(U8, 1300)));
    for (DType dtype : List.of(DType.F32, U8, I8)) {
      String name = dtype.spelling();
      cases.add(scaled(name, dtype, null, 5, 13, 7, scale(), scale().asConstant()));
      cases.add(scaled(name + "-columns", dtype, null, 5, 13, 7, scale(), scale(7).asConstant()));
      cases.add(scaled(name + "-rows", dtype, null, 5, 13, 7, scale(5, 1), scale(7)));
      cases.add(scaled(name + "-bias", dtype, numbers(7), 5, 13, 7, scale(), scale(7)));
      cases.add(scaled(name + "-i32-bias", dtype, integers(7), 5, 13, 7, scale(), scale(7)));
      cases.add(scaled(name + "-wide", dtype, numbers(1100), 3, 40, 1100, scale(), scale()));
      cases.add(
          scaled(name + "-128x384to1536", dtype, numbers(1536), 128, 384, 1536, scale(), scale())
              .bench(2.0 * 128 * 384 * 1536));
    }
    cases.add(scaled("u8-weights", q(U8, 5, 13), U8, half(U8)));
    cases.add(scaled("i8-operands", q(I8, 5, 13), I8, zero(I8)));
    cases.add(scaled("batch-of-rows", q(U8, 2, 3, 13), I8, zero(I8)));
    cases.add(scaled("weights-zero-point", q(U8, 5, 13), U8, q(U8)));
    fused(cases);
    cases.add(
        sums("512", q(U8, 512, 512), q(U8), q(I8, 512, 512).asConstant(), zero(I8).asConstant())
            .bench(2.0 * 512 * 512 * 512));
  }

  private static void images(List<Case> cases) {
    for (DType x : List.of(U8, I8)) {
      for (DType w : List.of(U8, I8)) {
        String name = x.spelling() + "x" + w.spelling();
        cases.add(conv(name, plain(2, 1), x, w, q(w), 2, 3, 5, 7, 4, 3, 3, 3));
        cases.add(conv(name + "-symmetric", plain(2, 1), x, w, half(w), 2, 3, 5, 7, 4, 3, 3, 3));
      }
    }
    Operand none = zero(I8);
    cases.add(conv("channels", plain(2, 1), U8, I8, q(I8, 4), 2, 3, 5, 7, 4, 3, 3, 3));
    cases.add(conv("1x1", plain(2, 0), U8, I8, none, 1, 32, 5, 7, 24, 32, 1, 1));
    cases.add(conv("depthwise", plain(2, 1, 32), U8, I8, none, 1, 32, 5, 7, 32, 1, 3, 3));
    cases.add(conv("depthwise-zero", plain(2, 1, 20), U8, U8, q(U8), 1, 20, 5, 7, 20, 1, 3, 3));
    cases.add(conv("groups", plain(2, 1, 2), U8, I8, none, 2, 8, 5, 7, 6, 4, 3, 3));
    cases.add(conv("groups-zero", plain(2, 1, 2), I8, U8, q(U8), 2, 8, 5, 7, 6, 4, 3, 3));
    cases.add(conv("1d", plain(1, 2), U8, I8, none, 2, 3, 17, 4, 3, 5));
    cases.add(conv("3d", plain(3, 1), U8, I8, none, 1, 3, 4, 5, 6, 4, 3, 3, 3, 3));
    cases.add(conv("3d-zero", plain(3, 1), U8, U8, q(U8), 1, 3, 4, 5, 6, 4, 3, 3, 3, 3));
    Ints both = Ints.of(2, 2);
    Conv uneven = new Conv(Ints.of(2, 1), Ints.of(1, 0), Ints.of(2, 3), Ints.of(1, 2), 1, false);
    cases.add(conv("uneven", uneven, U8, I8, none, 2, 3, 9, 11, 4, 3, 3, 3));
    cases.add(conv("uneven-zero", uneven, U8, U8, q(U8), 2, 3, 9, 11, 4, 3, 3, 3));
    Conv wide = new Conv(Ints.of(1, 1), Ints.of(4, 4), Ints.of(4, 4), both, 1, false);
    cases.add(conv("padding-alone", wide, U8, I8, none, 1, 3, 3, 3, 4, 3, 2, 2));
    cases.add(conv("no-batch", plain(2, 1), U8, I8, none, 3, 5, 7, 4, 3, 3, 3));
    cases.add(conv("empty-batch", plain(2, 1), U8, I8, none, 0, 3, 5, 7, 4, 3, 3, 3));
    cases.add(
        Case.of(
            "quantized_conv2d/large",
            new QuantizedConv(plain(2, 1), DType.I32),
            Tolerance.exact(),
            constant(U8, 255, 1, 600, 4, 4),
            zero(U8),
            constant(I8, 127, 3, 600, 3, 3).asConstant(),
            none.asConstant()));
    for (DType dtype : List.of(DType.F32, U8, I8)) {
      String name = dtype.spelling();
      cases.add(scaledConv(name, dtype, null, 5, 3, 4, scale().asConstant()));
      cases.add(scaledConv(name + "-bias", dtype, integers(4), 5, 3, 4, scale(4).asConstant()));
      cases.add(scaledConv(name + "-f32-bias", dtype, numbers(4), 5, 3, 4, scale(4)));
      cases.add(
          scaledConv(name + "-3x3-64@56", dtype, integers(64), 56, 64, 64, scale(64).asConstant())
              .bench(2.0 * 56 * 56 * 64 * 64 * 9));
    }
  }

  private static Operand q(DType dtype, long... shape) {
    return Operand.quantized(dtype, shape);
  }

  private static Operand zero(DType dtype) {
    return constant(dtype, 0);
  }

  /** The zero point in the middle of the dtype's range. */
  private static Operand half(DType dtype) {
    return constant(dtype, dtype == U8 ? 128 : 0);
  }

  private static Operand constant(DType dtype, double value, long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Given(dtype, value), false);
  }

  private static Operand scale(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Numbers(DType.F32, 0.003, 0.02), false);
  }

  private static Operand numbers(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Numbers(DType.F32, -1, 1), false)
        .asConstant();
  }

  private static Operand integers(long... shape) {
    return new Operand(Shape.of(shape), new Operand.Values.Integers(DType.I32, -5000, 5000), false)
        .asConstant();
  }

  private static Case sums(String name, Operand... operands) {
    return Case.of(
        "quantized_matmul/" + name,
        new QuantizedMatMul(DType.I32, false),
        Tolerance.exact(),
        operands);
  }

  private static Case scaled(
      String name,
      DType dtype,
      @Nullable Operand bias,
      long m,
      long k,
      long n,
      Operand scaleA,
      Operand scaleB) {
    List<Operand> operands = new ArrayList<>();
    operands.addAll(List.of(q(U8, m, k), scaleA, q(U8), q(I8, k, n).asConstant()));
    operands.addAll(List.of(scaleB.asConstant(), zero(I8).asConstant()));
    return finished(
        "quantized_matmul/" + name,
        new QuantizedMatMul(dtype, bias != null),
        dtype,
        bias,
        operands);
  }

  /** A product by 13 x 7 of f32 with a bias, whose second operand is of this dtype. */
  private static Case scaled(String name, Operand a, DType b, Operand zero) {
    return Case.of(
            "quantized_matmul/" + name,
            new QuantizedMatMul(DType.F32, true),
            Tolerance.sum(),
            product(a, b, zero).toArray(Operand[]::new))
        .with(DType.F32);
  }

  private static List<Operand> product(Operand a, DType b, Operand zero) {
    DType dtype = ((Operand.Values.Integers) a.values()).dtype();
    return List.of(
        a,
        scale(),
        q(dtype),
        q(b, 13, 7).asConstant(),
        scale(7).asConstant(),
        zero.asConstant(),
        numbers(7));
  }

  private static void fused(List<Case> cases) {
    Fused.Step add = new Fused.Step.Add();
    Fused.Step relu = new Fused.Step.Activate(UnaryFunction.RELU);
    Fused.Step gelu = new Fused.Step.Activate(UnaryFunction.GELU);
    Operand zero = zero(I8);
    Operand columns = q(I8, 7);
    cases.add(fused("relu", List.of(relu), product(q(U8, 5, 13), I8, zero)));
    cases.add(fused("gelu", List.of(gelu), product(q(I8, 5, 13), I8, zero)));
    cases.add(fused("add", List.of(add), product(q(U8, 5, 13), I8, zero), 5, 7));
    cases.add(
        fused("add-relu", List.of(add, relu), product(q(U8, 2, 3, 13), U8, half(U8)), 2, 3, 7));
    cases.add(
        fused("add-relu-zeros", List.of(add, relu), product(q(U8, 5, 13), I8, columns), 5, 7));
  }

  private static Case fused(
      String name, List<Fused.Step> steps, List<Operand> product, long... added) {
    List<Operand> operands = new ArrayList<>(product);
    if (added.length > 0) {
      operands.add(
          new Operand(Shape.of(added), new Operand.Values.Numbers(DType.F32, -1, 1), false));
    }
    return Case.of(
            "fused/quantized-" + name,
            new Fused(new QuantizedMatMul(DType.F32, true), steps),
            Tolerance.sum(),
            operands.toArray(Operand[]::new))
        .with(DType.F32);
  }

  private static Case finished(
      String name, Op op, DType dtype, @Nullable Operand bias, List<Operand> operands) {
    if (bias != null) {
      operands.add(bias);
    }
    if (dtype != DType.F32) {
      operands.add(constant(DType.F32, 0.37).asConstant());
      operands.add(constant(dtype, 3).asConstant());
    }
    Tolerance tolerance = dtype == DType.F32 ? Tolerance.sum() : Tolerance.exact();
    return Case.of(name, op, tolerance, operands.toArray(Operand[]::new)).with(DType.F32);
  }

  private static Conv plain(int rank, int padding) {
    return plain(rank, padding, 1);
  }

  private static Conv plain(int rank, int padding, int groups) {
    Ints one = Ints.repeat(1, rank);
    Ints around = Ints.repeat(padding, rank);
    return new Conv(one, around, around, one, groups, false);
  }

  /** Dimensions: those of the images, then those of the weights. */
  private static Case conv(String name, Conv conv, DType x, DType w, Operand zeros, long... dims) {
    int split = dims.length - conv.spatialRank() - 2;
    QuantizedConv op = new QuantizedConv(conv, DType.I32);
    return Case.of(
        op.name() + "/" + name,
        op,
        Tolerance.exact(),
        q(x, Arrays.copyOf(dims, split)),
        q(x),
        q(w, Arrays.copyOfRange(dims, split, dims.length)).asConstant(),
        zeros.asConstant());
  }

  private static Case scaledConv(
      String name,
      DType dtype,
      @Nullable Operand bias,
      long size,
      long in,
      long out,
      Operand scale) {
    Ints one = Ints.of(1, 1);
    Conv conv = new Conv(one, one, one, one, 1, bias != null);
    List<Operand> operands = new ArrayList<>();
    operands.addAll(List.of(q(U8, 1, in, size, size), scale(), q(U8)));
    operands.addAll(
        List.of(q(I8, out, in, 3, 3).asConstant(), scale.asConstant(), zero(I8).asConstant()));
    return finished(
        "quantized_conv2d/" + name, new QuantizedConv(conv, dtype), dtype, bias, operands);
  }
}
