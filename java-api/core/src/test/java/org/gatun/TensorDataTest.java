package org.gatun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elements in and out. */
class TensorDataTest {
  private final Scope scope = Scope.open();

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void arraysComeBack() {
    assertArrayEquals(
        new float[] {1, Float.NaN}, Tensor.of(new float[] {1, Float.NaN}, 2, 1).toFloatArray());
    assertArrayEquals(
        new double[] {1e300, -0.0}, Tensor.of(new double[] {1e300, -0.0}).toDoubleArray());
    assertArrayEquals(
        new int[] {Integer.MIN_VALUE, 7}, Tensor.of(new int[] {Integer.MIN_VALUE, 7}).toIntArray());
    assertArrayEquals(
        new long[] {Long.MAX_VALUE, -1}, Tensor.of(new long[] {Long.MAX_VALUE, -1}).toLongArray());
    assertArrayEquals(new short[] {-32768, 3}, Tensor.of(new short[] {-32768, 3}).toShortArray());
    assertArrayEquals(new byte[] {-128, 3}, Tensor.of(new byte[] {-128, 3}).toByteArray());
    assertArrayEquals(
        new boolean[] {true, false}, Tensor.of(new boolean[] {true, false}).toBooleanArray());
    assertArrayEquals(new byte[] {-1}, Tensor.full(DType.U8, 255, 1).toByteArray());
  }

  @Test
  void withoutAShapeThereIsOneDimension() {
    assertEquals(Shape.of(3), Tensor.of(new float[3]).shape());
    assertEquals(Shape.of(1), Tensor.of(new float[1]).shape());
    assertEquals(Shape.of(0), Tensor.of(new long[0]).shape());
    assertEquals(Shape.scalar(), Tensor.of(new float[1], new long[0]).shape());
    assertEquals(Shape.scalar(), Tensor.scalar(3.0).shape());
  }

  @Test
  void theShapeMustHoldTheValues() {
    var e = assertThrows(IllegalArgumentException.class, () -> Tensor.of(new float[5], 2, 3));
    assertEquals("tensor: 5 values for shape [2, 3], expected 6", e.getMessage());
  }

  @Test
  void arraysOfArrays() {
    Tensor matrix = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
    assertEquals(Layout.of(DType.F32, Shape.of(2, 3)), matrix.layout());
    assertEquals(6, matrix.get(1, 2));
    Tensor deep = Tensor.of(new long[][][] {{{1}, {2}}, {{3}, {4}}, {{5}, {6}}});
    assertEquals(Shape.of(3, 2, 1), deep.shape());
    assertArrayEquals(new long[] {1, 2, 3, 4, 5, 6}, deep.toLongArray());
    assertArrayEquals(
        new boolean[] {true, false}, Tensor.of(new boolean[][] {{true}, {false}}).toBooleanArray());
    assertEquals(DType.I16, Tensor.of(new short[][] {{1}}).dtype());
    assertEquals(Shape.of(2, 0), Tensor.of(new int[][] {{}, {}}).shape());
    assertEquals(Shape.of(0, 0), Tensor.of(new double[0][]).shape());
  }

