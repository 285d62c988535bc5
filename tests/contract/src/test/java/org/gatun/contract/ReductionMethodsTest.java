package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.gatun.DType;
import org.gatun.MinAndMax;
import org.gatun.Scope;
import org.gatun.Shape;
import org.gatun.SpreadAndMean;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.nn.Functional;
import org.gatun.testkit.LeakCheck;
import org.junit.jupiter.api.Test;

/** The methods that reduce, scan and put in order, on small numbers. */
class ReductionMethodsTest {
  private static final int[] ALL = {};

  /** Runs an action, which may leave nothing behind but what its scope closes. */
  private static void run(Runnable action) {
    LeakCheck leaks = LeakCheck.start();
    Engines.NATIVE.with(
        () -> {
          try (Scope scope = Scope.open()) {
            action.run();
          }
          return null;
        });
    Engines.NATIVE.close();
    assertEquals(Optional.empty(), leaks.leak());
  }

  private static Tensor matrix() {
    return Tensor.of(new float[][] {{3, -1, 2}, {0, 5, -4}});
  }

  private static float[] floats(Tensor x) {
    return x.toFloatArray();
  }

  @Test
  void sums() {
    run(
        () -> {
          Tensor x = matrix();
          assertEquals(5, x.sum().item());
          assertArrayEquals(new float[] {4, 1}, floats(x.sum(1)));
          assertEquals(DType.F64, x.sum(ALL, false, DType.F64).dtype());
          assertArrayEquals(new float[] {0, -5, -8}, floats(x.prod(0)));
          assertEquals(0, x.prod().item());
          assertEquals(DType.I64, x.prod(ALL, false, DType.I32).dtype());
          assertEquals(Shape.of(2, 1), x.mean(new int[] {1}, true, DType.F64).shape());
          Tensor gap = Tensor.of(new float[] {1, Float.NaN, 2});
          assertEquals(3, gap.nansum().item());
          assertEquals(3, gap.nansum(ALL, false, DType.F64).item());
          assertEquals(1.5, gap.nanmean().item());
          assertTrue(Double.isNaN(gap.sum().item()));
        });
  }

  @Test
  void spreads() {
    run(
        () -> {
          Tensor x = Tensor.of(new double[] {1, 2, 3, 4});
          assertEquals(1.25, x.var(ALL, 0, false).item());
          assertEquals(Math.sqrt(5 / 3.0), x.std().item(), 1e-15);
          SpreadAndMean both = x.stdMean(new int[] {0}, 0, true);
          assertEquals(Math.sqrt(1.25), both.spread().item(), 1e-15);
          assertEquals(2.5, both.mean().item());
          assertEquals(Shape.of(1), both.mean().shape());
          assertEquals(1.25, x.varMean(ALL, 0, false).spread().item());
        });
  }

  @Test
  void extrema() {
    run(
        () -> {
          Tensor x = matrix();
          assertEquals(5, x.max().item());
          assertEquals(-4, x.min().item());
          assertEquals(4, x.argmax().item());
          assertEquals(5, x.argmin().item());
          assertArrayEquals(new long[] {0, 1}, x.argmax(1).toLongArray());
          assertArrayEquals(new long[] {1, 0, 1}, x.argmin(0).toLongArray());
          assertEquals(Shape.of(1, 3), x.argmin(0, true).shape());
          assertArrayEquals(new float[] {-1, -4}, floats(x.min(1).values()));
          assertArrayEquals(new float[] {0, -1, -4}, floats(x.amin(0)));
          MinAndMax both = x.aminmax(new int[] {1}, false);
          assertArrayEquals(new float[] {-1, -4}, floats(both.min()));
          assertArrayEquals(new float[] {3, 5}, floats(both.max()));
        });
  }

  @Test
  void truth() {
    run(
        () -> {
          Tensor x = matrix();
          assertArrayEquals(new boolean[] {true, false}, x.all(1).toBooleanArray());
          assertArrayEquals(new boolean[] {true, true, true}, x.any(0).toBooleanArray());
          assertArrayEquals(new long[] {1, 2, 2}, x.countNonzero(0).toLongArray());
          Tensor none = Tensor.zeros(DType.F32, 0);
          assertTrue(none.all().item() == 1 && none.any().item() == 0);
          assertTrue(none.sum().item() == 0 && none.prod().item() == 1);
          assertTrue(Double.isNaN(none.mean().item()) && Double.isNaN(none.median().item()));
          assertEquals(Double.NEGATIVE_INFINITY, none.logsumexp().item());
          assertThrows(IllegalArgumentException.class, none::max);
        });
  }

