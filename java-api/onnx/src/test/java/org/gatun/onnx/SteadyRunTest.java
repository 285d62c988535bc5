package org.gatun.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.onnx.model.ElementType;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.Threads;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A loop that repeats a run takes no memory off the heap, and next to none on it, in whatever
 * thread. The compiler removes vectors and segments that nobody keeps, in its own time: the loop
 * goes on until it has, and once is enough, since nothing but waste makes a run take more.
 */
class SteadyRunTest {
  /**
   * Bytes of a run: 400 to 850 as a rule. Where the compiler leaves the objects that the JDK makes
   * of the addresses which calls into and out of the libraries take, each parallel loop takes 64
   * more.
   */
  private static final long BOUND = 4096;

  private static final int WINDOW = 20;

  /** After so many runs every loop is compiled. */
  private static final int COMPILED = 40_000;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private final Random random = new Random(5);

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (random.nextFloat() - 0.5f) / 4;
    }
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aTransformer(int threads) {
    int width = 64;
    GraphBuilder graph = new GraphBuilder(23).input("x0", ElementType.FLOAT, 1, -1, width);
    graph.constant("scale", numbers(width), width).constant("bias", numbers(width), width);
    for (int layer = 0; layer < 3; layer++) {
      String x = "x" + layer;
      for (String role : List.of("q", "k", "v", "o")) {
        graph.constant(role + "w" + layer, numbers(width * width), width, width);
      }
      for (String role : List.of("q", "k", "v")) {
        graph.node("MatMul", List.of(x, role + "w" + layer), List.of(role + layer), Map.of());
      }
      graph
          .node(
              "Attention",
              List.of("q" + layer, "k" + layer, "v" + layer),
              List.of("a" + layer),
              Map.of("q_num_heads", 4, "kv_num_heads", 4))
          .node("MatMul", List.of("a" + layer, "ow" + layer), List.of("o" + layer), Map.of())
          .node("Add", List.of("o" + layer, x), List.of("s" + layer), Map.of())
          .node(
              "LayerNormalization",
              List.of("s" + layer, "scale", "bias"),
              List.of("n" + layer),
              Map.of())
          .node("Gelu", List.of("n" + layer), List.of("g" + layer), Map.of())
          .node("Add", List.of("g" + layer, x), List.of("x" + (layer + 1)), Map.of());
    }
    steady(graph.output("x3"), "x0", new long[] {1, 48, width}, threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aNetworkOfConvolutions(int threads) {
    GraphBuilder graph =
        new GraphBuilder(17)
            .input("x", ElementType.FLOAT, -1, 3, 48, 48)
            .constant("w1", numbers(16 * 3 * 9), 16, 3, 3, 3)
            .constant("w2", numbers(16 * 9), 16, 1, 3, 3)
            .constant("w3", numbers(32 * 16), 32, 16, 1, 1)
            .constant("w4", numbers(32 * 10), 32, 10)
            .node("Conv", List.of("x", "w1"), List.of("a"), Map.of("pads", new long[] {1, 1, 1, 1}))
            .node("Relu", List.of("a"), List.of("b"), Map.of())
            .node(
                "Conv",
                List.of("b", "w2"),
                List.of("c"),
                Map.of("pads", new long[] {1, 1, 1, 1}, "group", 16))
            .node("HardSwish", List.of("c"), List.of("d"), Map.of())
            .node("Add", List.of("d", "b"), List.of("e"), Map.of())
            .node("Conv", List.of("e", "w3"), List.of("f"), Map.of())
            .node("GlobalAveragePool", List.of("f"), List.of("g"), Map.of())
            .node("Flatten", List.of("g"), List.of("h"), Map.of())
            .node("MatMul", List.of("h", "w4"), List.of("i"), Map.of())
            .node("Softmax", List.of("i"), List.of("y"), Map.of());
    steady(graph.output("y"), "x", new long[] {1, 3, 48, 48}, threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void productsOfIntegers(int threads) {
    int width = 64;
    GraphBuilder graph = new GraphBuilder(17).input("x0", ElementType.FLOAT, -1, width);
    graph.constant("weight scale", new float[] {0.01f});
    graph.constant("weight zero", ElementType.INT8, MemorySegment.ofArray(new byte[1]));
    for (int layer = 0; layer < 3; layer++) {
      byte[] weights = new byte[width * width];
      random.nextBytes(weights);
      String n = Integer.toString(layer);
      graph
          .constant("w" + n, ElementType.INT8, MemorySegment.ofArray(weights), width, width)
          .node(
              "DynamicQuantizeLinear",
              List.of("x" + n),
              List.of("q" + n, "s" + n, "z" + n),
              Map.of())
          .node(
              "MatMulInteger",
              List.of("q" + n, "w" + n, "z" + n, "weight zero"),
              List.of("i" + n),
              Map.of())
          .node("Cast", List.of("i" + n), List.of("f" + n), Map.of("to", 1))
          .node("Mul", List.of("s" + n, "weight scale"), List.of("t" + n), Map.of())
          .node("Mul", List.of("f" + n, "t" + n), List.of("y" + n), Map.of())
          .node("Tanh", List.of("y" + n), List.of("x" + (layer + 1)), Map.of());
    }
    steady(graph.output("x3"), "x0", new long[] {48, width}, threads);
  }

  /** What executions keep for the next one does not show in its results. */
  private static void independent(OnnxSession session, String input, long[] shape) {
    try (Scope _ = Scope.open()) {
      Tensor small = Tensor.full(DType.F32, 0.25, shape);
      Tensor large = Tensor.full(DType.F32, -3, shape);
      float[] expected = only(session.run(Map.of(input, small)));
      float[] _ = only(session.run(Map.of(input, large)));
      assertArrayEquals(expected, only(session.run(Map.of(input, small))));
    }
  }

  private static float[] only(Map<String, Tensor> outputs) {
    return outputs.values().iterator().next().toFloatArray();
  }

  private static void steady(GraphBuilder graph, String input, long[] shape, int threads) {
    boolean _ =
        Threads.with(
            threads,
            () -> {
              try (OnnxSession session = graph.model().session();
                  Tensor x = Tensor.full(DType.F32, 0.5, shape)) {
                Map<String, Tensor> in = Map.of(input, x);
                Map<String, Tensor> out = session.run(in);
                assertNull(session.interpretedBecause());
                independent(session, input, shape);
                steady("into given outputs", () -> session.run(in, out));
                steady(
                    "with outputs of its own",
                    () -> session.run(in).values().forEach(Tensor::close));
                out.values().forEach(Tensor::close);
              }
              return true;
            });
  }

  private static void steady(String how, Runnable run) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long least = window(run);
    for (int runs = WINDOW; least >= BOUND && runs < COMPILED; runs += WINDOW) {
      assumeTrue(System.nanoTime() < deadline, "too slow here for the compiler to see the loops");
      least = Math.min(least, window(run));
    }
    assertTrue(least < BOUND, "a run " + how + " takes " + least + " bytes of heap");
    long memory = memory();
    long _ = window(run);
    assertTrue(memory() <= memory, "a run " + how + " takes memory off the heap");
  }

  /** Returns the bytes of heap that a run takes, in all threads. */
  private static long window(Runnable run) {
    long before = THREADS.getTotalThreadAllocatedBytes();
    for (int i = 0; i < WINDOW; i++) {
      run.run();
    }
    return (THREADS.getTotalThreadAllocatedBytes() - before) / WINDOW;
  }

  private static long memory() {
    MemoryPool.Report report = MemoryPool.shared().report();
    return report.liveBytes() + report.pooledBytes();
  }
}
