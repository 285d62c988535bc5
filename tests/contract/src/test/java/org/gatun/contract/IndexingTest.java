package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.gatun.DType;
import org.gatun.Index;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.Combination;
import org.gatun.op.ScatterElements;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Indexing as PyTorch has it: what stands between brackets, gathers, scatters and masks. */
class IndexingTest {
  private final Scope scope = Scope.open();
  private final Tensor x = Tensor.arange(DType.I64, 0, 24, 1).view(2, 3, 4);

  @AfterEach
  void close() {
    scope.close();
  }

  private static void assertTensor(Tensor actual, long[] shape, long... values) {
    assertEquals(Shape.of(shape), actual.shape());
    try (Tensor wide = actual.to(DType.I64)) {
      assertArrayEquals(values, wide.toLongArray());
    }
  }

  private static long[] dims(long... dims) {
    return dims;
  }

  private static Tensor longs(long... values) {
    return Tensor.of(values);
  }

  private static Tensor bools(boolean... values) {
    return Tensor.of(values);
  }

  @Test
  void numbersAndRangesAreViews() {
    Tensor view = x.index(Index.at(1), Index.range(0, 2), Index.newAxis(), Index.range(1, -1, 1));
    assertTensor(view, dims(2, 1, 2), 13, 14, 17, 18);
    view.set(99, 0, 0, 0);
    assertEquals(99, x.get(1, 0, 1));
    assertTensor(x.index(Index.ellipsis(), Index.at(-1)), dims(2, 3), 3, 7, 11, 15, 19, 23);
    assertTensor(x.index(), dims(2, 3, 4), x.toLongArray());
    assertTensor(x.index(Index.at(0), Index.at(0), Index.at(2)), dims(), 2);
    Tensor wide = x.index(Index.newAxis(), Index.all(), Index.ellipsis(), Index.newAxis());
    assertEquals(Shape.of(1, 2, 3, 4, 1), wide.shape());
  }

  @Test
  void tensorsPickParts() {
    assertTensor(
        x.index(Index.all(), Index.of(longs(2, 0)), Index.at(3)), dims(2, 2), 11, 3, 23, 15);
    assertTensor(
        x.index(Index.of(longs(1, -2)), Index.of(longs(0, 2))),
        dims(2, 4),
        12,
        13,
        14,
        15,
        8,
        9,
        10,
        11);
    // Tensors apart: their dimensions come first.
    Tensor apart = x.index(Index.of(longs(0, 1, 1)), Index.all(), Index.of(longs(3, 0, 2)));
    assertTensor(apart, dims(3, 3), 3, 7, 11, 12, 16, 20, 14, 18, 22);
    // They broadcast against each other.
    Tensor grid = x.index(Index.at(0), Index.of(longs(0, 2).view(2, 1)), Index.of(longs(1, 3)));
    assertTensor(grid, dims(2, 2), 1, 3, 9, 11);
    Tensor narrow = Tensor.of(new int[] {1, -1, 0});
    assertTensor(x.select(0, 0).select(0, 0).index(Index.of(narrow)), dims(3), 1, 3, 0);
  }

  @Test
  void masksPickWhereTheyAreTrue() {
    assertTensor(x.index(Index.of(bools(false, true)), Index.at(0)), dims(1, 4), 12, 13, 14, 15);
    Tensor mask = bools(true, false, false, false, false, true).view(2, 3);
    assertTensor(x.index(Index.of(mask), Index.range(0, 2)), dims(2, 2), 0, 1, 20, 21);
    assertTensor(x.index(Index.of(bools(false, false))), dims(0, 3, 4));
    Tensor yes = bools(true).view();
    assertEquals(Shape.of(1, 2, 3, 4), x.index(Index.of(yes)).shape());
    assertEquals(Shape.of(0, 2, 3, 4), x.index(Index.of(bools(false).view())).shape());
  }

