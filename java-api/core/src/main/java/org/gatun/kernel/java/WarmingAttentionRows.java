package org.gatun.kernel.java;

/**
 * The loops of attention with the Vector API, in whose place those in plain Java run until the
 * first are compiled.
 */
final class WarmingAttentionRows implements AttentionRows {
  static final AttentionRows INSTANCE = new WarmingAttentionRows();

  private static final int ROWS = 4;
  private static final int COLUMNS = 99;
  private static final long ROW = (long) COLUMNS * Float.BYTES;
  private static final Seen SEEN = new Seen(COLUMNS, 0);

  private final AttentionRows vector = VectorProvider.attentionRows();
  private final AttentionRows scalar =
      new ScalarFloatAttentionRows(VectorFloatMath.FLOATS.length());

  private final WarmUp max =
      new WarmUp(memory -> vector.max(memory, ROWS, COLUMNS, SEEN, new double[ROWS]));
  private final WarmUp maskedMax = new WarmUp(this::maskedSlice);
  private final WarmUp exp =
      new WarmUp(
          memory -> vector.exp(last(memory), ROWS, COLUMNS, SEEN, numbers(1.5), new double[ROWS]));
  private final WarmUp divide =
      new WarmUp(memory -> vector.divide(last(memory), ROW, ROWS, COLUMNS, numbers(1)));

  private WarmingAttentionRows() {}

  private static long last(long memory) {
    return memory + 3 * WarmUp.OPERAND_BYTES;
  }

  private static double[] numbers(double number) {
    return new double[] {number, number, number, number};
  }

  /** Halves the numbers before it adds some: they do not grow from slice to slice. */
  private void maskedSlice(long memory) {
    long row = last(memory);
    vector.divide(row, ROW, ROWS, COLUMNS, numbers(2));
    vector.maskedMax(row, ROWS, COLUMNS, SEEN, memory, ROW, new double[ROWS]);
  }

  @Override
  public String implementation() {
    return vector.implementation();
  }

  private AttentionRows of(WarmUp loop, int rows, int columns) {
    return loop.isDone((long) rows * columns) ? vector : scalar;
  }

  @Override
  public void max(long at, int rows, int columns, Seen seen, double[] max) {
    of(this.max, rows, columns).max(at, rows, columns, seen, max);
  }

  @Override
  public void maskedMax(
      long at, int rows, int columns, Seen seen, long mask, long maskRow, double[] max) {
    of(maskedMax, rows, columns).maskedMax(at, rows, columns, seen, mask, maskRow, max);
  }

  @Override
  public void exp(long at, int rows, int columns, Seen seen, double[] max, double[] sums) {
    of(exp, rows, columns).exp(at, rows, columns, seen, max, sums);
  }

  @Override
  public void divide(long at, long rowBytes, int rows, int columns, double[] numbers) {
    of(divide, rows, columns).divide(at, rowBytes, rows, columns, numbers);
  }
}
