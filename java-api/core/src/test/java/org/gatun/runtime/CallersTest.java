package org.gatun.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CallersTest {
  @Test
  void oneCallerHasAllThreads() {
    assertEquals(7, Callers.share(7, 1));
    assertEquals(1, Callers.share(1, 1));
  }

  @Test
  void severalHaveNoMoreTogetherThanThereAre() {
    for (int threads = 1; threads <= 64; threads++) {
      for (int callers = 1; callers <= threads; callers++) {
        int share = Callers.share(threads, callers);
        assertTrue(share >= 1 && share * callers <= threads, threads + " for " + callers);
      }
    }
    assertEquals(4, Callers.share(16, 3));
    assertEquals(1, Callers.share(2, 8));
  }

  @Test
  void aCallInsideAnotherCountsOnce() {
    int before = Callers.active();
    Callers.enter();
    Callers.enter();
    assertEquals(before + 1, Callers.active());
    Callers.leave();
    assertEquals(before + 1, Callers.active());
    Callers.leave();
    assertEquals(before, Callers.active());
  }
}
