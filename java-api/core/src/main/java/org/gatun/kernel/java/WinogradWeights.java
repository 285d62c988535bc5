package org.gatun.kernel.java;

import java.lang.foreign.MemorySegment;

/** The transform of weights: {@code G g G^T}. */
final class WinogradWeights {
  private WinogradWeights() {}

  /**
   * Writes 16 matrices (in, out), computed in double and rounded once.
   *
   * @param weights (out, in, 3, 3), in row-major order
   */
  static void transform(MemorySegment weights, long ins, long outs, MemorySegment to) {
    float[] g = new float[9];
    double[] rows = new double[12];
    for (long in = 0; in < ins; in++) {
      for (long out = 0; out < outs; out++) {
        long at = (out * ins + in) * 9 * Float.BYTES;
        for (int i = 0; i < 9; i++) {
          g[i] = weights.get(Elements.FLOAT, at + (long) i * Float.BYTES);
        }
        for (int j = 0; j < 3; j++) {
          rows[j] = g[j];
          rows[3 + j] = ((double) g[j] + g[3 + j] + g[6 + j]) / 2;
          rows[6 + j] = ((double) g[j] - g[3 + j] + g[6 + j]) / 2;
          rows[9 + j] = g[6 + j];
        }
        for (int i = 0; i < 4; i++) {
          double a = rows[3 * i];
          double b = rows[3 * i + 1];
          double c = rows[3 * i + 2];
          set(to, outs, ins, 4 * i, in, out, a);
          set(to, outs, ins, 4 * i + 1, in, out, (a + b + c) / 2);
          set(to, outs, ins, 4 * i + 2, in, out, (a - b + c) / 2);
          set(to, outs, ins, 4 * i + 3, in, out, c);
        }
      }
    }
  }

  private static void set(
      MemorySegment to, long outs, long ins, int plane, long in, long out, double value) {
    to.set(Elements.FLOAT, ((plane * ins + in) * outs + out) * Float.BYTES, (float) value);
  }
}
