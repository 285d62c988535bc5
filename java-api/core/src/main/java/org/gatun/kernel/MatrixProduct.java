package org.gatun.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Contraction;
import org.gatun.op.Gemm;
import org.gatun.op.Linear;
import org.gatun.op.Longs;
import org.gatun.op.MatMul;
import org.jspecify.annotations.Nullable;

/**
 * A contraction as a BLAS sees it: for each index of a batch {@code C = alpha A B}, or {@code C =
 * alpha A B + beta bias}, where A is m x k, B is k x n, and every dimension of every operand has a
 * stride of its own.
 *
 * <p>Vectors have become matrices of one row or column, transposed weights are a matter of strides,
 * and the batch is as short as it can be: dimensions of size 1 are gone, those that lie one behind
 * the other are joined, and where all rows meet the same B they are rows of one large A.
 *
 * @param dtype the type of all elements
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 * @param batch the dimensions of the batch; none where there is one product
 * @param a the left operand, input 0
 * @param b the right operand, input 1
 * @param c the result, output 0
 * @param alpha what the product is multiplied by
 * @param bias where the numbers of input 2 are that are added, null where there is none
 */
public record MatrixProduct(
    DType dtype,
    long m,
    long n,
    long k,
    Longs batch,
    Matrix a,
    Matrix b,
    Matrix c,
    double alpha,
    @Nullable Bias bias) {

  /** Makes a product that is not multiplied by anything. */
  public MatrixProduct(
      DType dtype,
      long m,
      long n,
      long k,
      Longs batch,
      Matrix a,
      Matrix b,
      Matrix c,
      @Nullable Bias bias) {
    this(dtype, m, n, k, batch, a, b, c, 1, bias);
  }

  /**
   * Which number is added to an element of C.
   *
   * @param at where the number for each element of C is; strides of 0 repeat it
   * @param beta what it is multiplied by, not 0
   */
  public record Bias(Matrix at, double beta) {
    /** Returns whether the same row of numbers, side by side, is added as it is to each row. */
    public boolean isPlain(long columns) {
      return beta == 1
          && at.row() == 0
          && (columns == 1 || at.column() == 1)
          && Arrays.stream(at.batch().toArray()).allMatch(stride -> stride == 0);
    }
  }

  /**
   * Where the elements of a matrix are, all in elements.
   *
   * @param row from one row to the next
   * @param column from one column to the next
   * @param batch from one index of each batch dimension to the next; 0 where the matrix is the same
   *     for all
   */
  public record Matrix(long row, long column, Longs batch) {
    /** Returns the matrix with rows and columns exchanged. */
    public Matrix transposed() {
      return new Matrix(column, row, batch);
    }

    /**
     * Returns whether a BLAS reads it, of {@code rows} x {@code columns}: the columns, or the rows,
     * lie side by side, and the others do not share elements.
     */
    public boolean isBlas(long rows, long columns) {
      return hasRows(rows, columns) || transposed().hasRows(columns, rows);
    }

    /** Returns whether each row lies side by side; a dimension of one index has no stride. */
    public boolean hasRows(long rows, long columns) {
      return (columns <= 1 || column == 1) && (rows <= 1 || row >= columns);
    }

    /**
     * Returns the elements from one row to the next for {@link #hasRows}: never less than a row.
     */
    public long leading(long rows, long columns) {
      return rows <= 1 ? Math.max(1, columns) : row;
    }
  }

  /**
   * Returns the product that an operator computes.
   *
   * @param inputs the layouts of its inputs, which it has checked
   * @param output the layout of its result
   */
  public static MatrixProduct of(Contraction op, List<Layout> inputs, Layout output) {
    return switch (op) {
      case Gemm(double alpha, double beta) ->
          matmul(
              inputs.get(0), inputs.get(1), output, alpha, beta == 0 ? null : inputs.get(2), beta);
      case Linear(boolean bias) -> linear(inputs, output, bias);
      case MatMul _ -> matmul(inputs.get(0), inputs.get(1), output, 1, null, 0);
    };
  }

  private static MatrixProduct linear(List<Layout> inputs, Layout output, boolean bias) {
    Layout x = inputs.get(0);
    Layout weights = inputs.get(1);
    boolean vector = weights.rank() == 1;
    Dims dims = new Dims();
    for (int axis = 0; axis < x.rank() - 1; axis++) {
      dims.add(x.dim(axis), x.stride(axis), 0, output.stride(axis), 0);
    }
    return dims.fold(
        output.dtype(),
        1,
        vector ? 1 : weights.dim(0),
        x.dim(-1),
        new long[] {0, x.stride(-1)},
        new long[] {weights.stride(-1), vector ? 0 : weights.stride(0)},
        new long[] {0, vector ? 0 : output.stride(-1)},
        1,
        bias ? new long[] {0, vector ? 0 : inputs.get(2).stride(0)} : null,
        1);
  }

  private static MatrixProduct matmul(
      Layout a, Layout b, Layout output, double alpha, @Nullable Layout bias, double beta) {
    boolean row = a.rank() == 1;
    boolean column = b.rank() == 1;
    int rank = output.rank() - (row ? 0 : 1) - (column ? 0 : 1);
    int dropped = (row ? 1 : 0) + (column ? 1 : 0);
    Dims dims = new Dims();
    for (int axis = 0; axis < rank; axis++) {
      int fromEnd = axis - rank - 2;
      dims.add(
          output.dim(axis),
          batchStride(a, fromEnd),
          batchStride(b, fromEnd),
          output.stride(axis),
          bias == null ? 0 : batchStride(bias, fromEnd + dropped));
    }
    return dims.fold(
        output.dtype(),
        row ? 1 : a.dim(-2),
        column ? 1 : b.dim(-1),
        a.dim(-1),
        new long[] {row ? 0 : a.stride(-2), a.stride(-1)},
        new long[] {column ? b.stride(0) : b.stride(-2), column ? 0 : b.stride(-1)},
        new long[] {row ? 0 : output.stride(column ? -1 : -2), column ? 0 : output.stride(-1)},
        alpha,
        bias == null
            ? null
            : new long[] {
              row ? 0 : batchStride(bias, column ? -1 : -2), column ? 0 : batchStride(bias, -1)
            },
        beta);
  }

  /** Returns the stride of a dimension, counted from the last; 0 where it is broadcast. */
  private static long batchStride(Layout layout, int fromEnd) {
    return layout.rank() < -fromEnd || layout.dim(fromEnd) == 1 ? 0 : layout.stride(fromEnd);
  }

  /** The dimensions of a batch while they are being joined, outermost first. */
  private static final class Dims {
    private final List<long[]> dims = new ArrayList<>();

    /** Adds a dimension inside those that are there, joined to the last where the strides allow. */
    void add(long size, long a, long b, long c, long bias) {
      if (size == 1) {
        return;
      }
      if (!dims.isEmpty()) {
        long[] outer = dims.getLast();
        if (outer[1] == a * size
            && outer[2] == b * size
            && outer[3] == c * size
            && outer[4] == bias * size) {
          dims.set(dims.size() - 1, new long[] {outer[0] * size, a, b, c, bias});
          return;
        }
      }
      dims.add(new long[] {size, a, b, c, bias});
    }

    /** Makes rows of the innermost dimensions that all meet the same B. */
    MatrixProduct fold(
        DType dtype,
        long rows,
        long n,
        long k,
        long[] a,
        long[] b,
        long[] c,
        double alpha,
        long @Nullable [] bias,
        double beta) {
      long m = rows;
      while (!dims.isEmpty()) {
        long[] inner = dims.getLast();
        boolean follows =
            inner[1] == m * a[0]
                && inner[3] == m * c[0]
                && (bias == null || inner[4] == m * bias[0]);
        if (inner[2] != 0 || (m != 1 && !follows)) {
          break;
        }
        if (m == 1) {
          a[0] = inner[1];
          c[0] = inner[3];
          if (bias != null) {
            bias[0] = inner[4];
          }
        }
        m *= inner[0];
        dims.removeLast();
      }
      return new MatrixProduct(
          dtype,
          m,
          n,
          k,
          column(0),
          new Matrix(a[0], a[1], column(1)),
          new Matrix(b[0], b[1], column(2)),
          new Matrix(c[0], c[1], column(3)),
          alpha,
          bias == null ? null : new Bias(new Matrix(bias[0], bias[1], column(4)), beta));
    }

    private Longs column(int index) {
      return Longs.of(dims.stream().mapToLong(dim -> dim[index]).toArray());
    }
  }

  /** Returns the number of products, 1 where there is no batch. */
  public long batches() {
    long count = 1;
    for (int i = 0; i < batch.size(); i++) {
      count *= batch.get(i);
    }
    return count;
  }

  /** Returns the multiplications of one of the products. */
  public double work() {
    return (double) m * n * k;
  }

  /** Returns whether there is nothing to multiply: the result is empty, or the bias, or zeros. */
  public boolean isEmpty() {
    return m == 0 || n == 0 || k == 0 || alpha == 0 || batches() == 0;
  }

  /** Returns whether a BLAS reads and writes all operands where they are. */
  public boolean isBlas() {
    return a.isBlas(m, k) && b.isBlas(k, n) && c.isBlas(m, n);
  }

  /** Returns the elements from an operand's first matrix to the one at an index of the batch. */
  public long offset(Matrix matrix, long index) {
    long offset = 0;
    long rest = index;
    for (int i = batch.size() - 1; i >= 0; i--) {
      offset += rest % batch.get(i) * matrix.batch().get(i);
      rest /= batch.get(i);
    }
    return offset;
  }

  /** Returns C^T = B^T A^T. */
  public MatrixProduct transposed() {
    return new MatrixProduct(
        dtype,
        n,
        m,
        k,
        batch,
        b.transposed(),
        a.transposed(),
        c.transposed(),
        alpha,
        bias == null ? null : new Bias(bias.at().transposed(), bias.beta()));
  }

  /** Copies the bias to C, for each index of the batch. */
  public void copyBias(MemorySegment numbers, MemorySegment result) {
    int size = dtype.byteSize();
    long batches = batches();
    for (long index = 0; index < batches && bias != null; index++) {
      copyBias(
          numbers.asSlice(offset(bias.at(), index) * size),
          result.asSlice(offset(c, index) * size),
          m,
          n);
    }
  }

  /**
   * Copies the bias to a block of C, along what lies side by side in C.
   *
   * @param numbers the bias, from the first number to copy
   * @param block C, from the first element to write
   * @param m rows of the block
   * @param n columns of the block
   */
  public void copyBias(MemorySegment numbers, MemorySegment block, long m, long n) {
    if (bias == null) {
      throw new IllegalStateException("the product has no bias");
    }
    Matrix from = bias.at();
    if (c.hasRows(m, n)) {
      copyRows(numbers, from, block, c, m, n);
    } else {
      copyRows(numbers, from.transposed(), block, c.transposed(), n, m);
    }
  }

  private void copyRows(
      MemorySegment numbers, Matrix from, MemorySegment block, Matrix to, long rows, long columns) {
    int size = dtype.byteSize();
    long rowBytes = columns * size;
    for (long row = 0; row < rows; row++) {
      long at = row * to.row() * size;
      if (row > 0 && from.row() == 0 && to.column() == 1) {
        MemorySegment.copy(block, 0, block, at, rowBytes);
      } else if (from.column() == 1 && to.column() == 1) {
        MemorySegment.copy(numbers, row * from.row() * size, block, at, rowBytes);
      } else {
        for (long column = 0; column < columns; column++) {
          long number = row * from.row() + column * from.column();
          MemorySegment.copy(numbers, number * size, block, at + column * to.column() * size, size);
        }
      }
    }
  }
}
