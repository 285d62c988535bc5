package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms with the Vector API. The upper and the lower half of a tile are methods of their
 * own: of more than some 25 loads and stores in one method the compiler does not inline the rest
 * any longer ({@code NodeCountInliningCutoff}), and a tile takes 110 ns instead of 15.
 */
final class VectorFloatWinogradLoops implements WinogradLoops {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long STEP = SPECIES.vectorByteSize();
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);

  VectorFloatWinogradLoops() {}

  @Override
  public int lanes() {
    return SPECIES.length();
  }

  private static FloatVector load(long at) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, at, ORDER);
  }

  private static void store(FloatVector value, long at) {
    value.intoMemorySegment(ALL, at, ORDER);
  }

  @Override
  public void input(
      long[] rows, long[] steps, long tiles, long planes, long planeStep, long bytes) {
    for (long c = 0; c < bytes; c += STEP) {
      upper(
          rows[0] + c,
          rows[1] + c,
          rows[2] + c,
          steps[0],
          steps[1],
          steps[2],
          (int) tiles,
          planes + c,
          planeStep,
          bytes);
      lower(
          rows[1] + c,
          rows[2] + c,
          rows[3] + c,
          steps[1],
          steps[2],
          steps[3],
          (int) tiles,
          planes + 8 * planeStep + c,
          planeStep,
          bytes);
    }
  }

  /** Of the columns of a tile, the last two are the first two of the next one. */
  private static void upper(
      long row0,
      long row1,
      long row2,
      long step0,
      long step1,
      long step2,
      int tiles,
      long planes,
      long planeStep,
      long tileStep) {
    FloatVector shared = load(row2);
    FloatVector a0 = load(row0).sub(shared);
    FloatVector b0 = load(row1).add(shared);
    shared = load(row2 + step2);
    FloatVector a1 = load(row0 + step0).sub(shared);
    FloatVector b1 = load(row1 + step1).add(shared);
    for (int tile = 0; tile < tiles; tile++) {
      long column = 2L * tile + 2;
      shared = load(row2 + column * step2);
      FloatVector a2 = load(row0 + column * step0).sub(shared);
      FloatVector b2 = load(row1 + column * step1).add(shared);
      column++;
      shared = load(row2 + column * step2);
      FloatVector a3 = load(row0 + column * step0).sub(shared);
      FloatVector b3 = load(row1 + column * step1).add(shared);
      long to = planes + tile * tileStep;
      row(a0, a1, a2, a3, to, planeStep);
      row(b0, b1, b2, b3, to + 4 * planeStep, planeStep);
      a0 = a2;
      a1 = a3;
      b0 = b2;
      b1 = b3;
    }
  }

  private static void lower(
      long row1,
      long row2,
      long row3,
      long step1,
      long step2,
      long step3,
      int tiles,
      long planes,
      long planeStep,
      long tileStep) {
    FloatVector shared = load(row1);
    FloatVector a0 = load(row2).sub(shared);
    FloatVector b0 = shared.sub(load(row3));
    shared = load(row1 + step1);
    FloatVector a1 = load(row2 + step2).sub(shared);
    FloatVector b1 = shared.sub(load(row3 + step3));
    for (int tile = 0; tile < tiles; tile++) {
      long column = 2L * tile + 2;
      shared = load(row1 + column * step1);
      FloatVector a2 = load(row2 + column * step2).sub(shared);
      FloatVector b2 = shared.sub(load(row3 + column * step3));
      column++;
      shared = load(row1 + column * step1);
      FloatVector a3 = load(row2 + column * step2).sub(shared);
      FloatVector b3 = shared.sub(load(row3 + column * step3));
      long to = planes + tile * tileStep;
      row(a0, a1, a2, a3, to, planeStep);
      row(b0, b1, b2, b3, to + 4 * planeStep, planeStep);
      a0 = a2;
      a1 = a3;
      b0 = b2;
      b1 = b3;
    }
  }

  private static void row(
      FloatVector t0, FloatVector t1, FloatVector t2, FloatVector t3, long to, long planeStep) {
    store(t0.sub(t2), to);
    store(t1.add(t2), to + planeStep);
    store(t2.sub(t1), to + 2 * planeStep);
    store(t1.sub(t3), to + 3 * planeStep);
  }

  @Override
  public boolean output(
      boolean lower,
      long planes,
      long planeStep,
      long tiles,
      long bias,
      long added,
      boolean rectified,
      long results,
      long bytes) {
    boolean finite = true;
    float least = rectified ? 0 : Float.NEGATIVE_INFINITY;
    for (long c = 0; c < bytes; c += STEP) {
      long term = added == 0 ? 0 : added + c;
      finite &=
          lower
              ? outputLower(
                  planes + 4 * planeStep + c,
                  planeStep,
                  (int) tiles,
                  bias + c,
                  term,
                  least,
                  results + c,
                  bytes)
              : outputUpper(
                  planes + c, planeStep, (int) tiles, bias + c, term, least, results + c, bytes);
    }
    return finite;
  }

  private static boolean outputUpper(
      long planes,
      long planeStep,
      int tiles,
      long bias,
      long added,
      float least,
      long results,
      long step) {
    FloatVector checked = ZERO;
    FloatVector shift = load(bias);
    for (int tile = 0; tile < tiles; tile++) {
      long m = planes + tile * step;
      FloatVector s0 = sum(m, planeStep);
      FloatVector s1 = sum(m + planeStep, planeStep);
      FloatVector s2 = sum(m + 2 * planeStep, planeStep);
      FloatVector s3 = sum(m + 3 * planeStep, planeStep);
      FloatVector y0 = s0.add(s1).add(s2);
      FloatVector y1 = s1.sub(s2).sub(s3);
      checked = y0.add(y1).fma(ZERO, checked);
      finish(y0.add(shift), y1.add(shift), 2 * tile * step, added, least, results, step);
    }
    return !checked.compare(VectorOperators.NE, checked).anyTrue();
  }

  private static boolean outputLower(
      long planes,
      long planeStep,
      int tiles,
      long bias,
      long added,
      float least,
      long results,
      long step) {
    FloatVector checked = ZERO;
    FloatVector shift = load(bias);
    for (int tile = 0; tile < tiles; tile++) {
      long m = planes + tile * step;
      FloatVector s0 = difference(m, planeStep);
      FloatVector s1 = difference(m + planeStep, planeStep);
      FloatVector s2 = difference(m + 2 * planeStep, planeStep);
      FloatVector s3 = difference(m + 3 * planeStep, planeStep);
      FloatVector y0 = s0.add(s1).add(s2);
      FloatVector y1 = s1.sub(s2).sub(s3);
      checked = y0.add(y1).fma(ZERO, checked);
      finish(y0.add(shift), y1.add(shift), 2 * tile * step, added, least, results, step);
    }
    return !checked.compare(VectorOperators.NE, checked).anyTrue();
  }

  private static FloatVector sum(long m, long planeStep) {
    return load(m).add(load(m + 4 * planeStep)).add(load(m + 8 * planeStep));
  }

  private static FloatVector difference(long m, long planeStep) {
    return load(m).sub(load(m + 4 * planeStep)).sub(load(m + 8 * planeStep));
  }

  private static void finish(
      FloatVector y0, FloatVector y1, long at, long added, float least, long results, long step) {
    FloatVector z0 = y0;
    FloatVector z1 = y1;
    if (added != 0) {
      z0 = z0.add(load(added + at));
      z1 = z1.add(load(added + at + step));
    }
    store(z0.max(least), results + at);
    store(z1.max(least), results + at + step);
  }
}
