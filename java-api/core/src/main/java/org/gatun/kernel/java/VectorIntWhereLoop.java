package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Chooses elements of 4 bytes by booleans, with the Vector API. */
final class VectorIntWhereLoop implements PointwiseLoop {
  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();
  private static final int SIZE = Integer.BYTES;

  VectorIntWhereLoop() {}

  @Override
  public void run(long condition, long a, long b, long dst, long count, int which) {
    long full = SPECIES.loopBound(count);
    vectors(condition, a, b, dst, full);
    long more = full * SIZE;
    WhereLoop.ints(condition + full, a + more, b + more, dst + more, count - full);
  }

  private static void vectors(long condition, long a, long b, long dst, long full) {
    for (long i = 0; i < full; i += LANES) {
      VectorMask<Integer> chosen = VectorMask.fromLong(SPECIES, Masks.load(condition + i, LANES));
      load(b + i * SIZE)
          .blend(load(a + i * SIZE), chosen)
          .intoMemorySegment(ALL, dst + i * SIZE, ORDER);
    }
  }

  private static IntVector load(long address) {
    return IntVector.fromMemorySegment(SPECIES, ALL, address, ORDER);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }
}
