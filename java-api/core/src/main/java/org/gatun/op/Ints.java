package org.gatun.op;

import java.util.Arrays;
import java.util.Objects;

/** An immutable list of ints that is equal by its elements, as the arguments of operators are. */
public final class Ints {
  private static final Ints EMPTY = new Ints(new int[0]);

  /** There is one for each dimension, and nobody has as many. */
  private static final int MOST_REPEATED = 1_000_000;

  private final int[] values;
  private final int hash;

  private Ints(int[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  /** Returns the list of these values. */
  public static Ints of(int... values) {
    Objects.requireNonNull(values, "ints: values is null");
    return values.length == 0 ? EMPTY : new Ints(values.clone());
  }

  /**
   * Returns the list of {@code count} equal values.
   *
   * @throws IllegalArgumentException if the count is negative or more than a million
   */
  public static Ints repeat(int value, int count) {
    if (count < 0 || count > MOST_REPEATED) {
      throw new IllegalArgumentException(
          "ints: count " + count + ", expected 0 to " + MOST_REPEATED);
    }
    int[] values = new int[count];
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
  public int get(int index) {
    if (index < 0 || index >= values.length) {
      throw new IndexOutOfBoundsException(
          "ints: index " + index + " out of range for " + values.length + " values");
    }
    return values[index];
  }

  /** Returns a copy of the values. */
  public int[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Ints that && Arrays.equals(values, that.values));
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
