package org.gatun.safety.programs;

import java.util.SequencedMap;
import org.gatun.Layout;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.Ints;
import org.gatun.op.KthValue;
import org.gatun.op.LogSoftmax;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.Median;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Mode;
import org.gatun.op.Norm;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Op;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.gatun.op.Softmax;
import org.gatun.op.SoftmaxGradient;
import org.gatun.op.Sort;
import org.gatun.op.TopK;
import org.gatun.op.Variance;

/** Functions of elements along axes: reductions, scans, softmax, and what chooses by order. */
final class ReductionDrafts {
  /** Lines that the reference, which takes the square of their length, is done with soon. */
  private static final long SHORT = 2000;

  private ReductionDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(Reduce.class, ReductionDrafts::reduce);
    drafts.put(
        Variance.class,
        d -> {
          int x = d.real(0, 5);
          return new Draft.Call(
              new Variance(axes(d, x), d.of(0.0, 1.0, 0.5), d.coin(), d.coin(), d.coin()), x);
        });
    drafts.put(
        Norm.class,
        d -> {
          int x = d.real(0, 5);
          double order =
              d.number(0, 1, 2, 3, 0.5, -1, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
          return new Draft.Call(new Norm(order, axes(d, x), d.coin()), x);
        });
    drafts.put(NuclearNorm.class, ReductionDrafts::nuclearNorm);
    drafts.put(CosineSimilarity.class, ReductionDrafts::cosine);
    drafts.put(
        MaxWithIndices.class,
        d -> {
          int x = d.any(0, 5);
          return new Draft.Call(new MaxWithIndices(d.axis(rank(d, x)), d.coin()), x);
        });
    drafts.put(
        MinWithIndices.class,
        d -> {
          int x = d.any(0, 5);
          return new Draft.Call(new MinWithIndices(d.axis(rank(d, x)), d.coin()), x);
        });
    drafts.put(Scan.class, ReductionDrafts::scan);
    drafts.put(
        Softmax.class,
        d -> {
          int x = d.real(0, 5);
          return new Draft.Call(new Softmax(d.axis(rank(d, x))), x);
        });
    drafts.put(
        LogSoftmax.class,
        d -> {
          int x = d.real(0, 5);
          return new Draft.Call(new LogSoftmax(d.axis(rank(d, x))), x);
        });
    drafts.put(SoftmaxGradient.class, ReductionDrafts::softmaxGradient);
    drafts.put(
        Sort.class,
        d -> {
          int x = d.any(0, 5);
          return new Draft.Call(new Sort(d.axis(rank(d, x)), d.coin()), x);
        });
    drafts.put(TopK.class, d -> choosing(d, 0));
    drafts.put(KthValue.class, d -> choosing(d, 1));
    drafts.put(
        Median.class,
        d -> {
          int x = d.any(0, 5);
          return new Draft.Call(new Median(d.axis(rank(d, x)), d.coin(), d.coin()), x);
        });
    drafts.put(
        Mode.class,
        d -> {
          int x = shortLines(d, false);
          return new Draft.Call(new Mode(d.axis(rank(d, x)), d.coin()), x);
        });
  }

  private static int rank(Draw d, int x) {
    return d.layout(x).rank();
  }

  private static Ints axes(Draw d, int x) {
    return Ints.of(d.chance(0.3) ? new int[0] : d.axes(rank(d, x), 1));
  }

  private static int shortLines(Draw d, boolean floating) {
    return d.fitting(
        x -> x.size() <= SHORT && (!floating || x.dtype().isFloating()),
        floating ? d.floating() : d.dtype(),
        d.shape(0, 2));
  }

  private static Draft.Call reduce(Draw d) {
    ReduceFunction function = d.of(ReduceFunction.values());
    boolean floating = function == ReduceFunction.MEAN || function == ReduceFunction.LOG_SUM_EXP;
    int x = floating ? d.real(0, 5) : d.any(0, 5);
    return new Draft.Call(new Reduce(function, axes(d, x), d.coin()), x);
  }

  private static Draft.Call nuclearNorm(Draw d) {
    int x =
        d.fitting(
            l -> l.dtype().isFloating() && l.rank() >= 2 && l.size() <= 300,
            d.floating(),
            d.shape(2, 2));
    int rank = rank(d, x);
    return new Draft.Call(new NuclearNorm(d.axis(rank), d.axis(rank), d.coin()), x);
  }

  private static Draft.Call cosine(Draw d) {
    int a = d.real(1, 5);
    int b = d.broadcast(d.dtype(a), d.shape(a));
    return new Draft.Call(new CosineSimilarity(d.axis(rank(d, a)), 1e-6), a, b);
  }

  private static Draft.Call scan(Draw d) {
    ScanFunction function = d.of(ScanFunction.values());
    int x = function == ScanFunction.LOGCUMSUMEXP ? shortLines(d, true) : d.any(0, 5);
    return new Draft.Call(new Scan(function, d.axis(rank(d, x))), x);
  }

  private static Draft.Call softmaxGradient(Draw d) {
    int g = d.real(0, 4);
    Layout layout = d.layout(g);
    boolean log = d.coin();
    // Probabilities, or their logarithms.
    int y =
        d.leaf(
            layout.dtype(),
            layout.shape(),
            log ? new Values.Between(-6, 0) : new Values.Between(0, 1));
    return new Draft.Call(new SoftmaxGradient(d.axis(layout.rank()), log), g, y);
  }

  private static Draft.Call choosing(Draw d, int least) {
    int x = d.any(0, 5);
    int rank = rank(d, x);
    int axis = d.axis(rank);
    int size = rank == 0 ? 1 : (int) d.layout(x).dim(axis);
    long k = rank == 0 ? 1 : d.between(least, Math.max(least, size));
    return new Draft.Call(
        least == 0 ? new TopK(k, axis, d.coin()) : new KthValue(k, axis, d.coin()), x);
  }
}
