package org.gatun;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.kernel.ScratchMemory;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Cast;
import org.gatun.op.Copy;
import org.gatun.op.Expand;
import org.gatun.op.Ints;
import org.gatun.op.Longs;
import org.gatun.op.MatMul;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Reshape;
import org.gatun.op.Slice;
import org.gatun.op.Split;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.runtime.Engine;
import org.gatun.runtime.TensorAccess;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of numbers off the heap: a view, by a {@link Layout}, on a {@link Storage}.
 *
 * <p>A tensor owns its share of the storage until it is closed, by {@link #close}, by the {@link
 * Scope} that it was made in, or, at some later time, by the garbage collector. Closing one tensor
 * does not close its views. Using a closed one throws {@link IllegalStateException}.
 *
 * <p>Operators return new tensors, and leave their inputs as they were. Their names and meaning are
 * PyTorch's; bad arguments throw {@link IllegalArgumentException} with a message that names the
 * operator and what it expected, before anything is computed.
 *
 * <p>Reading one tensor from many threads is safe; writing to its memory while others read is not.
 */
public final class Tensor implements AutoCloseable {
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
    this.offset = offset;
    this.memory =
        storage.memory().asSlice(offset * layout.dtype().byteSize(), layout.byteSpan());
  }

  // Tensors from other data.

  /**
   * Returns a new {@code f32} tensor with a copy of the values, in row-major order.
   *
   * @throws IllegalArgumentException if the shape has not as many elements as there are values
   */
  public static Tensor of(float[] values, long... shape) {
    return filled(
        DType.F32, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, F32, 0, n));
  }

  /** Returns a new {@code f64} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(double[] values, long... shape) {
    return filled(
        DType.F64, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, F64, 0, n));
  }

  /** Returns a new {@code i32} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(int[] values, long... shape) {
    return filled(
        DType.I32, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I32, 0, n));
  }

  /** Returns a new {@code i64} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(long[] values, long... shape) {
    return filled(
        DType.I64, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I64, 0, n));
  }

  /** Returns a new {@code i8} tensor; see {@link #of(float[], long...)}. */
  public static Tensor of(byte[] values, long... shape) {
    return filled(
        DType.I8, shape, values.length, (m, n) -> MemorySegment.copy(values, 0, m, I8, 0, n));
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

  /** Returns a new 0-d {@code f32} tensor. */
  public static Tensor scalar(float value) {
    return of(new float[] {value});
  }

  /** Returns a new 0-d {@code f64} tensor. */
  public static Tensor scalar(double value) {
    return of(new double[] {value});
  }

  /**
   * Returns a new tensor with a copy of the segment's elements, in row-major order.
   *
   * @param elements of heap or native memory, in the byte order of the platform
   * @throws IllegalArgumentException if the segment has not the bytes of the shape's elements
   */
  public static Tensor copyOf(MemorySegment elements, DType dtype, long... shape) {
    Layout layout = Layout.of(dtype, Shape.of(shape));
    checkBytes(elements, layout);
    Tensor tensor = empty(layout);
    tensor.memory.copyFrom(elements);
    return tensor;
  }

  /**
   * Returns a tensor on the caller's own memory, without a copy, in row-major order.
   *
   * <p>The memory stays the caller's: closing the tensor does not free it, and it is the caller's to
   * close. While an operator runs on it, closing its arena fails with {@link IllegalStateException};
   * afterwards using the tensor does.
   *
   * @param elements of native memory, aligned to the dtype's size
   * @throws IllegalArgumentException if the memory is on the heap, read-only or misaligned, or has
   *     not the bytes of the shape's elements
   */
  public static Tensor wrap(MemorySegment elements, DType dtype, long... shape) {
    Layout layout = Layout.of(dtype, Shape.of(shape));
    checkBytes(elements, layout);
    if (!elements.isNative() || elements.isReadOnly()) {
      throw new IllegalArgumentException(
          "wrap: a " + (elements.isNative() ? "read-only" : "heap")
              + " segment, expected writable native memory; copyOf takes any");
    }
    if (elements.address() % dtype.byteSize() != 0) {
      throw new IllegalArgumentException(
          "wrap: address " + elements.address() + " for " + dtype.spelling()
              + ", expected a multiple of " + dtype.byteSize());
    }
    Storage storage = Storage.foreign(elements);
    storage.open();
    return adopted(new Tensor(storage, layout, 0));
  }

  /** Returns a new tensor with elements of no particular value. */
  public static Tensor empty(Layout layout) {
    return Engine.current().allocate(layout);
  }

  /** Returns a new tensor of zeros. */
  public static Tensor zeros(DType dtype, long... shape) {
    Tensor tensor = empty(Layout.of(dtype, Shape.of(shape)));
    tensor.memory.fill((byte) 0);
    return tensor;
  }

  /** Returns a new tensor of ones. */
  public static Tensor ones(DType dtype, long... shape) {
    return full(dtype, 1, shape);
  }

  /** Returns a new tensor of equal values, converted to the dtype. */
  public static Tensor full(DType dtype, double value, long... shape) {
    Tensor tensor = empty(Layout.of(dtype, Shape.of(shape)));
    for (long i = 0; i < tensor.size(); i++) {
      Elements.set(tensor.memory, dtype, i, value);
    }
    return tensor;
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

  /** Returns whether this tensor is closed. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Returns whether the memory of both has bytes in common. */
  public boolean overlaps(Tensor other) {
    long start = memory.address();
    long otherStart = other.memory.address();
    return start < otherStart + other.memory.byteSize()
        && otherStart < start + memory.byteSize();
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
    try {
      MemorySegment exported = storage.export();
      return exported.asSlice(offset * dtype().byteSize(), layout.byteSpan());
    } finally {
      storage.release();
    }
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

  /**
   * Returns one element, converted to a double.
   *
   * @param index one for each dimension; none for a scalar
   * @throws IndexOutOfBoundsException if an index is out of range
   */
  public double get(long... index) {
    if (index.length != rank()) {
      throw new IndexOutOfBoundsException(
          "get: index " + Arrays.toString(index) + " for shape " + shape() + ", expected "
              + rank() + " numbers");
    }
    long at = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= dim(axis)) {
        throw new IndexOutOfBoundsException(
            "get: index " + Arrays.toString(index) + " out of range for shape " + shape());
      }
      at += index[axis] * layout.stride(axis);
    }
    hold("get");
    try {
      return Elements.get(memory, dtype(), at);
    } finally {
      storage.release();
    }
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

  // Views and copies.

  /**
   * Returns the elements under another shape: a view where the strides allow it, else a copy.
   *
   * @param dims the new dimensions; one may be -1 and follows from the others
   * @see Reshape
   */
  public Tensor reshape(long... dims) {
    return run(new Reshape(Longs.of(dims), true));
  }

  /** Returns a view under another shape; an exception where the strides allow none. */
  public Tensor view(long... dims) {
    return run(new Reshape(Longs.of(dims), false));
  }

  /** Returns a view with the dimensions in another order. */
  public Tensor permute(int... axes) {
    return run(new Permute(Ints.of(axes)));
  }

  /** Returns a view with two dimensions exchanged. */
  public Tensor transpose(int axis0, int axis1) {
    int first = axis("transpose", axis0, rank());
    int second = axis("transpose", axis1, rank());
    int[] axes = new int[rank()];
    Arrays.setAll(axes, i -> i == first ? second : i == second ? first : i);
    return permute(axes);
  }

  /** Returns a view without any dimension of size 1. */
  public Tensor squeeze() {
    return reshape(Arrays.stream(shape().dims()).filter(dim -> dim != 1).toArray());
  }

  /** Returns a view without one dimension, if it has size 1. */
  public Tensor squeeze(int axis) {
    int at = axis("squeeze", axis, rank());
    if (rank() == 0 || dim(at) != 1) {
      return view(shape().dims());
    }
    return reshape(shape().range(0, at).concat(shape().range(at + 1, rank())).dims());
  }

  /** Returns a view with a dimension of size 1 put in before {@code axis}. */
  public Tensor unsqueeze(int axis) {
    int at = axis("unsqueeze", axis, rank() + 1);
    return reshape(
        shape().range(0, at).concat(Shape.of(1)).concat(shape().range(at, rank())).dims());
  }

  /** Returns the tensor with the dimensions from {@code start} to {@code end} joined into one. */
  public Tensor flatten(int start, int end) {
    int first = axis("flatten", start, rank());
    int last = axis("flatten", end, rank());
    if (first > last) {
      throw new IllegalArgumentException(
          "flatten: start " + start + " after end " + end + " for shape " + shape());
    }
    if (rank() == 0) {
      return reshape(1);
    }
    Shape joined = Shape.of(shape().range(first, last + 1).size());
    return reshape(
        shape().range(0, first).concat(joined).concat(shape().range(last + 1, rank())).dims());
  }

  /** Returns the elements in one dimension. */
  public Tensor flatten() {
    return flatten(0, -1);
  }

  /** Returns a view with dimensions of size 1 repeated; -1 keeps a dimension. */
  public Tensor expand(long... dims) {
    return run(new Expand(Longs.of(dims)));
  }

  /** Returns a view of the elements {@code start} to {@code end} exclusive along an axis. */
  public Tensor slice(int axis, long start, long end) {
    return slice(axis, start, end, 1);
  }

  /** Returns a view of each {@code step}-th element along an axis; Python's bounds. */
  public Tensor slice(int axis, long start, long end, long step) {
    return run(new Slice(axis, start, end, step));
  }

  /** Returns a view of the elements at one index of an axis, without that dimension. */
  public Tensor select(int axis, long index) {
    int at = axis("select", axis, rank());
    long size = rank() == 0 ? 0 : dim(at);
    if (index < -size || index >= size) {
      throw new IndexOutOfBoundsException(
          "select: index " + index + " out of range for axis " + axis + " of shape " + shape());
    }
    long from = index < 0 ? index + size : index;
    try (Tensor one = slice(at, from, from + 1)) {
      return one.squeeze(at);
    }
  }

  /** Returns views of consecutive parts of {@code size} along an axis; the last may be smaller. */
  public List<Tensor> split(long size, int axis) {
    int at = axis("split", axis, rank());
    if (size < 1 || rank() == 0) {
      throw new IllegalArgumentException(
          "split: size " + size + " for shape " + shape() + ", expected 1 or more of an axis");
    }
    long parts = Math.max(1, (dim(at) + size - 1) / size);
    long[] sizes = new long[Math.toIntExact(parts)];
    Arrays.setAll(sizes, i -> Math.min(size, dim(at) - i * size));
    return split(sizes, axis);
  }

  /** Returns views of consecutive parts of these sizes along an axis. */
  public List<Tensor> split(long[] sizes, int axis) {
    return Engine.current().runAll(new Split(axis, Longs.of(sizes)), this);
  }

  /** Returns the elements in row-major order: a view of this tensor if they lie so, else a copy. */
  public Tensor contiguous() {
    return isContiguous() ? view(shape().dims()) : copy();
  }

  /** Returns a copy, in row-major order. */
  public Tensor copy() {
    return run(new Copy(false));
  }

  /** Returns a copy of a batch of images (N, C, ...) in channels-last order. */
  public Tensor channelsLast() {
    return run(new Copy(true));
  }

  /** Returns the elements converted to a dtype: a view of this tensor if they have it already. */
  public Tensor to(DType dtype) {
    return dtype == dtype() ? Access.sharing(this) : run(new Cast(dtype));
  }

  // Operators.

  /** Returns the matrix product; see {@link MatMul}. */
  public Tensor matmul(Tensor other) {
    return run(new MatMul(), other);
  }

  /** Returns the sum, broadcast and promoted to a common dtype. */
  public Tensor add(Tensor other) {
    return binary(BinaryFunction.ADD, other);
  }

  /** Returns the sum with a number. */
  public Tensor add(double other) {
    return binary(BinaryFunction.ADD, other);
  }

  /** Returns the difference, broadcast and promoted to a common dtype. */
  public Tensor sub(Tensor other) {
    return binary(BinaryFunction.SUB, other);
  }

  /** Returns the difference with a number. */
  public Tensor sub(double other) {
    return binary(BinaryFunction.SUB, other);
  }

  /** Returns the product of the elements, broadcast and promoted to a common dtype. */
  public Tensor mul(Tensor other) {
    return binary(BinaryFunction.MUL, other);
  }

  /** Returns the product with a number. */
  public Tensor mul(double other) {
    return binary(BinaryFunction.MUL, other);
  }

  /** Returns the true quotient, broadcast and promoted; integers divide as {@code f32}. */
  public Tensor div(Tensor other) {
    return binary(BinaryFunction.DIV, other);
  }

  /** Returns the true quotient with a number. */
  public Tensor div(double other) {
    return binary(BinaryFunction.DIV, other);
  }

  /** Returns {@code max(x, 0)}. */
  public Tensor relu() {
    return unary(UnaryFunction.RELU);
  }

  /** Returns {@code 1 / (1 + exp(-x))}. */
  public Tensor sigmoid() {
    return unary(UnaryFunction.SIGMOID);
  }

  /** Returns the hyperbolic tangent. */
  public Tensor tanh() {
    return unary(UnaryFunction.TANH);
  }

  /** Returns {@code x/2 (1 + erf(x / sqrt 2))}. */
  public Tensor gelu() {
    return unary(UnaryFunction.GELU);
  }

  /** Returns {@code x / (1 + exp(-x))}. */
  public Tensor silu() {
    return unary(UnaryFunction.SILU);
  }

  /** Returns the sum along the axes, which are dropped; of all elements where none are given. */
  public Tensor sum(int... axes) {
    return run(new Reduce(ReduceFunction.SUM, Ints.of(axes), false));
  }

  /** Returns the mean along the axes, which are dropped; of all elements where none are given. */
  public Tensor mean(int... axes) {
    return run(new Reduce(ReduceFunction.MEAN, Ints.of(axes), false));
  }

  private Tensor unary(UnaryFunction function) {
    return run(new Unary(function));
  }

  private Tensor binary(BinaryFunction function, Tensor other) {
    DType common = Promotion.of(function, dtype(), other.dtype());
    if (dtype() == common && other.dtype() == common) {
      return run(new Binary(function), other);
    }
    try (Tensor a = to(common);
        Tensor b = other.to(common)) {
      return a.run(new Binary(function), b);
    }
  }

  private Tensor binary(BinaryFunction function, double other) {
    DType common = Promotion.ofNumber(function, dtype(), other);
    try (Tensor a = to(common);
        Tensor b = full(common, other)) {
      return a.run(new Binary(function), b);
    }
  }

  private Tensor run(Op op) {
    return Engine.current().run(op, this);
  }

  private Tensor run(Op op, Tensor other) {
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

  private static Tensor adopted(Tensor tensor) {
    Scope.adopt(tensor);
    return tensor;
  }

  /** Returns the elements as NumPy prints them; large tensors are summarized. */
  @Override
  public String toString() {
    if (isClosed()) {
      return "tensor " + layout + " (closed)";
    }
    return TensorFormat.format(this);
  }

  // Data in and out.

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG;
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
    Tensor tensor = empty(Layout.of(dtype, shape));
    filler.fill(tensor.memory, count);
    return tensor;
  }

  private <A> A copied(
      DType expected, java.util.function.IntFunction<A> maker, Reader<A> reader) {
    if (dtype() != expected) {
      throw new IllegalStateException(
          "tensor: dtype " + dtype().spelling() + ", expected " + expected.spelling()
              + "; to() converts");
    }
    if (size() > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "tensor: " + size() + " elements are more than a Java array holds");
    }
    A array = maker.apply((int) size());
    try (Tensor dense = contiguous()) {
      dense.hold("toArray");
      try {
        reader.read(dense.memory, array);
      } finally {
        dense.storage.release();
      }
    }
    return array;
  }

  private static void checkBytes(MemorySegment elements, Layout layout) {
    if (elements.byteSize() != layout.byteSpan()) {
      throw new IllegalArgumentException(
          "tensor: a segment of " + elements.byteSize() + " bytes for " + layout + ", expected "
              + layout.byteSpan());
    }
  }

  /** Resolves an axis for methods that name it before there is an operator. */
  private int axis(String name, int axis, int axes) {
    int rank = Math.max(1, axes);
    if (axis < -rank || axis >= rank) {
      throw new IllegalArgumentException(
          name + ": axis " + axis + " out of range for shape " + shape());
    }
    return axis < 0 ? axis + rank : axis;
  }

  private static final class Access extends TensorAccess {
    static Tensor sharing(Tensor tensor) {
      tensor.hold("view");
      return adopted(new Tensor(tensor.storage, tensor.layout, tensor.offset));
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
      return new Tensor(tensor.storage, tensor.layout, tensor.offset);
    }

    @Override
    protected MemorySegment hold(Tensor tensor, Op op, String role, int index) {
      if (tensor.closed.get() || !tensor.storage.hold()) {
        throw new IllegalStateException(
            op.name() + ": " + role + " " + index + ", a tensor " + tensor.layout
                + ", is closed");
      }
      return tensor.memory;
    }

    @Override
    protected void release(Tensor tensor) {
      tensor.storage.release();
    }

    @Override
    protected @Nullable MemorySegment foreign(Tensor tensor) {
      return tensor.storage.foreignSegment();
    }
  }
}
