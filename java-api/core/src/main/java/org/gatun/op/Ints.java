package org.gatun.op;

import java.util.Arrays;

/** An immutable list of ints that is equal by its elements, as the arguments of operators are. */
public final class Ints {
  private static final Ints EMPTY = new Ints(new int[0]);

  private final int[] values;
  private final int hash;

  private Ints(int[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  /** Returns the list of these values. */
  public static Ints of(int... values) {
    return values.length == 0 ? EMPTY : new Ints(values.clone());
  }

  /** Returns the list of {@code count} equal values. */
  public static Ints repeat(int value, int count) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return of(values);
  }

  /** Returns the number of values. */
  public int size() {
    return values.length;
  }

  /** Returns the value at an index from 0. */
  public int get(int index) {
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
    return Arrays.toString(values);
  }
}