  @Test
  void whatWasPickedCanBePut() {
    Tensor zeros = Tensor.zeros(DType.I64, 2, 3);
    Tensor one = longs(7).view();
    assertTensor(
        zeros.indexPut(one, false, Index.all(), Index.at(1)), dims(2, 3), 0, 7, 0, 0, 7, 0);
    assertTensor(
        zeros.indexPut(one, true, Index.of(longs(0, 0)), Index.of(longs(2, 2))),
        dims(2, 3),
        0,
        0,
        14,
        0,
        0,
        0);
    Tensor mask = bools(true, false, true, false, false, true).view(2, 3);
    assertTensor(
        zeros.indexPut(longs(1, 2, 3), false, Index.of(mask)), dims(2, 3), 1, 0, 2, 0, 0, 3);
    assertTensor(zeros, dims(2, 3), 0, 0, 0, 0, 0, 0);
  }

  private static void assertSays(Supplier<Tensor> call, String... parts) {
    RuntimeException e = assertThrows(RuntimeException.class, call::get);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void badIndices() {
    assertSays(() -> x.index(Index.at(2)), "select: index 2 out of range");
    assertSays(
        () -> x.index(Index.at(0), Index.at(0), Index.at(0), Index.at(0)),
        "index: indices of 4 dimensions");
    assertSays(() -> x.index(Index.ellipsis(), Index.ellipsis()), "2 ellipses");
    assertSays(() -> x.index(Index.of(longs(0, 2))), "index: index 2 at position 1", "size 2");
    assertSays(() -> x.index(Index.of(longs(-3))), "index: index -3 at position 0", "-2 to 1");
    assertSays(() -> x.index(Index.of(bools(true))), "index: mask of shape [1]", "[2, 3, 4]");
    assertSays(
        () -> x.index(Index.of(longs(0, 1)), Index.of(longs(0, 1, 2))),
        "index: shapes [2] and [3] do not broadcast");
    assertSays(() -> x.indexSelect(1, longs(3)), "index_select: index 3", "axis 1 of size 3");
    assertSays(() -> x.indexSelect(1, longs(-1)), "index_select: index -1", "0 to 2");
    assertSays(() -> x.indexSelect(1, longs(0, 1).view(1, 2)), "index_select: indices of shape");
    assertSays(() -> x.gather(2, longs(4).view(1, 1, 1)), "gather: index 4", "axis 2 of size 4");
    assertSays(() -> x.take(longs(24)), "take: index 24 at position 0", "-24 to 23");
    assertSays(() -> x.takeAlongDim(longs(24)), "take_along_dim: index 24");
    assertSays(() -> x.takeAlongDim(longs(1), 0), "take_along_dim: indices of shape [1]");
    assertSays(() -> x.maskedSelect(bools(true, false)), "masked_select: shapes", "broadcast");
    assertSays(() -> x.maskedSelect(longs(1)), "masked_select: mask has dtype i64");
    assertSays(
        () -> x.maskedScatter(bools(true).view(), longs(1, 2)), "masked_scatter: source of 2");
    assertSays(() -> Functional.oneHot(longs(0, 3), 3), "one_hot: index 3 at position 1");
    assertSays(() -> Functional.oneHot(longs(-1), -1), "one_hot: ");
    assertSays(() -> Functional.oneHot(longs(), -1), "one_hot: classes -1");
  }

  @Test
  void nothingIsWrittenWhereAnIndexIsOutOfRange() {
    Tensor zeros = Tensor.zeros(DType.F32, 4);
    Tensor ones = Tensor.ones(DType.F32, 4);
    Tensor output = Tensor.full(DType.F32, 7, 4);
    Tensor indices = longs(0, 1, 2, 4);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Engine.current()
                .run(
                    new ScatterElements("scatter", 0, false, Combination.ADD),
                    List.of(zeros, ones, indices),
                    List.of(output)));
    assertArrayEquals(new float[] {7, 7, 7, 7}, output.toFloatArray());
  }

  @Test
  void scalarsHaveOneElementAlongAxisZero() {
    Tensor five = longs(5).view();
    assertTensor(five.indexSelect(0, longs(0)), dims(), 5);
    assertTensor(five.gather(0, longs(0, 0, 0)), dims(3), 5, 5, 5);
    assertTensor(five.gather(0, longs(0).view()), dims(), 5);
    assertTensor(five.scatter(-1, longs(0).view(), 3), dims(), 3);
    assertTensor(five.indexAdd(0, longs(0), longs(4).view(), 2), dims(), 13);
    assertEquals(Shape.of(1, 0), five.nonzero().shape());
  }

