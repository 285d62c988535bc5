package org.gatun.reference;

import java.math.BigInteger;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.AlphaDropout;
import org.gatun.op.Bernoulli;
import org.gatun.op.Dropout;
import org.gatun.op.Exponential;
import org.gatun.op.Normal;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Stochastic;
import org.gatun.op.Uniform;

/** Operators with a random part, by the definitions of Philox4x32-10 and of the distributions. */
final class StochasticReference {
  private static final long[] MULTIPLIERS = {0xD2511F53L, 0xCD9E8D57L};
  private static final long[] WEYL = {0x9E3779B9L, 0xBB67AE85L};
  private static final long WORD = 0xFFFFFFFFL;
  private static final int NEWTON_STEPS = 60;

  /** The least number whose probability is a normal double. */
  private static final double LEAST_QUANTILE = -37.5;

  private StochasticReference() {}

  static List<NdArray> evaluate(Stochastic op, List<NdArray> inputs, List<Layout> outputs) {
    Words words = new Words(inputs.getLast());
    NdArray y = NdArray.zeros(outputs.getFirst().dtype(), outputs.getFirst().shape());
    boolean wide = y.dtype() == DType.F64;
    IntToDoubleFunction element =
        switch (op) {
          case AlphaDropout(double p, int shared) ->
              alphaDropout(inputs.getFirst(), p, shared, words);
          case Bernoulli() -> bernoulli(inputs.getFirst(), words);
          case Dropout(double p, int shared) -> dropout(inputs.getFirst(), p, shared, words);
          case Exponential e -> i -> -Math.log(words.between(i, wide)) / e.rate();
          case Normal n -> normal(n, words);
          case RandomIntegers(long low, long high, DType _, var _) ->
              i -> low + words.below(i, high - low);
          case Uniform(double low, double high, DType _, var _) ->
              i ->
                  low
                      + (high - low)
                          * (wide
                              ? (words.twice(i) >>> 11) / 0x1p53
                              : (words.word(i) >>> 8) / 0x1p24);
        };
    for (int i = 0; i < y.size(); i++) {
      y.values()[i] = element.applyAsDouble(i);
    }
    return List.of(y);
  }

  private static IntToDoubleFunction dropout(NdArray x, double p, int shared, Words words) {
    int run = run(x, shared);
    double kept = p == 1 ? 0 : 1 / (1 - p);
    return i -> x.values()[i] * (words.word(i / run) < Math.rint(p * 0x1p32) ? 0 : kept);
  }

  private static IntToDoubleFunction alphaDropout(NdArray x, double p, int shared, Words words) {
    int run = run(x, shared);
    double limit = 1.7580993408473766;
    double a = p == 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * limit * limit));
    return i ->
        words.word(i / run) < Math.rint(p * 0x1p32)
            ? 0 * x.values()[i] - a * limit * (1 - p)
            : a * x.values()[i] + a * limit * p;
  }

  private static int run(NdArray x, int shared) {
    int run = 1;
    for (int axis = x.rank() - shared; axis < x.rank(); axis++) {
      run *= x.dim(axis);
    }
    return run;
  }

  private static IntToDoubleFunction bernoulli(NdArray p, Words words) {
    for (int i = 0; i < p.size(); i++) {
      if (!(p.values()[i] >= 0 && p.values()[i] <= 1)) {
        throw new IllegalArgumentException(
            "bernoulli: p "
                + p.values()[i]
                + " at position "
                + i
                + ", expected a number from 0 to 1");
      }
    }
    return i -> words.word(i) < Math.rint(p.values()[i] * 0x1p32) ? 1 : 0;
  }

  private static IntToDoubleFunction normal(Normal op, Words words) {
    boolean wide = op.dtype() == DType.F64;
    if (!op.isTruncated() || op.std() == 0) {
      return i -> clamp(op, op.mean() + op.std() * quantile(words.between(i, wide)));
    }
    boolean mirrored = op.low() > op.mean();
    double low = (op.low() - op.mean()) / op.std();
    double high = (op.high() - op.mean()) / op.std();
    double from = probability(mirrored ? -high : low);
    double to = probability(mirrored ? -low : high);
    return i -> {
      double z = quantile(from + (to - from) * words.between(i, wide));
      return clamp(op, op.mean() + op.std() * (mirrored ? -z : z));
    };
  }

  private static double clamp(Normal op, double value) {
    return Math.min(Math.max(value, op.low()), op.high());
  }

  /** Returns the probability of a standard normal number below z. */
  private static double probability(double z) {
    return Double.isInfinite(z) ? z < 0 ? 0 : 1 : ErrorFunction.complement(-z / Math.sqrt(2)) / 2;
  }

  /** Returns the z with that probability, by Newton's method on its logarithm. */
  private static double quantile(double p) {
    if (p > 0.5) {
      return -quantile(1 - p);
    }
    double z = 0;
    for (int i = 0; i < NEWTON_STEPS; i++) {
      double at = probability(z);
      double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
      double step = Math.log(at / p) * at / density;
      if (z - step == z) {
        break;
      }
      // From above a small root, the first step goes far below it.
      z = Math.max(z - step, LEAST_QUANTILE);
    }
    return z;
  }

  /** The stream of words of a seed. */
  private record Words(long seed, long offset) {
    Words(NdArray seed) {
      this((long) seed.values()[0], (long) seed.values()[1]);
    }

    /** Returns 32 bits. */
    long word(long index) {
      long[] key = {seed & WORD, seed >>> 32};
      long[] counter = {(index / 4) & WORD, (index / 4) >>> 32, offset & WORD, offset >>> 32};
      for (int round = 0; round < 10; round++) {
        long low = MULTIPLIERS[0] * counter[0];
        long high = MULTIPLIERS[1] * counter[2];
        counter =
            new long[] {
              (high >>> 32) ^ counter[1] ^ key[0],
              high & WORD,
              (low >>> 32) ^ counter[3] ^ key[1],
              low & WORD
            };
        key = new long[] {key[0] + WEYL[0] & WORD, key[1] + WEYL[1] & WORD};
      }
      return counter[(int) (index % 4)];
    }

    /** Returns 64 bits. */
    long twice(long index) {
      return word(2 * index) | (word(2 * index + 1) << 32);
    }

    /** Returns 64 bits, as a fraction of 1, times a range without a sign, rounded down. */
    long below(long index, long range) {
      BigInteger bits = new BigInteger(Long.toUnsignedString(twice(index)));
      return bits.multiply(new BigInteger(Long.toUnsignedString(range))).shiftRight(64).longValue();
    }

    /** Returns a number between 0 and 1 that is neither. */
    double between(long index, boolean wide) {
      return wide ? ((twice(index) >>> 12) + 0.5) / 0x1p52 : (word(index) + 0.5) / 0x1p32;
    }
  }
}
