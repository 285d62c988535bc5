package org.gatun.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.AlphaDropout;
import org.gatun.op.BagMode;
import org.gatun.op.DeepNorm;
import org.gatun.op.DyT;
import org.gatun.op.EmbeddingBag;
import org.gatun.op.Exponential;
import org.gatun.op.Ints;
import org.gatun.op.KthValue;
import org.gatun.op.Longs;
import org.gatun.op.LpPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.Mode;
import org.gatun.op.Normal;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Op;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Renorm;
import org.gatun.op.SwitchNorm;
import org.gatun.op.View;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.testkit.onnx.OnnxConformance;
import org.gatun.testkit.torch.TorchConformance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What kernels are held to is held to something else itself: to PyTorch's samples and ONNX's tests,
 * and, where these have nothing of an operator, to numbers that were worked out by hand.
 */
class ReferenceTest {
  /** Operators that neither has, each with a test below. */
  private static final Set<Class<? extends Op>> BY_HAND =
      Set.of(
          AlphaDropout.class,
          DeepNorm.class,
          DyT.class,
          EmbeddingBag.class,
          Exponential.class,
          KthValue.class,
          LpPool.class,
          MaxUnpool.class,
          Mode.class,
          Normal.class,
          NuclearNorm.class,
          RandomIntegers.class,
          Renorm.class,
          SwitchNorm.class);

  /**
   * The first words of Philox4x32-10 for seed and offset 0, as its authors' test of known answers
   * has them.
   */
  private static final long[] WORDS = {0x6627e8d5L, 0xe169c58dL, 0xbc57ac4cL, 0x9b00dbd8L};

  private final Engine engine = Engine.of(new ReferenceBackend());

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void everyOperatorIsHeldToSomethingElse() throws IOException {
    Path torch = RealModel.shared("torch-opinfo");
    Path onnx = RealModel.shared("onnx/node.zip");
    assumeTrue(torch != null && onnx != null, "the samples are not beside the checkout");
    Set<Class<?>> seen = ConcurrentHashMap.newKeySet();
    try (Engine listening = Engine.of(new Listening(new ReferenceBackend(), seen))) {
      TorchConformance.run(torch, listening);
      OnnxConformance.run(onnx, _ -> true, listening);
    }
    Set<String> unheld = new TreeSet<>();
    add(Op.class, seen, unheld);
    assertEquals(Set.of(), unheld);
  }

  /** Views are left out: no backend computes them, and tests of tensors have them by hand. */
  private static void add(Class<?> type, Set<Class<?>> seen, Set<String> unheld) {
    if (type == View.class) {
      return;
    }
    Class<?>[] kinds = type.getPermittedSubclasses();
    if (kinds != null) {
      for (Class<?> kind : kinds) {
        add(kind, seen, unheld);
      }
    } else if (!seen.contains(type) && !BY_HAND.contains(type)) {
      unheld.add(type.getSimpleName());
    }
  }

  /** A backend that notes which operators it was asked for. */
  private record Listening(Backend backend, Set<Class<?>> seen) implements Backend {
    @Override
    public String name() {
      return backend.name();
    }

    @Override
    public KernelContext context() {
      return backend.context();
    }

    @Override
    public Plan plan(PlanRequest request) {
      seen.add(request.op().getClass());
      return backend.plan(request);
    }
  }

  @Test
  void kthValue() {
    Tensor x = Tensor.of(new float[] {3, 1, 2, 5, 5, 4}, 2, 3);
    List<Tensor> second = engine.runAll(new KthValue(2, -1, false), x);
    assertArrayEquals(new float[] {2, 5}, second.getFirst().toFloatArray());
    assertArrayEquals(new long[] {2, 0}, second.getLast().toLongArray());
  }

  @Test
  void mode() {
    Tensor x = Tensor.of(new float[] {1, 2, 2, 1, 3});
    List<Tensor> mode = engine.runAll(new Mode(0, false), x);
    assertArrayEquals(new float[] {1}, mode.getFirst().toFloatArray());
    assertArrayEquals(new long[] {3}, mode.getLast().toLongArray());
  }

  @Test
  void renorm() {
    Tensor x = Tensor.of(new double[] {3, 4, 6, 8}, 2, 2);
    near(new Renorm(2, 5), new double[] {3, 4, 3 - 3e-8, 4 - 4e-8}, x);
    near(new Renorm(1, 7), new double[] {3, 4, 3 - 3e-7 / 14, 4 - 4e-7 / 14}, x);
  }

  @Test
  void lpPool() {
    Tensor x = Tensor.of(new double[] {3, 4, 6, 8}, 1, 1, 4);
    near(new LpPool(2, Ints.of(2), Ints.of(2), false), new double[] {5, 10}, x);
    near(new LpPool(1, Ints.of(2), Ints.of(1), false), new double[] {7, 10, 14}, x);
  }

  @Test
  void maxUnpool() {
    Tensor x = Tensor.of(new double[] {7, 9}, 1, 1, 2);
    Tensor places = Tensor.of(new long[] {3, 1}, 1, 1, 2);
    near(new MaxUnpool(Longs.of(5)), new double[] {0, 9, 0, 7, 0}, x, places);
  }