  @Test
  void partsAlongAnAxis() {
    Tensor zeros = Tensor.zeros(DType.I64, 3, 2);
    Tensor source = longs(1, 2, 3, 4).view(2, 2);
    assertTensor(zeros.indexCopy(0, longs(2, 0), source), dims(3, 2), 3, 4, 0, 0, 1, 2);
    assertTensor(zeros.indexAdd(0, longs(1, 1), source), dims(3, 2), 0, 0, 4, 6, 0, 0);
    assertTensor(zeros.indexFill(1, longs(1), 9), dims(3, 2), 0, 9, 0, 9, 0, 9);
    assertTensor(x.select(0, 0).indexSelect(-1, longs(3, 3)), dims(3, 2), 3, 3, 7, 7, 11, 11);
  }

  @Test
  void elementsAlongAnAxis() {
    Tensor order = longs(1, 0, -1).view(1, 3, 1);
    assertTensor(
        x.slice(2, 0, 2).takeAlongDim(order, 1),
        dims(2, 3, 2),
        4,
        5,
        0,
        1,
        8,
        9,
        16,
        17,
        12,
        13,
        20,
        21);
    assertTensor(x.takeAlongDim(longs(-1, 5)), dims(2), 23, 5);
    assertTensor(x.take(longs(-1, 5).view(2, 1)), dims(2, 1), 23, 5);
    Tensor zeros = Tensor.zeros(DType.I64, 2, 2);
    assertTensor(zeros.put(longs(3, 0, 3), longs(1, 2, 4), true), dims(2, 2), 2, 0, 0, 5);
    Tensor to = longs(1, 1, 0, 1).view(2, 2);
    Tensor source = longs(1, 2, 3, 4).view(2, 2);
    assertTensor(zeros.scatterAdd(0, to, source), dims(2, 2), 3, 0, 1, 6);
    assertTensor(zeros.scatter(1, to, source), dims(2, 2), 0, 2, 3, 4);
    Tensor ones = Tensor.ones(DType.I64, 2, 2);
    assertTensor(ones.scatter(1, to, 5, Combination.MULTIPLY), dims(2, 2), 1, 25, 5, 5);
  }

  @Test
  void masks() {
    Tensor row = longs(0, 3, 0, -2);
    assertTensor(row.nonzero(), dims(2, 1), 1, 3);
    assertTensor(
        x.select(0, 0).maskedSelect(bools(true, false, false, true)), dims(6), 0, 3, 4, 7, 8, 11);
    assertTensor(
        row.maskedScatter(bools(true, false, false, true), longs(8, 9, 10)), dims(4), 8, 3, 0, 9);
    assertTensor(Functional.oneHot(longs(1, 0), -1), dims(2, 2), 0, 1, 1, 0);
    assertTensor(Functional.oneHot(longs(2).view(), 3), dims(3), 0, 0, 1);
    assertEquals(Shape.of(0, 4), Functional.oneHot(longs(), 4).shape());
  }

  @Test
  void sumsDoNotDependOnTheNumberOfThreads() {
    int rows = 3000;
    Tensor zeros = Tensor.zeros(DType.F32, 5, 64);
    Tensor source = Tensor.linspace(DType.F32, -1, 2, rows * 64L).view(rows, 64);
    Tensor which = Tensor.of(new long[rows]);
    for (int i = 0; i < rows; i++) {
      which.set(i * 7919L % 5, i);
    }
    float[] expected = Threads.with(1, () -> zeros.indexAdd(0, which, source)).toFloatArray();
    assertArrayEquals(
        expected, Threads.with(4, () -> zeros.indexAdd(0, which, source)).toFloatArray());
    Tensor wide = which.view(rows, 1).expand(rows, 64);
    assertArrayEquals(
        expected, Threads.with(3, () -> zeros.scatterAdd(0, wide, source)).toFloatArray());
  }
}
