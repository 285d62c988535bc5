package org.gatun.testkit.cases;

import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Fused;
import org.gatun.op.Gemm;
import org.gatun.op.Linear;
import org.gatun.op.MatMul;
import org.gatun.op.UnaryFunction;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Matrix products: every rank rule, awkward sizes, and the shapes of real models. */
final class ContractionCases {
  private ContractionCases() {}

  static List<Case> list() {
    return List.of(
        matmul("vector-vector", Operand.of(13), Operand.of(13)),
        matmul("vector-matrix", Operand.of(13), Operand.of(13, 7)),
        matmul("matrix-vector", Operand.of(5, 13), Operand.of(13)),
        matmul("matrix-matrix", Operand.of(5, 13), Operand.of(13, 7)),
        matmul("vector-batch", Operand.of(13), Operand.of(4, 13, 7)),
        matmul("batch-vector", Operand.of(4, 5, 13), Operand.of(13)),
        matmul("batch-matrix", Operand.of(4, 5, 13), Operand.of(13, 7)),
        matmul("batch-batch", Operand.of(4, 5, 13), Operand.of(4, 13, 7)),
        matmul("batch-outer", Operand.of(5, 3, 1), Operand.of(5, 1, 7)),
        matmul("batches-broadcast", Operand.of(2, 1, 5, 13), Operand.of(3, 13, 7)),
        matmul("single", Operand.of(1, 1), Operand.of(1, 1)),
        matmul("no-inner", Operand.of(3, 0), Operand.of(0, 4)),
        matmul("batch-no-rows", Operand.of(0, 0), Operand.of(5, 0, 0)),
        matmul("no-rows", Operand.of(0, 3), Operand.of(3, 4)),
        matmul("gemv", Operand.of(300, 400), Operand.of(400)),
        matmul("row-times-matrix", Operand.of(1, 300), Operand.of(300, 400)),
        matmul("blocks-of-rows", Operand.of(210, 100), Operand.of(100, 90)),
        matmul("blocks-of-columns", Operand.of(33, 100), Operand.of(100, 210)),
        integers("i8", DType.I8, 4),
        integers("u8", DType.U8, 4),
        integers("i16", DType.I16, 40),
        integers("i32", DType.I32, 1000),
        integers("i64", DType.I64, 1000),
        matmul("702", Operand.of(17, 702), Operand.of(702, 33)),
        matmul("8x8", Operand.of(8, 8), Operand.of(8, 8)).bench(2.0 * 8 * 8 * 8),
        matmul("64", Operand.of(64, 64), Operand.of(64, 64)).bench(2.0 * 64 * 64 * 64),
        matmul("512", Operand.of(512, 512), Operand.of(512, 512)).bench(2.0 * 512 * 512 * 512),
        matmul("heads-12x128x32x128", Operand.of(12, 128, 32), Operand.of(12, 32, 128))
            .bench(2.0 * 12 * 128 * 32 * 128),
        gemm("matrix", 1, 1, Operand.of(5, 13), Operand.of(13, 7), Operand.of(5, 7)),
        gemm("row", 1, 1, Operand.of(5, 13), Operand.of(13, 7), Operand.of(7)),
        gemm("column", 0.6, 0.2, Operand.of(5, 13), Operand.of(13, 7), Operand.of(5, 1)),
        gemm("scalar", 0.6, -2, Operand.of(5, 13), Operand.of(13, 7), Operand.of()),
        gemm("no-beta", 0.6, 0, Operand.of(5, 13), Operand.of(13, 7), Operand.of(5, 7)),
        gemm("no-alpha", 0, 0.6, Operand.of(5, 13), Operand.of(13, 7), Operand.of(5, 7)),
        gemm("vector", 0.6, 0.2, Operand.of(5, 13), Operand.of(13), Operand.of(5)),
        gemm("row-vector", 0.6, 0.2, Operand.of(13), Operand.of(13, 7), Operand.of(1)),
        gemm("dot", 0.6, 0.2, Operand.of(13), Operand.of(13), Operand.of()),
        gemm("outer", 0.6, 0.2, Operand.of(5, 1), Operand.of(1, 7), Operand.of(5, 7)),
        gemm("batch", 0.6, 0.2, Operand.of(4, 5, 13), Operand.of(4, 13, 7), Operand.of(4, 5, 7)),
        gemm("batch-row", 1, 1, Operand.of(4, 5, 13), Operand.of(4, 13, 7), Operand.of(4, 1, 7)),
        gemm("batch-one", 1, 0.5, Operand.of(4, 5, 13), Operand.of(13, 7), Operand.of(5, 7)),
        gemm("batch-one-add", 1, 0.5, Operand.of(4, 5, 13), Operand.of(13, 7), Operand.of(4, 1, 1)),
        gemm("no-inner", 0.6, 0.2, Operand.of(3, 0), Operand.of(0, 4), Operand.of(4)),
        gemm("no-rows", 0.6, 0.2, Operand.of(0, 3), Operand.of(3, 4), Operand.of(4)),
        gemm("heads", 2, 0.5, Operand.of(9, 40, 32), Operand.of(9, 32, 40), Operand.of(40)),
        gemm("130", 0.6, 0.2, Operand.of(130, 90), Operand.of(90, 110), Operand.of(130, 110)),
        gemm("130-bias", 1, 1, Operand.of(130, 90), Operand.of(90, 110), Operand.of(110)),
        Case.of(
                "gemm/integers",
                new Gemm(2, -3),
                Tolerance.exact(),
                Operand.index(1000, 5, 13),
                Operand.index(1000, 13, 7),
                Operand.index(1000, 7))
            .with(DType.I64),
        gemm("512", 0.5, 2, Operand.of(512, 512), Operand.of(512, 512), Operand.of(512, 512))
            .bench(2.0 * 512 * 512 * 512),
        linear("bias", true, Operand.of(5, 13), Operand.of(7, 13), Operand.of(7)),
        linear("plain", false, Operand.of(5, 13), Operand.of(7, 13)),
        linear("vector-input", true, Operand.of(13), Operand.of(7, 13), Operand.of(7)),
        linear("one-output", false, Operand.of(2, 5, 13), Operand.of(13)),
        linear("sequence", true, Operand.of(2, 5, 13), Operand.of(7, 13), Operand.of(7)),
        linear("no-inner", true, Operand.of(3, 0), Operand.of(4, 0), Operand.of(4)),
        linear("no-rows", true, Operand.of(0, 13), Operand.of(7, 13), Operand.of(7)),
        linear("128x384to1536", true, Operand.of(128, 384), Operand.of(1536, 384), Operand.of(1536))
            .bench(2.0 * 128 * 384 * 1536),
        linear("1x1024to1024", true, Operand.of(1, 1024), Operand.of(1024, 1024), Operand.of(1024))
            .bench(2.0 * 1024 * 1024),
        fused(
            "linear-relu",
            List.of(new Fused.Step.Activate(UnaryFunction.RELU)),
            Operand.of(5, 13),
            Operand.of(7, 13).asConstant(),
            Operand.of(7).asConstant()),
        fused(
            "linear-add-gelu",
            List.of(new Fused.Step.Add(), new Fused.Step.Activate(UnaryFunction.GELU)),
            Operand.of(5, 13),
            Operand.of(7, 13).asConstant(),
            Operand.of(7).asConstant(),
            Operand.of(5, 7)),
        fused(
                "linear-gelu-128x384to1536",
                List.of(new Fused.Step.Activate(UnaryFunction.GELU)),
                Operand.of(128, 384),
                Operand.of(1536, 384).asConstant(),
                Operand.of(1536).asConstant())
            .bench(2.0 * 128 * 384 * 1536));
  }

