package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CrowdingTest {
  private static final long MILLI = 1_000_000;

  private long now = Long.MAX_VALUE - 20 * MILLI; // The clock may pass its largest number.
  private double preemptions;
  private final Crowding crowding = new Crowding(() -> now, () -> (long) preemptions);

  /** Lets time go by; returns for how many of these milliseconds it was crowded. */
  private int pass(int millis, double preemptionsInEach) {
    int crowded = 0;
    for (int i = 0; i < millis; i++) {
      now += MILLI;
      preemptions += preemptionsInEach;
      crowded += crowding.isCrowded() ? 1 : 0;
    }
    return crowded;
  }

  @Test
  void nowAndThenIsNotCrowded() {
    assertEquals(0, pass(1000, 0.3));
  }

  @Test
  void preemptedThreadsAreACrowdUntilTheyAreNot() {
    assertFalse(crowding.isCrowded());
    pass(30, 2);
    assertTrue(crowding.isCrowded());
    pass(200, 0);
    assertEquals(0, pass(1000, 0));
  }

  @Test
  void crowdThatStaysIsLookedAtLessOften() {
    int first = pass(500, 2);
    int later = pass(10_000, 2);
    assertTrue(later / 10_000.0 > first / 500.0, () -> first + " of 500, then " + later);
    assertTrue(later > 9_000, () -> later + " of 10000");
    int after = pass(1_100, 0);
    assertTrue(after <= 300, () -> after + " of 1100");
    assertEquals(0, pass(1_000, 0));
  }
}
