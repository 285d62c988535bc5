package org.gatun.safety.programs;

import java.util.List;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Conv;
import org.gatun.op.ConvTranspose;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.CrossEntropy;
import org.gatun.op.Diagonal;
import org.gatun.op.ElementLoss;
import org.gatun.op.Fused;
import org.gatun.op.Gemm;
import org.gatun.op.Ints;
import org.gatun.op.Linear;
import org.gatun.op.Longs;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LossReduction;
import org.gatun.op.MatMul;
import org.gatun.op.MaxPool;
import org.gatun.op.Op;
import org.gatun.op.Permute;
import org.gatun.op.RmsNorm;
import org.gatun.op.SwitchNorm;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.junit.jupiter.api.Test;

/** Programs that were drawn and once failed, in their simplest form. */
class FoundProgramsTest {
  private static final Values FEW = Values.Kind.FEW;

  private static Step.Leaf leaf(int number, DType dtype, Values values, long... shape) {
    return new Step.Leaf(
        number, dtype, Shape.of(shape), values, Step.Arrangement.ROW_MAJOR, 7 + number);
  }

  /** Runs an operator on leaves, on every engine. */
  private static void check(Op op, Step.Leaf... leaves) {
    List<Integer> operands = java.util.Arrays.stream(leaves).map(Step.Leaf::result).toList();
    List<Step> steps = new java.util.ArrayList<>(List.of(leaves));
    steps.add(new Step.Compute(op, operands, new Step.Door.Fresh(), List.of(leaves.length)));
    for (Engines engine : Engines.values()) {
      ProgramCheck.check(new RandomProgram(engine, 1, false, Set.of(), steps));
    }
  }

  @Test
  void windowsThatLeaveLayersOut() {
    MaxPool op = MaxPool.of(1, 1, 4).withStride(3, 1, 2).withPadding(0, 0, 2);
    check(op, leaf(0, DType.F32, Values.Kind.NORMAL, 1, 2, 2, 3, 5));
  }

  @Test
  void fusedFunctionsOfIntegers() {
    Op silu = new Fused(new MatMul(), List.of(new Fused.Step.Activate(UnaryFunction.SILU)));
    Step.Leaf x = leaf(0, DType.I64, FEW, 3, 3);
    List<Step> steps =
        List.of(x, new Step.Compute(silu, List.of(0, 0), new Step.Door.Fresh(), List.of()));
    ProgramCheck.check(new RandomProgram(Engines.NATIVE, 1, false, Set.of(), steps));
    Op add =
        new Fused(
            new MatMul(),
            List.of(new Fused.Step.Add(), new Fused.Step.Activate(UnaryFunction.RELU)));
    check(
        add,
        leaf(0, DType.I32, FEW, 4, 9),
        leaf(1, DType.I32, FEW, 9, 5),
        leaf(2, DType.I32, FEW, 4, 5));
  }

  @Test
  void integersDividedByZero() {
    List<BinaryFunction> divisions =
        List.of(
            BinaryFunction.DIV_FLOOR,
            BinaryFunction.DIV_TRUNC,
            BinaryFunction.FMOD,
            BinaryFunction.REMAINDER);
    for (BinaryFunction function : divisions) {
      check(
          new Binary(function),
          leaf(0, DType.I32, FEW, 9),
          leaf(1, DType.I32, new Values.Whole(0, 0), 9));
    }
  }

  @Test
  void integersThatWrapAround() {
    for (DType dtype : List.of(DType.I8, DType.U8, DType.I16, DType.I32, DType.I64)) {
      for (BinaryFunction function : List.of(BinaryFunction.MUL, BinaryFunction.POW)) {
        check(new Binary(function), leaf(0, dtype, FEW, 60), leaf(1, dtype, FEW, 60));
      }
      check(new Unary(UnaryFunction.SQUARE), leaf(0, dtype, FEW, 60));
    }
  }

  @Test
  void exponentialsOfNegativeParameters() {
    for (DType dtype : List.of(DType.F32, DType.F64, DType.BF16)) {
      check(
          new Activation(ActivationFunction.CELU, -0.75),
          leaf(0, dtype, new Values.Between(-66, 9), 200));
      check(
          new Activation(ActivationFunction.CELU, -0.75), leaf(0, dtype, Values.Kind.SPECIAL, 200));
    }
  }

