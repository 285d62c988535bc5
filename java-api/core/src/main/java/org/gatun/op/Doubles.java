package org.gatun.op;

import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable list of doubles that is equal by its elements, as the arguments of operators are.
 */
public final class Doubles {
  private static final Doubles EMPTY = new Doubles(new double[0]);

  private final double[] values;
  private final int hash;

  private Doubles(double[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  /** Returns the list of these values. */
  public static Doubles of(double... values) {
    Objects.requireNonNull(values, "doubles: values is null");
    return values.length == 0 ? EMPTY : new Doubles(values.clone());
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
  public double get(int index) {
    if (index < 0 || index >= values.length) {
      throw new IndexOutOfBoundsException(
          "doubles: index " + index + " out of range for " + values.length + " values");
    }
    return values[index];
  }

  /** Returns a copy of the values. */
  public double[] toArray() {
    return values.clone();
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Doubles that && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Returns the values as {@code [1.0, 2.0]}. */
  @Override
  public String toString() {
    return Listing.of(values.length, i -> values[i]);
  }
}
