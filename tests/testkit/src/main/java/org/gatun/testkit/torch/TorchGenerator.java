package org.gatun.testkit.torch;

import java.util.Arrays;
import org.gatun.Tensor;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/**
 * The random numbers of PyTorch's generator for the CPU, the Mersenne Twister, seeded as its
 * samples are: what an operator makes of random numbers is checked with PyTorch's.
 *
 * <p>Source: Matsumoto and Nishimura, <a href="https://doi.org/10.1145/272991.272995">Mersenne
 * Twister</a>.
 */
final class TorchGenerator {
  /** What PyTorch's samples seed the generator with before they call an operator. */
  private static final int SEED = 42;

  private static final int SIZE = 624;
  private static final int MIDDLE = 397;
  private static final int UPPER_BIT = 0x80000000;

  private final int[] state = new int[SIZE];
  private int next = SIZE;

  private TorchGenerator() {
    state[0] = SEED;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /**
   * Returns the slopes of PyTorch's rrelu in training: it draws one for each x that is not above 0.
   */
  static Tensor slopes(Tensor x, double lower, double upper) {
    TorchGenerator generator = new TorchGenerator();
    NdArray slopes = Elements.read(x).copy();
    Arrays.setAll(
        slopes.values(),
        i -> slopes.values()[i] <= 0 ? lower + (upper - lower) * generator.uniform() : 1);
    return Elements.tensor(slopes);
  }

  /**
   * Returns 1 for each element that PyTorch's dropout keeps, and 0 for each that it drops: it draws
   * one number for each.
   */
  static Tensor kept(Tensor x, double dropped) {
    TorchGenerator generator = new TorchGenerator();
    NdArray kept = Elements.read(x).copy();
    Arrays.setAll(kept.values(), _ -> generator.uniform() < 1 - dropped ? 1 : 0);
    return Elements.tensor(kept);
  }

  /** Returns a number from 0 to 1: the lower 53 of 64 bits. */
  private double uniform() {
    long upper = (long) word() << 32;
    return ((upper | (word() & 0xFFFFFFFFL)) & ((1L << 53) - 1)) * 0x1p-53;
  }

  private int word() {
    if (next == SIZE) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void twist() {
    for (int i = 0; i < SIZE; i++) {
      int y = (state[i] & UPPER_BIT) | (state[(i + 1) % SIZE] & ~UPPER_BIT);
      int mixed = state[(i + MIDDLE) % SIZE] ^ (y >>> 1);
      state[i] = (y & 1) == 0 ? mixed : mixed ^ 0x9908b0df;
    }
    next = 0;
  }
}
