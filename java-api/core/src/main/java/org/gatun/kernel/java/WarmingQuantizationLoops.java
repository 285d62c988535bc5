package org.gatun.kernel.java;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The loops of quantization with the Vector API, which do nothing until they are compiled: those
 * over arrays, which give the same bits, do everything meanwhile.
 */
final class WarmingQuantizationLoops implements QuantizationLoops {
  static final QuantizationLoops INSTANCE = new WarmingQuantizationLoops();

  private static final int COUNT = 413;

  /** Bytes of this number are floats of ordinary size, for the slices of others. */
  private static final int ORDINARY = 0x3F;

  private static final Bounds BYTES = new Bounds(ORDINARY, ORDINARY, ORDINARY + 1);

  private final QuantizationLoops vector = VectorProvider.quantization();

  private final WarmUp quantize =
      new WarmUp(memory -> vector.quantize(memory, last(memory), COUNT, 10, BYTES));
  private final WarmUp dequantize =
      new WarmUp(memory -> vector.dequantize(memory, true, last(memory), COUNT, 0, 1));
  private final WarmUp range = new WarmUp(memory -> vector.range(memory, COUNT, new float[2]));
  private final WarmUp scaled = new WarmUp(memory -> row(memory, null));
  private final WarmUp rounded = new WarmUp(memory -> row(memory, BYTES));

  private WarmingQuantizationLoops() {}

  private static long last(long memory) {
    return memory + 3 * WarmUp.OPERAND_BYTES;
  }

  private void row(long memory, @Nullable Bounds bounds) {
    float[] factors = new float[COUNT];
    Arrays.fill(factors, 1e-9f);
    RowTerms terms = new RowTerms(0, new int[COUNT], 0, null, null, factors, null, 1, bounds);
    int _ = vector.row(memory, last(memory), COUNT, terms);
  }

  @Override
  public long quantize(long src, long dst, long count, float scale, Bounds bounds) {
    return quantize.isDone(count) ? vector.quantize(src, dst, count, scale, bounds) : 0;
  }

  @Override
  public long dequantize(long src, boolean unsigned, long dst, long count, int zero, float scale) {
    return dequantize.isDone(count) ? vector.dequantize(src, unsigned, dst, count, zero, scale) : 0;
  }

  @Override
  public long range(long src, long count, float[] bounds) {
    return range.isDone(count) ? vector.range(src, count, bounds) : 0;
  }

  @Override
  public int row(long sums, long dst, int count, RowTerms terms) {
    WarmUp loop = terms.bounds() == null ? scaled : rounded;
    return loop.isDone(count) ? vector.row(sums, dst, count, terms) : 0;
  }
}