  @Test
  void nuclearNorm() {
    NuclearNorm norm = new NuclearNorm(0, 1, false);
    near(norm, new double[] {7}, Tensor.of(new double[] {0, 3, -4, 0}, 2, 2));
    near(norm, new double[] {2}, Tensor.of(new double[] {1, 1, 1, 1}, 2, 2));
    // The squares of the singular values are the roots of x^2 - 30 x + 4: their sum is 30, their
    // product 4, so the sum of the values is the root of 30 + 2 * 2.
    near(norm, new double[] {Math.sqrt(34)}, Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
  }

  @Test
  void embeddingBag() {
    Tensor table = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Tensor bags = Tensor.of(new long[] {0, 2, 1, 1}, 2, 2);
    near(bag(BagMode.SUM, -1), new double[] {6, 8, 6, 8}, table, bags);
    near(bag(BagMode.MEAN, -1), new double[] {3, 4, 3, 4}, table, bags);
    near(bag(BagMode.MAX, -1), new double[] {5, 6, 3, 4}, table, bags);
    near(bag(BagMode.MEAN, 2), new double[] {1, 2, 3, 4}, table, bags);
    Tensor weights = Tensor.of(new double[] {10, 1, 2, 3, 4});
    Tensor indices = Tensor.of(new long[] {0, 1, 2, 1, 0});
    near(
        new EmbeddingBag(BagMode.SUM, -1, true, false, true),
        new double[] {13, 24, 0, 0, 23, 32},
        table,
        indices,
        Tensor.of(new long[] {0, 2, 2}),
        weights);
  }

  private static EmbeddingBag bag(BagMode mode, long padding) {
    return new EmbeddingBag(mode, padding, false, false, false);
  }

  @Test
  void deepNorm() {
    // 2 x + g is 2 and 5, of mean 3.5 and variance 2.25, which is 4 with eps.
    Tensor x = Tensor.of(new double[] {1, 2}, 1, 2);
    Tensor g = Tensor.of(new double[] {0, 1}, 1, 2);
    near(new DeepNorm(Longs.of(2), 2, false, false, 1.75), new double[] {-0.75, 0.75}, x, g);
  }

  @Test
  void dyT() {
    // tanh of half the logarithm of 3 is one half.
    Tensor x = Tensor.of(new double[] {0, Math.log(3) / 4}, 1, 2);
    Tensor alpha = Tensor.of(new double[] {2}, 1);
    Tensor weight = Tensor.of(new double[] {2, 4});
    Tensor bias = Tensor.of(new double[] {1, 1});
    near(new DyT(false, true, true), new double[] {1, 3}, x, alpha, weight, bias);
  }

  @Test
  void switchNorm() {
    Tensor x = Tensor.of(new double[] {1, 3, 5, 7, 9, 11, 13, 15}, 2, 2, 2);
    Tensor even = Tensor.of(new double[] {0, 0, 0});
    // Means of the instance, the layer and the batch: 2, 4 and 6 of the first channel, whose
    // variances are 1, 5 and 17; their mean is 23/3, and 9 with eps.
    near(
        new SwitchNorm(true, true, false, false, false, 0.1, 4.0 / 3),
        new double[] {-1, -1.0 / 3, -5.0 / 9, 1.0 / 9, -1.0 / 9, 5.0 / 9, 1.0 / 3, 1},
        x,
        even,
        even);
    Tensor instance = Tensor.of(new double[] {1000, 0, 0});
    near(
        new SwitchNorm(true, true, false, false, false, 0.1, 3),
        new double[] {-0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5},
        x,
        instance,
        instance);
  }

  @Test
  void alphaDropout() {
    double s = 1.7580993408473766;
    double a = 1 / Math.sqrt(0.5 * (1 + 0.5 * s * s));
    var expected = new double[4];
    for (int i = 0; i < expected.length; i++) {
      boolean dropped = WORDS[i] < 1L << 31;
      expected[i] = dropped ? -a * s * 0.5 : a * (i + 1) + a * s * 0.5;
    }
    near(new AlphaDropout(0.5, 0), expected, Tensor.of(new double[] {1, 2, 3, 4}), seed());
  }

  @Test
  void randomIntegers() {
    Tensor drawn = engine.run(new RandomIntegers(-5, 251, DType.I64, Shape.of(2)), seed());
    // The highest 8 of 64 bits, which are those of every second word.
    assertArrayEquals(new long[] {0xe1 - 5, 0x9b - 5}, drawn.toLongArray());
  }

  @Test
  void exponential() {
    Tensor drawn = engine.run(new Exponential(2, DType.F32, Shape.of(4)), seed());
    float[] actual = drawn.toFloatArray();
    for (int i = 0; i < WORDS.length; i++) {
      assertEquals(-Math.log((WORDS[i] + 0.5) / 0x1p32) / 2, actual[i], 1e-7);
    }
  }

  @Test
  void normal() {
    double infinity = Double.POSITIVE_INFINITY;
    Tensor drawn =
        engine.run(new Normal(10, 3, -infinity, infinity, DType.F32, Shape.of(4)), seed());
    float[] actual = drawn.toFloatArray();
    for (int i = 0; i < WORDS.length; i++) {
      assertEquals((WORDS[i] + 0.5) / 0x1p32, probabilityBelow((actual[i] - 10.0) / 3), 2e-7);
    }
  }

  /** Returns the normal distribution's integral, by its series. */
  private static double probabilityBelow(double z) {
    double term = z;
    double sum = z;
    for (int n = 3; n < 200; n += 2) {
      term *= z * z / n;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  private static Tensor seed() {
    return Tensor.of(new long[] {0, 0});
  }

  private void near(Op op, double[] expected, Tensor... inputs) {
    double[] actual = engine.run(op, inputs).toDoubleArray();
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      assertTrue(
          Math.abs(expected[i] - actual[i]) <= 1e-14 * Math.max(1, Math.abs(expected[i])),
          () -> "%s: element %d is %s, expected %s".formatted(op, at, actual[at], expected[at]));
    }
  }
}
