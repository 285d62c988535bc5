package org.gatun.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.Gradients;
import org.gatun.nn.Losses;
import org.gatun.nn.PRelu;
import org.gatun.nn.RRelu;
import org.gatun.nn.Swish;
import org.gatun.op.CrossEntropy;
import org.gatun.op.ElementLoss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.NllLoss;
import org.gatun.reference.ReferenceBackend;
import org.gatun.runtime.Engine;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What losses and activations say to arguments that they do not take. */
class BadLossTest {
  private static Tensor zeros(long... shape) {
    return Tensor.zeros(DType.F32, shape);
  }

  private static Tensor classes(long... classes) {
    return Tensor.of(classes);
  }

  private static Map<String, Supplier<Object>> calls() {
    Map<String, Supplier<Object>> calls = new LinkedHashMap<>();
    LossReduction mean = LossReduction.MEAN;
    calls.put(
        "cross_entropy: input has shape [], expected (C), (N, C) or (N, C, ...)",
        () -> Losses.crossEntropy(zeros(), classes(0)));
    calls.put(
        "cross_entropy: input has shape [2, 0], expected 1 or more classes",
        () -> Losses.crossEntropy(zeros(2, 0), classes(0, 0)));
    calls.put(
        "cross_entropy: target has shape [3], expected [2] for an input of shape [2, 5]",
        () -> Losses.crossEntropy(zeros(2, 5), classes(0, 0, 0)));
    calls.put(
        "cross_entropy: target of probabilities has shape [2], expected the input's [2, 5]",
        () -> Losses.crossEntropy(zeros(2, 5), zeros(2)));
    calls.put(
        "cross_entropy: target has dtype bool, expected i32 or i64 for classes, or the input's for"
            + " probabilities",
        () -> Losses.crossEntropy(zeros(2, 5), Tensor.zeros(DType.BOOL, 2)));
    calls.put(
        "cross_entropy: weight has shape [4], expected [5]",
        () -> Losses.crossEntropy(zeros(2, 5), classes(0, 0), zeros(4), -100, 0, mean));
    calls.put(
        "cross_entropy: label smoothing 1.5, expected a number from 0 to 1",
        () -> Losses.crossEntropy(zeros(2, 5), classes(0, 0), null, -100, 1.5, mean));
    calls.put(
        "cross_entropy: ignore_index 1 with a target of probabilities, expected a negative one,"
            + " which they do not have",
        () -> Losses.crossEntropy(zeros(2, 5), zeros(2, 5), null, 1, 0, mean));
    calls.put(
        "nll_loss: target has dtype f32, expected i32 or i64",
        () -> Losses.nllLoss(zeros(2, 5), zeros(2, 5)));
    calls.put(
        "nll_loss: input has dtype i64, expected a floating-point one",
        () -> Losses.nllLoss(Tensor.zeros(DType.I64, 2, 5), classes(0, 0)));
    calls.put(
        "mse_loss: shapes [2, 3] and [2, 4] do not broadcast: 3 against 4",
        () -> Losses.mseLoss(zeros(2, 3), zeros(2, 4), mean));
    calls.put(
        "l1_loss: input 1 has dtype f64, expected f32",
        () -> Losses.l1Loss(zeros(2), Tensor.zeros(DType.F64, 2), mean));
    calls.put(
        "huber_loss: delta 0.0, expected more than 0",
        () -> Losses.huberLoss(zeros(2), zeros(2), 0, mean));
    calls.put(
        "smooth_l1_loss: beta -1.0, expected 0 or more",
        () -> Losses.smoothL1Loss(zeros(2), zeros(2), -1, mean));
    calls.put(
        "binary_cross_entropy: target has shape [1, 3], expected the input's [2, 3]",
        () -> Losses.binaryCrossEntropy(zeros(2, 3), zeros(1, 3)));
    calls.put(
        "binary_cross_entropy_with_logits: weight has shape [2, 2, 3], expected one that"
            + " broadcasts to [2, 3]",
        () ->
            Losses.binaryCrossEntropyWithLogits(
                zeros(2, 3), zeros(2, 3), zeros(2, 2, 3), null, mean));
    calls.put(
        "mse_loss_gradient: input of shape [3] broadcast to [2, 3], expected one that is not"
            + " broadcast",
        () ->
            Engine.current()
                .run(
                    new LossGradient(ElementLoss.of(LossFunction.MSE_LOSS, mean), false),
                    zeros(),
                    zeros(3),
                    zeros(2, 3)));
    calls.put(
        "cross_entropy_gradient: cotangent has shape [2], expected the loss's []",
        () -> Gradients.crossEntropy(zeros(2), zeros(2, 5), classes(0, 0), null, -100, 0, mean));
    calls.put(
        "cross_entropy_target_gradient: target of classes, expected probabilities, which have a"
            + " gradient",
        () ->
            Gradients.lossTarget(
                new CrossEntropy(false, -100, 0, mean), zeros(), zeros(2, 5), classes(0, 0)));
    calls.put(
        "softmax_gradient: cotangent has shape [2], expected the result's [3]",
        () -> Gradients.softmax(zeros(2), zeros(3), 0));
    calls.put("log_softmax: axis 2 out of range for shape [2, 3]", () -> zeros(2, 3).logSoftmax(2));
    calls.put(
        "glu: axis 1 of shape [2, 3] has an odd size, expected an even one",
        () -> Activations.glu(zeros(2, 3), -1));
    calls.put("swiglu: axis 0 out of range for shape []", () -> Activations.swiglu(zeros(), 0));
    calls.put(
        "prelu: weight of shape [2] for an input of shape [2, 3], expected [1] or [3]",
        () -> Activations.prelu(zeros(2, 3), zeros(2)));
    calls.put(
        "prelu: weight of shape [3] for an input of shape [3], expected [1]",
        () -> Activations.prelu(zeros(3), zeros(3)));
    calls.put(
        "hardtanh: min_val, max_val [2.0, 1.0], expected min_val not to be more than max_val",
        () -> Activations.hardtanh(zeros(3), 2, 1));
    calls.put(
        "softshrink: lambd [-1.0], expected lambd to be 0 or more",
        () -> Activations.softshrink(zeros(3), -1));
    calls.put("celu: alpha [0.0], expected alpha not to be 0", () -> Activations.celu(zeros(3), 0));
    calls.put(
        "softplus: beta, threshold [0.0, 20.0], expected beta not to be 0",
        () -> Activations.softplus(zeros(3), 0, 20));
    calls.put(
        "mish: input 0 has dtype i64, expected a floating-point one",
        () -> Activations.mish(Tensor.zeros(DType.I64, 3)));
    calls.put(
        "rrelu: lower 0.5 and upper 0.25, expected lower not to be more",
        () -> Activations.rrelu(zeros(3), 0.5, 0.25, new Generator(1)));
    calls.put(
        "rrelu: lower NaN and upper 0.25, expected lower not to be more",
        () -> new RRelu(Double.NaN, 0.25, 1));
    calls.put("prelu: weight of shape [], expected (1) or (C)", () -> new PRelu(Tensor.scalar(1f)));
    calls.put("swish: beta of shape [2], expected [1]", () -> new Swish(zeros(2)));
    return calls;
  }

