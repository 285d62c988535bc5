package org.gatun.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.junit.jupiter.api.Test;

/** What matrix products take and what they refuse. */
class ContractionTest {
  private static final MatMul MATMUL = new MatMul();

  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static void refuses(String message, Op op, Layout... inputs) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> op.infer(List.of(inputs))).getMessage());
  }

  private static Shape shape(Op op, Layout... inputs) {
    return op.infer(Arrays.asList(inputs)).getFirst().shape();
  }

  @Test
  void matmulTakesEveryRank() {
    assertEquals(Shape.scalar(), shape(MATMUL, f32(3), f32(3)));
    assertEquals(Shape.of(4), shape(MATMUL, f32(3), f32(3, 4)));
    assertEquals(Shape.of(2), shape(MATMUL, f32(2, 3), f32(3)));
    assertEquals(Shape.of(5, 2, 4), shape(MATMUL, f32(5, 2, 3), f32(1, 3, 4)));
    assertEquals(Shape.of(5, 6, 2, 4), shape(MATMUL, f32(5, 1, 2, 3), f32(6, 3, 4)));
    assertEquals(Shape.of(2, 4), shape(MATMUL, f32(2, 0), f32(0, 4)));
  }

  @Test
  void matmulRefusesWhatDoesNotMultiply() {
    refuses("matmul: 1 inputs, expected 2", MATMUL, f32(2, 3));
    refuses(
        "matmul: shapes [] and [2], expected one dimension or more of each", MATMUL, f32(), f32(2));
    refuses(
        "matmul: shapes [2, 3] and [2, 3], inner dimensions 3 and 2 differ",
        MATMUL,
        f32(2, 3),
        f32(2, 3));
    refuses(
        "matmul: shapes [2] and [3] do not broadcast: 2 against 3",
        MATMUL,
        f32(2, 4, 5),
        f32(3, 5, 4));
    refuses(
        "matmul: input 1 has dtype f64, expected f32",
        MATMUL,
        f32(2, 3),
        Layout.of(DType.F64, Shape.of(3, 2)));
    refuses(
        "matmul: input 0 has dtype bool, expected a floating-point one or an integer",
        MATMUL,
        Layout.of(DType.BOOL, Shape.of(2, 3)),
        Layout.of(DType.BOOL, Shape.of(3, 2)));
  }

  @Test
  void matmulRefusesAResultTooLargeToCount() {
    long large = 1L << 40;
    assertThrows(
        IllegalArgumentException.class, () -> MATMUL.infer(List.of(f32(large, 0), f32(0, large))));
  }

  @Test
  void gemmBroadcastsWhatIsAdded() {
    Gemm gemm = new Gemm(2, 0.5);
    assertEquals(Shape.of(2, 4), shape(gemm, f32(2, 3), f32(3, 4), f32()));
    assertEquals(Shape.of(2, 4), shape(gemm, f32(2, 3), f32(3, 4), f32(2, 1)));
    assertEquals(Shape.of(5, 2, 4), shape(gemm, f32(5, 2, 3), f32(3, 4), f32(4)));
  }

  @Test
  void gemmRefusesWhatDoesNotFit() {
    Gemm gemm = new Gemm(1, 1);
    refuses("gemm: 2 inputs, expected 3", gemm, f32(2, 3), f32(3, 4));
    refuses(
        "gemm: C of shape [5, 2, 4], expected one that broadcasts to [2, 4]",
        gemm,
        f32(2, 3),
        f32(3, 4),
        f32(5, 2, 4));
    Layout integers = Layout.of(DType.I64, Shape.of(2, 2));
    refuses(
        "gemm: alpha 0.5 and beta 1.0 for dtype i64, expected whole numbers",
        new Gemm(0.5, 1),
        integers,
        integers,
        integers);
  }

  @Test
  void linearKeepsTheLeadingDimensions() {
    assertEquals(Shape.of(2, 5, 7), shape(new Linear(false), f32(2, 5, 3), f32(7, 3)));
    assertEquals(Shape.of(7), shape(new Linear(true), f32(3), f32(7, 3), f32(7)));
    assertEquals(Shape.of(2), shape(new Linear(true), f32(2, 3), f32(3), f32()));
  }

  @Test
  void linearRefusesParametersThatDoNotFit() {
    Linear linear = new Linear(true);
    refuses("linear: 2 inputs, expected 3", linear, f32(2, 3), f32(7, 3));
    refuses(
        "linear: input is a scalar, expected one dimension or more",
        linear,
        f32(),
        f32(7, 3),
        f32(7));
    refuses(
        "linear: weights have shape [1, 7, 3], expected (out, in) or (in)",
        linear,
        f32(2, 3),
        f32(1, 7, 3),
        f32(7));
    refuses(
        "linear: input of shape [2, 3] with weights of shape [7, 4], last dimensions 3 and 4"
            + " differ",
        linear,
        f32(2, 3),
        f32(7, 4),
        f32(7));
    refuses("linear: bias has shape [3], expected [7]", linear, f32(2, 3), f32(7, 3), f32(3));
    refuses(
        "linear: input has dtype i32, expected a floating-point one",
        linear,
        Layout.of(DType.I32, Shape.of(2, 3)),
        f32(7, 3),
        f32(7));
  }

  @Test
  void fusedRefusesWhatItCannotFollow() {
    List<Fused.Step> relu = List.of(new Fused.Step.Activate(UnaryFunction.RELU));
    assertEquals(
        "fused: no steps after matmul",
        assertThrows(IllegalArgumentException.class, () -> new Fused(MATMUL, List.of()))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new Fused(new Unary(UnaryFunction.RELU), relu));
    refuses(
        "matmul+add: input 2 to add has shape [2], expected [2, 4]",
        new Fused(MATMUL, List.of(new Fused.Step.Add())),
        f32(2, 3),
        f32(3, 4),
        f32(2));
  }

  @Test
  void fusedFunctionsTakeTheDtypeOfTheProduct() {
    Layout integers = Layout.of(DType.I32, Shape.of(2, 2));
    refuses(
        "silu: input has dtype i32, expected a floating-point one",
        new Fused(MATMUL, List.of(new Fused.Step.Activate(UnaryFunction.SILU))),
        integers,
        integers);
    assertEquals(
        Shape.of(2, 2),
        shape(
            new Fused(MATMUL, List.of(new Fused.Step.Activate(UnaryFunction.RELU))),
            integers,
            integers));
  }
}
