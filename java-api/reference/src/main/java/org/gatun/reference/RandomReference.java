package org.gatun.reference;

import java.util.List;
import org.gatun.op.Dropout;
import org.gatun.op.Random;

/** Operators with a random part, by the definition of Philox4x32-10. */
final class RandomReference {
  private static final long[] MULTIPLIERS = {0xD2511F53L, 0xCD9E8D57L};
  private static final long[] WEYL = {0x9E3779B9L, 0xBB67AE85L};
  private static final long WORD = 0xFFFFFFFFL;

  private RandomReference() {}

  static List<NdArray> evaluate(Random op, List<NdArray> inputs) {
    return switch (op) {
      case Dropout(double p) -> List.of(dropout(p, inputs.get(0), inputs.get(1)));
    };
  }

  private static NdArray dropout(double p, NdArray x, NdArray seed) {
    NdArray y = NdArray.zeros(x.dtype(), x.shape());
    double scale = p == 1 ? 0 : 1 / (1 - p);
    for (int i = 0; i < x.size(); i++) {
      long word = word((long) seed.values()[0], i, (long) seed.values()[1]);
      y.values()[i] = x.values()[i] * (word < Math.rint(p * 0x1p32) ? 0 : scale);
    }
    return y;
  }

  private static long word(long seed, long index, long offset) {
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
}
