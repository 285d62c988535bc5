package org.gatun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongToDoubleFunction;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Cast;
import org.gatun.op.Concat;
import org.gatun.op.Copy;
import org.gatun.op.Op;
import org.gatun.runtime.Engine;
import org.gatun.runtime.MemoryOwner;
import org.gatun.runtime.MemoryPool;
import org.gatun.runtime.Recording;
import org.gatun.runtime.TensorAccess;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of numbers off the heap: a view, by a {@link Layout}, on a {@link
 * Storage}.
 *
 * <p>A tensor owns its share of the storage until it is closed, by {@link #close}, by the {@link
 * Scope} that it was made in, or, at some later time, by the garbage collector. Closing one tensor
 * does not close its views. Using a closed one throws {@link IllegalStateException}.
 *
 * <p>Operators return new tensors, and leave their inputs as they were. Their names and meaning are
 * PyTorch's; bad arguments throw {@link IllegalArgumentException} with a message that names the
 * operator and what it expected, before anything is computed, and null throws {@link
 * NullPointerException} wherever a parameter is not declared to take it.
 *
 * <p>Reading one tensor from many threads is safe; writing to its memory while others read is not.
 */
public final class Tensor
    implements AutoCloseable,
        ContractionOperators,
        IndexingOperators,
        OrderingOperators,
        PointwiseOperators,
        ReductionOperators,
        ScanOperators,
        ShapeOperators,
        SplitOperators,
        ViewOperators {
  static {
    TensorAccess.install(new Access());
  }

  private final Storage storage;
  private final Layout layout;
  private final long offset;
  private final MemorySegment memory;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Makes a tensor on a storage that counts it as a user already. */
  private Tensor(Storage storage, Layout layout, long offset) {
    this.storage = storage;
    this.layout = layout;
    // A slice without elements may begin behind the storage's last one.
    this.offset = layout.size() == 0 ? 0 : offset;
    this.memory =
        storage.memory().asSlice(this.offset * layout.dtype().byteSize(), layout.byteSpan());
  }

  // Tensors from tensors.

  /**
   * Returns the tensors one after the other along an axis, converted to a common dtype; see {@link
   * Concat}.
   *
   * @throws IllegalArgumentException if there is none, or they differ in rank or a dimension other
   *     than {@code axis}
   */
  public static Tensor concat(int axis, Tensor... tensors) {
    return Joins.concat(axis, tensors);
  }

  /** The same of a list, such as {@link #split} returns; see {@link #concat(int, Tensor...)}. */
  public static Tensor concat(int axis, List<Tensor> tensors) {
    return concat(axis, tensors.toArray(Tensor[]::new));
  }

  /** Returns the tensors, of the same shape, one after the other along a new axis. */
  public static Tensor stack(int axis, Tensor... tensors) {
    return Joins.stack(axis, tensors);
  }

  /** The same of a list, such as {@link #unbind} returns; see {@link #stack(int, Tensor...)}. */
  public static Tensor stack(int axis, List<Tensor> tensors) {
    return stack(axis, tensors.toArray(Tensor[]::new));
  }

  /** Returns the tensors beside each other: along axis 1, or 0 of one dimension. */
  public static Tensor hstack(Tensor... tensors) {
    return Joins.hstack(tensors);
  }

  /** Returns the tensors below each other, along axis 0; one of one dimension is a row. */
  public static Tensor vstack(Tensor... tensors) {
    return Joins.vstack(tensors);
  }

  /** Returns the tensors behind each other, along axis 2. */
  public static Tensor dstack(Tensor... tensors) {
    return Joins.dstack(tensors);
  }

  /** Returns the tensors beside each other, along axis 1; one of one dimension is a column. */
  public static Tensor columnStack(Tensor... tensors) {
    return Joins.columnStack(tensors);
  }

  /** Returns views of the tensors in the shape that all of them broadcast to. */
  public static List<Tensor> broadcastTensors(Tensor... tensors) {
    return Joins.broadcast("broadcast_tensors", tensors);
  }

  /**
   * Returns views of vectors in the shape of the grid that they span, the first one along axis 0,
   * as PyTorch's {@code indexing="ij"} has it; {@code "xy"} is the same with {@code transpose(0,
   * 1)} of each.
   */
  public static List<Tensor> meshgrid(Tensor... vectors) {
    return Joins.meshgrid(vectors);
  }

  // Tensors from other data.

  /** Returns a new {@code f32} tensor of one dimension with a copy of the values. */
  public static Tensor of(float[] values) {
    return of(values, values.length);
  }

  /**
   * Returns a new {@code f32} tensor with a copy of the values, in row-major order.
   *
   * @param shape the dimensions; an empty array makes a scalar
   * @throws IllegalArgumentException if the shape has not as many elements as there are values
   */
  public static Tensor of(float[] values, long... shape) {
    return filled(
        DType.F32, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, F32, 0, n));
  }

  /** Returns a new {@code f64} tensor of one dimension with a copy of the values. */
  public static Tensor of(double[] values) {
    return of(values, values.length);
  }

  /** Returns a new {@code f64} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(double[] values, long... shape) {
    return filled(
        DType.F64, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, F64, 0, n));
  }

  /** Returns a new {@code i32} tensor of one dimension with a copy of the values. */
  public static Tensor of(int[] values) {
    return of(values, values.length);
  }

  /** Returns a new {@code i32} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(int[] values, long... shape) {
    return filled(
        DType.I32, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I32, 0, n));
  }

  /** Returns a new {@code i64} tensor of one dimension with a copy of the values. */
  public static Tensor of(long[] values) {
    return of(values, values.length);
  }

  /** Returns a new {@code i64} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... shape) {
    return filled(
        DType.I64, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I64, 0, n));
  }

  /** Returns a new {@code i16} tensor of one dimension with a copy of the values. */
  public static Tensor of(short[] values) {
    return of(values, values.length);
  }

  /** Returns a new {@code i16} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(short[] values, long... shape) {
    return filled(
        DType.I16, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I16, 0, n));
  }

  /** Returns a new {@code i8} tensor of one dimension with a copy of the values. */
  public static Tensor of(byte[] values) {
    return of(values, values.length);
  }

  /** Returns a new {@code i8} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(byte[] values, long... shape) {
    return filled(
        DType.I8, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I8, 0, n));
  }

  /** Returns a new {@code bool} tensor of one dimension with a copy of the values. */
  public static Tensor of(boolean[] values) {
    return of(values, values.length);
  }

  /** Returns a new {@code bool} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return filled(
        DType.BOOL, shape, bytes.length, (m, n) -> MemorySegment.copy(bytes, 0, m, I8, 0, n));
  }

  /**
   * Returns a new tensor with a copy of the numbers in arrays of arrays, such as a {@code
   * float[][]}; its dtype is that of the innermost arrays, as {@link #of(float[])} and its likes
   * have it.
   *
   * @throws IllegalArgumentException if arrays side by side differ in length, or hold no primitives
   */
  public static Tensor of(Object[] rows) {
    return NestedArrays.toTensor(rows);
  }

  /**
   * Returns a new {@code f32} tensor with a copy of the values from the buffer's position to its
   * limit, which stay where they are.
   *
   * @param shape the dimensions; an empty array makes a scalar
   * @throws IllegalArgumentException if the shape has not as many elements as there are values
   */
  public static Tensor of(FloatBuffer values, long... shape) {
    return ofBuffer(values, values.order(), DType.F32, shape);
  }

  /** Returns a new {@code f64} tensor; see {@link #of(FloatBuffer, long...)}. */
  public static Tensor of(DoubleBuffer values, long... shape) {
    return ofBuffer(values, values.order(), DType.F64, shape);
  }

  /** Returns a new {@code i32} tensor; see {@link #of(FloatBuffer, long...)}. */
  public static Tensor of(IntBuffer values, long... shape) {
    return ofBuffer(values, values.order(), DType.I32, shape);
  }

  /** Returns a new {@code i64} tensor; see {@link #of(FloatBuffer, long...)}. */
  public static Tensor of(LongBuffer values, long... shape) {
    return ofBuffer(values, values.order(), DType.I64, shape);
  }

  /** Returns a new {@code i16} tensor; see {@link #of(FloatBuffer, long...)}. */
  public static Tensor of(ShortBuffer values, long... shape) {
    return ofBuffer(values, values.order(), DType.I16, shape);
  }

  /**
   * Returns a new tensor with a copy of the elements from the buffer's position to its limit, which
   * stay where they are. They are read in the buffer's byte order: big-endian, unless it was set.
   *
   * @param shape the dimensions; an empty array makes a scalar
   * @throws IllegalArgumentException if the buffer has not the bytes of the shape's elements
   */
  public static Tensor of(ByteBuffer elements, DType dtype, long... shape) {
    return ofBuffer(elements, elements.order(), dtype, shape);
  }

  private static Tensor ofBuffer(Buffer buffer, ByteOrder order, DType dtype, long... shape) {
    MemorySegment elements = MemorySegment.ofBuffer(buffer);
    Layout layout = Layout.of(dtype, Shape.of(shape));
    checkBytes("of", elements, layout);
    return filled(
        layout,
        memory ->
            MemorySegment.copy(
                elements,
                Elements.carrier(dtype, order),
                0,
                memory,
                Elements.carrier(dtype, ByteOrder.nativeOrder()),
                0,
                layout.size()));
  }

  /** Returns a new 0-d {@code f32} tensor. */
  public static Tensor scalar(float value) {
    return of(new float[] {value}, new long[0]);
  }

  /** Returns a new 0-d {@code f64} tensor. */
  public static Tensor scalar(double value) {
    return of(new double[] {value}, new long[0]);
  }

  /**
   * Returns a new tensor with a copy of the segment's elements, in row-major order.
   *
   * @param elements of heap or native memory, in the byte order of the platform; booleans are bytes
   *     of 0 or 1
   * @throws IllegalArgumentException if the segment has not the bytes of the shape's elements
   */
  public static Tensor copyOf(MemorySegment elements, DType dtype, long... shape) {
    Layout layout = Layout.of(dtype, Shape.of(shape));
    checkBytes("copyOf", elements, layout);
    return filled(layout, memory -> memory.copyFrom(elements));
  }

  /**
   * Returns a tensor on the caller's own memory, without a copy, in row-major order.
   *
   * <p>The memory stays the caller's: closing the tensor does not free it, and it is the caller's
   * to close. While an operator runs on it, closing its arena fails with {@link
   * IllegalStateException}; afterwards using the tensor does. On read-only memory the tensor {@link
   * #isReadOnly}.
   *
   * @param elements of native memory, aligned to the dtype's size, in the byte order of the
   *     platform; booleans are bytes of 0 or 1
   * @throws IllegalArgumentException if the memory is on the heap or misaligned, or has not the
   *     bytes of the shape's elements
   * @throws IllegalStateException if the memory is closed
   * @throws WrongThreadException if the memory is confined to another thread
   */
  public static Tensor wrap(MemorySegment elements, DType dtype, long... shape) {
    Layout layout = Layout.of(dtype, Shape.of(shape));
    checkBytes("wrap", elements, layout);
    if (!elements.isNative()) {
      throw new IllegalArgumentException(
          "wrap: a heap segment, expected native memory; copyOf takes any");
    }
    if (elements.address() % dtype.byteSize() != 0) {
      throw new IllegalArgumentException(
          "wrap: address "
              + elements.address()
              + " for "
              + dtype.spelling()
              + ", expected a multiple of "
              + dtype.byteSize());
    }
    Storage storage = Storage.foreign(elements);
    storage.open();
    storage.checkAccess();
    return adopted(new Tensor(storage, layout, 0));
  }

  /**
   * Returns a read-only tensor on a part of a file, mapped into memory and not read before it is
   * used. The mapping outlives the channel and ends some time after the last tensor on it. The file
   * must not be written to or cut off meanwhile; replacing it by another is safe.
   *
   * @param file open for reading
   * @param offset the file's bytes before the first element, a multiple of the dtype's size
   * @param dtype the type of the elements, which the file has in the byte order of the platform;
   *     booleans are bytes of 0 or 1
   * @throws IllegalArgumentException if the offset is negative or misaligned, or the file ends
   *     before the last element
   * @throws UnsupportedOperationException if files of this kind cannot be mapped
   */
  public static Tensor map(FileChannel file, long offset, DType dtype, long... shape)
      throws IOException {
    Layout layout = Layout.of(dtype, Shape.of(shape));
    if (offset < 0 || offset % dtype.byteSize() != 0) {
      throw new IllegalArgumentException(
          "map: offset "
              + offset
              + " for "
              + dtype.spelling()
              + ", expected a multiple of "
              + dtype.byteSize());
    }
    if (offset > file.size() || layout.byteSpan() > file.size() - offset) {
      throw new IllegalArgumentException(
          "map: "
              + layout.byteSpan()
              + " bytes of "
              + layout
              + " from "
              + offset
              + ", the file has "
              + file.size());
    }
    return FileMapping.of(file, offset, layout.byteSpan()).tensor(0, dtype, shape);
  }

  /** Returns a tensor on memory that lives as long as its segment is reachable. */
  static Tensor reachable(MemorySegment segment, Layout layout) {
    Storage storage = Storage.reachable(segment);
    storage.open();
    return adopted(new Tensor(storage, layout, 0));
  }

  /**
   * Returns a new tensor whose elements the action writes; they have no particular value before.
   * Where the action throws, there is no tensor.
   *
   * @param writer gets the memory of the elements as the layout says; it is called once, at once
   */
  public static <E extends Exception> Tensor of(Layout layout, MemoryAction<E> writer) throws E {
    Tensor tensor = empty(layout);
    boolean done = false;
    try {
      tensor.lend(tensor.memory, writer);
      done = true;
      return tensor;
    } finally {
      if (!done) {
        tensor.close();
      }
    }
  }

  /** Returns a new tensor with elements of no particular value. */
  public static Tensor empty(Layout layout) {
    return Engine.current().allocate(layout);
  }

  /** Returns a new contiguous tensor with elements of no particular value. */
  public static Tensor empty(DType dtype, long... shape) {
    return empty(Layout.of(dtype, Shape.of(shape)));
  }

  /** Returns a new tensor of zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    return filled(Layout.of(dtype, Shape.of(shape)), memory -> memory.fill((byte) 0));
  }

  /** Returns a new tensor of ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return full(dtype, 1, shape);
  }

  /** Returns a new tensor of equal values, converted to the dtype. */
  public static Tensor full(DType dtype, double value, long... shape) {
    return filled(Layout.of(dtype, Shape.of(shape)), memory -> Elements.fill(memory, dtype, value));
  }

  /** Returns a new {@code i64} tensor of the integers 0 to {@code end} exclusive. */
  public static Tensor arange(long end) {
    return arange(DType.I64, 0, (double) end, 1);
  }

  /**
   * Returns a new tensor of the numbers {@code start, start + step, ...} before {@code end}, each
   * computed by itself from its index. Of an integer dtype the three are converted to it first.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.arange.html">PyTorch,
   * arange</a>.
   *
   * @throws IllegalArgumentException if the step is 0, or leads away from {@code end}, an argument
   *     is not finite, or the dtype is {@code bool}
   */
  public static Tensor arange(DType dtype, double start, double end, double step) {
    double first = bound(dtype, start);
    double stride = bound(dtype, step);
    double count = Math.ceil((bound(dtype, end) - first) / stride);
    if (stride == 0 || !Double.isFinite(start + end + step) || !(count >= 0)) {
      throw new IllegalArgumentException(
          "arange: start "
              + start
              + ", end "
              + end
              + ", step "
              + step
              + ", expected finite numbers and steps towards the end");
    }
    if (dtype == DType.BOOL) {
      throw new IllegalArgumentException("arange: dtype bool, expected a number type");
    }
    return sequence(dtype, (long) count, i -> first + i * stride);
  }

  /**
   * Returns a new tensor of {@code count} numbers that are evenly spaced from {@code start} to
   * {@code end}, both included; of an integer dtype these two are converted to it first.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.linspace.html">PyTorch,
   * linspace</a>.
   *
   * @throws IllegalArgumentException if {@code count} is negative or the dtype is {@code bool}
   */
  public static Tensor linspace(DType dtype, double start, double end, long count) {
    if (count < 0) {
      throw new IllegalArgumentException("linspace: count " + count + ", expected 0 or more");
    }
    if (dtype == DType.BOOL) {
      throw new IllegalArgumentException("linspace: dtype bool, expected a number type");
    }
    double first = bound(dtype, start);
    double last = bound(dtype, end);
    return sequence(dtype, count, i -> evenlySpaced(first, last, count, i));
  }

  /**
   * Returns a new tensor of {@code count} powers of a base, whose exponents are evenly spaced from
   * {@code start} to {@code end}, both included; of an integer dtype these two are converted to it
   * first.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.logspace.html">PyTorch,
   * logspace</a>.
   *
   * @throws IllegalArgumentException if {@code count} is negative or the dtype is {@code bool}
   */
  public static Tensor logspace(DType dtype, double start, double end, long count, double base) {
    if (count < 0) {
      throw new IllegalArgumentException("logspace: count " + count + ", expected 0 or more");
    }
    if (dtype == DType.BOOL) {
      throw new IllegalArgumentException("logspace: dtype bool, expected a number type");
    }
    double first = bound(dtype, start);
    double last = bound(dtype, end);
    return sequence(dtype, count, i -> StrictMath.pow(base, evenlySpaced(first, last, count, i)));
  }

  /** Returns an end of a sequence, or its step: that of integers is one too, as in PyTorch. */
  private static double bound(DType dtype, double number) {
    return dtype.isInteger() ? (long) number : number;
  }

  /** Counts from both ends, so that the last number is the end itself. */
  private static double evenlySpaced(double start, double end, long count, long i) {
    double step = count > 1 ? (end - start) / (count - 1) : 0;
    return i < count / 2 || count == 1 ? start + i * step : end - (count - 1 - i) * step;
  }

  private static Tensor sequence(DType dtype, long count, LongToDoubleFunction value) {
    return filled(
        Layout.of(dtype, Shape.of(count)),
        memory -> {
          for (long i = 0; i < count; i++) {
            Elements.set(memory, dtype, i, value.applyAsDouble(i));
          }
        });
  }

  /**
   * Returns a new matrix of {@code n} rows and columns with ones on the diagonal and zeros beside
   * it.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public static Tensor eye(DType dtype, long n) {
    return eye(dtype, n, n);
  }

  /**
   * Returns a new matrix with ones on the diagonal and zeros beside it.
   *
   * <p>Source: <a href="https://pytorch.org/docs/stable/generated/torch.eye.html">PyTorch, eye</a>.
   *
   * @throws IllegalArgumentException if a size is negative
   */
  public static Tensor eye(DType dtype, long rows, long columns) {
    return filled(
        Layout.of(dtype, Shape.of(rows, columns)),
        memory -> {
          memory.fill((byte) 0);
          for (long i = 0; i < Math.min(rows, columns); i++) {
            Elements.set(memory, dtype, i * (columns + 1), 1);
          }
        });
  }

  // What a tensor is.

  /** Returns the shape. */
  public Shape shape() {
    return layout.shape();
  }

  /** Returns the type of the elements. */
  public DType dtype() {
    return layout.dtype();
  }

  /** Returns how the elements lie in memory. */
  public Layout layout() {
    return layout;
  }

  /** Returns the number of dimensions. */
  public int rank() {
    return layout.rank();
  }

  /** Returns the size of a dimension; negative axes count from the last. */
  public long dim(int axis) {
    return layout.dim(axis);
  }

  /** Returns the number of elements. */
  public long size() {
    return layout.size();
  }

  /** Returns whether the elements lie in row-major order without gaps. */
  public boolean isContiguous() {
    return layout.isContiguous();
  }

  /** Returns whether the elements cannot be written to, as those of a file that was mapped. */
  public boolean isReadOnly() {
    return storage.isReadOnly();
  }

  /** Returns whether this tensor is closed. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Returns whether the memory of both has bytes in common. */
  public boolean overlaps(Tensor other) {
    long start = memory.address();
    long otherStart = other.memory.address();
    return start < otherStart + other.memory.byteSize() && otherStart < start + memory.byteSize();
  }

  /** Returns whether the first elements of both are the same memory. */
  public boolean startsWith(Tensor other) {
    return memory.address() == other.memory.address();
  }

  // Data out.

  /**
   * Returns the memory, without a copy, from the first element to the end of the last one; the
   * {@link #layout} says where the others are. The memory stays valid as long as the segment is
   * reachable, also when this tensor is closed.
   */
  public MemorySegment segment() {
    hold("segment");
    Recording.reading(this, "segment");
    try {
      MemorySegment exported = storage.export();
      return exported.asSlice(offset * dtype().byteSize(), layout.byteSpan());
    } finally {
      storage.release();
    }
  }

  /**
   * Has the action read the memory, without a copy, from the first element to the end of the last
   * one; the {@link #layout} says where the others are. The memory is lent for the duration of the
   * call, and read-only.
   */
  public <E extends Exception> void read(MemoryAction<E> reader) throws E {
    hold("read");
    try {
      Recording.reading(this, "read");
      lend(data().asReadOnly(), reader);
    } finally {
      storage.release();
    }
  }

  /** Lends a segment that cannot be touched any more once the action has returned. */
  @SuppressWarnings("restricted")
  private <E extends Exception> void lend(MemorySegment segment, MemoryAction<E> action) throws E {
    if (storage.isForeign()) {
      action.accept(segment); // Its own arena guards it.
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      action.accept(segment.reinterpret(arena, null));
    }
  }

  /**
   * Returns the memory as a buffer in the byte order of the platform, without a copy; {@code
   * asFloatBuffer()} and its likes give it a type. The memory stays valid as long as the buffer is
   * reachable, also when this tensor is closed.
   *
   * @throws IllegalStateException if the elements are not contiguous, or take 2 GiB or more; {@link
   *     #contiguous} and {@link #segment} help
   */
  public ByteBuffer asByteBuffer() {
    if (!isContiguous() || layout.byteSpan() > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "asByteBuffer: tensor " + layout + ", expected contiguous elements of less than 2 GiB");
    }
    return segment().asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /**
   * Returns the elements in row-major order.
   *
   * @throws IllegalStateException if the dtype is not {@code f32}; {@link #to} converts
   */
  public float[] toFloatArray() {
    return copied(DType.F32, float[]::new, (m, a) -> MemorySegment.copy(m, F32, 0, a, 0, a.length));
  }

  /** Returns the elements of an {@code f64} tensor; see {@link #toFloatArray}. */
  public double[] toDoubleArray() {
    return copied(
        DType.F64, double[]::new, (m, a) -> MemorySegment.copy(m, F64, 0, a, 0, a.length));
  }

  /** Returns the elements of an {@code i32} tensor; see {@link #toFloatArray}. */
  public int[] toIntArray() {
    return copied(DType.I32, int[]::new, (m, a) -> MemorySegment.copy(m, I32, 0, a, 0, a.length));
  }

  /** Returns the elements of an {@code i64} tensor; see {@link #toFloatArray}. */
  public long[] toLongArray() {
    return copied(DType.I64, long[]::new, (m, a) -> MemorySegment.copy(m, I64, 0, a, 0, a.length));
  }

  /** Returns the elements of an {@code i16} tensor; see {@link #toFloatArray}. */
  public short[] toShortArray() {
    return copied(DType.I16, short[]::new, (m, a) -> MemorySegment.copy(m, I16, 0, a, 0, a.length));
  }

  /**
   * Returns the elements of an {@code i8} tensor, or those of a {@code u8} tensor as bytes with the
   * same bits; see {@link #toFloatArray}.
   */
  public byte[] toByteArray() {
    DType expected = dtype() == DType.U8 ? DType.U8 : DType.I8;
    return copied(expected, byte[]::new, (m, a) -> MemorySegment.copy(m, I8, 0, a, 0, a.length));
  }

  /** Returns the elements of a {@code bool} tensor; see {@link #toFloatArray}. */
  public boolean[] toBooleanArray() {
    return copied(
        DType.BOOL,
        boolean[]::new,
        (m, a) -> {
          for (int i = 0; i < a.length; i++) {
            a[i] = m.get(I8, i) != 0;
          }
        });
  }

  /**
   * Returns one element, converted to a double.
   *
   * @param index one for each dimension; none for a scalar
   * @throws IndexOutOfBoundsException if an index is out of range
   */
  public double get(long... index) {
    long at = position("get", index);
    hold("get");
    try {
      Recording.reading(this, "get");
      return Elements.get(data(), dtype(), at);
    } finally {
      storage.release();
    }
  }

  /** Returns where an element lies, counted in elements from the first one. */
  private long position(String operation, long[] index) {
    if (index.length != rank()) {
      throw new IndexOutOfBoundsException(
          operation
              + ": index "
              + Arrays.toString(index)
              + " for shape "
              + shape()
              + ", expected "
              + rank()
              + " numbers");
    }
    long at = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= dim(axis)) {
        throw new IndexOutOfBoundsException(
            operation + ": index " + Arrays.toString(index) + " out of range for shape " + shape());
      }
      at += index[axis] * layout.stride(axis);
    }
    return at;
  }

  /**
   * Returns the only element, converted to a double.
   *
   * @throws IllegalStateException if there is not exactly one
   */
  public double item() {
    if (size() != 1) {
      throw new IllegalStateException("item: shape " + shape() + ", expected one element");
    }
    return get(new long[rank()]);
  }

  // Data in.

  /**
   * Replaces one element by a value that is converted to the dtype.
   *
   * @param index one for each dimension; none for a scalar
   * @throws IndexOutOfBoundsException if an index is out of range
   * @throws IllegalStateException if this tensor is read-only
   */
  public void set(double value, long... index) {
    long at = position("set", index);
    holdToWrite("set");
    try {
      Recording.writing(this, "set");
      Elements.set(data(), dtype(), at, value);
    } finally {
      storage.release();
    }
  }

  /**
   * Replaces all elements by a value that is converted to the dtype.
   *
   * @throws IllegalStateException if this tensor is read-only
   * @throws IllegalArgumentException if this tensor repeats elements, as {@link #expand} does
   */
  public void fill(double value) {
    holdToWrite("fill");
    try {
      if (layout.isDense() && !Recording.varies(this)) {
        Recording.writing(this, "fill");
        Elements.fill(data(), dtype(), value);
      } else {
        checkNotExpanded("fill");
        try (Tensor one = full(dtype(), value)) {
          copyFrom(one);
        }
      }
    } finally {
      storage.release();
    }
  }

  /**
   * Replaces the elements by those of another tensor, broadcast to this shape and converted to this
   * dtype. The two may share memory.
   *
   * @throws IllegalStateException if this tensor is read-only
   * @throws IllegalArgumentException if the other does not broadcast to this shape, or this tensor
   *     repeats elements, as {@link #expand} does
   */
  public void copyFrom(Tensor source) {
    holdToWrite("copyFrom");
    try {
      checkNotExpanded("copyFrom");
      checkBroadcasts(source);
      try (Tensor expanded = source.expand(shape().dims())) {
        Op op = source.dtype() == dtype() ? new Copy(false) : new Cast(dtype());
        Engine.current().run(op, List.of(expanded), List.of(this));
      }
    } finally {
      storage.release();
    }
  }

  private void checkNotExpanded(String operation) {
    if (layout.overlaps()) {
      throw new IllegalArgumentException(
          operation
              + ": tensor "
              + layout
              + ", whose elements share memory; expected one that is not expanded");
    }
  }

  private void checkBroadcasts(Tensor source) {
    int added = rank() - source.rank();
    boolean fits = added >= 0;
    for (int axis = 0; fits && axis < source.rank(); axis++) {
      fits = source.dim(axis) == 1 || source.dim(axis) == dim(axis + added);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "copyFrom: source of shape "
              + source.shape()
              + " for shape "
              + shape()
              + ", expected one that broadcasts to it");
    }
  }

  Tensor run(Op op) {
    return Engine.current().run(op, this);
  }

  Tensor run(Op op, Tensor other) {
    return Engine.current().run(op, this, other);
  }

  // Ownership.

  /** Gives back this tensor's share of the memory. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      storage.release();
    }
  }

  private void hold(String operation) {
    if (closed.get() || !storage.hold()) {
      throw new IllegalStateException(operation + ": tensor " + layout + " is closed");
    }
  }

  void checkOpen(String operation) {
    hold(operation);
    storage.release();
  }

  private void holdToWrite(String operation) {
    hold(operation);
    if (isReadOnly()) {
      storage.release();
      throw new IllegalStateException(operation + ": tensor " + layout + " is read-only");
    }
  }

  /** Returns the memory from the first element on, for accesses from Java while it is held. */
  private MemorySegment data() {
    return storage.checkedMemory().asSlice(offset * dtype().byteSize(), layout.byteSpan());
  }

  Tensor sharing(String operation) {
    hold(operation);
    return adopted(new Tensor(storage, layout, offset));
  }

  private static Tensor adopted(Tensor tensor) {
    Scope.adopt(tensor);
    return tensor;
  }

  /**
   * Returns the elements as NumPy prints them, with dtype and shape. Of more than 1000 elements the
   * first and last three along each axis are printed.
   */
  @Override
  public String toString() {
    if (isClosed() || storage.isUnreadable() || !storage.hold()) {
      return "tensor(" + (isClosed() ? "closed" : "not readable here") + ", " + layout + ")";
    }
    try {
      Recording.reading(this, "toString");
      String start = "tensor(";
      return start
          + TensorFormat.elements(data(), layout, start.length())
          + ", "
          + dtype().spelling()
          + shape()
          + ")";
    } finally {
      storage.release();
    }
  }

  // Data in and out.

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT;
  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;

  @FunctionalInterface
  private interface Filler {
    void fill(MemorySegment memory, int count);
  }

  @FunctionalInterface
  private interface Reader<A> {
    void read(MemorySegment memory, A array);
  }

  private static Tensor filled(DType dtype, long[] dims, int count, Filler filler) {
    Shape shape = Shape.of(dims);
    if (shape.size() != count) {
      throw new IllegalArgumentException(
          "tensor: " + count + " values for shape " + shape + ", expected " + shape.size());
    }
    return filled(Layout.of(dtype, shape), memory -> filler.fill(memory, count));
  }

  /** Returns a new tensor whose memory was filled; closed again where that failed. */
  static Tensor filled(Layout layout, Consumer<MemorySegment> filler) {
    Tensor tensor = empty(layout);
    boolean done = false;
    try {
      filler.accept(tensor.memory);
      done = true;
      return tensor;
    } finally {
      if (!done) {
        tensor.close();
      }
    }
  }

  private <A> A copied(DType expected, IntFunction<A> maker, Reader<A> reader) {
    if (dtype() != expected) {
      throw new IllegalStateException(
          "tensor: dtype "
              + dtype().spelling()
              + ", expected "
              + expected.spelling()
              + "; to() converts");
    }
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "tensor: " + size() + " elements are more than a Java array holds");
    }
    checkOpen("tensor");
    Recording.reading(this, "reading it into an array");
    try (Tensor dense = isContiguous() ? sharing("tensor") : copy()) {
      A array = maker.apply((int) size());
      reader.read(dense.data(), array);
      return array;
    }
  }

  private static void checkBytes(String operation, MemorySegment elements, Layout layout) {
    if (elements.byteSize() != layout.byteSpan()) {
      throw new IllegalArgumentException(
          operation
              + ": a segment of "
              + elements.byteSize()
              + " bytes for "
              + layout
              + ", expected "
              + layout.byteSpan());
    }
  }

  /** Resolves an axis for methods that name it before there is an operator. */
  int axis(String name, int axis, int axes) {
    int rank = Math.max(1, axes);
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          name + ": axis " + axis + " out of range for shape " + shape());
    }
    return axis < 0 ? axis + rank : axis;
  }

  private static final class Access extends TensorAccess {
    @Override
    protected Held exported() {
      return HeldMemory.EXPORTED.now();
    }

    @Override
    protected Held mapped() {
      return HeldMemory.MAPPED.now();
    }

    @Override
    protected Tensor create(ScratchMemory.Block block, Layout layout) {
      Storage storage = Storage.pooled(block);
      storage.open();
      return adopted(new Tensor(storage, layout, 0));
    }

    @Override
    protected Tensor view(Tensor base, Layout layout, long offset) {
      base.hold("view");
      return adopted(new Tensor(base.storage, layout, base.offset + offset));
    }

    @Override
    protected Tensor share(Tensor tensor) {
      tensor.hold("bind");
      if (tensor.storage.closeableSegment() == null) {
        return new Tensor(tensor.storage, tensor.layout, tensor.offset);
      }
      // The caller may close this memory, and packing reads it later: a copy is safe from that.
      try {
        return copied(tensor.data(), tensor.layout);
      } finally {
        tensor.storage.release();
      }
    }

    @Override
    protected @Nullable Tensor alias(Tensor tensor) {
      return tensor.closed.get() ? null : reopen(tensor.storage, tensor.layout, tensor.offset);
    }

    @Override
    protected @Nullable Tensor reopen(Storage storage, Layout layout, long offset) {
      return storage.hold() ? new Tensor(storage, layout, offset) : null;
    }

    @Override
    protected Tensor snapshot(Tensor tensor) {
      MemorySegment source = tensor.storage.memory();
      return copied(source, Layout.of(DType.I8, Shape.of(source.byteSize())));
    }

    /** Copies all of a segment, which its owner may close meanwhile. */
    private static Tensor copied(MemorySegment source, Layout layout) {
      ScratchMemory.Block block =
          MemoryPool.shared().allocate(source.byteSize(), MemoryOwner.CONSTANTS);
      boolean done = false;
      try {
        block.segment().copyFrom(source);
        Storage own = Storage.pooled(block);
        own.open();
        Tensor copy = new Tensor(own, layout, 0);
        done = true;
        return copy;
      } finally {
        if (!done) {
          block.close();
        }
      }
    }

    @Override
    protected Tensor lent(MemorySegment segment, Layout layout) {
      Storage storage = Storage.foreign(segment);
      storage.open();
      return new Tensor(storage, layout, 0);
    }

    @Override
    protected Storage storage(Tensor tensor) {
      return tensor.storage;
    }

    @Override
    protected boolean isGivenBack(Storage storage) {
      return storage.isGivenBack();
    }

    @Override
    protected void unload(Storage storage, long offset, long byteSize) {
      storage.unload(offset, byteSize);
    }

    @Override
    protected long offset(Tensor tensor) {
      return tensor.offset;
    }

    @Override
    protected MemorySegment memory(Tensor tensor) {
      return tensor.memory;
    }

    @Override
    protected MemorySegment storageMemory(Tensor tensor) {
      return tensor.storage.memory();
    }

    @Override
    protected boolean hold(Tensor tensor) {
      return !tensor.closed.get() && tensor.storage.hold();
    }

    @Override
    protected void release(Tensor tensor) {
      tensor.storage.release();
    }

    @Override
    protected @Nullable MemorySegment foreign(Tensor tensor) {
      return tensor.storage.closeableSegment();
    }
  }
}