  @Test
  void raggedArraysAreRefused() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tensor.of(new float[][][] {{{1, 2}, {3, 4}}, {{5, 6}, {7}}}));
    assertEquals(
        "of: array[1][1] has length 1, expected length 2 as its neighbours have", e.getMessage());
    var nothing =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(new int[][] {{1}, null}));
    assertEquals(
        "of: array[1] is null, expected length 1 as its neighbours have", nothing.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Tensor.of(new int[2][1][]));
    var boxed = assertThrows(IllegalArgumentException.class, () -> Tensor.of(new Float[] {1f}));
    assertEquals(
        "of: an array of type java.lang.Float[], expected arrays of primitive numbers such as"
            + " float[][]",
        boxed.getMessage());
  }

  @Test
  void typedBuffersOfEitherOrderAndKind() {
    FloatBuffer heap = FloatBuffer.wrap(new float[] {9, 1, 2, 9}, 1, 2);
    assertArrayEquals(new float[] {1, 2}, Tensor.of(heap, 2).toFloatArray());
    assertEquals(1, heap.position(), "the buffer stays where it is");
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      for (boolean direct : new boolean[] {true, false}) {
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(17) : ByteBuffer.allocate(17);
        bytes.position(1); // Misaligned.
        ByteBuffer at = bytes.slice().order(order);
        at.asFloatBuffer().put(0, 1.5f).put(1, -2).put(2, 3).put(3, 1e-30f);
        assertArrayEquals(
            new float[] {1.5f, -2, 3, 1e-30f}, Tensor.of(at.asFloatBuffer(), 2, 2).toFloatArray());
        assertArrayEquals(
            new float[] {1.5f, -2, 3, 1e-30f}, Tensor.of(at, DType.F32, 4).toFloatArray());
        at.asDoubleBuffer().put(0, Math.PI).put(1, -1);
        DoubleBuffer doubles = at.asDoubleBuffer().asReadOnlyBuffer();
        assertArrayEquals(new double[] {Math.PI, -1}, Tensor.of(doubles, 2).toDoubleArray());
        at.asLongBuffer().put(0, 1L << 40).put(1, -1);
        LongBuffer longs = at.asLongBuffer();
        assertArrayEquals(new long[] {1L << 40, -1}, Tensor.of(longs, 2).toLongArray());
        IntBuffer ints = at.asIntBuffer().put(0, 77).limit(1);
        assertArrayEquals(new int[] {77}, Tensor.of(ints, 1).toIntArray());
        ShortBuffer shorts = at.asShortBuffer().put(0, (short) -77).limit(1);
        assertArrayEquals(new short[] {-77}, Tensor.of(shorts, 1).toShortArray());
        at.putShort(0, Float.floatToFloat16(0.5f));
        assertEquals(0.5, Tensor.of(at.limit(2), DType.F16, 1).item());
      }
    }
    var e =
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(FloatBuffer.allocate(3), 2));
    assertEquals("of: a segment of 12 bytes for f32[2], expected 8", e.getMessage());
  }

  @Test
  void segmentsAreCopied() {
    float[] values = {1, 2, 3};
    Tensor tensor = Tensor.copyOf(MemorySegment.ofArray(values), DType.F32, 3);
    values[0] = 9;
    assertEquals(1, tensor.get(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tensor.copyOf(MemorySegment.ofArray(values), DType.F32, 4));
    long live = LiveBlocks.settled();
    Arena arena = Arena.ofConfined();
    MemorySegment closed = arena.allocate(8);
    arena.close();
    assertThrows(IllegalStateException.class, () -> Tensor.copyOf(closed, DType.F32, 2));
    assertEquals(live, LiveBlocks.count(), "a copy that failed leaks");
  }

  @Test
  void aWriterMakesATensor() throws Exception {
    AtomicReference<MemorySegment> kept = new AtomicReference<>();
    Tensor tensor =
        Tensor.of(
            Layout.of(DType.I32, Shape.of(2)),
            memory -> {
              memory.setAtIndex(ValueLayout.JAVA_INT, 1, 5);
              memory.setAtIndex(ValueLayout.JAVA_INT, 0, 4);
              kept.set(memory);
            });
    assertArrayEquals(new int[] {4, 5}, tensor.toIntArray());
    assertThrows(IllegalStateException.class, () -> kept.get().get(ValueLayout.JAVA_INT, 0));
    long live = LiveBlocks.settled();
    assertThrows(
        java.io.IOException.class,
        () ->
            Tensor.of(
                tensor.layout(),
                memory -> {
                  throw new java.io.IOException();
                }));
    assertEquals(live, LiveBlocks.count());
  }

  @Test
  void aReaderReadsWithoutACopy() {
    Tensor tensor = Tensor.arange(6).view(2, 3).slice(1, 1, 3);
    AtomicReference<MemorySegment> kept = new AtomicReference<>();
    tensor.read(kept::set);
    assertTrue(kept.get().isReadOnly());
    assertEquals(5 * 8, kept.get().byteSize());
    assertThrows(IllegalStateException.class, () -> kept.get().get(ValueLayout.JAVA_LONG, 0));
    tensor.read(
        memory -> {
          tensor.close(); // The memory stays until the reader is done.
          assertEquals(1, memory.getAtIndex(ValueLayout.JAVA_LONG, 0));
          assertEquals(5, memory.getAtIndex(ValueLayout.JAVA_LONG, 4));
        });
  }

  @Test
  void buffersOutShareTheMemory() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3}).slice(0, 1, 3);
    FloatBuffer buffer = tensor.asByteBuffer().asFloatBuffer();
    assertEquals(2, buffer.remaining());
    buffer.put(1, 9);
    assertEquals(9, tensor.get(1));
    assertThrows(
        IllegalStateException.class,
        () -> Tensor.zeros(DType.F32, 2, 2).transpose(0, 1).asByteBuffer());
  }

  @Test
  void arraysOfOtherDTypesAreRefused() {
    var e = assertThrows(IllegalStateException.class, () -> Tensor.scalar(1f).toIntArray());
    assertEquals("tensor: dtype f32, expected i32; to() converts", e.getMessage());
    Tensor huge = Tensor.scalar(1f).expand(1L << 31);
    assertThrows(IllegalStateException.class, huge::toFloatArray);
  }

  @Test
  void arraysOfViewsAreInRowMajorOrder() {
    Plain.run(
        () ->
            assertArrayEquals(
                new long[] {0, 3, 1, 4, 2, 5},
                Tensor.arange(6).view(2, 3).transpose(0, 1).toLongArray()));
  }

  @Test
  void elementsByIndex() {
    Tensor tensor = Tensor.arange(6).view(2, 3);
    assertEquals(5, tensor.get(1, 2));
    for (long[] index : new long[][] {{2, 0}, {0, 3}, {-1, 0}, {0}, {0, 0, 0}, {}}) {
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(index));
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.set(1, index));
    }
    var e = assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(0, 3));
    assertEquals("get: index [0, 3] out of range for shape [2, 3]", e.getMessage());
    assertEquals(3, Tensor.scalar(3f).item());
    assertEquals(4, tensor.slice(0, 1, 2).slice(1, 1, 2).item());
    assertThrows(IllegalStateException.class, tensor::item);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void constants(DType dtype) {
    for (long size : new long[] {0, 1, 2, 3, 63, 64, 65, 4097, 70_001}) {
      Tensor tensor = Tensor.full(dtype, 1, size);
      for (long i = 0; i < size; i++) {
        assertEquals(1, tensor.get(i));
      }
    }
    assertEquals(0, Tensor.zeros(dtype, 3).get(2));
    assertEquals(1, Tensor.ones(dtype, 3).get(2));
    assertEquals(dtype == DType.BOOL ? 1 : 5, Tensor.full(dtype, 5, 3).get(2));
  }

  @Test
  void constantsAreConverted() {
    assertEquals(0.1f, Tensor.full(DType.F32, 0.1, 2).get(1));
    assertEquals(Long.MIN_VALUE, Tensor.full(DType.I64, Long.MIN_VALUE, 1).toLongArray()[0]);
    assertEquals(-2, Tensor.full(DType.I32, -2.9, 1).get(0));
    assertEquals(1, Tensor.full(DType.BOOL, Double.NaN, 1).get(0));
    assertTrue(Double.isNaN(Tensor.full(DType.BF16, Double.NaN, 1).get(0)));
    // 1 + 2^-8 lies between two bfloat16 numbers: to the even one.
    assertEquals(1, Tensor.full(DType.BF16, 1 + 0x1p-8, 1).get(0));
    assertEquals(1 + 0x1p-6, Tensor.full(DType.BF16, 1 + 0x1.8p-7, 1).get(0));
  }

  @Test
  void ranges() {
    assertArrayEquals(new long[] {0, 1, 2}, Tensor.arange(3).toLongArray());
    assertArrayEquals(
        new double[] {1, 1.5, 2}, Tensor.arange(DType.F64, 1, 2.5, 0.5).toDoubleArray());
    assertArrayEquals(new int[] {3, 1, -1}, Tensor.arange(DType.I32, 3, -2, -2).toIntArray());
    assertArrayEquals(new int[] {-4, -2}, Tensor.arange(DType.I32, -4.9, -0.9, 2.9).toIntArray());
    assertEquals(0, Tensor.arange(0).size());
    assertEquals(10, Tensor.arange(DType.F32, 0, 1, 0.1).size());
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(-1));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(DType.F32, 0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(DType.F32, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(DType.F32, 0, Double.NaN, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Tensor.arange(DType.F32, 0, Double.POSITIVE_INFINITY, 1));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(DType.BOOL, 0, 2, 1));
    assertThrows(IllegalArgumentException.class, () -> Tensor.arange(DType.I32, 0, 2, 0.5));
  }

  @Test
  void evenlySpaced() {
    assertArrayEquals(
        new double[] {0, 0.25, 0.5, 0.75, 1}, Tensor.linspace(DType.F64, 0, 1, 5).toDoubleArray());
    assertArrayEquals(new double[] {3}, Tensor.linspace(DType.F64, 3, 7, 1).toDoubleArray());
    assertEquals(0, Tensor.linspace(DType.F64, 3, 7, 0).size());
    double[] tenths = Tensor.linspace(DType.F64, 0, 0.9, 10).toDoubleArray();
    assertEquals(0.9, tenths[9]);
    assertThrows(IllegalArgumentException.class, () -> Tensor.linspace(DType.F64, 0, 1, -1));
  }

  @Test
  void evenlySpacedPowers() {
    assertArrayEquals(
        new double[] {0.01, 1, 100}, Tensor.logspace(DType.F64, -2, 2, 3, 10).toDoubleArray());
    assertArrayEquals(new int[] {1, 2, 4, 8}, Tensor.logspace(DType.I32, 0, 3, 4, 2).toIntArray());
    assertArrayEquals(new int[] {8, 4}, Tensor.logspace(DType.I32, 3.9, 2.9, 2, 2).toIntArray());
    assertArrayEquals(new int[] {4, 3, 2}, Tensor.linspace(DType.I32, 4.9, 2.9, 3).toIntArray());
    assertEquals(0, Tensor.logspace(DType.F64, 3, 7, 0, 10).size());
    assertThrows(IllegalArgumentException.class, () -> Tensor.logspace(DType.F64, 0, 1, -1, 10));
    assertThrows(IllegalArgumentException.class, () -> Tensor.logspace(DType.BOOL, 0, 1, 2, 10));
  }

  @Test
  void identity() {
    assertArrayEquals(new int[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, Tensor.eye(DType.I32, 3).toIntArray());
    assertArrayEquals(new int[] {1, 0, 0, 1, 0, 0}, Tensor.eye(DType.I32, 3, 2).toIntArray());
    assertArrayEquals(new int[] {1, 0, 0, 0, 1, 0}, Tensor.eye(DType.I32, 2, 3).toIntArray());
    assertEquals(Shape.of(0, 0), Tensor.eye(DType.F32, 0).shape());
    assertThrows(IllegalArgumentException.class, () -> Tensor.eye(DType.F32, -1));
  }

  @Test
  void elementsAreReplaced() {
    Tensor tensor = Tensor.zeros(DType.I16, 2, 3);
    tensor.set(7.9, 1, 0);
    assertArrayEquals(new short[] {0, 0, 0, 7, 0, 0}, tensor.toShortArray());
    tensor.fill(4);
    assertArrayEquals(new short[] {4, 4, 4, 4, 4, 4}, tensor.toShortArray());
    tensor.transpose(0, 1).fill(5); // Dense in another order.
    assertArrayEquals(new short[] {5, 5, 5, 5, 5, 5}, tensor.toShortArray());
  }

  @Test
  void partsAreReplaced() {
    Plain.run(
        () -> {
          Tensor tensor = Tensor.zeros(DType.F32, 2, 3);
          tensor.slice(1, 0, 2).fill(1);
          assertArrayEquals(new float[] {1, 1, 0, 1, 1, 0}, tensor.toFloatArray());
          tensor.copyFrom(Tensor.of(new int[] {7, 8, 9})); // Broadcast and converted.
          assertArrayEquals(new float[] {7, 8, 9, 7, 8, 9}, tensor.toFloatArray());
          tensor.slice(1, 0, 2).copyFrom(tensor.slice(1, 1, 3)); // Overlapping.
          assertArrayEquals(new float[] {8, 9, 9, 8, 9, 9}, tensor.toFloatArray());
          assertThrows(IllegalArgumentException.class, () -> tensor.copyFrom(Tensor.arange(4)));
          assertThrows(
              IllegalArgumentException.class,
              () -> Tensor.scalar(1f).expand(3).copyFrom(Tensor.zeros(DType.F32, 3)));
          assertThrows(IllegalArgumentException.class, () -> Tensor.scalar(1f).expand(3).fill(2));
        });
  }

  @Test
  void conversionsToTheSameDTypeShareMemory() {
    Tensor tensor = Tensor.arange(3);
    Tensor same = tensor.to(DType.I64);
    assertEquals(tensor.segment().address(), same.segment().address());
    tensor.close();
    assertFalse(same.isClosed());
    assertEquals(2, same.get(2));
  }

  @Test
  void emptyTensorsHaveNoAddressableMemory() {
    Tensor tensor = Tensor.zeros(DType.F32, 0, 3);
    assertEquals(0, tensor.segment().byteSize());
    assertEquals(0, tensor.toFloatArray().length);
    assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(0, 0));
  }

  @Test
  void sizesThatNoMachineHas() {
    var bytes =
        assertThrows(
            IllegalArgumentException.class, () -> Tensor.zeros(DType.F64, 1L << 40, 1L << 22));
    assertTrue(bytes.getMessage().startsWith("layout: f64[1099511627776, 4194304]"));
    var memory =
        assertThrows(
            OutOfNativeMemoryException.class, () -> Tensor.zeros(DType.F32, 1L << 40, 1L << 10));
    assertTrue(
        memory
            .getMessage()
            .startsWith("memory: tensor f32[1099511627776, 1024] needs 4503599627370496 bytes"),
        memory.getMessage());
  }
}
