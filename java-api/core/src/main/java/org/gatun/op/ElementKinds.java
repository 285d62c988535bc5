package org.gatun.op;

import org.gatun.DType;
import org.gatun.Layout;

/** Which elements a pointwise function takes, and which it gives. */
enum ElementKinds {
  /** Floating-point elements, and gives their dtype. */
  FLOATING("a floating-point one"),

  /** Floating-point elements and integers, and gives their dtype. */
  NUMBERS("a floating-point or integer one"),

  /** Elements of any dtype, and gives it. */
  ALL("any"),

  /** Integers and booleans, and gives their dtype. */
  BITS("an integer or boolean one"),

  /** Integers, and gives their dtype. */
  INTEGERS("an integer one"),

  /** Floating-point elements, and gives booleans. */
  FLOATING_TEST("a floating-point one"),

  /** Elements of any dtype, and gives booleans. */
  TEST("any");

  private final String expected;

  ElementKinds(String expected) {
    this.expected = expected;
  }

  private boolean takes(DType dtype) {
    return switch (this) {
      case FLOATING, FLOATING_TEST -> dtype.isFloating();
      case NUMBERS -> dtype != DType.BOOL;
      case ALL, TEST -> true;
      case BITS -> !dtype.isFloating();
      case INTEGERS -> dtype.isInteger();
    };
  }

  void check(Op op, Layout input, String argument) {
    Checks.check(
        takes(input.dtype()),
        op,
        argument + " has dtype " + input.dtype().spelling() + ", expected " + expected);
  }

  DType result(DType dtype) {
    return isTest() ? DType.BOOL : dtype;
  }

  boolean isTest() {
    return this == TEST || this == FLOATING_TEST;
  }
}
