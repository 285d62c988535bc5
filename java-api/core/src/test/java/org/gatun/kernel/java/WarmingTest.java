package org.gatun.kernel.java;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Plan;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Dequantize;
import org.gatun.op.Doubles;
import org.gatun.op.DynamicQuantize;
import org.gatun.op.IntegerRange;
import org.gatun.op.Op;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.Quantize;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs until a loop is compiled gives what the loop gives, to the bit. */
class WarmingTest {
  private static final float[] SPECIAL = {
    0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-45f, -3f
  };
  private static final int BYTES = 1 << 16;

  private static MemorySegment numbers(Arena arena) {
    MemorySegment memory = arena.allocate(BYTES, 64);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < BYTES / Float.BYTES; i++) {
      boolean special = random.nextInt(5) == 0;
      float value =
          special ? SPECIAL[random.nextInt(SPECIAL.length)] : (float) random.nextDouble(-2, 2);
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
    return memory;
  }

  private static byte[] bytes(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  private static float[] floats(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_FLOAT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 63, 64, 413, 5000})
  void quantization(int count) {
    try (Arena arena = Arena.ofConfined()) {
      Layout floats = Layout.of(DType.F32, Shape.of(count));
      Layout bytes = Layout.of(DType.U8, Shape.of(count));
      Layout scale = Layout.of(DType.F32, Shape.scalar());
      Layout zero = Layout.of(DType.U8, Shape.scalar());
      MemorySegment x = numbers(arena).asSlice(0, (long) count * Float.BYTES);
      MemorySegment finite = arena.allocate(x.byteSize(), 64);
      for (int i = 0; i < count; i++) {
        finite.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i * 37 % 101 - 40) / 16f);
      }
      MemorySegment of = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0.0125f);
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, (byte) 131);
      Kernel quantize = new QuantizeKernel();
      same(quantize, new DynamicQuantize(), List.of(floats), arena, x);
      same(quantize, new DynamicQuantize(), List.of(floats), arena, finite);
      Quantize fixed = new Quantize(IntegerRange.U8, 0, 0, true);
      same(quantize, fixed, List.of(floats, scale, zero), arena, x, of, from);
      Dequantize back = new Dequantize(0, 0, true);
      same(new DequantizeKernel(), back, List.of(bytes, scale, zero), arena, x, of, from);
    }
  }

  private static void same(
      Kernel kernel, Op op, List<Layout> layouts, Arena arena, MemorySegment... inputs) {
    List<MemorySegment> vector = Plans.run(kernel, op, layouts, 1, true, arena, inputs);
    List<MemorySegment> arrays = Plans.run(kernel, op, layouts, 1, false, arena, inputs);
    for (int i = 0; i < vector.size(); i++) {
      assertArrayEquals(bytes(vector.get(i)), bytes(arrays.get(i)), op + " output " + i);
    }
  }

  @Test
  void aRangeIsNotThatOfTheExecutionBefore() {
    try (Arena arena = Arena.ofConfined()) {
      Layout floats = Layout.of(DType.F32, Shape.of(400));
      DynamicQuantize op = new DynamicQuantize();
      MemorySegment large = arena.allocate(1600, 64);
      MemorySegment small = arena.allocate(1600, 64);
      for (int i = 0; i < 400; i++) {
        large.setAtIndex(ValueLayout.JAVA_FLOAT, i, i - 200);
        small.setAtIndex(ValueLayout.JAVA_FLOAT, i, (i - 200) / 200f);
      }
      MemorySegment[] outputs =
          op.infer(List.of(floats)).stream()
              .map(layout -> arena.allocate(layout.byteSpan(), 64))
              .toArray(MemorySegment[]::new);
      Plan plan =
          Plans.of(
              new QuantizeKernel(), op, List.of(floats), op.infer(List.of(floats)), 1, true, arena);
      plan.execute(new MemorySegment[] {large}, outputs);
      plan.execute(new MemorySegment[] {small}, outputs);
      assertEquals((0.995f + 1) / 255, outputs[1].get(ValueLayout.JAVA_FLOAT, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 17, 63, 64, 65, 96, 200})
  void largestOfWindows(int channels) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = numbers(arena);
      MemorySegment vector = arena.allocate(BYTES, 64);
      MemorySegment scalar = arena.allocate(BYTES, 64);
      for (int rows = 0; rows <= 9; rows++) {
        long[] at = new long[9];
        for (int k = 0; k < rows; k++) {
          at[k] = (long) (k * 7 % 9) * channels * Float.BYTES;
        }
        VectorProvider.poolingLoops(DType.F32).max(src, at, rows, vector, 0, channels);
        new ScalarPoolingLoops(DType.F32).max(src, at, rows, scalar, 0, channels);

        assertArrayEquals(bytes(scalar), bytes(vector), rows + " rows");
      }
    }
  }

  static Stream<PointwiseFunction> functions() {
    return Stream.of(
        UnaryFunction.ERF,
        UnaryFunction.EXP,
        UnaryFunction.GELU,
        UnaryFunction.GELU_TANH,
        UnaryFunction.SIGMOID,
        UnaryFunction.SILU,
        UnaryFunction.TANH,
        ActivationFunction.HARDSIGMOID,
        ActivationFunction.HARDSIGMOID_SCALED,
        ActivationFunction.HARDSWISH,
        ActivationFunction.MISH);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void functionsOfFloats(PointwiseFunction function) {
    boolean scaled = function == ActivationFunction.HARDSIGMOID_SCALED;
    Doubles numbers = scaled ? Doubles.of(0.3, 0.4) : Doubles.of();
    PointwiseLoop vectors = VectorProvider.pointwise().of(function, numbers, DType.F32, DType.F32);
    PointwiseLoop twin = FloatTwins.of(function, numbers);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = numbers(arena);
      // Small, large, and where the functions have their ends.
      for (int i = 0; i < BYTES / Float.BYTES / 2; i++) {
        src.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sinh((i - 4096) / 300.0));
      }
      MemorySegment vector = arena.allocate(BYTES, 64);
      MemorySegment scalar = arena.allocate(BYTES, 64);
      long count = BYTES / Float.BYTES - 3;
      vectors.run(src.address(), 0, 0, vector.address(), count, PointwiseLoop.EACH);
      twin.run(src.address(), 0, 0, scalar.address(), count, PointwiseLoop.EACH);

      assertEquals("java:vector", vectors.implementation());
      assertArrayEquals(bytes(scalar), bytes(vector));
    }
  }

  /** Width, strides of rows and columns of the source and of the result, rows, columns. */
  static Stream<long[]> blocks() {
    return Stream.of(
        new long[] {4, 4, 400, 12, 4, 97, 3},
        new long[] {4, 4, 80, 80, 4, 19, 18},
        new long[] {4, 4, 400, 400, 4, 3, 90},
        new long[] {4, 4, 8000, 12, 4, 1500, 3},
        new long[] {4, 12, 4, 4, 8000, 1500, 3},
        new long[] {4, 200, 4, 240, 4, 40, 50},
        new long[] {4, 4, 36, 680, 4, 9, 170},
        new long[] {8, 8, 160, 168, 8, 17, 20},
        new long[] {4, 400, -4, 200, 4, 5, 37},
        new long[] {1, 400, -1, 200, 1, 5, 130},
        new long[] {2, 2, 100, 100, 2, 9, 9});
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void blocksOfElements(long[] block) {
    try (Arena arena = Arena.ofConfined()) {
      long src = numbers(arena).address() + BYTES / 2;
      byte[] vector = moved(VectorProvider.moves(), block, src, arena);

      assertArrayEquals(moved(ScalarMoveLoops.INSTANCE, block, src, arena), vector);
      assertArrayEquals(moved(ArrayMoveLoops.INSTANCE, block, src, arena), vector);
    }
  }

  private static byte[] moved(MoveLoops loops, long[] block, long src, Arena arena) {
    MemorySegment dst = arena.allocate(BYTES, 64);
    loops.block(
        (int) block[0],
        src,
        block[1],
        block[2],
        dst.address(),
        block[3],
        block[4],
        block[5],
        block[6]);
    return bytes(dst);
  }

  /** Channels, the size of windows, the step between them, the padding, the dilation. */
  static Stream<int[]> windows() {
    return Stream.of(
        new int[] {5, 3, 2, 1, 1},
        new int[] {64, 2, 2, 0, 1},
        new int[] {3, 3, 1, 1, 2},
        new int[] {17, 1, 3, 0, 1});
  }

  @ParameterizedTest
  @MethodSource("windows")
  void largestOfRowsOfWindows(int[] window) {
    int channels = window[0];
    int input = 9;
    int reach = (window[1] - 1) * window[4] + 1;
    int output = (input + 2 * window[3] - reach) / window[2] + 1;
    WindowAxis axis =
        WindowAxis.sliding(
            input, output, window[1], window[2], window[3], window[3], window[4], true);
    PoolingProblem problem =
        new PoolingProblem(true, 0, 1, channels, WindowAxis.single(), axis, axis);
    long row = (long) input * channels * Float.BYTES;
    long[] starts = {2 * row, 0, row};
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = numbers(arena);
      MemorySegment arrays = arena.allocate(BYTES, 64);
      MemorySegment scalar = arena.allocate(BYTES, 64);
      for (int rows = 0; rows <= window[1]; rows++) {
        new ArrayPixelMaxima(problem).pool(src, starts, rows, arrays, 8);
        for (int w = 0; w < output; w++) {
          long[] at = new long[window[1] * rows];
          int elements = 0;
          for (int k = 0; k < axis.count()[w]; k++) {
            for (int i = 0; i < rows; i++) {
              int pixel = axis.first()[w] + k * axis.step();
              at[elements++] = starts[i] + (long) pixel * channels * Float.BYTES;
            }
          }
          long to = 8 + (long) w * channels * Float.BYTES;
          new ScalarPoolingLoops(DType.F32).max(src, at, elements, scalar, to, channels);
        }

        assertArrayEquals(bytes(scalar), bytes(arrays), rows + " rows");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 100, 512, 1500})
  void rowsOfBytes(int count) {
    try (Arena arena = Arena.ofConfined()) {
      long src = numbers(arena).address();
      MemorySegment vector = arena.allocate(BYTES, 64);
      MemorySegment scalar = arena.allocate(BYTES, 64);
      VectorProvider.moves().rows(src, 1600, vector.address(), 1501, 7, count);
      ScalarMoveLoops.INSTANCE.rows(src, 1600, scalar.address(), 1501, 7, count);

      assertArrayEquals(bytes(scalar), bytes(vector));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 70, 144, 5000})
  void sumsOfRows(int columns) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment src = numbers(arena);
      MemorySegment vector = arena.allocate(BYTES, 64);
      MemorySegment scalar = arena.allocate(BYTES, 64);
      long rows = Math.min(49, BYTES / Float.BYTES / columns);
      long stride = (long) columns * Float.BYTES;
      VectorFloatStatisticsLoops.sumRowsInVectors(src, 0, stride, rows, columns, vector, 8);
      VectorFloatStatisticsLoops.sumRowsInArrays(src, 0, stride, rows, columns, scalar, 8);

      // Of two NaN that are added, the compiler may take either one's bits.
      assertArrayEquals(floats(scalar), floats(vector));
    }
  }

  /** Columns, those of the first row that count, and how many more of each row. */
  static Stream<int[]> attention() {
    return Stream.of(
        new int[] {1, 1, 0},
        new int[] {7, 7, 0},
        new int[] {16, 16, 0},
        new int[] {33, 2, 1},
        new int[] {100, 100, 0},
        new int[] {1500, 1490, 1});
  }

  @ParameterizedTest
  @MethodSource("attention")
  void rowsOfAttention(int[] shape) {
    int rows = 9;
    int columns = shape[0];
    AttentionRows.Seen seen = new AttentionRows.Seen(shape[1], shape[2]);
    AttentionRows vector = VectorProvider.attentionRows();
    AttentionRows scalar = new ScalarFloatAttentionRows(VectorFloatMath.FLOATS.length());
    byte[][][] results = new byte[2][][];
    try (Arena arena = Arena.ofConfined()) {
      for (int which = 0; which < 2; which++) {
        AttentionRows loops = which == 0 ? vector : scalar;
        MemorySegment numbers = arena.allocate(BYTES, 64);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < BYTES / Float.BYTES; i++) {
          float value = i % 97 == 5 ? Float.NEGATIVE_INFINITY : (float) random.nextDouble(-90, 9);
          numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        MemorySegment copy = arena.allocate(BYTES, 64).copyFrom(numbers);
        double[] max = new double[rows];
        double[] sums = new double[rows];
        loops.max(numbers.address(), rows, columns, seen, max);
        loops.exp(numbers.address(), rows, columns, seen, max, sums);
        loops.divide(numbers.address(), 4L * columns, rows, columns, sums);
        double[] masked = new double[rows];
        loops.maskedMax(copy.address(), rows, columns, seen, numbers.address(), 0, masked);
        results[which] =
            new byte[][] {
              bytes(numbers),
              bytes(copy),
              bytes(MemorySegment.ofArray(max)),
              bytes(MemorySegment.ofArray(sums)),
              bytes(MemorySegment.ofArray(masked))
            };
      }
    }

    for (int i = 0; i < results[0].length; i++) {
      assertArrayEquals(results[1][i], results[0][i]);
    }
  }

  @Test
  void pointwiseLoopsRunOneOfTwo() {
    int[] runs = new int[2];
    WarmingLoop.Compiled compiled = WarmingLoop.Compiled.of(() -> counting(runs, 0));
    WarmingLoop loop = new WarmingLoop(() -> counting(runs, 0), counting(runs, 1), compiled);

    loop.run(0, 0, 0, 0, 1, PointwiseLoop.EACH);

    boolean done = compiled.each().isDone();
    assertTrue(runs[done ? 0 : 1] == 1 && runs[done ? 1 : 0] == 0, "it ran what is compiled");
    assertFalse(loop.implementation().isEmpty());
  }

  private static PointwiseLoop counting(int[] runs, int which) {
    return new PointwiseLoop() {
      @Override
      public void run(long a, long b, long c, long dst, long count, int kind) {
        runs[which]++;
      }

      @Override
      public String implementation() {
        return "test";
      }
    };
  }
}
