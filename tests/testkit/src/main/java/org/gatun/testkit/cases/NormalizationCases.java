package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import org.gatun.Shape;
import org.gatun.op.BatchNorm;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.Longs;
import org.gatun.op.Normalization;
import org.gatun.testkit.Case;
import org.gatun.testkit.Operand;
import org.gatun.testkit.Tolerance;

/**
 * Normalization: every choice of parameters, means far from zero, and the shapes of real models.
 */
final class NormalizationCases {
  private static final double EPS = 1e-5;
  private static final double MOMENTUM = 0.1;

  /** Mean 10,000, deviation about 1: statistics of squares would cancel. */
  private static final Operand.Values FAR = new Operand.Values.Uniform(9_998, 10_002);

  private NormalizationCases() {}

  static List<Case> list() {
    List<Case> cases = new ArrayList<>();
    cases.add(evaluation("2d", true, true, 3, 13, 5, 7));
    cases.add(evaluation("2d-weight", true, false, 3, 13, 5, 7));
    cases.add(evaluation("2d-bias", false, true, 3, 13, 5, 7));
    cases.add(evaluation("2d-plain", false, false, 3, 13, 5, 7));
    cases.add(evaluation("no-positions", true, true, 5, 37));
    cases.add(evaluation("1d", true, true, 3, 13, 37));
    cases.add(evaluation("3d", true, true, 2, 5, 3, 4, 5));
    cases.add(evaluation("long-plane", true, true, 1, 2, 91, 91));
    cases.add(evaluation("empty-batch", true, true, 0, 5, 3, 3));
    cases.add(evaluation("32x64x56x56", true, true, 32, 64, 56, 56).bench());
    cases.add(training("2d", true, true, true, 3, 13, 5, 7));
    cases.add(training("2d-weight", true, true, false, 3, 13, 5, 7));
    cases.add(training("2d-bias", true, false, true, 3, 13, 5, 7));
    cases.add(training("2d-plain", false, false, false, 3, 13, 5, 7));
    cases.add(training("no-positions", true, true, true, 5, 37));
    cases.add(training("1d", true, true, true, 3, 13, 37));
    cases.add(training("3d", true, true, true, 2, 5, 3, 4, 5));
    cases.add(training("many-rows", true, true, true, 702, 3));
    cases.add(training("long-plane", true, true, true, 2, 1, 91, 91));
    cases.add(training("empty-batch", true, true, true, 0, 5, 3, 3));
    cases.add(training("one-member", true, false, false, 1, 5, 1, 2));
    cases.add(training("32x64x56x56", true, true, true, 32, 64, 56, 56).bench());
    cases.add(farTraining("far-from-zero", 3, 5, 37, 41));
    cases.add(farTraining("far-from-zero-no-positions", 702, 17));
    cases.add(layer("768", true, true, 1, 5, 768));
    cases.add(layer("plain", false, false, 1, 5, 13));
    cases.add(layer("weight", true, false, 1, 5, 207));
    cases.add(layer("bias", false, true, 1, 5, 207));
    cases.add(layer("two-dims", true, true, 2, 3, 4, 5, 7));
    cases.add(layer("all-dims", true, true, 3, 3, 5, 7));
    cases.add(layer("long-row", true, true, 1, 2, 9001));
    cases.add(layer("one-row", true, true, 1, 9001));
    cases.add(layer("single", true, true, 1, 3, 1));
    cases.add(layer("no-rows", true, true, 1, 0, 13));
    cases.add(layer("128x768", true, true, 1, 128, 768).bench());
    cases.add(
        Case.of(
            "layer_norm/far-from-zero",
            new LayerNorm(Longs.of(769), false, false, EPS),
            Tolerance.sum(),
            new Operand(Shape.of(3, 769), FAR, false)));
    cases.add(group("2of6", 2, true, true, 3, 6, 5, 7));
    cases.add(group("weight", 2, true, false, 3, 6, 5, 7));
    cases.add(group("bias", 2, false, true, 3, 6, 5, 7));
    cases.add(group("plain", 3, false, false, 3, 6, 5, 7));
    cases.add(group("one-group", 1, true, true, 1, 6, 31, 37));
    cases.add(group("each-channel", 6, true, true, 3, 6, 5, 7));
    cases.add(group("no-positions", 3, true, true, 5, 39));
    cases.add(group("1d", 13, true, true, 3, 26, 37));
    cases.add(group("3d", 2, true, true, 2, 4, 3, 4, 5));
    cases.add(group("empty-batch", 2, true, true, 0, 4, 3, 3));
    cases.add(group("32-8x256x28x28", 32, true, true, 8, 256, 28, 28).bench());
    cases.add(instance("2d", false, true, true, 3, 13, 5, 7));
    cases.add(instance("plain", false, false, false, 3, 13, 5, 7));
    cases.add(instance("running", true, true, true, 3, 13, 5, 7));
    cases.add(instance("running-plain", true, false, false, 3, 13, 5, 7));
    cases.add(instance("1d", false, true, true, 3, 13, 37));
    cases.add(instance("3d", true, true, true, 2, 5, 3, 4, 5));
    cases.add(instance("long-plane", true, true, true, 1, 1, 91, 91));
    cases.add(instance("empty-batch", true, true, true, 0, 5, 3, 3));
    cases.add(instance("8x64x56x56", false, true, true, 8, 64, 56, 56).bench());
    return List.copyOf(cases);
  }

