package org.gatun.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What normalization takes, what it gives, and what it refuses. */
class NormalizationTest {
  private static final BatchNorm TRAINING = new BatchNorm(true, true, true, true, 0.1, 1e-5);

  private static Layout f32(long... dims) {
    return Layout.of(DType.F32, Shape.of(dims));
  }

  private static void refuses(String message, Executable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action).getMessage());
  }

  private static void refuses(String message, Op op, Layout... inputs) {
    refuses(message, () -> op.infer(List.of(inputs)));
  }

  @Test
  void trainingGivesNewRunningStatistics() {
    List<Layout> outputs = TRAINING.infer(List.of(f32(2, 3, 4), f32(3), f32(3), f32(3), f32(3)));
    assertEquals(List.of(f32(2, 3, 4), f32(3), f32(3)), outputs);
    BatchNorm evaluation = new BatchNorm(false, true, false, false, 0.1, 1e-5);
    assertEquals(1, evaluation.infer(List.of(f32(2, 3, 4), f32(3), f32(3))).size());
  }

  @Test
  void channelsLastStays() {
    Layout images = Layout.channelsLast(DType.F32, Shape.of(2, 6, 4, 5));
    for (Op op :
        List.of(
            new BatchNorm(true, false, false, false, 0.1, 1e-5),
            new GroupNorm(2, false, false, 1e-5),
            new InstanceNorm(false, false, false, 0.1, 1e-5))) {
      assertTrue(op.infer(List.of(images)).getFirst().isChannelsLast(), op.name());
    }
  }

  @Test
  void oneValueForEachChannelIsRefusedInTraining() {
    BatchNorm plain = new BatchNorm(true, false, false, false, 0.1, 1e-5);
    refuses(
        "batch_norm: input of shape [1, 3] has one value for each channel, expected more for"
            + " training",
        plain,
        f32(1, 3));
    refuses(
        "instance_norm: input of shape [2, 3, 1] has one position for each channel, expected more",
        new InstanceNorm(false, false, false, 0.1, 1e-5),
        f32(2, 3, 1));
    refuses(
        "group_norm: input of shape [1, 3, 1] has one value for each group, expected more",
        new GroupNorm(3, false, false, 1e-5),
        f32(1, 3, 1));
    assertEquals(1, plain.infer(List.of(f32(0, 3))).size());
    assertEquals(List.of(f32(0)), plain.infer(List.of(f32(0))));
  }

  @Test
  void parametersThatDoNotFitAreRefused() {
    refuses(
        "batch_norm: running mean has shape [4], expected [3]",
        TRAINING,
        f32(2, 3, 4),
        f32(4),
        f32(3),
        f32(3),
        f32(3));
    refuses(
        "batch_norm: running variance has dtype f64, expected f32",
        TRAINING,
        f32(2, 3, 4),
        f32(3),
        Layout.of(DType.F64, Shape.of(3)),
        f32(3),
        f32(3));
    refuses(
        "instance_norm: weight has shape [3, 1], expected [3]",
        new InstanceNorm(false, true, false, 0.1, 1e-5),
        f32(2, 3, 4),
        f32(3, 1));
    refuses(
        "layer_norm: bias has shape [4], expected [3, 4]",
        new LayerNorm(Longs.of(3, 4), false, true, 1e-5),
        f32(2, 3, 4),
        f32(4));
    refuses("batch_norm: 1 inputs, expected 5", TRAINING, f32(2, 3, 4));
  }

  @Test
  void inputsThatDoNotFitAreRefused() {
    refuses(
        "layer_norm: input has shape [2, 3, 4], expected it to end in the normalized shape [3]",
        new LayerNorm(Longs.of(3), false, false, 1e-5),
        f32(2, 3, 4));
    refuses(
        "layer_norm: input has shape [4], expected it to end in the normalized shape [3, 4]",
        new LayerNorm(Longs.of(3, 4), false, false, 1e-5),
        f32(4));
    refuses(
        "group_norm: groups 4 do not divide the 6 channels of shape [2, 6, 5]",
        new GroupNorm(4, false, false, 1e-5),
        f32(2, 6, 5));
    refuses(
        "batch_norm: input has shape [3], expected (N, C, ...)",
        new BatchNorm(true, false, false, false, 0.1, 1e-5),
        f32(3));
    refuses(
        "instance_norm: input has shape [2, 3], expected (N, C, spatial...)",
        new InstanceNorm(false, false, false, 0.1, 1e-5),
        f32(2, 3));
    refuses(
        "group_norm: input has dtype i64, expected a floating-point one",
        new GroupNorm(1, false, false, 1e-5),
        Layout.of(DType.I64, Shape.of(2, 3, 4)));
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    refuses(
        "batch_norm: no running statistics, expected them for evaluation",
        () -> new BatchNorm(false, false, true, true, 0.1, 1e-5));
    refuses(
        "layer_norm: eps Infinity, expected a finite number",
        () -> new LayerNorm(Longs.of(3), false, false, Double.POSITIVE_INFINITY));
    refuses(
        "group_norm: eps NaN, expected a finite number",
        () -> new GroupNorm(1, false, false, Double.NaN));
    refuses(
        "layer_norm: normalized shape [], expected one dimension or more",
        () -> new LayerNorm(Longs.of(), false, false, 1e-5));
    refuses("group_norm: groups 0, expected 1 or more", () -> new GroupNorm(0, false, false, 1e-5));
  }
}
