package org.gatun.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.gatun.Shape;
import org.gatun.op.BatchNorm;
import org.gatun.op.DeepNorm;
import org.gatun.op.DyT;
import org.gatun.op.GroupNorm;
import org.gatun.op.InstanceNorm;
import org.gatun.op.LayerNorm;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Longs;
import org.gatun.op.Normalization;
import org.gatun.op.RmsNorm;
import org.gatun.op.SwitchNorm;
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
    cases.add(evaluation("empty-vector", false, false, 0));
    cases.add(rms("768", true, 1, 5, 768));
    cases.add(rms("plain", false, 1, 5, 13));
    cases.add(rms("two-dims", true, 2, 3, 4, 5, 7));
    cases.add(rms("long-row", true, 1, 2, 9001));
    cases.add(rms("single", true, 1, 3, 1));
    cases.add(rms("no-rows", true, 1, 0, 13));
    cases.add(rms("128x4096", true, 1, 128, 4096).bench());
    cases.add(
        Case.of(
            "rms_norm/eps",
            new RmsNorm(Longs.of(37), false, OptionalDouble.of(0.5)),
            Tolerance.sum(),
            Operand.of(5, 37)));
    cases.add(response("2d", 5, 0.75, 3, 13, 5, 7));
    cases.add(response("even", 4, 0.75, 3, 13, 5, 7));
    cases.add(response("one-channel", 1, 0.75, 3, 5, 37));
    cases.add(response("wider-than-channels", 9, 0.75, 2, 3, 5, 7));
    cases.add(response("many-channels", 5, 0.75, 2, 67, 3, 5));
    cases.add(response("square-root", 3, 0.5, 2, 7, 5, 7));
    cases.add(response("fourth-root", 3, 0.25, 2, 7, 5, 7));
    cases.add(response("identity", 3, 0, 2, 7, 5, 7));
    cases.add(response("quotient", 3, 1, 2, 7, 5, 7));
    cases.add(response("any-power", 3, 0.6, 2, 37, 5, 7));
    cases.add(response("negative-power", 3, -0.75, 2, 7, 5, 7));
    cases.add(response("3d", 3, 0.75, 2, 5, 3, 4, 5));
    cases.add(response("long-plane", 5, 0.75, 1, 7, 37, 41));
    cases.add(response("empty-batch", 5, 0.75, 0, 5, 3, 3));
    cases.add(response("8x96x27x27", 5, 0.75, 8, 96, 27, 27).bench());
    cases.add(deep("768", true, true, 1, 5, 768));
    cases.add(deep("plain", false, false, 1, 5, 13));
    cases.add(deep("weight", true, false, 1, 5, 207));
    cases.add(deep("bias", false, true, 2, 3, 5, 7));
    cases.add(deep("one-row", true, true, 1, 1, 40_001));
    cases.add(deep("no-rows", true, true, 1, 0, 13));
    cases.add(deep("128x768", true, true, 1, 128, 768).bench());
    cases.add(tanh("768", false, true, true, 5, 768));
    cases.add(tanh("plain", false, false, false, 5, 13));
    cases.add(tanh("weight", false, true, false, 3, 4, 207));
    cases.add(tanh("bias", false, false, true, 3, 4, 207));
    cases.add(tanh("vector", false, true, true, 5001));
    cases.add(tanh("no-rows", false, true, true, 0, 13));
    cases.add(tanh("images", true, true, true, 3, 13, 5, 7));
    cases.add(tanh("images-plain", true, false, false, 3, 13, 5, 7));
    cases.add(tanh("images-weight", true, true, false, 2, 3, 57, 61));
    cases.add(tanh("128x768", false, true, true, 128, 768).bench());
    cases.add(switched("training", true, true, true, true, true, 3, 13, 5, 7));
    cases.add(switched("training-plain", true, true, false, false, false, 3, 13, 5, 7));
    cases.add(switched("training-weight", true, true, true, true, false, 3, 13, 5, 7));
    cases.add(switched("training-bias", true, true, true, false, true, 3, 13, 5, 7));
    cases.add(switched("training-3d", true, true, true, true, true, 2, 5, 3, 4, 5));
    cases.add(switched("training-long-plane", true, true, true, true, true, 2, 3, 91, 91));
    cases.add(switched("training-one-position", true, true, true, true, true, 5, 13, 1, 1));
    cases.add(switched("training-empty-batch", true, true, true, true, true, 0, 5, 3, 3));
    cases.add(switched("evaluation", false, true, true, true, true, 3, 13, 5, 7));
    cases.add(switched("without-batch", false, false, false, true, true, 3, 13, 5, 7));
    cases.add(switched("8x64x56x56", true, true, true, true, true, 8, 64, 56, 56).bench());
    return List.copyOf(cases);
  }

  private static Case rms(String name, boolean weight, int dims, long... shape) {
    long[] normalized = ending(dims, shape);
    RmsNorm op = new RmsNorm(Longs.of(normalized), weight, OptionalDouble.empty());
    return rows("rms_norm/" + name, op, weight, false, normalized, Operand.of(shape));
  }

  private static Case response(String name, int size, double beta, long... shape) {
    LocalResponseNorm op = new LocalResponseNorm(size, 0.3, beta, 1.5);
    return Case.of("local_response_norm/" + name, op, Tolerance.sum(), Operand.of(shape));
  }

  private static Case deep(String name, boolean weight, boolean bias, int dims, long... shape) {
    long[] normalized = ending(dims, shape);
    DeepNorm op = new DeepNorm(Longs.of(normalized), 1.7, weight, bias, EPS);
    Operand x = Operand.of(shape);
    return rows("deep_norm/" + name, op, weight, bias, normalized, x, Operand.of(shape));
  }

  private static Case tanh(
      String name, boolean channelsFirst, boolean weight, boolean bias, long... shape) {
    long[] channels = {channelsFirst ? shape[1] : shape[shape.length - 1]};
    DyT op = new DyT(channelsFirst, weight, bias);
    Operand x = new Operand(Shape.of(shape), new Operand.Values.Uniform(-4, 4), false);
    return rows("dyt/" + name, op, weight, bias, channels, x, Operand.of(1).asConstant());
  }

  private static Case switched(
      String name,
      boolean training,
      boolean batch,
      boolean running,
      boolean weight,
      boolean bias,
      long... shape) {
    SwitchNorm op = new SwitchNorm(training, batch, running, weight, bias, MOMENTUM, EPS);
    Case c = channels("switch_norm/" + name, op, running, weight, bias, Operand.of(shape));
    List<Operand> operands = new ArrayList<>(c.operands());
    operands.add(Operand.of(op.mixed()).asConstant());
    operands.add(Operand.of(op.mixed()).asConstant());
    return Case.of(c.name(), op, c.tolerance(), operands.toArray(Operand[]::new));
  }

  private static long[] ending(int dims, long... shape) {
    return Shape.of(shape).range(shape.length - dims, shape.length).dims();
  }

  private static Case rows(
      String name,
      Normalization op,
      boolean weight,
      boolean bias,
      long[] parameters,
      Operand... inputs) {
    List<Operand> operands = new ArrayList<>(List.of(inputs));
    if (weight) {
      operands.add(Operand.of(parameters).asConstant());
    }
    if (bias) {
      operands.add(Operand.of(parameters).asConstant());
    }
    return Case.of(name, op, Tolerance.sum(), operands.toArray(Operand[]::new));
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
    long channels = x.shape().dim(x.shape().rank() == 1 ? 0 : 1);
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
    long[] normalized = ending(dims, shape);
    LayerNorm op = new LayerNorm(Longs.of(normalized), weight, bias, EPS);
    return rows("layer_norm/" + name, op, weight, bias, normalized, Operand.of(shape));
  }
}
