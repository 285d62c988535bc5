package org.gatun.kernel.java;

import org.gatun.op.BinaryFunction;

/** {@link AttentionRows} by {@link Loops}, a row after the other. */
record LoopsAttentionRows(Loops loops, int size) implements AttentionRows {
  @Override
  public String implementation() {
    return loops.implementation();
  }

  @Override
  public void max(long at, int rows, int columns, Seen seen, double[] max) {
    for (int row = 0; row < rows; row++) {
      int count = seen.of(row, columns);
      max[row] = count == 0 ? Double.NEGATIVE_INFINITY : loops.max(row(at, row, columns), count);
    }
  }

  @Override
  public void maskedMax(
      long at, int rows, int columns, Seen seen, long mask, long maskRow, double[] max) {
    for (int row = 0; row < rows; row++) {
      long to = row(at, row, columns);
      loops.binary(BinaryFunction.ADD, to, mask + row * maskRow, to, seen.of(row, columns));
    }
    max(at, rows, columns, seen, max);
  }

  @Override
  public void exp(long at, int rows, int columns, Seen seen, double[] max, double[] sums) {
    for (int row = 0; row < rows; row++) {
      long to = row(at, row, columns);
      int count = max[row] == Double.NEGATIVE_INFINITY ? 0 : seen.of(row, columns);
      loops.exp(to, max[row], to, count);
      loops.fill(to + (long) count * size, 0, columns - count);
      double sum = 0;
      for (int i = 0; i < count; i += Loops.BLOCK) {
        sum += loops.sum(to + (long) i * size, Math.min(Loops.BLOCK, count - i));
      }
      sums[row] = sum;
    }
  }

  @Override
  public void divide(long at, long rowBytes, int rows, int columns, double[] numbers) {
    for (int row = 0; row < rows; row++) {
      if (numbers[row] != 0) {
        long to = at + row * rowBytes;
        loops.binaryRight(BinaryFunction.MUL, to, 1 / numbers[row], to, columns);
      }
    }
  }

  private long row(long at, int row, int columns) {
    return at + (long) row * columns * size;
  }
}