  @Test
  void norms() {
    run(
        () -> {
          Tensor x = Tensor.of(new double[][] {{3, -4}, {0, 12}});
          assertEquals(13, x.norm().item());
          assertArrayEquals(new double[] {7, 12}, x.norm(1, 1).toDoubleArray());
          assertArrayEquals(
              new double[] {4, 12},
              x.norm(Double.POSITIVE_INFINITY, new int[] {1}, false).toDoubleArray());
          assertEquals(DType.F32, x.norm(2, ALL, false, DType.F32).dtype());
          assertEquals(15, x.trace().item());
          assertEquals(13, Tensor.of(new double[][] {{5, 0, 0}, {0, 0, -8}}).nuclearNorm().item());
          assertThrows(IllegalArgumentException.class, () -> Tensor.scalar(1f).trace());
          assertEquals(13, x.dist(Tensor.zeros(DType.F64, 2, 2), 2).item());
          Tensor whole = Tensor.of(new int[] {0, 0});
          assertEquals(Math.log(2), whole.logsumexp().item(), 1e-7);
        });
  }

  @Test
  void distances() {
    run(
        () -> {
          Tensor x = Tensor.of(new double[][] {{3, -4}, {0, 0}});
          Tensor y = Tensor.of(new double[][] {{6, -8}, {1, 0}});
          assertArrayEquals(
              new double[] {1, 0}, Functional.cosineSimilarity(x, y).toDoubleArray(), 1e-15);
          assertArrayEquals(
              new double[] {0.6, -0.8, 0, 0}, Functional.normalize(x).toDoubleArray(), 1e-15);
          assertArrayEquals(
              new double[] {7, 1}, Functional.pairwiseDistance(x, y, 1, 0, false).toDoubleArray());
          assertArrayEquals(
              new double[] {5, 1}, Functional.pairwiseDistance(x, y).toDoubleArray(), 1e-5);
        });
  }

  @Test
  void scans() {
    run(
        () -> {
          Tensor x = matrix();
          assertArrayEquals(new float[] {3, 2, 4, 0, 5, 1}, floats(x.cumsum(1)));
          assertArrayEquals(new float[] {3, -1, 2, 0, -5, -8}, floats(x.cumprod(0)));
          assertEquals(DType.F64, x.cumsum(0, DType.F64).dtype());
          assertEquals(DType.I64, x.cumprod(0, DType.I32).dtype());
          ValuesAndIndices max = x.cummax(-1);
          assertArrayEquals(new float[] {3, 3, 3, 0, 5, 5}, floats(max.values()));
          assertArrayEquals(new long[] {0, 0, 0, 0, 1, 1}, max.indices().toLongArray());
          assertArrayEquals(new float[] {3, -1, -1, 0, 0, -4}, floats(x.cummin(1).values()));
          assertEquals(3, x.logcumsumexp(0).get(0, 0));
        });
  }

  @Test
  void differences() {
    run(
        () -> {
          Tensor x = Tensor.of(new int[] {1, 4, 9, 16});
          assertArrayEquals(new int[] {3, 5, 7}, x.diff().toIntArray());
          assertArrayEquals(new int[] {2, 2}, x.diff(2, 0).toIntArray());
          assertArrayEquals(new int[] {1, 4, 9, 16}, x.diff(0, 0).toIntArray());
          assertEquals(Shape.of(0), x.diff(6, 0).shape());
          Tensor zero = Tensor.of(new int[] {0});
          assertArrayEquals(new int[] {1, 3, 5, 7, -16}, x.diff(1, 0, zero, zero).toIntArray());
          assertArrayEquals(new int[] {1, 4, 9, 16}, x.diff(0, 0, zero, zero).toIntArray());
          Tensor flags = Tensor.of(new boolean[] {true, true, false});
          assertArrayEquals(new boolean[] {false, true}, flags.diff().toBooleanArray());
          assertThrows(IllegalArgumentException.class, () -> x.diff(-1, 0));
          assertThrows(IllegalArgumentException.class, () -> Tensor.scalar(1f).diff());
        });
  }

  @Test
  void order() {
    run(
        () -> {
          Tensor x = matrix();
          assertArrayEquals(new float[] {-1, 2, 3, -4, 0, 5}, floats(x.sort().values()));
          assertArrayEquals(new long[] {0, 2, 1, 1, 0, 2}, x.argsort(1, true).toLongArray());
          assertArrayEquals(new float[] {0, -1, -4, 3, 5, 2}, floats(x.msort()));
          assertArrayEquals(new float[] {3, 2, 5, 0}, floats(x.topk(2, 1).values()));
          assertArrayEquals(new long[] {1, 2}, x.topk(1, 1, false).indices().toLongArray());
          assertArrayEquals(new float[] {2, 0}, floats(x.kthvalue(2, 1, false).values()));
          assertEquals(0, x.median().item());
          assertArrayEquals(new long[] {2, 0}, x.median(1, false).indices().toLongArray());
          Tensor gap = Tensor.of(new float[] {1, Float.NaN, 2});
          assertEquals(1, gap.nanmedian().item());
          assertEquals(Shape.of(1), gap.nanmedian(0, true).values().shape());
          assertEquals(1, gap.median(0, false).indices().item());
          ValuesAndIndices mode = Tensor.of(new int[] {2, 1, 1, 2, 3}).mode(0, false);
          assertEquals(1, mode.values().item());
          assertEquals(2, mode.indices().item());
        });
  }
}
