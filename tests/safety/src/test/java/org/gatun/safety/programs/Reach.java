package org.gatun.safety.programs;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.ActivationGradient;
import org.gatun.op.AdaptiveAveragePool;
import org.gatun.op.AdaptiveMaxPool;
import org.gatun.op.AlphaDropout;
import org.gatun.op.Attention;
import org.gatun.op.AveragePool;
import org.gatun.op.Bernoulli;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Combination;
import org.gatun.op.Contraction;
import org.gatun.op.Convolution;
import org.gatun.op.CosineSimilarity;
import org.gatun.op.CrossEntropy;
import org.gatun.op.Doubles;
import org.gatun.op.Dropout;
import org.gatun.op.ElementLoss;
import org.gatun.op.Exponential;
import org.gatun.op.Fused;
import org.gatun.op.Gather;
import org.gatun.op.GatherElements;
import org.gatun.op.GlobalAveragePool;
import org.gatun.op.GlobalMaxPool;
import org.gatun.op.Indexing;
import org.gatun.op.Interpolate;
import org.gatun.op.LocalResponseNorm;
import org.gatun.op.Lookup;
import org.gatun.op.Loss;
import org.gatun.op.LossFunction;
import org.gatun.op.LossGradient;
import org.gatun.op.LpPool;
import org.gatun.op.MaskedSelect;
import org.gatun.op.MaxPool;
import org.gatun.op.MaxUnpool;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.MinWithIndices;
import org.gatun.op.Movement;
import org.gatun.op.NonZero;
import org.gatun.op.Norm;
import org.gatun.op.Normal;
import org.gatun.op.Normalization;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Op;
import org.gatun.op.Ordering;
import org.gatun.op.Patches;
import org.gatun.op.Pointwise;
import org.gatun.op.Pooling;
import org.gatun.op.Probability;
import org.gatun.op.Quantization;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Reduction;
import org.gatun.op.Resample;
import org.gatun.op.Scan;
import org.gatun.op.ScanFunction;
import org.gatun.op.Scatter;
import org.gatun.op.ScatterElements;
import org.gatun.op.Stochastic;
import org.gatun.op.Ternary;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Uniform;
import org.gatun.op.Variance;
import org.gatun.op.View;
import org.gatun.op.Where;
import org.gatun.reference.NdArray;
import org.gatun.reference.Reference;

/**
 * Whether what an operator computes on its way stays within its dtype. The reference computes in
 * f64: where a sum of squares of f32 overflows, or vanishes, it has a number that no other
 * implementation has, PyTorch among them. Such results are held against the reference by shape and
 * dtype alone; what is not finite in the operands themselves excuses nothing.
 */
final class Reach {
  /** A power beyond which nothing but the smallest and the largest numbers reach. */
  private static final double MANY = Double.POSITIVE_INFINITY;

  private static final double WHOLE = 0x1p53;

  /** Roundings of a difference, of a bound, of its product and of its sum. */
  private static final double EDGE = 4;

  private Reach() {}

  /**
   * Returns the highest power of an operand's elements that an operator forms on the way to its
   * result, 0 where it forms none: then nothing excuses a difference.
   */
  private static double power(Op op) {
    return switch (op) {
      case Pointwise pointwise ->
          switch (pointwise) {
            // Slopes of x^3 and the like, times the other operands.
            case ActivationGradient _ -> 3;
            case Ternary _ -> 2;
            case Activation _, Binary _, Unary _, Where _ -> 0;
          };
      case Movement _, View _, Ordering _ -> 0;
      case Attention _ -> MANY;
      case Contraction _, Convolution _, Fused _ -> 2;
      case Indexing indexing ->
          switch (indexing) {
            case Gather _, GatherElements _, MaskedSelect _, NonZero _ -> 0;
            case Scatter scatter -> power(scatter.combination());
            case ScatterElements scatter -> power(scatter.combination());
          };
      case Interpolate _, Resample _, Patches _ -> 1;
      case Loss _, LossGradient _ -> 3;
      case Lookup _ -> MANY;
      case Normalization normalization -> normalization instanceof LocalResponseNorm ? MANY : 4;
      case Pooling pooling ->
          switch (pooling) {
            case AveragePool _, AdaptiveAveragePool _, GlobalAveragePool _ -> 1;
            case MaxPool _, AdaptiveMaxPool _, GlobalMaxPool _, MaxUnpool _ -> 0;
            case LpPool _ -> MANY;
          };
      case Probability _ -> 2;
      case Quantization _ -> 2;
      case Reduction reduction ->
          switch (reduction) {
            case Reduce(ReduceFunction function, var _, var _) ->
                switch (function) {
                  case ALL, ANY, COUNT_NONZERO, MAX, MIN -> 0;
                  case LOG_SUM_EXP, MEAN, NAN_SUM, SUM -> 1;
                  case PROD -> MANY;
                };
            case MaxWithIndices _, MinWithIndices _ -> 0;
            case Variance _, NuclearNorm _ -> 2;
            case CosineSimilarity _ -> 4;
            case Norm _ -> MANY;
          };
      case Scan(ScanFunction function, int _) ->
          switch (function) {
            case CUMMAX, CUMMIN -> 0;
            case CUMSUM, LOGCUMSUMEXP -> 1;
            case CUMPROD -> MANY;
          };
      case Stochastic stochastic ->
          switch (stochastic) {
            case AlphaDropout _, Dropout _ -> 1;
            case Bernoulli _, Exponential _, Normal _, RandomIntegers _, Uniform _ -> 0;
          };
    };
  }

