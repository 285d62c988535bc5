package org.gatun.op;

import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/** What the operators of {@link Quantization} check alike. */
final class QuantizationArguments {
  private QuantizationArguments() {}

  /** Checks a size of blocks. */
  static void block(String name, long block) {
    if (block < 0) {
      throw new IllegalArgumentException(name + ": block " + block + ", expected 0 or more");
    }
  }

  /**
   * Checks that there is a scale for the tensor, for each index of an axis or for each block along
   * it, and that the zero points have its shape.
   */
  static void scales(Op op, List<Layout> inputs, int axis, long block, boolean zeroPoint) {
    Checks.inputs(op, inputs, zeroPoint ? 3 : 2);
    Shape x = inputs.get(0).shape();
    Shape scale = inputs.get(1).shape();
    if (block > 0) {
      int along = Checks.axis(op, axis, x);
      Checks.check(x.rank() > 0, op, "block " + block + " of a scalar, expected 0");
      Shape blocks = x.with(along, Math.ceilDiv(x.dim(along), block));
      Checks.check(
          scale.equals(blocks),
          op,
          "scale has shape "
              + scale
              + ", expected "
              + blocks
              + " for blocks of "
              + block
              + " along axis "
              + axis
              + " of shape "
              + x);
    } else if (!scale.equals(Shape.scalar()) && !scale.equals(Shape.of(1))) {
      Checks.check(
          scale.rank() == 1,
          op,
          "scale has shape " + scale + ", expected a scalar or one dimension");
      int along = Checks.axis(op, axis, x);
      Checks.check(
          x.rank() > 0 && scale.dim(0) == x.dim(along),
          op,
          "scale has shape " + scale + ", expected the size of axis " + axis + " of shape " + x);
    }
    if (zeroPoint) {
      Checks.check(
          inputs.get(2).shape().equals(scale),
          op,
          "zero point has shape " + inputs.get(2).shape() + ", expected the scale's, " + scale);
    }
  }

  /** Checks that an input has one of the types. */
  static void oneOf(Op op, Layout input, String argument, DType... dtypes) {
    Checks.check(
        List.of(dtypes).contains(input.dtype()),
        op,
        argument
            + " has dtype "
            + input.dtype().spelling()
            + ", expected "
            + String.join(" or ", java.util.Arrays.stream(dtypes).map(DType::spelling).toList()));
  }

  /** Checks the type of an input. */
  static void dtype(Op op, Layout input, String argument, DType dtype) {
    oneOf(op, input, argument, dtype);
  }

  /** Checks that an input is a number, a scalar or one element of one dimension. */
  static void single(Op op, Layout input, String argument) {
    Checks.check(
        input.shape().equals(Shape.scalar()) || input.shape().equals(Shape.of(1)),
        op,
        argument + " has shape " + input.shape() + ", expected a scalar");
  }
}