  private static Case evaluation(String name, boolean weight, boolean bias, long... shape) {
    BatchNorm op = new BatchNorm(false, true, weight, bias, MOMENTUM, EPS);
    return channels("batch_norm/evaluation-" + name, op, true, weight, bias, Operand.of(shape));
  }

  private static Case training(
      String name, boolean running, boolean weight, boolean bias, long... shape) {
    BatchNorm op = new BatchNorm(true, running, weight, bias, MOMENTUM, EPS);
    return channels("batch_norm/training-" + name, op, running, weight, bias, Operand.of(shape));
  }

  private static Case farTraining(String name, long... shape) {
    BatchNorm op = new BatchNorm(true, true, false, false, MOMENTUM, EPS);
    Operand x = new Operand(Shape.of(shape), FAR, false);
    return channels("batch_norm/training-" + name, op, true, false, false, x);
  }

  private static Case group(String name, int groups, boolean weight, boolean bias, long... shape) {
    GroupNorm op = new GroupNorm(groups, weight, bias, EPS);
    return channels("group_norm/" + name, op, false, weight, bias, Operand.of(shape));
  }

  private static Case instance(
      String name, boolean running, boolean weight, boolean bias, long... shape) {
    InstanceNorm op = new InstanceNorm(running, weight, bias, MOMENTUM, EPS);
    return channels("instance_norm/" + name, op, running, weight, bias, Operand.of(shape));
  }

  private static Case channels(
      String name, Normalization op, boolean running, boolean weight, boolean bias, Operand x) {
    long channels = x.shape().dim(1);
    List<Operand> operands = new ArrayList<>(List.of(x));
    if (running) {
      operands.add(Operand.of(channels).asConstant());
      operands.add(Operand.positive(channels).asConstant());
    }
    if (weight) {
      operands.add(Operand.of(channels).asConstant());
    }
    if (bias) {
      operands.add(Operand.of(channels).asConstant());
    }
    return Case.of(name, op, Tolerance.sum(), operands.toArray(Operand[]::new));
  }

  private static Case layer(String name, boolean weight, boolean bias, int dims, long... shape) {
    Shape whole = Shape.of(shape);
    long[] normalized = whole.range(shape.length - dims, shape.length).dims();
    List<Operand> operands = new ArrayList<>(List.of(Operand.of(shape)));
    if (weight) {
      operands.add(Operand.of(normalized).asConstant());
    }
    if (bias) {
      operands.add(Operand.of(normalized).asConstant());
    }
    LayerNorm op = new LayerNorm(Longs.of(normalized), weight, bias, EPS);
    return Case.of("layer_norm/" + name, op, Tolerance.sum(), operands.toArray(Operand[]::new));
  }
}
