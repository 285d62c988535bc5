package org.gatun.kernel.java;

import jdk.incubator.vector.DoubleVector;

/**
 * Functions of {@code f64} in loops of vectors, lane by lane, by {@code Math}.
 *
 * <p>Not by {@code VectorOperators.EXP} and the like: those call one library once their loop is
 * compiled and {@code Math} before that, and the two differ in the last bit. A result is not to
 * depend on how often a loop has run. That costs what the library is faster by, a factor of five.
 */
final class DoubleLanes {
  private DoubleLanes() {}

  static DoubleVector exp(DoubleVector x) {
    double[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = Math.exp(lanes[i]);
    }
    return DoubleVector.fromArray(VectorDoubleMath.DOUBLES, lanes, 0);
  }

  static DoubleVector tanh(DoubleVector x) {
    double[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = Math.tanh(lanes[i]);
    }
    return DoubleVector.fromArray(VectorDoubleMath.DOUBLES, lanes, 0);
  }

  static DoubleVector pow(DoubleVector x, double exponent) {
    double[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = Math.pow(lanes[i], exponent);
    }
    return DoubleVector.fromArray(VectorDoubleMath.DOUBLES, lanes, 0);
  }
}
