package org.gatun.kernel.java;

import java.util.EnumSet;
import java.util.Set;
import org.gatun.DType;
import org.gatun.kernel.Kernel;
import org.gatun.kernel.Library;
import org.gatun.kernel.Plan;
import org.gatun.kernel.PlanRequest;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.ActivationGradient;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Doubles;
import org.gatun.op.GradientFunction;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@link Unary}, {@link Binary}, {@link Ternary}, {@link Activation} and {@link ActivationGradient}
 * of every dtype but {@code f16}, and of {@code bf16} with the Vector API alone. Along the
 * innermost dimension of the result, each operand lies side by side or is one element for all.
 */
public final class PointwiseKernel implements Kernel {
  private static final long CHEAP_GRAIN = 16 * 1024;
  private static final long GRAIN = 4 * 1024;

  /** The most elements that plain Java computes as fast as vectors do. */
  private static final long FEW = 32;

  /** Functions that take no longer than their operands take to be read. */
  private static final Set<UnaryFunction> CHEAP =
      EnumSet.of(
          UnaryFunction.ABS,
          UnaryFunction.CEIL,
          UnaryFunction.CLAMP,
          UnaryFunction.CLAMP_MAX,
          UnaryFunction.CLAMP_MIN,
          UnaryFunction.DEG2RAD,
          UnaryFunction.FLOOR,
          UnaryFunction.ISFINITE,
          UnaryFunction.ISINF,
          UnaryFunction.ISNAN,
          UnaryFunction.ISNEGINF,
          UnaryFunction.ISPOSINF,
          UnaryFunction.LOGICAL_NOT,
          UnaryFunction.NAN_TO_NUM,
          UnaryFunction.NEG,
          UnaryFunction.RAD2DEG,
          UnaryFunction.RELU,
          UnaryFunction.ROUND,
          UnaryFunction.SIGN,
          UnaryFunction.SIGNBIT,
          UnaryFunction.SQUARE,
          UnaryFunction.TRUNC);

  private static final Set<BinaryFunction> EXPENSIVE =
      EnumSet.of(
          BinaryFunction.ATAN2,
          BinaryFunction.DIV_FLOOR,
          BinaryFunction.FMOD,
          BinaryFunction.HYPOT,
          BinaryFunction.LOGADDEXP,
          BinaryFunction.LOGADDEXP2,
          BinaryFunction.POW,
          BinaryFunction.REMAINDER,
          BinaryFunction.XLOGY);

  /** Functions that have no value for an integer and 0. */
  private static final Set<BinaryFunction> DIVIDES =
      EnumSet.of(
          BinaryFunction.DIV_FLOOR,
          BinaryFunction.DIV_TRUNC,
          BinaryFunction.FMOD,
          BinaryFunction.REMAINDER);

  /** Makes the kernel. */
  public PointwiseKernel() {}

  @Override
  public Library library() {
    return Library.JAVA;
  }

  @Override
  public @Nullable Plan plan(PlanRequest request) {
    return switch (request.op()) {
      case Activation(ActivationFunction function, Doubles numbers) ->
          plan(request, function, numbers);
      case ActivationGradient(GradientFunction function, Doubles numbers) ->
          plan(request, function, numbers);
      case Unary(UnaryFunction function, Doubles numbers) -> plan(request, function, numbers);
      case Binary(BinaryFunction function, Doubles numbers) -> plan(request, function, numbers);
      case Ternary(TernaryFunction function, Doubles numbers) -> plan(request, function, numbers);
      default -> null;
    };
  }

  private static @Nullable Plan plan(
      PlanRequest request, PointwiseFunction function, Doubles numbers) {
    DType from = request.input(0).dtype();
    DType to = request.output(0).dtype();
    Nest nest = PointwiseNest.of(request);
    if (nest == null) {
      return null;
    }
    boolean few = nest.size() <= FEW && ExactFunctions.contains(function) && from != DType.BF16;
    boolean vectors = request.context().vector() && !few;
    PointwiseLoops loops = vectors ? VectorProvider.pointwise() : PointwiseLoops.SCALAR;
    if (!loops.takes(function, from, to)) {
      return null;
    }
    PointwisePlan plan =
        PointwisePlan.of(loops.of(function, numbers, from, to), nest, request, grain(function));
    boolean divides = function instanceof BinaryFunction binary && DIVIDES.contains(binary);
    return divides && from.isInteger()
        ? new DivisorCheck(plan, function.spelling(), from.byteSize())
        : plan;
  }

  private static long grain(PointwiseFunction function) {
    return isCheap(function) ? CHEAP_GRAIN : GRAIN;
  }

  /** Returns whether a function takes no longer than its operands take to be read. */
  static boolean isCheap(PointwiseFunction function) {
    return switch (function) {
      case UnaryFunction unary -> CHEAP.contains(unary);
      case BinaryFunction binary -> !EXPENSIVE.contains(binary);
      case TernaryFunction _ -> true;
      case ActivationFunction _, GradientFunction _ -> false;
    };
  }
}
