package org.gatun.kernel.java;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Random words with the Vector API: a vector of counters at a time, each of their words in the
 * lower half of a lane of 64 bits, where products have room.
 */
final class VectorRandomLoops implements RandomLoops {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int LANES = LONGS.length();
  private static final LongVector INDEX = LongVector.zero(LONGS).addIndex(1);

  /** The first and the last lanes of two vectors in turn. */
  private static final VectorShuffle<Long> LOWER = VectorShuffle.makeZip(LONGS, 0);

  private static final VectorShuffle<Long> UPPER = VectorShuffle.makeZip(LONGS, 1);

  VectorRandomLoops() {}

  @Override
  public String implementation() {
    return "java:vector";
  }

  @Override
  public void words(long key, long high, long first, int counters, int[] words) {
    int i = 0;
    for (; i <= counters - LANES; i += LANES) {
      block(key, high, first + i, words, 4 * i);
    }
    for (; i < counters; i++) {
      Philox.words(key, first + i, high, words, 4 * i);
    }
  }

  @Override
  public void decide(float[] x, int[] words, int count, Fates fates) {
    int end = FLOATS.loopBound(count);
    FloatVector dropped = FloatVector.broadcast(FLOATS, (float) fates.dropped());
    FloatVector droppedShift = FloatVector.broadcast(FLOATS, (float) fates.droppedShift());
    FloatVector kept = FloatVector.broadcast(FLOATS, (float) fates.kept());
    FloatVector keptShift = FloatVector.broadcast(FLOATS, (float) fates.keptShift());
    for (int i = 0; i < end; i += FLOATS.length()) {
      VectorMask<Float> drop =
          IntVector.fromArray(INTS, words, i)
              .compare(VectorOperators.ULT, fates.threshold())
              .cast(FLOATS);
      FloatVector.fromArray(FLOATS, x, i)
          .mul(kept.blend(dropped, drop))
          .add(keptShift.blend(droppedShift, drop))
          .intoArray(x, i);
    }
    ScalarRandomLoops.decide(x, words, end, count, fates);
  }

  private static void block(long key, long high, long first, int[] words, int at) {
    LongVector counter = LongVector.broadcast(LONGS, first).add(INDEX);
    LongVector c0 = counter.and(Philox.WORD);
    LongVector c1 = counter.lanewise(VectorOperators.LSHR, Integer.SIZE);
    LongVector c2 = LongVector.broadcast(LONGS, high & Philox.WORD);
    LongVector c3 = LongVector.broadcast(LONGS, high >>> Integer.SIZE);
    int k0 = (int) key;
    int k1 = (int) (key >>> Integer.SIZE);
    for (int round = 0; round < Philox.ROUNDS; round++) {
      LongVector product0 = c0.mul(Philox.MULTIPLIER_0);
      LongVector product1 = c2.mul(Philox.MULTIPLIER_1);
      LongVector upper0 = product0.lanewise(VectorOperators.LSHR, Integer.SIZE);
      LongVector upper1 = product1.lanewise(VectorOperators.LSHR, Integer.SIZE);
      c0 = upper1.lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, k0 & Philox.WORD);
      c1 = product1.and(Philox.WORD);
      c2 = upper0.lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, k1 & Philox.WORD);
      c3 = product0.and(Philox.WORD);
      k0 += Philox.WEYL_0;
      k1 += Philox.WEYL_1;
    }
    LongVector left = c0.or(c1.lanewise(VectorOperators.LSHL, Integer.SIZE));
    LongVector right = c2.or(c3.lanewise(VectorOperators.LSHL, Integer.SIZE));
    IntVector lower = left.rearrange(LOWER, right).reinterpretAsInts();
    IntVector upper = left.rearrange(UPPER, right).reinterpretAsInts();
    lower.intoArray(words, at);
    upper.intoArray(words, at + 2 * LANES);
  }
}