  @TestFactory
  Stream<DynamicTest> argumentsAreRefused() {
    return calls().entrySet().stream()
        .map(
            call ->
                DynamicTest.dynamicTest(
                    call.getKey(), () -> refuses(Engines.NATIVE, call.getKey(), call.getValue())));
  }

  private static void refuses(Engine engine, String message, Supplier<Object> call) {
    boolean unused =
        engine.with(
            () -> {
              try (Scope scope = Scope.open()) {
                assertEquals(
                    message, assertThrows(IllegalArgumentException.class, call::get).getMessage());
              }
              return true;
            });
  }

  @Test
  void aTargetClassOutOfRangeIsNamedAndNothingIsWritten() {
    for (long wrong : new long[] {3, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      String named = "target class " + wrong + " at [1], expected 0 or more and less than 3";
      for (LossReduction reduction : LossReduction.values()) {
        leaves(named, classes(0, wrong), new CrossEntropy(false, -100, 0, reduction));
        leaves(named, classes(0, wrong), new NllLoss(false, -100, reduction));
      }
    }
  }

  private static void leaves(String named, Tensor target, org.gatun.op.Loss loss) {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              boolean single = loss.reduction() == LossReduction.NONE;
              Tensor output = single ? Tensor.ones(DType.F32, 2) : Tensor.ones(DType.F32);
              IllegalArgumentException e =
                  assertThrows(
                      IllegalArgumentException.class,
                      () ->
                          Engines.NATIVE.run(loss, List.of(zeros(2, 3), target), List.of(output)));
              String expected = loss.name() + ": " + named + ", or -100 to ignore it";
              assertEquals(expected, e.getMessage());
              assertArrayEquals(
                  single ? new float[] {1, 1} : new float[] {1}, output.toFloatArray());
              return true;
            });
  }

  @Test
  void anIgnoredClassMayBeOutOfRange() {
    boolean unused =
        Engines.NATIVE.with(
            () -> {
              Tensor x = Tensor.of(new float[] {0, 0, 5, 5}, 2, 2);
              double loss = Losses.crossEntropy(x, classes(-100, 1)).item();
              assertEquals(Math.log(2), loss, 1e-6);
              double none = Losses.crossEntropy(x, classes(-100, -100)).item();
              assertEquals(Double.NaN, none);
              return true;
            });
  }

  @Test
  void aProbabilityOutsideOfItsRangeIsNamedAndNothingIsWritten() {
    for (Engine engine : List.of(Engines.NATIVE, Engine.of(new ReferenceBackend()))) {
      for (float wrong : new float[] {-0.25f, 1.25f, Float.NaN, Float.POSITIVE_INFINITY}) {
        refuses(
            engine,
            "binary_cross_entropy: input "
                + (double) wrong
                + ", expected probabilities from 0 to 1",
            () ->
                Losses.binaryCrossEntropy(
                    Tensor.of(new float[] {0.5f, wrong}), zeros(2), null, LossReduction.NONE));
      }
    }
  }
}
