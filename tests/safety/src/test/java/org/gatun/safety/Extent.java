package org.gatun.safety;

/** How much a run of these tests draws: some, or as much as the profile {@code long} asks for. */
public final class Extent {
  private static final boolean LONG = Boolean.getBoolean("gatun.long");

  private Extent() {}

  /** Returns whether this is the long run, {@code mvn verify -Plong}. */
  public static boolean isLong() {
    return LONG;
  }

  /** Returns the first number in the normal build and the second in the long run. */
  public static int of(int normal, int inLongRun) {
    return LONG ? inLongRun : normal;
  }
}