  private static double power(Combination combination) {
    return switch (combination) {
      case REPLACE, MAX, MIN -> 0;
      case ADD -> 1;
      case MULTIPLY -> MANY;
    };
  }

  /** Returns whether intermediate results may have left the range of the dtype. */
  static boolean isLeft(Op op, List<NdArray> operands, NdArray expected) {
    if (readsSigns(op) && operands.stream().anyMatch(Reach::hasNan)) {
      return true;
    }
    if (!expected.dtype().isFloating()) {
      return isBeyondDoubles(operands, expected);
    }
    boolean wide = expected.dtype() == DType.F64;
    double top = wide ? 0x1p1020 : expected.dtype() == DType.F16 ? 0x1p15 : 0x1p124;
    if (op instanceof Activation && hasBeyond(expected, top)) {
      return true; // An exponential may be too large that a factor makes small again.
    }
    if (isBeyondExponentials(op, operands, expected)) {
      return true;
    }
    double power = power(op);
    if (power == 0) {
      return false;
    }
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    double count = 1;
    for (NdArray operand : operands) {
      if (!operand.dtype().isFloating()) {
        continue;
      }
      count = Math.max(count, operand.size());
      for (double x : operand.values()) {
        double size = Math.abs(x);
        if (size > 0 && Double.isFinite(size)) {
          largest = Math.max(largest, size);
          least = Math.min(least, size);
        }
      }
    }
    if (power == MANY) {
      return largest > 64 || least < 0x1p-6;
    }
    double bottom = wide ? 0x1p-960 : 0x1p-96;
    return Math.pow(largest, power) * count > top || Math.pow(least, power) < bottom;
  }

  /**
   * Returns whether an operator takes exponentials of its operands that are infinite, or so small
   * that they may be 0: those of vectors have no digits below the least normal number.
   */
  private static boolean isBeyondExponentials(Op op, List<NdArray> operands, NdArray expected) {
    boolean wide = expected.dtype() == DType.F64;
    Op loss = op instanceof LossGradient gradient ? gradient.loss() : op;
    return switch (loss) {
      case ElementLoss element ->
          element.function() == LossFunction.KL_DIV_LOG_TARGET
              && operands.stream().anyMatch(x -> hasBeyond(x, wide ? 709 : 88));
      case Activation(ActivationFunction function, var _) ->
          // An exponential that vanished times infinity is none.
          function == ActivationFunction.SWIGLU
              && hasBeyond(operands.getFirst(), wide ? 709 : 88)
              && hasInfinity(operands.getLast());
      case CrossEntropy _ -> {
        double least = wide ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        yield Arrays.stream(expected.values()).anyMatch(x -> x != 0 && Math.abs(x) < least);
      }
      default -> false;
    };
  }

  /** Returns whether a normalization multiplies by infinity what may be 0 but for rounding. */
  static boolean isScaledInfinitely(Op op, List<NdArray> operands) {
    return op instanceof Normalization && operands.stream().skip(1).anyMatch(Reach::hasInfinity);
  }

  /**
   * Returns whether a result is what rounding may make of it where a difference is about as large
   * as the bound that it is compared with: the elements that are surely within are, and those that
   * are surely not are not.
   */
  static boolean isOnEdge(Op op, List<NdArray> operands, NdArray given) {
    if (!(op instanceof Binary(BinaryFunction function, Doubles n))
        || (function != BinaryFunction.ISCLOSE && function != BinaryFunction.ISCLOSE_NAN)) {
      return false;
    }
    double rounding = EDGE * (operands.getFirst().dtype() == DType.F64 ? 0x1p-52 : 0x1p-23);
    double[] surely = isClose(function, n, -rounding, operands);
    double[] possibly = isClose(function, n, rounding, operands);
    double[] x = given.values();
    return IntStream.range(0, x.length).allMatch(i -> surely[i] <= x[i] && x[i] <= possibly[i]);
  }

  private static double[] isClose(
      BinaryFunction function, Doubles n, double wider, List<NdArray> operands) {
    double relative = Math.abs(n.get(0));
    double absolute = n.get(1);
    Op op =
        new Binary(function, relative + wider * relative, absolute + wider * Math.abs(absolute));
    return Reference.evaluate(op, operands).getFirst().values();
  }

  /** Which sign a NaN has that was computed is left open, and is not told to the reference. */
  private static boolean readsSigns(Op op) {
    return switch (op) {
      case Unary(UnaryFunction function, var _) -> function == UnaryFunction.SIGNBIT;
      case Binary(BinaryFunction function, var _) -> function == BinaryFunction.COPYSIGN;
      default -> false;
    };
  }

  private static boolean hasInfinity(NdArray array) {
    return Arrays.stream(array.values()).anyMatch(Double::isInfinite);
  }

  private static boolean hasNan(NdArray array) {
    return Arrays.stream(array.values()).anyMatch(Double::isNaN);
  }

  /** Whole numbers of 64 bits, and sums of those of 32, are not exact in doubles. */
  private static boolean isBeyondDoubles(List<NdArray> operands, NdArray expected) {
    return hasBeyond(expected, WHOLE)
        || operands.stream().anyMatch(x -> !x.dtype().isFloating() && hasBeyond(x, WHOLE));
  }

  private static boolean hasBeyond(NdArray array, double limit) {
    for (double x : array.values()) {
      if (Double.isFinite(x) && Math.abs(x) >= limit) {
        return true;
      }
    }
    return false;
  }
}
