package org.gatun.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What pooling takes, the size of what it gives, and what it refuses. */
class PoolingTest {
  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static Shape shape(Op op, Layout input) {
    return op.infer(List.of(input)).getFirst().shape();
  }

  private static void refuses(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  private static void refuses(String message, Op op, Layout input) {
    refuses(message, () -> op.infer(List.of(input)));
  }

  @Test
  void sizesRoundDown() {
    MaxPool pool = MaxPool.of(3, 3).withStride(2).withPadding(1);
    assertEquals(Shape.of(2, 5, 56, 28), shape(pool, f32(2, 5, 112, 55)));
    assertEquals(Shape.of(5, 56, 28), shape(pool, f32(5, 112, 55)));
    assertEquals(Shape.of(0, 5, 56, 28), shape(pool, f32(0, 5, 112, 55)));
    assertEquals(Shape.of(2, 5, 3), shape(MaxPool.of(3).withDilation(2), f32(2, 5, 13)));
  }

  @Test
  void inCeilModeTheLastWindowStartsInTheInput() {
    MaxPool pool = MaxPool.of(2, 2).withStride(3).withCeilMode();
    assertEquals(Shape.of(1, 1, 2, 3), shape(pool, f32(1, 1, 6, 7)));
    AveragePool padded = AveragePool.of(2, 2).withStride(3).withPadding(1).withCeilMode();
    assertEquals(Shape.of(1, 1, 2, 3), shape(padded, f32(1, 1, 5, 6)));
  }

  @Test
  void channelsLastStaysWhereThereIsABatch() {
    Layout images = Layout.channelsLast(DType.F32, Shape.of(2, 5, 6, 8));
    for (Op op :
        List.of(
            MaxPool.of(2, 2).withIndices(),
            AveragePool.of(2, 2),
            new AdaptiveAveragePool(Ints.of(3, 4)),
            new AdaptiveMaxPool(Ints.of(3, 4), true),
            LpPool.of(2, 2, 2),
            new GlobalMaxPool())) {
      for (Layout output : op.infer(List.of(images))) {
        assertTrue(output.isChannelsLast(), op + " gives " + output);
      }
    }
    Layout one = Layout.of(DType.F32, Shape.of(5, 6, 8), 1, 40, 5);
    assertTrue(MaxPool.of(2, 2).infer(List.of(one)).getFirst().isContiguous());
  }

  @Test
  void indicesAreASecondOutput() {
    List<Layout> outputs = MaxPool.of(2, 2).withIndices().infer(List.of(f32(2, 5, 6, 8)));
    assertEquals(2, outputs.size());
    assertEquals(DType.I64, outputs.getLast().dtype());
    assertEquals(outputs.getFirst().shape(), outputs.getLast().shape());
  }

  @Test
  void adaptiveSizesAreThoseAskedFor() {
    assertEquals(
        Shape.of(2, 5, 13, 4), shape(new AdaptiveAveragePool(Ints.of(-1, 4)), f32(2, 5, 13, 19)));
    assertEquals(Shape.of(2, 5, 0), shape(new AdaptiveAveragePool(Ints.of(0)), f32(2, 5, 13)));
    assertEquals(Shape.of(2, 5, 1, 1), shape(new GlobalAveragePool(), f32(2, 5, 13, 19)));
  }

  @Test
  void windowsLargerThanTheInputAreRefused() {
    refuses(
        "max_pool2d: kernel 3 larger than padded input 2 in dimension 1",
        MaxPool.of(3, 3),
        f32(4, 2, 5));
    refuses(
        "max_pool1d: kernel 3 with dilation 4 larger than padded input 8 in dimension 2",
        MaxPool.of(3).withDilation(4),
        f32(1, 4, 8));
    refuses(
        "avg_pool3d: kernel 9 larger than padded input 4 in dimension 4",
        AveragePool.of(1, 1, 9),
        f32(1, 1, 4, 4, 4));
  }

  @Test
  void inputsOfAnotherKindAreRefused() {
    refuses(
        "max_pool2d: input has shape [4, 5], expected 4 dimensions, or 3 without a batch",
        MaxPool.of(2, 2),
        f32(4, 5));
    refuses(
        "avg_pool1d: input has shape [2, 3, 4, 5], expected 3 dimensions, or 2 without a batch",
        AveragePool.of(2),
        f32(2, 3, 4, 5));
    refuses(
        "max_pool2d: input has shape [2, 0, 4, 5], expected no dimension but the batch to be 0",
        MaxPool.of(2, 2),
        f32(2, 0, 4, 5));
    refuses(
        "adaptive_avg_pool2d: input has dtype i32, expected a floating-point one",
        new AdaptiveAveragePool(Ints.of(1, 1)),
        Layout.of(DType.I32, Shape.of(1, 1, 4, 4)));
    refuses(
        "max_pool1d: input has dtype bool, expected one of numbers",
        MaxPool.of(2),
        Layout.of(DType.BOOL, Shape.of(1, 1, 4)));
    refuses(
        "max_unpool1d: input 1 has dtype f32, expected i64",
        () -> new MaxUnpool(Longs.of(9)).infer(List.of(f32(1, 1, 4), f32(1, 1, 4))));
    refuses(
        "max_unpool1d: indices have shape [1, 1, 5], expected the input's, [1, 1, 4]",
        () ->
            new MaxUnpool(Longs.of(9))
                .infer(List.of(f32(1, 1, 4), Layout.of(DType.I64, Shape.of(1, 1, 5)))));
    refuses(
        "global_avg_pool: input has shape [4, 5], expected (N, C, spatial...)",
        new GlobalAveragePool(),
        f32(4, 5));
    refuses(
        "max_pool1d: 2 inputs, expected 1",
        () -> MaxPool.of(1).infer(List.of(f32(1, 1, 1), f32(1, 1, 1))));
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    refuses("max_pool2d: kernel 0 in [0, 2], expected 1 or more", () -> MaxPool.of(0, 2));
    refuses(
        "max_pool2d: stride 0 in [0, 0], expected 1 or more", () -> MaxPool.of(2, 2).withStride(0));
    refuses(
        "avg_pool2d: stride -1 in [1, -1], expected 1 or more",
        () -> AveragePool.of(2, 2).withStride(1, -1));
    refuses(
        "max_pool2d: stride [1, 1, 1], expected 2 numbers, as the kernel [2, 2] has",
        () -> MaxPool.of(2, 2).withStride(1, 1, 1));
    refuses(
        "max_pool1d: dilation 0 in [0], expected 1 or more", () -> MaxPool.of(2).withDilation(0));
    refuses(
        "max_pool2d: padding 2 in [2, 2], expected 0 to 1 for a window of 3",
        () -> MaxPool.of(3, 3).withPadding(2));
    refuses(
        "avg_pool1d: padding -1 in [-1], expected 0 to 1 for a window of 2",
        () -> AveragePool.of(2).withPadding(-1));
    refuses(
        "max_pool0d: kernel [], expected a size for each of 1 to 3 dimensions", () -> MaxPool.of());
    refuses(
        "avg_pool1d: divisor 0, expected another number", () -> AveragePool.of(2).withDivisor(0));
    refuses("lp_pool2d: norm 0.0, expected a finite number other than 0", () -> LpPool.of(0, 2, 2));
    refuses(
        "max_unpool1d: output size 0 in [0], expected 1 or more", () -> new MaxUnpool(Longs.of(0)));
    refuses(
        "adaptive_max_pool1d: output size -2 in [-2], expected 0 or more, or -1 for the input's",
        () -> new AdaptiveMaxPool(Ints.of(-2), true));
    refuses(
        "adaptive_avg_pool1d: output size -2 in [-2], expected 0 or more, or -1 for the input's",
        () -> new AdaptiveAveragePool(Ints.of(-2)));
  }
}
