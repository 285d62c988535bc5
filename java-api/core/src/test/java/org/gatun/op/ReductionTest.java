package org.gatun.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reductions, scans and orderings take, what they give, and what they refuse. */
class ReductionTest {
  private static Layout of(DType dtype, long... dims) {
    return Layout.of(dtype, Shape.of(dims));
  }

  private static Layout f32(long... dims) {
    return of(DType.F32, dims);
  }

  private static void refuses(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  private static void refuses(String message, Op op, Layout... inputs) {
    refuses(message, () -> op.infer(List.of(inputs)));
  }

  private static DType dtype(ReduceFunction function, DType dtype) {
    return new Reduce(function, Ints.of(), false)
        .infer(List.of(of(dtype, 2, 3)))
        .getFirst()
        .dtype();
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"I8", "U8", "I16", "I32", "I64", "BOOL"})
  void wholeNumbersAreAddedUpAsI64(DType dtype) {
    assertEquals(DType.I64, dtype(ReduceFunction.SUM, dtype));
    assertEquals(DType.I64, dtype(ReduceFunction.PROD, dtype));
    assertEquals(DType.I64, dtype(ReduceFunction.COUNT_NONZERO, dtype));
    assertEquals(dtype, dtype(ReduceFunction.MAX, dtype));
    assertEquals(dtype == DType.U8 ? DType.U8 : DType.BOOL, dtype(ReduceFunction.ANY, dtype));
    refuses(
        "mean: input has dtype " + dtype.spelling() + ", expected a floating-point one",
        new Reduce(ReduceFunction.MEAN, Ints.of(), false),
        of(dtype, 2));
    refuses(
        "vector_norm: input has dtype " + dtype.spelling() + ", expected a floating-point one",
        new Norm(2, Ints.of(), false),
        of(dtype, 2));
    Layout running = new Scan(ScanFunction.CUMSUM, 0).infer(List.of(of(dtype, 2, 3))).getFirst();
    assertEquals(of(DType.I64, 2, 3), running);
  }

  @Test
  void theMeanIsASecondOutput() {
    Variance op = new Variance(Ints.of(-1), 1, true, true, true);
    assertEquals("std_mean", op.name());
    assertEquals(List.of(f32(2, 1), f32(2, 1)), op.infer(List.of(f32(2, 3))));
  }

  @Test
  void anExtremumNeedsElements() {
    String message = "axis 1 of shape [2, 0] has size 0, expected 1 or more";
    for (Op op :
        List.of(
            new Reduce(ReduceFunction.MAX, Ints.of(1), false),
            new Reduce(ReduceFunction.MIN, Ints.of(), false),
            new MinWithIndices(-1, false),
            new KthValue(1, 1, false),
            new Median(1, false, false),
            new Mode(1, true),
            new Norm(Double.POSITIVE_INFINITY, Ints.of(1), false),
            new Norm(-2, Ints.of(1), false))) {
      refuses(op.name() + ": " + message, op, f32(2, 0));
    }
    assertEquals(
        List.of(f32(0)),
        new Reduce(ReduceFunction.MAX, Ints.of(1), false).infer(List.of(f32(0, 3))));
  }

  @Test
  void axesOutOfRangeAreRefused() {
    for (Op op :
        List.of(
            new Scan(ScanFunction.CUMMAX, 2),
            new Sort(2, false),
            new TopK(1, 2, true),
            new KthValue(1, 2, false),
            new Median(2, true, false),
            new Mode(2, false),
            new Norm(2, Ints.of(2), false),
            new MinWithIndices(2, false))) {
      refuses(op.name() + ": axis 2 out of range for shape [2, 3]", op, f32(2, 3));
    }
    refuses(
        "prod: axis -1 given twice in [1, -1]",
        new Reduce(ReduceFunction.PROD, Ints.of(1, -1), false),
        f32(2, 3));
  }

  @Test
  void argumentsThatNoInputFits() {
    refuses("topk: k -1, expected 0 or more", () -> new TopK(-1, 0, true));
    refuses(
        "vector_norm: order NaN, expected a number", () -> new Norm(Double.NaN, Ints.of(), false));
    refuses(
        "std: correction Infinity, expected a finite number",
        () -> new Variance(Ints.of(), Double.POSITIVE_INFINITY, true, false, false));
    assertEquals(new Norm(0, Ints.of(), false), new Norm(-0.0, Ints.of(), false));
  }

  @Test
  void moreThanThereIs() {
    refuses(
        "topk: k 4 for axis -1 of shape [2, 3], expected 0 to 3", new TopK(4, -1, true), f32(2, 3));
    refuses("topk: k 2 for axis 0 of shape [], expected 0 to 1", new TopK(2, 0, true), f32());
    refuses(
        "kthvalue: k 0 for axis 0 of shape [2, 3], expected 1 to 2",
        new KthValue(0, 0, false),
        f32(2, 3));
    assertEquals(
        List.of(f32(2, 1), of(DType.I64, 2, 1)), new TopK(1, 1, true).infer(List.of(f32(2, 3))));
  }
}
