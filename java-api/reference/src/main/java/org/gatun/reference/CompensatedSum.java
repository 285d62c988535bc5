package org.gatun.reference;

/**
 * A sum that does not lose the low bits of its terms.
 *
 * <p>Source: Neumaier, <a href="https://doi.org/10.1002/zamm.19740540106">Rundungsfehleranalyse
 * einiger Verfahren zur Summation endlicher Summen</a>.
 */
final class CompensatedSum {
  private double sum;
  private double lost;
  private double absolute;

  /** Adds a term. */
  void add(double term) {
    double next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    sum = next;
    absolute += Math.abs(term);
  }

  /** Returns the sum of the terms. */
  double value() {
    return Double.isFinite(sum) ? sum + lost : sum;
  }

  /** Returns the sum of the terms' absolute values. */
  double absolute() {
    return absolute;
  }
}
