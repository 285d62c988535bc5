package org.gatun.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Precision;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.kernel.KernelContext;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.runtime.Backend;
import org.gatun.runtime.Engine;
import org.gatun.runtime.NativeBackend;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrecisionTest {
  /** A few roundings to 8 bits, of numbers whose largest is 1. */
  private static final double TOLERANCE = 0.03;

  private static Tensor random(long... shape) {
    return new Generator(5).randn(DType.F32, shape);
  }

  private static void assumeBf16() {
    assumeTrue(Engine.current().multiplies(DType.BF16), "the processor multiplies no bf16");
  }

  /** Checks that a layer gives in bf16 what it gives in f32, but for rounding, and not the same. */
  private static void assertRounds(Layer layer, Tensor x) {
    Tensor expected = layer.forward(x);
    layer.computeIn(Precision.BF16);
    Tensor actual = layer.forward(x);
    assertClose(expected, actual);
    if (Engine.current().multiplies(DType.BF16)) {
      assertFalse(Arrays.equals(expected.toFloatArray(), actual.toFloatArray()));
    }
    layer.computeIn(Precision.F32);
    assertArrayEquals(expected.toFloatArray(), layer.forward(x).toFloatArray());
  }

  private static void assertClose(Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype());
    assertEquals(expected.shape(), actual.shape());
    double largest = expected.abs().amax().item();
    assertArrayEquals(
        expected.to(DType.F64).toDoubleArray(),
        actual.to(DType.F64).toDoubleArray(),
        TOLERANCE * largest);
  }

  @Test
  void productsRoundAndGiveTheDTypeThatTheyGot() {
    try (Scope _ = Scope.open();
        Linear linear = new Linear(64, 48, 1);
        Conv2d conv = new Conv2d(8, 16, 3, ConvOptions.defaults(), 2);
        ConvTranspose2d transposed =
            new ConvTranspose2d(8, 16, 2, ConvTransposeOptions.defaults(), 3);
        MultiheadAttention attention = new MultiheadAttention(32, 4, 4)) {
      assertRounds(linear, random(16, 64));
      assertRounds(conv, random(2, 8, 9, 9));
      assertRounds(transposed, random(2, 8, 6, 6));
      attention.eval();
      assertRounds(attention, random(12, 3, 32));
    }
  }

  @Test
  void parametersStayAsTheyAre() {
    try (Scope _ = Scope.open();
        Linear linear = new Linear(64, 48, 1)) {
      Map<String, Tensor> before = linear.parameters();
      linear.computeIn(Precision.BF16);
      Tensor unused = linear.forward(random(16, 64));
      assertSame(before.get("weight"), linear.parameters().get("weight"));
      assertEquals(DType.F32, linear.parameters().get("weight").dtype());
      linear.load(
          Map.of("weight", Tensor.zeros(DType.F32, 48, 64), "bias", Tensor.ones(DType.F32, 48)));
      assertArrayEquals(
          Tensor.ones(DType.F32, 16, 48).toFloatArray(),
          linear.forward(random(16, 64)).toFloatArray());
    }
  }

  @Test
  void activationsStayInBf16BetweenLayers() {
    assumeBf16();
    List<DType> seen = new ArrayList<>();
    Layer probe =
        x -> {
          seen.add(x.dtype());
          return Functional.gelu(x);
        };
    try (Scope _ = Scope.open();
        Sequential model =
            new Sequential(
                new Linear(32, 64, 1),
                probe,
                new LayerNorm(64),
                new Sequential(probe, new Linear(64, 16, 2)),
                probe)) {
      Tensor x = random(8, 32);
      Tensor expected = model.forward(x);
      seen.clear();
      model.computeIn(Precision.BF16);
      assertClose(expected, model.forward(x));
      assertEquals(List.of(DType.BF16, DType.BF16, DType.BF16), seen);
      assertEquals(DType.BF16, model.forward(x.to(DType.BF16)).dtype());
    }
  }

  @Test
  void layersThatTakeF32AloneGetIt() {
    try (Scope _ = Scope.open();
        Sequential model =
            new Sequential(
                new Embedding(10, 16, 1),
                new Linear(16, 8, 2),
                new BatchNorm1d(8),
                new PRelu(8),
                new Linear(8, 4, 3))) {
      model.eval();
      Tensor ids = Tensor.of(new long[] {1, 2, 3, 9});
      Tensor expected = model.forward(ids);
      model.computeIn(Precision.BF16);
      assertClose(expected, model.forward(ids));
    }
  }

  @Test
  void aBackendWithoutBf16ComputesInF32() {
    try (Scope _ = Scope.open();
        Engine plain = Engine.of(new Plain());
        Linear linear = new Linear(32, 16, 1)) {
      Tensor x = random(4, 32);
      Tensor expected = plain.with(() -> linear.forward(x));
      linear.computeIn(Precision.BF16);
      assertArrayEquals(
          expected.toFloatArray(), plain.with(() -> linear.forward(x)).toFloatArray());
    }
  }

  /** The native backend, of whose instructions nothing is known. */
  private record Plain() implements Backend {
    private static final Backend NATIVE = NativeBackend.create();

    @Override
    public String name() {
      return "plain";
    }

    @Override
    public KernelContext context() {
      return NATIVE.context();
    }

    @Override
    public @Nullable Plan plan(PlanRequest request) {
      return NATIVE.plan(request);
    }
  }
}
