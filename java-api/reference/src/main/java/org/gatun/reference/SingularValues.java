package org.gatun.reference;

import java.util.List;
import org.gatun.op.NuclearNorm;

/**
 * Sums of singular values: rows are rotated in pairs until the matrix times its transpose is
 * diagonal; the roots of the diagonal are the singular values.
 */
final class SingularValues {
  private static final int SWEEPS = 30;

  private SingularValues() {}

  static List<NdArray> sums(NuclearNorm op, NdArray input, NdArray result) {
    int rank = input.rank();
    int first = Math.floorMod(op.first(), rank);
    int second = Math.floorMod(op.second(), rank);
    int rows = input.dim(first);
    int columns = input.dim(second);
    for (int i = 0; i < result.size(); i++) {
      double[][] matrix = new double[rows][columns];
      int[] kept = result.index(i);
      int[] index = new int[rank];
      int next = 0;
      for (int axis = 0; axis < rank; axis++) {
        boolean reduced = axis == first || axis == second;
        index[axis] = reduced ? 0 : kept[op.keepDims() ? axis : next];
        next += reduced ? 0 : 1;
      }
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          index[first] = r;
          index[second] = c;
          matrix[r][c] = input.get(index);
        }
      }
      double sum = sum(matrix);
      result.store(i, sum, (long) rows * columns, sum);
    }
    return List.of(result);
  }

  private static double sum(double[][] matrix) {
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int i = 1; i < matrix.length; i++) {
        for (int j = 0; j < i; j++) {
          turn(matrix[i], matrix[j]);
        }
      }
    }
    double sum = 0;
    for (double[] row : matrix) {
      sum += Math.sqrt(dot(row, row));
    }
    return Double.isFinite(sum) ? sum : Double.NaN;
  }

  /** Turns two rows by the angle that makes their product vanish. */
  private static void turn(double[] a, double[] b) {
    double angle = Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b)) / 2;
    for (int i = 0; i < a.length; i++) {
      double x = a[i];
      a[i] = Math.cos(angle) * x + Math.sin(angle) * b[i];
      b[i] = Math.cos(angle) * b[i] - Math.sin(angle) * x;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
