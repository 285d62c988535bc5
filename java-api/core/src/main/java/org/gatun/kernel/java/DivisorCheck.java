package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;
import static org.gatun.kernel.java.Elements.BYTE;
import static org.gatun.kernel.java.Elements.INT;
import static org.gatun.kernel.java.Elements.LONG;
import static org.gatun.kernel.java.Elements.SHORT;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gatun.kernel.Plan;

/**
 * A division of integers that looks for divisors of 0 before anything is written.
 *
 * @param plan the division
 * @param operator its name, for the message
 * @param width the bytes of an element
 */
record DivisorCheck(PointwisePlan plan, String operator, int width) implements Plan {
  @Override
  public void execute(MemorySegment[] inputs, MemorySegment[] outputs) {
    long divisors = inputs[1].address();
    Nest nest = plan.nest();
    AtomicBoolean zero = new AtomicBoolean();
    nest.run(
        plan.workers(),
        plan.threads(),
        plan.grain(),
        (at, rows, columns) -> {
          // One element for all of a row, or for all rows, is looked at once.
          long count = nest.columnStride(2) == 0 ? 1 : columns;
          long distinct = nest.rowStride(2) == 0 ? 1 : rows;
          for (long row = 0; row < distinct && !zero.get(); row++) {
            if (hasZero(divisors + at[2] + row * nest.rowStride(2), count)) {
              zero.set(true);
            }
          }
        });
    if (zero.get()) {
      throw new IllegalArgumentException(
          operator + ": an integer divided by 0, expected other divisors");
    }
    plan.execute(inputs, outputs);
  }

  private boolean hasZero(long at, long count) {
    for (long i = 0; i < count; i++) {
      long element =
          switch (width) {
            case Byte.BYTES -> ALL.get(BYTE, at + i);
            case Short.BYTES -> ALL.get(SHORT, at + Short.BYTES * i);
            case Integer.BYTES -> ALL.get(INT, at + Integer.BYTES * i);
            default -> ALL.get(LONG, at + Long.BYTES * i);
          };
      if (element == 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String implementation() {
    return plan.implementation();
  }
}
