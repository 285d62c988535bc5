package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.Ints;
import org.jspecify.annotations.Nullable;

/**
 * {@link CosineSimilarity} of f32 and f64 with any strides, in double: product and squares in one
 * pass, by way of arrays.
 */
public final class CosineSimilarityKernel implements Kernel {
  private static final long GRAIN = 8 * 1024;

  /** Sums that run side by side. */
  private static final int WIDTH = 128;

  /** Makes the kernel. */
  public CosineSimilarityKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    DType dtype = request.input(0).dtype();
    if (!(request.op() instanceof CosineSimilarity(int axis, double eps))
        || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    int rank = Math.max(request.input(0).rank(), request.input(1).rank());
    Layout a = expanded(request.input(0), request.input(1), rank);
    Layout b = expanded(request.input(1), request.input(0), rank);
    int[] axes = Split.axes(Ints.of(axis), rank);
    Layout alongA = Split.along(a, axes);
    Layout alongB = Split.along(b, axes);
    return new CosinePlan(
        dtype,
        eps,
        Nest.of(request.output(0), Split.across(a, axes), Split.across(b, axes)),
        alongA.size(),
        alongA.rank() == 0 ? 0 : alongA.stride(0) * dtype.byteSize(),
        alongB.rank() == 0 ? 0 : alongB.stride(0) * dtype.byteSize(),
        request.context().workers(),
        request.threads());
  }

  /** Returns the layout of an operand in the shape that it and another broadcast to. */
  private static Layout expanded(Layout operand, Layout other, int rank) {
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long own = i <= operand.rank() ? operand.dim(operand.rank() - i) : 1;
      long wanted = i <= other.rank() ? other.dim(other.rank() - i) : 1;
      dims[rank - i] = own == 1 ? wanted : own;
      strides[rank - i] = own == 1 ? 0 : operand.stride(operand.rank() - i);
    }
    return Layout.of(operand.dtype(), Shape.of(dims), strides);
  }

  /**
   * @param kept the results, and the first elements of their vectors
   * @param length the elements of a vector
   * @param stepA the bytes from one element of the first vector to the next
   * @param stepB likewise for the second
   */
  private record CosinePlan(
      DType dtype,
      double eps,
      Nest kept,
      long length,
      long stepA,
      long stepB,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      if (kept.size() == 0) {
        return;
      }
      long a = inputs[0].address();
      long b = inputs[1].address();
      long dst = outputs[0].address();
      long grain = Math.max(1, GRAIN / Math.max(1, length));
      boolean sideBySide = kept.columns() > 1 && kept.columnStride(1) < stepA;
      if (sideBySide) {
        kept.run(
            workers,
            threads,
            grain,
            1,
            WIDTH,
            (at, _, columns) -> across(new Sums((int) columns), a + at[1], b + at[2], dst + at[0]));
      } else {
        kept.run(
            workers,
            threads,
            grain,
            (at, rows, columns) -> {
              Sums sums = new Sums((int) Math.min(WIDTH, length));
              for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                  double cosine =
                      along(
                          sums,
                          a + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1),
                          b + at[2] + row * kept.rowStride(2) + column * kept.columnStride(2));
                  ElementRows.store(
                      dtype,
                      dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0),
                      cosine);
                }
              }
            });
      }
    }

    private double along(Sums sums, long a, long b) {
      sums.clear();
      for (long i = 0; i < length; i += WIDTH) {
        int n = (int) Math.min(WIDTH, length - i);
        sums.add(dtype, a + i * stepA, stepA, b + i * stepB, stepB, n);
      }
      return sums.cosineOfAll(eps);
    }

    private void across(Sums sums, long a, long b, long dst) {
      int columns = sums.products.length;
      for (long i = 0; i < length; i++) {
        sums.add(
            dtype,
            a + i * stepA,
            kept.columnStride(1),
            b + i * stepB,
            kept.columnStride(2),
            columns);
      }
      for (int j = 0; j < columns; j++) {
        ElementRows.store(dtype, dst + j * kept.columnStride(0), sums.cosine(j, eps));
      }
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  /** Sums of products and squares, side by side. */
  private static final class Sums {
    private final double[] products;
    private final double[] squaresA;
    private final double[] squaresB;
    private final double[] x;
    private final double[] y;
    private final float[] buffer;

    Sums(int count) {
      products = new double[count];
      squaresA = new double[count];
      squaresB = new double[count];
      x = new double[count];
      y = new double[count];
      buffer = new float[count];
    }

    void clear() {
      Arrays.fill(products, 0);
      Arrays.fill(squaresA, 0);
      Arrays.fill(squaresB, 0);
    }

    void add(DType dtype, long a, long stepA, long b, long stepB, int count) {
      ElementRows.read(dtype, a, stepA, x, count, buffer);
      ElementRows.read(dtype, b, stepB, y, count, buffer);
      for (int i = 0; i < count; i++) {
        products[i] += x[i] * y[i];
        squaresA[i] += x[i] * x[i];
        squaresB[i] += y[i] * y[i];
      }
    }

    double cosine(int i, double eps) {
      return products[i]
          / (Math.max(Math.sqrt(squaresA[i]), eps) * Math.max(Math.sqrt(squaresB[i]), eps));
    }

    double cosineOfAll(double eps) {
      if (products.length == 0) {
        return 0;
      }
      ScalarTermLoops.addPairs(products);
      ScalarTermLoops.addPairs(squaresA);
      ScalarTermLoops.addPairs(squaresB);
      return cosine(0, eps);
    }
  }
}
