package org.gatun.kernel.java;

import static org.gatun.kernel.java.Elements.ALL;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.Layout;

/**
 * The targets of a loss of classes, read from memory.
 *
 * @param op the loss' name, for messages
 * @param layout of the targets
 * @param classes how many there are
 * @param ignored the class that counts for nothing
 */
record TargetClasses(String op, Layout layout, long classes, long ignored) {
  /** The weight of a class. */
  @FunctionalInterface
  interface Weight {
    double of(long target);
  }

  /**
   * Returns the class at an address.
   *
   * @throws IllegalArgumentException if there is no such class and it is not the ignored one
   */
  long at(long address) {
    long target = read(address);
    if (target != ignored && (target < 0 || target >= classes)) {
      throw new IllegalArgumentException(op + ": target class " + target + expectation());
    }
    return target;
  }

  private long read(long address) {
    return layout.dtype() == DType.I32
        ? ALL.get(Elements.INT, address)
        : ALL.get(Elements.LONG, address);
  }

  private String expectation() {
    return ", expected 0 or more and less than " + classes + ", or " + ignored + " to ignore it";
  }

  /**
   * Returns the sum of the weights of the targets that are not ignored.
   *
   * @throws IllegalArgumentException if one is no class, naming it and where it is
   */
  double check(long address, Weight weight) {
    double sum = 0;
    long[] index = new long[layout.rank()];
    for (long i = 0; i < layout.size(); i++) {
      long offset = 0;
      for (int axis = 0; axis < index.length; axis++) {
        offset += index[axis] * layout.stride(axis);
      }
      long target = read(address + offset * layout.dtype().byteSize());
      if (target != ignored) {
        if (target < 0 || target >= classes) {
          throw new IllegalArgumentException(
              op + ": target class " + target + " at " + Arrays.toString(index) + expectation());
        }
        sum += weight.of(target);
      }
      advance(index);
    }
    return sum;
  }

  private void advance(long[] index) {
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis]++;
      if (index[axis] < layout.dim(axis)) {
        return;
      }
      index[axis] = 0;
    }
  }
}
