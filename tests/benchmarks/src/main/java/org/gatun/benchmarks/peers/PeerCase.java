package org.gatun.benchmarks.peers;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.gatun.Shape;
import org.gatun.op.Embedding;
import org.gatun.op.Op;

/**
 * An operator on operands that every peer can make for itself. {@link org.gatun.op.Permute} stands
 * for moving the elements into that order, since peers have no views in common.
 *
 * @param name what it is called, {@code family/case}
 * @param op the operator
 * @param operands its inputs in order
 * @param flops the floating-point operations of one run, 0 where the bytes are what counts
 */
public record PeerCase(String name, Op op, List<Operand> operands, double flops) {
  /** Copies the list. */
  public PeerCase {
    operands = List.copyOf(operands);
  }

  /**
   * An input.
   *
   * @param shape its shape
   * @param constant whether it is a weight, bound once
   * @param low the least value
   * @param high the bound of the values
   * @param integer whether it holds 64-bit integers, and {@code f32} otherwise
   */
  public record Operand(
      List<Long> shape, boolean constant, double low, double high, boolean integer) {
    /** Returns an input of signed numbers. */
    public static Operand of(long... shape) {
      return new Operand(LongStream.of(shape).boxed().toList(), false, -1, 1, false);
    }

    /** Returns this input as a weight. */
    public Operand asConstant() {
      return new Operand(shape, true, low, high, integer);
    }

    /** Returns this input with positive numbers, as variances are. */
    public Operand positive() {
      return new Operand(shape, constant, 0.5, 1.5, integer);
    }

    /** Returns this input as indices below a bound. */
    public Operand indices(long bound) {
      return new Operand(shape, constant, 0, bound, true);
    }

    /** Returns the shape. */
    public long[] dims() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the number of elements. */
    public int size() {
      return Math.toIntExact(Shape.of(dims()).size());
    }

    /** Returns the values of a seed as {@code f32}, in row-major order. */
    public float[] floats(long seed) {
      Random random = new Random(seed);
      float[] values = new float[size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (low + (high - low) * random.nextFloat());
      }
      return values;
    }

    /** Returns the values of a seed as integers, in row-major order. */
    public long[] longs(long seed) {
      Random random = new Random(seed);
      return random.longs(size(), (long) low, (long) high).toArray();
    }
  }

  /** Returns the seed of an operand's values: the same for each peer. */
  public long seed(int operand) {
    return name.hashCode() * 31L + operand;
  }

  /** Returns the family, which is what stands before the slash. */
  public String family() {
    return name.substring(0, name.indexOf('/'));
  }

  /** Returns how many bytes a run reads and writes at the least. */
  public double bytes(long results) {
    if (op instanceof Embedding) {
      // A few rows of the table are read.
      return 8.0 * results;
    }
    return 4.0 * results
        + operands.stream().mapToDouble(o -> (o.integer() ? 8.0 : 4.0) * o.size()).sum();
  }

  /** Returns whether an image comes in, which may lie channels-last. */
  public boolean hasImage() {
    return operands.getFirst().shape().size() == 4
        && List.of("conv", "convT", "norm", "pool").contains(family());
  }

  static long product(long... factors) {
    return Arrays.stream(factors).reduce(1, Math::multiplyExact);
  }
}