  @Test
  void boundsThatCross() {
    for (DType dtype : List.of(DType.F32, DType.F64, DType.BF16)) {
      check(new Unary(UnaryFunction.LOGIT, 1), leaf(0, dtype, FEW, 40));
    }
  }

  @Test
  void infinitiesBeforeFusedFunctions() {
    Ints one = Ints.of(1);
    Ints none = Ints.of(0);
    List<Fused.Step> steps =
        List.of(
            new Fused.Step.Activate(UnaryFunction.RELU),
            new Fused.Step.Activate(UnaryFunction.SILU));
    for (DType dtype : List.of(DType.F32, DType.BF16)) {
      Step.Leaf x = leaf(0, dtype, Values.Kind.SPECIAL, 1, 1, 40);
      Step.Leaf w = leaf(1, dtype, new Values.Between(0.5, 1), 1, 1, 1);
      check(new Fused(new Conv(one, none, none, one, 1, false), steps), x, w);
      check(new Fused(new ConvTranspose(one, none, none, none, one, 1, false), steps), x, w);
    }
  }

  @Test
  void infinitiesWhoseGeluIsClamped() {
    List<Fused.Step> steps =
        List.of(
            new Fused.Step.Activate(UnaryFunction.GELU),
            new Fused.Step.Activate(new Unary(UnaryFunction.CLAMP, -1, 1.5)),
            new Fused.Step.Activate(new Activation(ActivationFunction.LEAKY_RELU, 0.1)));
    Step.Leaf w = leaf(1, DType.F32, new Values.Between(0.5, 1), 2, 5);
    check(new Fused(new Linear(false), steps), leaf(0, DType.F32, Values.Kind.SPECIAL, 9, 5), w);
  }

  @Test
  void sigmoidsOfNotANumber() {
    Ints one = Ints.of(1, 1);
    Ints none = Ints.of(0, 0);
    List<Fused.Step> steps =
        List.of(new Fused.Step.Add(), new Fused.Step.Activate(UnaryFunction.SIGMOID));
    check(
        new Fused(new ConvTranspose(one, none, none, none, one, 2, false), steps),
        leaf(0, DType.F32, FEW, 3, 2, 7, 1),
        leaf(1, DType.F32, FEW, 2, 1, 3, 1),
        leaf(2, DType.F32, Values.Kind.SPECIAL, 3, 2, 9, 1));
  }

  @Test
  void sumsThatFollowClampedNotANumber() {
    List<Fused.Step> steps =
        List.of(
            new Fused.Step.Activate(new Unary(UnaryFunction.CLAMP, -1, 1.5)),
            new Fused.Step.Add(),
            new Fused.Step.Activate(ActivationFunction.HARDSWISH));
    Ints one = Ints.of(1);
    Ints none = Ints.of(0);
    check(
        new Fused(new ConvTranspose(Ints.of(3), one, one, none, one, 1, false), steps),
        leaf(0, DType.F32, Values.Kind.SPECIAL, 40, 8, 4),
        leaf(1, DType.F32, FEW, 8, 4, 1),
        leaf(2, DType.F32, Values.Kind.NORMAL, 40, 4, 8));
  }

  @Test
  void exponentialsOfDistantClasses() {
    Op gradient = new LossGradient(new CrossEntropy(false, -100, 0, LossReduction.SUM), false);
    for (double least : new double[] {-24, -80, -100}) {
      check(
          gradient,
          leaf(0, DType.F32, FEW),
          leaf(1, DType.F32, new Values.Between(least, 0), 60, 5),
          leaf(2, DType.I64, new Values.Whole(0, 4), 60));
    }
  }

  @Test
  void exponentialsOfLogarithmsThatAreNone() {
    Step.Leaf x = leaf(0, DType.F32, new Values.Between(100, 100), 9);
    Op loss = new ElementLoss(LossFunction.KL_DIV_LOG_TARGET, 0, false, false, LossReduction.SUM);
    check(loss, x, leaf(1, DType.F32, x.values(), 9));
  }

