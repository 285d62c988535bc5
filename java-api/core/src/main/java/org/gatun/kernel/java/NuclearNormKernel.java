package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.kernel.Workers;
import org.gatun.op.Ints;
import org.gatun.op.NuclearNorm;
import org.jspecify.annotations.Nullable;

/**
 * {@link NuclearNorm} of f32 and f64, with any strides: columns are rotated in pairs until all are
 * at right angles; their lengths are the singular values.
 *
 * <p>Source: M. R. Hestenes, <a href="https://doi.org/10.1137/0106005">Inversion of matrices by
 * biorthogonalization and related results</a>, 1958.
 */
public final class NuclearNormKernel implements Kernel {
  /** The cosine of an angle that counts as right. */
  private static final double RIGHT = 0x1p-50;

  private static final int MOST_SWEEPS = 60;

  /** Makes the kernel. */
  public NuclearNormKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    Layout input = request.input(0);
    DType dtype = input.dtype();
    if (!(request.op() instanceof NuclearNorm(int first, int second, boolean keepDims))
        || (dtype != DType.F32 && dtype != DType.F64)) {
      return null;
    }
    int[] axes = Split.axes(Ints.of(first, second), input.rank());
    // The transposed matrix has the same singular values: the shorter side is that of the columns.
    int longer = input.dim(axes[0]) >= input.dim(axes[1]) ? 0 : 1;
    return new NuclearPlan(
        dtype,
        Nest.of(Split.result(request.output(0), axes, keepDims), Split.across(input, axes)),
        Math.toIntExact(input.dim(axes[longer])),
        input.stride(axes[longer]) * dtype.byteSize(),
        Math.toIntExact(input.dim(axes[1 - longer])),
        input.stride(axes[1 - longer]) * dtype.byteSize(),
        request.context().workers(),
        request.threads());
  }

  /**
   * @param kept the results, and the first elements of their matrices
   * @param rows the elements of a column
   * @param rowStep the bytes from one of them to the next
   * @param columns the number of columns
   * @param columnStep the bytes from one to the next
   */
  private record NuclearPlan(
      DType dtype,
      Nest kept,
      int rows,
      long rowStep,
      int columns,
      long columnStep,
      Workers workers,
      int threads)
      implements Plan {
    @Override
    public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
      long src = inputs[0].address();
      long dst = outputs[0].address();
      kept.run(
          workers,
          threads,
          1,
          (at, height, width) -> {
            double[][] matrix = new double[columns][rows];
            float[] buffer = new float[rows];
            for (long row = 0; row < height; row++) {
              for (long column = 0; column < width; column++) {
                long s = src + at[1] + row * kept.rowStride(1) + column * kept.columnStride(1);
                long d = dst + at[0] + row * kept.rowStride(0) + column * kept.columnStride(0);
                for (int j = 0; j < columns; j++) {
                  ElementRows.read(dtype, s + j * columnStep, rowStep, matrix[j], rows, buffer);
                }
                ElementRows.store(dtype, d, sumOfSingularValues(matrix));
              }
            }
          });
    }

    @Override
    public String implementation() {
      return "java:scalar";
    }
  }

  private static double sumOfSingularValues(double[][] columns) {
    boolean rotated = true;
    for (int sweep = 0; rotated && sweep < MOST_SWEEPS; sweep++) {
      rotated = false;
      for (int i = 0; i < columns.length; i++) {
        for (int j = i + 1; j < columns.length; j++) {
          rotated |= rotate(columns[i], columns[j]);
        }
      }
    }
    double sum = 0;
    for (double[] column : columns) {
      sum += Math.sqrt(product(column, column));
    }
    // Infinite elements give infinite lengths, whose rotations are no numbers.
    return Double.isInfinite(sum) ? Double.NaN : sum;
  }

  /** Rotates two columns so that they are at right angles; returns whether they were not. */
  private static boolean rotate(double[] x, double[] y) {
    double xx = product(x, x);
    double yy = product(y, y);
    double xy = product(x, y);
    if (!(Math.abs(xy) > RIGHT * Math.sqrt(xx * yy))) {
      return false;
    }
    double zeta = (yy - xx) / (2 * xy);
    double tangent = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
    double cosine = 1 / Math.hypot(1, tangent);
    double sine = cosine * tangent;
    for (int i = 0; i < x.length; i++) {
      double before = x[i];
      x[i] = cosine * before - sine * y[i];
      y[i] = sine * before + cosine * y[i];
    }
    return true;
  }

  private static double product(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
