package org.gatun.safety.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.gatun.op.Op;

/** Losses and their gradients. */
final class LossDrafts {
  private static final Values PROBABILITIES = new Values.Between(0, 1);

  private LossDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.put(CrossEntropy.class, d -> classes(d, true));
    drafts.put(NllLoss.class, d -> classes(d, false));
    drafts.put(ElementLoss.class, LossDrafts::elements);
    drafts.put(LossGradient.class, LossDrafts::gradient);
  }

  private static Draft.Call classes(Draw d, boolean entropy) {
    int x = d.real(1, 4);
    DType dtype = d.dtype(x);
    Shape shape = d.shape(x);
    int axis = Math.min(1, shape.rank() - 1);
    long classes = shape.dim(axis);
    Shape lines = shape.range(0, axis).concat(shape.range(axis + 1, shape.rank()));
    boolean weighted = d.coin();
    LossReduction reduction = d.of(LossReduction.values());
    boolean probabilities = entropy && d.chance(0.3);
    List<Integer> operands = new ArrayList<>(List.of(x));
    operands.add(
        probabilities ? d.leaf(dtype, shape, PROBABILITIES) : d.index(classes, lines, false));
    if (weighted) {
      // Of infinite weights nothing but NaN is to be said.
      operands.add(d.leaf(dtype, Shape.of(classes), new Values.Between(0.25, 3)));
    }
    long ignored = probabilities || d.coin() ? -100 : 1;
    return new Draft.Call(
        entropy
            ? new CrossEntropy(weighted, ignored, d.number(0, 0, 0.125), reduction)
            : new NllLoss(weighted, ignored, reduction),
        operands);
  }

  private static Draft.Call elements(Draw d) {
    LossFunction function = d.of(LossFunction.values());
    double parameter =
        switch (function) {
          case HUBER_LOSS -> 1.5;
          case SMOOTH_L1_LOSS -> d.number(0.75, 0);
          default -> 0;
        };
    boolean weighted = function.isWeighted() && d.coin();
    boolean positive = function == LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS && d.coin();
    ElementLoss loss =
        new ElementLoss(function, parameter, weighted, positive, d.of(LossReduction.values()));
    int x =
        function == LossFunction.BINARY_CROSS_ENTROPY
            ? d.leaf(d.floating(), d.shape(0, 4), PROBABILITIES)
            : d.real(0, 4);
    DType dtype = d.dtype(x);
    Shape shape = d.shape(x);
    Shape target = function.isWeighted() || d.chance(0.7) ? shape : d.narrowed(shape);
    boolean probable = function.isWeighted() || function == LossFunction.KL_DIV;
    List<Integer> operands = new ArrayList<>(List.of(x));
    operands.add(probable ? d.leaf(dtype, target, PROBABILITIES) : d.like(dtype, target));
    if (weighted) {
      operands.add(d.leaf(dtype, d.narrowed(shape), new Values.Between(0.25, 3)));
    }
    if (positive) {
      operands.add(d.leaf(dtype, d.narrowed(shape), new Values.Between(0.25, 3)));
    }
    return new Draft.Call(loss, operands);
  }

  private static Draft.Call gradient(Draw d) {
    Draft.Call loss =
        switch (d.between(0, 2)) {
          case 0 -> classes(d, true);
          case 1 -> classes(d, false);
          default -> elements(d);
        };
    Loss op = (Loss) loss.op();
    Layout result = op.infer(loss.operands().stream().map(d::layout).toList()).getFirst();
    // Finite: an infinite one times a slope says whether that is 0 or too small for the dtype.
    int cotangent = d.leaf(result.dtype(), result.shape(), Values.Kind.NORMAL);
    List<Integer> operands = new ArrayList<>(List.of(cotangent));
    operands.addAll(loss.operands());
    boolean numbers = d.dtype(loss.operands().get(1)).isFloating();
    return new Draft.Call(new LossGradient(op, numbers && d.chance(0.3)), operands);
  }
}