  @Test
  void slopesOfInfiniteLogits() {
    LossFunction function = LossFunction.BINARY_CROSS_ENTROPY_WITH_LOGITS;
    check(
        new LossGradient(new ElementLoss(function, 0, true, true, LossReduction.SUM), false),
        leaf(0, DType.F32, FEW),
        leaf(1, DType.F32, Values.Kind.SPECIAL, 90, 5),
        leaf(2, DType.F32, new Values.Between(0, 1), 90, 5),
        leaf(3, DType.F32, new Values.Between(0.25, 3), 5),
        leaf(4, DType.F32, new Values.Between(0.25, 3), 5));
  }

  @Test
  void manyEqualLosses() {
    check(
        new CrossEntropy(false, -100, 0.125, LossReduction.BATCH_MEAN),
        leaf(0, DType.F64, new Values.Whole(0, 0), 3, 3, 5, 5),
        leaf(1, DType.I64, new Values.Whole(0, 2), 3, 5, 5));
  }

  @Test
  void meansTimesInfinity() {
    check(
        new SwitchNorm(true, false, false, true, false, 0.1, 1e-5),
        drawn(0, FEW, 60223, 3, 8, 3),
        drawn(1, Values.Kind.SPECIAL, 17122, 8),
        drawn(2, FEW, 270842, 2),
        drawn(3, FEW, 714849, 2));
  }

  /** A leaf of f64 of a seed: few have a mean that is one of them but for rounding. */
  private static Step.Leaf drawn(int number, Values values, long seed, long... shape) {
    return new Step.Leaf(
        number, DType.F64, Shape.of(shape), values, Step.Arrangement.ROW_MAJOR, seed);
  }

  @Test
  void vanishedExponentialsTimesInfinity() {
    check(
        new Activation(ActivationFunction.SWIGLU),
        leaf(0, DType.F16, new Values.Between(-600, -90), 60),
        leaf(1, DType.F16, Values.Kind.SPECIAL, 60));
  }

  @Test
  void geluOfNegativeProducts() {
    Op gelu = new Fused(new Linear(false), List.of(new Fused.Step.Activate(UnaryFunction.GELU)));
    Step.Leaf x = leaf(0, DType.F32, new Values.Between(1.6, 1.7), 20, 1);
    check(gelu, x, leaf(1, DType.F32, new Values.Between(-2, -1.5), 40, 1));
  }

  @Test
  void differencesAsLargeAsTheirBounds() {
    Op closeness = new Binary(BinaryFunction.ISCLOSE_NAN, 1, -1);
    for (DType dtype : List.of(DType.F32, DType.F64, DType.BF16)) {
      check(closeness, leaf(0, dtype, FEW, 40), leaf(1, dtype, Values.Kind.LARGE, 40));
    }
  }

  @Test
  void manyTermsInDoubles() {
    Step.Leaf x = leaf(0, DType.F64, new Values.Between(1.1, 1.1), 1, 900);
    check(new RmsNorm(Longs.of(900), false, java.util.OptionalDouble.empty()), x);
    check(new CosineSimilarity(1, 1e-6), x, leaf(1, DType.F64, x.values(), 1, 900));
  }

  @Test
  void matricesThatLieBetweenEachOther() {
    Step.Door fresh = new Step.Door.Fresh();
    List<Step> steps =
        List.of(
            leaf(0, DType.F32, Values.Kind.NORMAL, 11, 11, 6, 5),
            new Step.Compute(new Diagonal(0, 0, 1), List.of(0), fresh, List.of(1)),
            new Step.Compute(new Permute(Ints.of(0, 2, 1)), List.of(1), fresh, List.of(2)),
            leaf(3, DType.F32, Values.Kind.NORMAL, 1, 3, 2, 3, 2),
            new Step.Compute(new Diagonal(-1, 3, -3), List.of(3), fresh, List.of(4)),
            leaf(5, DType.F32, Values.Kind.NORMAL, 2, 3, 2, 3),
            leaf(6, DType.F32, Values.Kind.NORMAL, 2, 3, 2, 3),
            new Step.Compute(new Gemm(1, 0.25), List.of(4, 5, 6), fresh, List.of(7)),
            new Step.Compute(new MatMul(), List.of(1, 2), fresh, List.of(8)),
            new Step.Compute(new MatMul(), List.of(4, 5), fresh, List.of(9)));
    for (Engines engine : Engines.values()) {
      ProgramCheck.check(new RandomProgram(engine, 2, true, Set.of(), steps));
    }
  }
}
