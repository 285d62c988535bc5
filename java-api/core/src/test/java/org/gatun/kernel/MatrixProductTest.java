package org.gatun.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.Contraction;
import org.gatun.op.Linear;
import org.gatun.op.Longs;
import org.gatun.op.MatMul;
import org.junit.jupiter.api.Test;

/** How operators become matrix products, and these parts for threads. */
class MatrixProductTest {
  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static Layout strided(Shape shape, long... strides) {
    return Layout.of(DType.F32, shape, strides);
  }

  private static MatrixProduct product(Contraction op, Layout... inputs) {
    List<Layout> layouts = Arrays.asList(inputs);
    return MatrixProduct.of(op, layouts, op.infer(layouts).getFirst());
  }

  private static MatrixProduct.Bias biasAt(long row, long column) {
    return new MatrixProduct.Bias(new MatrixProduct.Matrix(row, column, Longs.of()), 1);
  }

  @Test
  void aBatchThatMeetsOneMatrixBecomesRows() {
    MatrixProduct product = product(new MatMul(), f32(4, 5, 13), f32(13, 7));
    assertEquals(20, product.m());
    assertEquals(0, product.batch().size());
    assertEquals(13, product.a().row());
  }

  @Test
  void linearOfASequenceHasOneProduct() {
    MatrixProduct product = product(new Linear(true), f32(2, 5, 13), f32(7, 13), f32(7));
    assertEquals(10, product.m());
    assertEquals(7, product.n());
    assertTrue(product.b().transposed().hasRows(7, 13));
    assertEquals(biasAt(0, 1), product.bias());
  }

  @Test
  void aSlicedSequenceStaysABatch() {
    Layout x = strided(Shape.of(2, 5, 13), 200, 13, 1);
    MatrixProduct product = product(new Linear(false), x, f32(7, 13));
    assertEquals(5, product.m());
    assertEquals(Longs.of(2), product.batch());
    assertEquals(Longs.of(0), product.b().batch());
    assertEquals(200, product.offset(product.a(), 1));
    assertEquals(0, product.offset(product.b(), 1));
  }

  @Test
  void batchesThatLieBehindEachOtherAreJoined() {
    MatrixProduct product = product(new MatMul(), f32(2, 3, 4, 5), f32(2, 3, 5, 6));
    assertEquals(Longs.of(6), product.batch());
    assertEquals(5 * 20, product.offset(product.a(), 5));
    MatrixProduct broadcast = product(new MatMul(), f32(2, 1, 4, 5), f32(3, 5, 6));
    assertEquals(Longs.of(2, 3), broadcast.batch());
    assertEquals(20, broadcast.offset(broadcast.a(), 4));
    assertEquals(30, broadcast.offset(broadcast.b(), 4));
  }

  @Test
  void transposedAndStridedOperandsAreTakenAndRepeatedOnesAreNot() {
    assertTrue(product(new MatMul(), strided(Shape.of(4, 5), 1, 4), f32(5, 6)).isBlas());
    assertTrue(product(new MatMul(), strided(Shape.of(4, 5), 9, 1), f32(5, 6)).isBlas());
    assertTrue(product(new MatMul(), strided(Shape.of(5), 3), f32(5, 6)).isBlas());
    assertFalse(product(new MatMul(), strided(Shape.of(4, 5), 10, 2), f32(5, 6)).isBlas());
    assertFalse(product(new MatMul(), strided(Shape.of(4, 5), 0, 1), f32(5, 6)).isBlas());
    assertFalse(product(new MatMul(), strided(Shape.of(5), 0), f32(5, 6)).isBlas());
  }

  @Test
  void nothingToMultiplyIsEmpty() {
    assertTrue(product(new MatMul(), f32(2, 0), f32(0, 3)).isEmpty());
    assertTrue(product(new MatMul(), f32(0, 2, 2), f32(2, 2)).isEmpty());
    assertFalse(product(new MatMul(), f32(1), f32(1)).isEmpty());
  }

  @Test
  void transposingTwiceChangesNothing() {
    MatrixProduct product = product(new Linear(true), f32(2, 13), f32(7, 13), f32(7));
    assertEquals(product, product.transposed().transposed());
    assertEquals(biasAt(1, 0), product.transposed().bias());
  }

  @Test
  void partsCoverEveryElementOnce() {
    for (long[] size : new long[][] {{1, 1}, {1, 100}, {100, 1}, {33, 7}, {7, 65}, {64, 64}}) {
      for (long batch : new long[] {1, 3}) {
        for (int threads : new int[] {1, 2, 3, 16}) {
          Layout a = f32(batch, size[0], 2);
          Layout b = f32(batch, 2, size[1]);
          assertCovered(ProductSplit.of(product(new MatMul(), a, b), threads, 1, 16), threads);
        }
      }
    }
  }

  private static void assertCovered(ProductSplit split, int threads) {
    MatrixProduct product = split.product();
    long count = product.batches() * product.m() * product.n();
    List<Long> threadsUsed = new ArrayList<>();
    Workers workers =
        new Workers() {
          @Override
          public void parallel(int most, long tasks, long grain, Part part) {
            assertEquals(threads, most);
            for (long task = 0; task < tasks; task++) {
              threadsUsed.add(task);
              part.run(task, task + 1);
            }
          }

          @Override
          public String name() {
            return "one by one";
          }
        };
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment c = arena.allocate(4 * count);
      MemorySegment a = arena.allocate(4 * product.batches() * product.m() * product.k());
      MemorySegment b = arena.allocate(4 * product.batches() * product.n() * product.k());
      split.run(
          workers,
          a,
          b,
          c,
          null,
          (_, _, block, _, m, n) -> {
            for (long i = 0; i < m; i++) {
              for (long j = 0; j < n; j++) {
                long at = i * product.c().row() + j * product.c().column();
                float before = block.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                block.setAtIndex(ValueLayout.JAVA_FLOAT, at, before + 1);
              }
            }
          });
      for (long i = 0; i < count; i++) {
        assertEquals(1, c.getAtIndex(ValueLayout.JAVA_FLOAT, i), "element " + i);
      }
    }
    assertTrue(threadsUsed.size() <= threads + product.batches(), "too many parts");
  }
}
