package org.gatun.kernel.java;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.gatun.DType;
import org.gatun.op.ActivationFunction;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Doubles;
import org.gatun.op.GradientFunction;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.TernaryFunction;
import org.gatun.op.UnaryFunction;
import org.jspecify.annotations.Nullable;

/**
 * The loops of pointwise functions with the Vector API: of bf16, of floats, of floats as doubles,
 * of doubles; and in plain Java for what has no vector expression, integers among them.
 */
final class VectorPointwiseLoops extends PointwiseLoops {
  private static final LoopTemplate HALVES = new LoopTemplate(VectorBf16Loop.class);
  private static final LoopTemplate FLOATS = new LoopTemplate(VectorFloatLoop.class);
  private static final LoopTemplate FLOAT_TESTS = new LoopTemplate(VectorFloatTestLoop.class);
  private static final LoopTemplate FLOATS_AS_DOUBLES =
      new LoopTemplate(VectorFloatAsDoubleLoop.class);
  private static final LoopTemplate DOUBLES = new LoopTemplate(VectorDoubleLoop.class);
  private static final LoopTemplate DOUBLE_TESTS = new LoopTemplate(VectorDoubleTestLoop.class);

  VectorPointwiseLoops() {}

  /** A function with the dtypes of its operands and its results. */
  private record Key(PointwiseFunction function, DType from, DType to) {}

  private static final ConcurrentHashMap<Key, WarmingLoop.Compiled> COMPILED =
      new ConcurrentHashMap<>();

  @Override
  boolean takes(PointwiseFunction function, DType from, DType to) {
    return super.takes(function, from, to) || (from == DType.BF16 && to == DType.BF16);
  }

  /**
   * Returns the loop. Of bf16, what takes no longer than its operands take to be read is computed
   * element by element as they come, and the rest by way of floats in the cache: in the longer
   * expressions the conversions cost more than they do on their own. Measured on 2M elements, in
   * times of the loop of floats: ReLU 1.2 (by way of floats 1.7), add and mul 0.7 (1.1); SiLU 2.0
   * (1.5), GELU 3.3 (1.3), hardswish 2.2 (2.0).
   */
  @Override
  PointwiseLoop of(PointwiseFunction function, Doubles numbers, DType from, DType to) {
    PointwiseLoop twin = twin(function, numbers, from, to);
    if (twin == null) {
      return loop(function, numbers, from, to);
    }
    Supplier<PointwiseLoop> vector = () -> loop(function, numbers, from, to);
    WarmingLoop.Compiled compiled =
        COMPILED.computeIfAbsent(new Key(function, from, to), _ -> WarmingLoop.Compiled.of(vector));
    return compiled.isDone() ? vector.get() : new WarmingLoop(vector, twin, compiled);
  }

  /** Returns a loop in plain Java that gives the same bits, or null where there is none. */
  private @Nullable PointwiseLoop twin(
      PointwiseFunction function, Doubles numbers, DType from, DType to) {
    if (from != DType.F32 && from != DType.F64) {
      return null;
    }
    if (ExactFunctions.contains(function)) {
      return super.of(function, numbers, from, to);
    }
    return from == DType.F32 && to == DType.F32 ? FloatTwins.of(function, numbers) : null;
  }

  private PointwiseLoop loop(PointwiseFunction function, Doubles numbers, DType from, DType to) {
    boolean test = to == DType.BOOL;
    LoopTemplate template = null;
    Object expression = null;
    DoubleExpression single = null;
    if (from == DType.BF16) {
      VectorExpression<FloatVector, ?> cheap =
          PointwiseKernel.isCheap(function) ? floats(function) : null;
      if (cheap == null) {
        return new Bf16ChunkLoop(of(function, numbers, DType.F32, DType.F32), operands(function));
      }
      expression = cheap;
      template = HALVES;
    } else if (from == DType.F32) {
      expression = floats(function);
      template = test ? FLOAT_TESTS : FLOATS;
      if (expression == null) {
        expression = doubles(function);
        template = FLOATS_AS_DOUBLES;
        single = floating(function, from);
      }
    } else if (from == DType.F64 && !LibraryFunctions.contains(function)) {
      expression = doubles(function);
      template = test ? DOUBLE_TESTS : DOUBLES;
    }
    if (template == null || expression == null) {
      return super.of(function, numbers, from, to);
    }
    return template.loop(
        function,
        new LoopTemplate.Body(expression, operands(function), from, test, single),
        numbers);
  }

  @Override
  PointwiseLoop of(LossTerm term, Doubles numbers, DType dtype) {
    boolean floats = dtype == DType.F32;
    Object expression = floats ? VectorFloatLosses.of(term) : VectorDoubleLosses.of(term);
    if (expression == null) {
      return super.of(term, numbers, dtype);
    }
    return (floats ? FLOATS : DOUBLES)
        .loop(term, new LoopTemplate.Body(expression, term.operands(), dtype, false), numbers);
  }

  private static @Nullable VectorExpression<FloatVector, ?> floats(PointwiseFunction function) {
    return switch (function) {
      case ActivationFunction activation -> VectorFloatActivations.of(activation);
      case UnaryFunction unary -> VectorFloatFunctions.of(unary);
      case BinaryFunction binary -> VectorFloatFunctions.of(binary);
      case GradientFunction gradient -> VectorFloatActivations.of(gradient);
      case TernaryFunction ternary -> VectorFloatFunctions.of(ternary);
    };
  }

  private static @Nullable VectorExpression<DoubleVector, ?> doubles(PointwiseFunction function) {
    return switch (function) {
      case ActivationFunction activation -> VectorDoubleActivations.of(activation);
      case UnaryFunction unary -> VectorDoubleFunctions.of(unary);
      case BinaryFunction binary -> VectorDoubleFunctions.of(binary);
      case GradientFunction gradient -> VectorDoubleActivations.of(gradient);
      case TernaryFunction ternary -> VectorDoubleFunctions.of(ternary);
    };
  }
}
