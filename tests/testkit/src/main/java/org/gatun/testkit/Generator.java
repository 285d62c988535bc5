package org.gatun.testkit;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Convolution;
import org.gatun.op.Fused;
import org.gatun.op.Op;
import org.gatun.op.ScaledDotProductAttention;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/**
 * Fills operands. The values follow from the case's name and the operand's position alone, so that
 * a failure repeats, on every machine.
 */
final class Generator {
  private static final int MOST_SPECIAL = 4;

  private Generator() {}

  /**
   * Returns the values of an operand, exact in their dtype.
   *
   * @param repeated the axis along which all values are the same, or -1
   */
  static NdArray values(Case c, int position, DType running, ValueClass values, int repeated) {
    Operand operand = c.operands().get(position);
    DType dtype = operand.dtype(running);
    Shape shape = repeated < 0 ? operand.shape() : operand.shape().with(repeated, 1);
    SplittableRandom random = new SplittableRandom(c.name().hashCode() * 31L + position);
    NdArray array = NdArray.zeros(dtype, shape);
    double[] x = array.values();
    switch (operand.values()) {
      case Operand.Values.Uniform(double low, double high) -> {
        Arrays.setAll(x, _ -> low + (high - low) * random.nextDouble());
        specialize(
            x, leavesWeights(c, position, values) ? ValueClass.RANDOM : values, low > 0, random);
      }
      case Operand.Values.Index(DType _, long bound) ->
          Arrays.setAll(x, _ -> random.nextLong(bound));
      case Operand.Values.Integers(DType _, long low, long high) ->
          Arrays.setAll(x, _ -> random.nextLong(low, high + 1));
      case Operand.Values.Numbers(DType _, double low, double high) ->
          Arrays.setAll(x, _ -> low + (high - low) * random.nextDouble());
      case Operand.Values.Given(DType _, double[] numbers) ->
          Arrays.setAll(x, i -> numbers[i % numbers.length]);
    }
    NdArray exact = Elements.rounded(array);
    return repeated < 0 ? exact : repeat(exact, operand.shape(), repeated);
  }

  /** Returns whether the values of a case depend on the class at all. */
  static boolean hasSpecialValues(Case c, DType running) {
    return c.operands().stream()
        .anyMatch(
            operand ->
                operand.values() instanceof Operand.Values.Uniform
                    && operand.dtype(running).isFloating()
                    && !operand.shape().isEmpty());
  }

  /**
   * Whether the class is not for an operand. In causal attention keys and values that a query does
   * not see may be multiplied by zero, or not at all. In a convolution weights meet the zeros of
   * the padding: NaN if they are not finite, or nothing where a library leaves the padding out.
   * Both are right.
   */
  private static boolean leavesWeights(Case c, int position, ValueClass values) {
    Op op = c.op() instanceof Fused fused ? fused.base() : c.op();
    boolean meetsNothing =
        switch (op) {
          case Convolution _ -> c.operands().get(position).constant();
          case ScaledDotProductAttention attention -> attention.causal() && position > 0;
          default -> false;
        };
    return meetsNothing && (values == ValueClass.NAN || values == ValueClass.INFINITE);
  }

  private static void specialize(
      double[] x, ValueClass values, boolean positive, SplittableRandom random) {
    int few = Math.min(MOST_SPECIAL, (x.length + 15) / 16);
    switch (values) {
      case RANDOM -> {}
      case SIGNED_ZERO -> {
        for (int i = 0; i < x.length && !positive; i++) {
          x[i] =
              switch (random.nextInt(3)) {
                case 0 -> 0.0;
                case 1 -> -0.0;
                default -> x[i];
              };
        }
      }
      case NAN -> {
        for (int i = 0; i < few; i++) {
          x[i == 0 ? x.length - 1 : random.nextInt(x.length)] = Double.NaN;
        }
      }
      case INFINITE -> {
        for (int i = 0; i < few; i++) {
          boolean negative = !positive && random.nextBoolean();
          x[i == 0 ? x.length - 1 : random.nextInt(x.length)] =
              negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
      }
    }
  }

  private static NdArray repeat(NdArray array, Shape shape, int axis) {
    NdArray repeated = NdArray.zeros(array.dtype(), shape);
    for (int i = 0; i < repeated.size(); i++) {
      int[] index = repeated.index(i);
      index[axis] = 0;
      repeated.values()[i] = array.get(index);
    }
    return repeated;
  }
}
