package org.gatun.op;

import java.util.Arrays;
import java.util.Objects;

/** An immutable list of longs that is equal by its elements, as the arguments of operators are. */
public final class Longs {
  private static final Longs EMPTY = new Longs(new long[0]);

  /** There is one for each dimension, and nobody has as many. */
  private static final int MOST_REPEATED = 1_000_000;

  private final long[] values;
  private final int hash;

  private Longs(long[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  /** Returns the list of these values. */
  public static Longs of(long... values) {
    Objects.requireNonNull(values, "longs: values is null");
    return values.length == 0 ? EMPTY : new Longs(values.clone());
  }

  /**
   * Returns the list of {@code count} equal values.
   *
   * @throws IllegalArgumentException if the count is negative or more than a million
   */
  public static Longs repeat(long value, int count) {
    if (count < 0 || count > MOST_REPEATED) {
      throw new IllegalArgumentException(
          "longs: count " + count + ", expected 0 to " + MOST_REPEATED);
    }
    long[] values = new long[count];
    Arrays.fill(values, value);
    return of(values);
  }

  /** Returns the number of values. */
  public int size() {
    return values.length;
  }

  /**
   * Returns the value at an index from 0.
   *
   * @throws IndexOutOfBoundsException if there is no such value
   */
  public long get(int index) {
    if (index < 0 || index >= values.length) {
      throw new IndexOutOfBoundsException(
          "longs: index " + index + " out of range for " + values.length + " values");
    }
    return values[index];
  }

  /** Returns a copy of the values. */
  public long[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Longs that && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Returns the values as {@code [1, 2]}. */
  @Override
  public String toString() {
    return Listing.of(values.length, i -> values[i]);
  }
}
