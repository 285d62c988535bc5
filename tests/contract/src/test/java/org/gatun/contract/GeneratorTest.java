package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.gatun.runtime.Threads;
import org.junit.jupiter.api.Test;

/** Random numbers: the same everywhere from one seed, and of the distributions they are to have. */
class GeneratorTest {
  private static final int MANY = 100_003;

  private static double[] drawn(Function<Generator, Tensor> draw) {
    return Engines.NATIVE.with(
        () -> {
          try (Tensor x = draw.apply(new Generator(42));
              Tensor wide = x.to(DType.F64)) {
            return wide.toDoubleArray();
          }
        });
  }

  private static void sameEverywhere(Function<Generator, Tensor> draw) {
    double[] expected = Threads.with(1, () -> drawn(draw));
    for (Map.Entry<String, Engine> engine : Engines.all().entrySet()) {
      for (int threads : new int[] {1, 2, 3}) {
        double[] actual =
            Threads.with(
                threads,
                () ->
                    engine
                        .getValue()
                        .with(
                            () -> {
                              try (Tensor x = draw.apply(new Generator(42));
                                  Tensor wide = x.to(DType.F64)) {
                                return wide.toDoubleArray();
                              }
                            }));
        assertArrayEquals(expected, actual, () -> engine.getKey() + ", " + threads + " threads");
      }
    }
  }

  @Test
  void theSameOnEveryEngineAndForAnyNumberOfThreads() {
    sameEverywhere(generator -> generator.rand(DType.F32, MANY));
    sameEverywhere(generator -> generator.rand(DType.F64, MANY));
    sameEverywhere(generator -> generator.randn(DType.F32, MANY));
    sameEverywhere(generator -> generator.randn(DType.F64, MANY));
    sameEverywhere(generator -> generator.exponential(1, DType.F64, MANY));
    sameEverywhere(generator -> generator.randint(-7, 1000, DType.I64, MANY));
    sameEverywhere(generator -> generator.bernoulli(0.3, DType.F32, MANY));
  }

  /** These numbers are what every version and platform has to give. */
  @Test
  void theFirstNumbersOfASeed() {
    assertArrayEquals(
        new double[] {0.4685865183391049}, drawn(generator -> generator.rand(DType.F64, 1)));
    assertArrayEquals(
        new double[] {-0.07882346885253179}, drawn(generator -> generator.randn(DType.F64, 1)));
    assertArrayEquals(
        new double[] {0.7580345234053111},
        drawn(generator -> generator.exponential(1, DType.F64, 1)));
  }

  @Test
  void eachTensorIsAnother() {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              Generator generator = new Generator(42);
              try (Tensor first = generator.rand(DType.F64, 5);
                  Tensor second = generator.rand(DType.F64, 5)) {
                assertFalse(Arrays.equals(first.toDoubleArray(), second.toDoubleArray()));
              }
              return true;
            });
  }

  private static void moments(double mean, double std, double[] values) {
    double average = Arrays.stream(values).average().orElseThrow();
    double square = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    assertEquals(mean, average, 5 * std / Math.sqrt(MANY));
    assertEquals(std, Math.sqrt(square), 0.02 * std);
  }

  @Test
  void meansAndDeviations() {
    moments(0.5, Math.sqrt(1.0 / 12), drawn(generator -> generator.rand(DType.F32, MANY)));
    moments(-1, 6 / Math.sqrt(12), drawn(generator -> generator.uniform(-4, 2, DType.F64, MANY)));
    moments(0, 1, drawn(generator -> generator.randn(DType.F32, MANY)));
    moments(3, 0.5, drawn(generator -> generator.normal(3, 0.5, DType.F64, MANY)));
    moments(0.5, 0.5, drawn(generator -> generator.exponential(2, DType.F32, MANY)));
    moments(4.5, Math.sqrt(8.25), drawn(generator -> generator.randint(0, 10, DType.I32, MANY)));
    moments(0.3, Math.sqrt(0.21), drawn(generator -> generator.bernoulli(0.3, DType.F32, MANY)));
  }

  @Test
  void aPermutationHasEachNumberOnce() {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              Generator generator = new Generator(1);
              try (Tensor order = generator.randperm(1000);
                  Tensor none = generator.randperm(0)) {
                long[] numbers = order.toLongArray();
                long[] sorted = numbers.clone();
                Arrays.sort(sorted);
                assertArrayEquals(LongStream.range(0, 1000).toArray(), sorted);
                assertFalse(Arrays.equals(sorted, numbers));
                assertEquals(0, none.size());
              }
              return true;
            });
  }

  @Test
  void fillsTensorsThatAreThere() {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              try (Tensor whole = Tensor.zeros(DType.F64, 4, 6);
                  Tensor columns = whole.transpose(0, 1);
                  Tensor expected = new Generator(42).normal(1, 2, DType.F64, 6, 4);
                  Tensor expanded = Tensor.zeros(DType.F64, 1).expand(3)) {
                new Generator(42).fillNormal(columns, 1, 2);
                assertArrayEquals(expected.toDoubleArray(), columns.toDoubleArray());
                assertThrows(
                    IllegalArgumentException.class,
                    () -> new Generator(1).fillUniform(expanded, 0, 1));
              }
              return true;
            });
  }

  @Test
  void aProbabilityBeyondOneIsNamed() {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              try (Tensor p = Tensor.of(new float[] {0, 0.5f, 1.5f})) {
                assertEquals(
                    "bernoulli: p 1.5 at position 2, expected a number from 0 to 1",
                    assertThrows(
                            IllegalArgumentException.class, () -> new Generator(1).bernoulli(p))
                        .getMessage());
              }
              return true;
            });
  }

  @Test
  void halvesAreTheRoundedNumbers() {
    for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
      double[] wide = drawn(generator -> generator.randn(DType.F32, 1000));
      double[] half = drawn(generator -> generator.randn(dtype, 1000));
      for (int i = 0; i < half.length; i++) {
        double near = Math.abs(wide[i] - half[i]) / Math.max(Math.abs(wide[i]), 1e-3);
        assertTrue(near <= 0x1p-8, () -> dtype + " is off by " + near);
      }
    }
  }
}
