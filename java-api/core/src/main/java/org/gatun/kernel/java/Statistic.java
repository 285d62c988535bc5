package org.gatun.kernel.java;

import java.util.Arrays;
import org.gatun.DType;
import org.gatun.op.Norm;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Variance;

/**
 * What a reduction computes: a term of each element, how the terms of a block and the blocks are
 * joined, and what is made of them in the end.
 *
 * @param term what is taken of each element
 * @param power the power of {@link Term#POWER}
 * @param join how terms are joined
 * @param ending what is made of them
 * @param correction what a variance takes from the number of elements
 */
record Statistic(Term term, double power, Join join, Ending ending, double correction) {
  enum Join {
    SUM,
    MAX,
    PRODUCT,
    /** Means and squared deviations from them, of {@link Term#ITSELF}. */
    MOMENTS
  }

  enum Ending {
    ITSELF,
    NEGATED,
    /** Divided by the number of elements. */
    MEAN,
    SQUARE_ROOT,
    /** The root that undoes the power. */
    ROOT,
    /** Whether it is the number of elements. */
    ALL,
    /** Whether it is not 0. */
    ANY,
    VARIANCE,
    DEVIATION
  }

  private Statistic(Term term, Join join, Ending ending) {
    this(term, 0, join, ending, 0);
  }

  /** Returns the statistic for a function other than the logarithm of a sum of exponentials. */
  static Statistic of(ReduceFunction function) {
    return switch (function) {
      case ALL -> new Statistic(Term.NONZERO, Join.SUM, Ending.ALL);
      case ANY -> new Statistic(Term.NONZERO, Join.SUM, Ending.ANY);
      case COUNT_NONZERO -> new Statistic(Term.NONZERO, Join.SUM, Ending.ITSELF);
      case LOG_SUM_EXP -> throw new AssertionError("not a sum of terms: " + function);
      case MAX -> new Statistic(Term.ITSELF, Join.MAX, Ending.ITSELF);
      case MEAN -> new Statistic(Term.ITSELF, Join.SUM, Ending.MEAN);
      case MIN -> new Statistic(Term.NEGATED, Join.MAX, Ending.NEGATED);
      case NAN_SUM -> new Statistic(Term.NUMBER, Join.SUM, Ending.ITSELF);
      case PROD -> new Statistic(Term.ITSELF, Join.PRODUCT, Ending.ITSELF);
      case SUM -> new Statistic(Term.ITSELF, Join.SUM, Ending.ITSELF);
    };
  }

  static Statistic of(Norm norm) {
    double order = norm.order();
    if (order == 0) {
      return new Statistic(Term.NONZERO, Join.SUM, Ending.ITSELF);
    } else if (order == 1) {
      return new Statistic(Term.MAGNITUDE, Join.SUM, Ending.ITSELF);
    } else if (order == 2) {
      return new Statistic(Term.SQUARE, Join.SUM, Ending.SQUARE_ROOT);
    } else if (order == Double.POSITIVE_INFINITY) {
      return new Statistic(Term.MAGNITUDE, Join.MAX, Ending.ITSELF);
    } else if (order == Double.NEGATIVE_INFINITY) {
      return new Statistic(Term.NEGATED_MAGNITUDE, Join.MAX, Ending.NEGATED);
    }
    return new Statistic(Term.POWER, order, Join.SUM, Ending.ROOT, 0);
  }

  static Statistic of(Variance variance) {
    Ending ending = variance.root() ? Ending.DEVIATION : Ending.VARIANCE;
    return new Statistic(Term.ITSELF, 0, Join.MOMENTS, ending, variance.correction());
  }

  /** Returns whether the loops for whole rows compute this, rather than those for terms. */
  boolean isOfLoops() {
    return term == Term.ITSELF && join != Join.PRODUCT;
  }

  /**
   * Computes what {@link Folds#join} takes of a block of elements that lie side by side.
   *
   * @param count the number of elements, at most {@link Loops#BLOCK}
   * @param partial gets three numbers: a sum, the largest term, a product, or the mean as a number
   *     of the dtype; what the mean is more than that; and the sum of the squared deviations from
   *     the mean
   */
  void block(Loops loops, TermLoops terms, DType dtype, long src, long count, double[] partial) {
    switch (join) {
      case SUM ->
          partial[0] =
              switch (term) {
                case ITSELF -> loops.sum(src, count);
                case POWER -> ScalarTermLoops.sum(dtype, term, power, src, count);
                default -> terms.sum(term, src, count);
              };
      case MAX ->
          partial[0] = term == Term.ITSELF ? loops.max(src, count) : terms.max(term, src, count);
      case PRODUCT -> partial[0] = terms.product(src, count);
      case MOMENTS -> {
        // The sum of the deviations corrects what the rounding of the mean did to their squares.
        double center = loops.round(loops.sum(src, count) / count);
        loops.deviations(src, count, center, partial);
        double shift = partial[0] / count;
        partial[2] = partial[1] - shift * shift * count;
        partial[1] = shift;
        partial[0] = center;
      }
    }
  }

  /** Makes joined terms those of no elements. */
  void start(double[] joined) {
    double nothing =
        switch (join) {
          case SUM, MOMENTS -> 0;
          case MAX -> Double.NEGATIVE_INFINITY;
          case PRODUCT -> 1;
        };
    Arrays.fill(joined, nothing);
  }

  /** Joins the term of an element with each of those before it. */
  void row(double[] x, double[] joined, int count) {
    switch (join) {
      case SUM -> ScalarTermLoops.addTerms(term, power, x, joined, count);
      case MAX -> ScalarTermLoops.raiseToTerms(term, x, joined, count);
      case PRODUCT -> ScalarTermLoops.multiply(x, joined, count);
      case MOMENTS -> throw new AssertionError("moments are joined in blocks");
    }
  }

  /**
   * Returns the result for elements that have been joined.
   *
   * @param first the sum, the largest term or the product
   * @param squares the squared deviations from the mean
   */
  double result(double count, double first, double squares) {
    return switch (ending) {
      case ITSELF -> first;
      case NEGATED -> -first;
      case MEAN -> first / count;
      case SQUARE_ROOT -> Math.sqrt(first);
      case ROOT -> Math.pow(first, 1 / power);
      case ALL -> first == count ? 1 : 0;
      case ANY -> first != 0 ? 1 : 0;
      case VARIANCE -> variance(count, squares);
      case DEVIATION -> Math.sqrt(variance(count, squares));
    };
  }

  private double variance(double count, double squares) {
    return count == 0 ? Double.NaN : squares / Math.max(0, count - correction);
  }
}
