package org.gatun.benchmarks.peers;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far two cores are from each other: the time of a cache line's way there and back. On virtual
 * machines it may grow for minutes, and then two threads measure that and nothing else.
 */
final class CoreDistance {
  private static final int TRIPS = 20_000;

  /** Beyond so many nanoseconds the cores are apart; 50 to 100 are usual. */
  private static final double FAR = 200;

  private static final int TRIES = 20;
  private static final int PAUSE_MILLIS = 500;

  private CoreDistance() {}

  /** Returns whether the cores are still apart after some waiting. */
  static boolean isFar() throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      if (nanos() < FAR) {
        return false;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  /** Returns how many nanoseconds a cache line takes there and back. */
  static double nanos() throws InterruptedException {
    AtomicInteger ball = new AtomicInteger();
    Thread other =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (int i = 0; i < TRIPS; i++) {
                    while (ball.get() != 2 * i + 1) {
                      Thread.onSpinWait();
                    }
                    ball.set(2 * i + 2);
                  }
                });
    long start = 0;
    for (int i = 0; i < TRIPS; i++) {
      ball.set(2 * i + 1);
      while (ball.get() != 2 * i + 2) {
        Thread.onSpinWait();
      }
      if (i == TRIPS / 2) {
        start = System.nanoTime();
      }
    }
    double elapsed = System.nanoTime() - start;
    other.join();
    return elapsed / (TRIPS / 2 - 1);
  }
}
