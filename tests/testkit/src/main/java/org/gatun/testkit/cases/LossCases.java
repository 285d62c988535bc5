package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/** Losses of classes, given by number and by probabilities, and of elements; their gradients. */
final class LossCases {
  private static final long IGNORED = 1;

  private LossCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    for (LossReduction reduction : LossReduction.values()) {
      String of = "/" + reduction.spelling() + "-";
      for (boolean weighted : new boolean[] {false, true}) {
        String weight = weighted ? "weighted-" : "";
        NllLoss nll = new NllLoss(weighted, -100, reduction);
        CrossEntropy plain = new CrossEntropy(weighted, -100, 0, reduction);
        CrossEntropy smooth = new CrossEntropy(weighted, -100, 0.125, reduction);
        for (Shape x : List.of(Shape.of(7), Shape.of(5, 37), Shape.of(2, 5, 3, 4))) {
          String name = of + weight + x.rank() + "d";
          both(cases, name, nll, classes(weighted, x));
          both(cases, name, plain, classes(weighted, x));
          both(cases, name + "-smooth", smooth, classes(weighted, x));
          both(cases, name + "-probabilities", plain, probabilities(weighted, x));
          both(cases, name + "-probabilities-smooth", smooth, probabilities(weighted, x));
        }
        both(cases, of + weight + "no-lines", plain, classes(weighted, Shape.of(0, 3)));
        both(
            cases,
            of + weight + "ignored",
            new NllLoss(weighted, IGNORED, reduction),
            classes(weighted, Shape.of(13, 3)));
        both(
            cases,
            of + weight + "ignored",
            new CrossEntropy(weighted, IGNORED, 0.25, reduction),
            classes(weighted, Shape.of(13, 3)));
      }
      both(cases, of + "long", new CrossEntropy(false, -100, 0, reduction), longLines());
      cases.add(
          of(of + "128x1000", new CrossEntropy(false, -100, 0, reduction), Shape.of(128, 1000))
              .bench());
      cases.add(
          of(of + "8x21x64x64", new NllLoss(false, -100, reduction), Shape.of(8, 21, 64, 64))
              .bench());
    }
    CrossEntropy mean = new CrossEntropy(false, -100, 0, LossReduction.MEAN);
    cases.add(of("/mean-10000x10", mean, Shape.of(10000, 10)).bench());
    cases.add(of("/mean-8x21x64x64", mean, Shape.of(8, 21, 64, 64)).bench());
    cases.add(gradient("/mean-128x1000", mean, false, classes(false, Shape.of(128, 1000))).bench());
    for (LossFunction function : LossFunction.values()) {
      elements(cases, function);
    }
    return List.copyOf(cases);
  }

  private static void elements(List<Case> cases, LossFunction function) {
    double parameter =
        switch (function) {
          case HUBER_LOSS -> 1.5;
          case SMOOTH_L1_LOSS -> 0.75;
          default -> 0;
        };
    for (LossReduction reduction : LossReduction.values()) {
      ElementLoss loss = new ElementLoss(function, parameter, false, false, reduction);
      String of = "/" + reduction.spelling() + "-";
      for (Shape shape : List.of(Shape.of(), Shape.of(0, 3), Shape.of(207), Shape.of(2, 5, 3, 4))) {
        both(cases, of + shape.rank() + "d", loss, elements(function, shape, shape));
      }
      if (function.isWeighted()) {
        weighted(cases, of, function, reduction);
      } else {
        cases.add(of(of + "row", loss, elements(function, Shape.of(5, 13), Shape.of(13))));
        cases.add(of(of + "column", loss, elements(function, Shape.of(5, 1), Shape.of(5, 13))));
      }
    }
    ElementLoss mean = new ElementLoss(function, parameter, false, false, LossReduction.MEAN);
    both(cases, "/mean-4098", mean, elements(function, Shape.of(4098), Shape.of(4098)));
    if (function == LossFunction.SMOOTH_L1_LOSS) {
      ElementLoss sharp = ElementLoss.of(function, LossReduction.NONE);
      both(cases, "/sharp", sharp, elements(function, Shape.of(37), Shape.of(37)));
    }
    List<Operand> large = elements(function, Shape.of(1024, 1024), Shape.of(1024, 1024));
    cases.add(of("/mean-1M", mean, large).bench());
    cases.add(gradient("/mean-1M", mean, false, large).bench());
  }

  private static void weighted(
      List<Case> cases, String of, LossFunction function, LossReduction reduction) {
    List<Operand> operands = new ArrayList<>(elements(function, Shape.of(5, 13), Shape.of(5, 13)));
    operands.add(given(Shape.of(5, 1), 1, 0.5, 2, 0.25, 3));
    both(cases, of + "weighted", new ElementLoss(function, 0, true, false, reduction), operands);
    if (function == LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS) {
      operands.add(given(Shape.of(13), 0.5, 1, 3));
      both(
          cases,
          of + "both-weighted",
          new ElementLoss(function, 0, true, true, reduction),
          operands);
    }
  }

  private static List<Operand> elements(LossFunction function, Shape x, Shape target) {
    return switch (function) {
      case BINARY_CROSS_ENTROPY ->
          List.of(given(x, 0.25, 0, 0.9375, 1, 0x1p-20, 0.5), given(target, 0, 1, 0.25, 1, 0.5));
      case BINARY_CROSS_ENTROPY_WITH_LOGITS, KL_DIV ->
          List.of(uniform(-10, 10, x), given(target, 0, 1, 0.25, 1, 0.5));
      case KL_DIV_LOG_TARGET -> List.of(uniform(-10, 0, x), uniform(-10, 0, target));
      case HUBER_LOSS, L1_LOSS, MSE_LOSS, SMOOTH_L1_LOSS ->
          List.of(uniform(-2, 2, x), uniform(-2, 2, target));
    };
  }

  private static Operand uniform(double low, double high, Shape shape) {
    return new Operand(shape, new Operand.Values.Uniform(low, high), false);
  }

  private static Case of(String name, Loss loss, Shape x) {
    return of(name, loss, classes(false, x));
  }

  private static Case of(String name, Loss loss, List<Operand> operands) {
    return Case.of(loss.name() + name, loss, Tolerance.sum(), operands.toArray(Operand[]::new));
  }

  private static void both(List<Case> cases, String name, Loss loss, List<Operand> operands) {
    cases.add(of(name, loss, operands));
    cases.add(gradient(name, loss, false, operands));
    if (!(operands.get(1).values() instanceof Operand.Values.Index)) {
      cases.add(gradient(name, loss, true, operands));
    }
  }

  private static Case gradient(String name, Loss loss, boolean ofTarget, List<Operand> operands) {
    LossGradient op = new LossGradient(loss, ofTarget);
    Shape losses =
        loss instanceof ElementLoss
            ? operands.getFirst().shape()
            : lines(operands.getFirst().shape());
    Operand cotangent =
        given(loss.reduction() == LossReduction.NONE ? losses : Shape.of(), 0.75, -1.5, 2);
    // Exponentials are a few units in the last place off, whatever the number of classes.
    return Case.of(
        op.name() + name,
        op,
        new Tolerance.Sum(4),
        Stream.concat(Stream.of(cotangent), operands.stream()).toArray(Operand[]::new));
  }

  private static Shape lines(Shape x) {
    long[] dims =
        IntStream.range(0, x.rank())
            .filter(axis -> axis != Math.min(1, x.rank() - 1))
            .mapToLong(x::dim)
            .toArray();
    return Shape.of(dims);
  }

  private static List<Operand> classes(boolean weighted, Shape x) {
    long count = x.dim(Math.min(1, x.rank() - 1));
    Operand target = new Operand(lines(x), new Operand.Values.Index(DType.I64, count), false);
    return operands(weighted, x, target);
  }

  private static List<Operand> probabilities(boolean weighted, Shape x) {
    return operands(weighted, x, given(x, 0.125, 0, 0.5, 0.25, 1, 0.0625, 0.375));
  }

  private static List<Operand> operands(boolean weighted, Shape x, Operand target) {
    Operand input = new Operand(x, new Operand.Values.Uniform(-10, 10), false);
    Operand weight = given(Shape.of(x.dim(Math.min(1, x.rank() - 1))), 1, 0.5, 2, 0.25, 3);
    return weighted ? List.of(input, target, weight) : List.of(input, target);
  }

  private static List<Operand> longLines() {
    Shape x = Shape.of(2, 2500);
    return List.of(
        new Operand(x, new Operand.Values.Uniform(-10, 10), false),
        new Operand(Shape.of(2), new Operand.Values.Index(DType.I32, 2500), false));
  }

  /** Finite whatever the class of values: of infinite weights nothing but NaN is to be said. */
  private static Operand given(Shape shape, double... numbers) {
    return new Operand(shape, new Operand.Values.Given(null, numbers), false);
  }
}
