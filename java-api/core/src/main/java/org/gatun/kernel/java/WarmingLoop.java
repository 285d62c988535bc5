package org.gatun.kernel.java;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop with the Vector API, in whose place one in plain Java that gives the same bits runs until
 * the first is compiled.
 */
final class WarmingLoop implements PointwiseLoop {
  /** Some vectors of any width, and what is less than one. */
  private static final long ELEMENTS = 413;

  /**
   * Whether the loops of a function are compiled, whatever its numbers.
   *
   * @param each the loop over elements side by side
   * @param one those with one element for all
   */
  record Compiled(WarmUp each, WarmUp one) {
    /** Returns that of a function, one of whose loops is made where it is first run. */
    static Compiled of(Supplier<PointwiseLoop> loop) {
      Supplier<PointwiseLoop> once = new Once(loop);
      return new Compiled(
          new WarmUp(memory -> slice(once.get(), memory, EACH)),
          new WarmUp(
              memory -> {
                slice(once.get(), memory, LEFT_IS_ONE);
                slice(once.get(), memory, RIGHT_IS_ONE);
              }));
    }

    private static void slice(PointwiseLoop loop, long memory, int which) {
      long operand = WarmUp.OPERAND_BYTES;
      loop.run(
          memory, memory + operand, memory + 2 * operand, memory + 3 * operand, ELEMENTS, which);
    }

    boolean isDone() {
      return each.isDone() && one.isDone();
    }
  }

  /** A loop that is made when it is first asked for: the Vector API takes 70 ms to start. */
  private static final class Once implements Supplier<PointwiseLoop> {
    private final Supplier<PointwiseLoop> make;
    private volatile @Nullable PointwiseLoop made;

    Once(Supplier<PointwiseLoop> make) {
      this.make = make;
    }

    @Override
    public PointwiseLoop get() {
      PointwiseLoop loop = made;
      if (loop == null) {
        loop = make.get();
        made = loop;
      }
      return loop;
    }
  }

  private final Once vector;
  private final PointwiseLoop scalar;
  private final Compiled compiled;

  /**
   * Makes the loop.
   *
   * @param vector makes the loop with the Vector API
   * @param scalar what runs meanwhile
   * @param compiled whether the first is compiled
   */
  WarmingLoop(Supplier<PointwiseLoop> vector, PointwiseLoop scalar, Compiled compiled) {
    this.vector = new Once(vector);
    this.scalar = scalar;
    this.compiled = compiled;
  }

  @Override
  public void run(long a, long b, long c, long dst, long count, int which) {
    boolean done = (which == EACH ? compiled.each : compiled.one).isDone(count);
    (done ? vector.get() : scalar).run(a, b, c, dst, count, which);
  }

  @Override
  public String implementation() {
    return "java:vector";
  }
}
