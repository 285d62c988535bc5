package org.gatun.cli.operators;

import java.util.Locale;
import org.gatun.testkit.Tolerance;
import org.gatun.testkit.Verdict;

/** The largest error that was seen of an operator, in the terms of the tolerance of its cases. */
final class WorstError {
  private boolean exact;
  private double ulps = -1;
  private double sum = -1;
  private int failures;

  /** Takes in what came of a case. */
  void add(Tolerance tolerance, Verdict verdict) {
    switch (verdict) {
      case Verdict.Failed _, Verdict.Unsupported _ -> failures++;
      case Verdict.Passed(double worst) -> {
        switch (tolerance) {
          case Tolerance.Exact _ -> exact = true;
          case Tolerance.Ulps(double allowed, double _) -> ulps = Math.max(ulps, worst * allowed);
          case Tolerance.Sum(double factor) -> sum = Math.max(sum, worst * factor);
        }
      }
    }
  }

  /** Returns whether every case passed. */
  boolean isPassed() {
    return failures == 0;
  }

  /**
   * Returns the error in words: {@code exact}, {@code 1.3 ulp}, or, of sums, a share of the bound
   * {@code epsilon sqrt(n) sum |terms|}.
   */
  String inWords() {
    if (failures > 0) {
      return failures + " FAILED";
    }
    if (sum >= 0) {
      return String.format(Locale.ROOT, "%.2f of the sum's bound", sum);
    }
    if (ulps >= 0) {
      return String.format(Locale.ROOT, "%.1f ulp", ulps);
    }
    return exact ? "exact" : "";
  }
}