  private static Case matmul(String name, Operand a, Operand b) {
    return Case.of("matmul/" + name, new MatMul(), Tolerance.sum(), a, b);
  }

  /** Small enough numbers for the sums not to wrap around. */
  private static Case integers(String name, DType dtype, long bound) {
    return Case.of(
            "matmul/" + name,
            new MatMul(),
            Tolerance.exact(),
            new Operand(Shape.of(2, 5, 13), new Operand.Values.Index(dtype, bound), false),
            new Operand(Shape.of(13, 7), new Operand.Values.Index(dtype, bound), false))
        .with(dtype);
  }

  private static Case gemm(
      String name, double alpha, double beta, Operand a, Operand b, Operand c) {
    return Case.of("gemm/" + name, new Gemm(alpha, beta), Tolerance.sum(), a, b, c);
  }

  private static Case linear(String name, boolean bias, Operand x, Operand... parameters) {
    Operand[] operands = new Operand[1 + parameters.length];
    operands[0] = x;
    for (int i = 0; i < parameters.length; i++) {
      operands[i + 1] = parameters[i].asConstant();
    }
    return Case.of("linear/" + name, new Linear(bias), Tolerance.sum(), operands);
  }

  private static Case fused(String name, List<Fused.Step> steps, Operand... operands) {
    return Case.of("fused/" + name, new Fused(new Linear(true), steps), Tolerance.sum(), operands);
  }
}
