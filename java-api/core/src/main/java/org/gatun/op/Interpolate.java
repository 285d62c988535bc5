package org.gatun.op;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Signals, images or volumes resampled to another size.
 *
 * <p>Input: (N, C, spatial...) with one to three spatial dimensions, floating-point; also {@code
 * u8} for the nearest modes. Output: the same dtype, channels-last if the input is.
 *
 * <p>Index {@code i} of a dimension stands for the position {@code s (i + 0.5) - 0.5} of the input,
 * where {@code s} is {@code input / output}, or 1 by the scale where scales are given. With {@code
 * alignCorners} it is {@code i (input - 1) / (output - 1)}, and for {@link
 * InterpolationMode#NEAREST} {@code s i}. As in PyTorch, positions are computed in {@code f64} for
 * {@code f64} and in {@code f32} for all others.
 *
 * <p>Smoothing before the size is reduced, PyTorch's {@code antialias}, is not supported.
 *
 * <p>Source: <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html">PyTorch,
 * nn.functional.interpolate</a>; ONNX Resize.
 *
 * @param mode which elements make a result
 * @param size the size of the result in each spatial dimension; empty where scales are given
 * @param scales what each spatial dimension is multiplied by, rounded down, instead of a size
 * @param alignCorners whether the first and the last elements of both lie upon each other
 */
public record Interpolate(
    InterpolationMode mode, Longs size, List<Double> scales, boolean alignCorners) implements Op {
  private static final int MOST_DIMENSIONS = 3;

  /** Checks the arguments. */
  public Interpolate {
    Objects.requireNonNull(mode, "interpolate: mode is null");
    Objects.requireNonNull(size, "interpolate: size is null");
    Objects.requireNonNull(scales, "interpolate: scales is null");
    scales = List.copyOf(scales);
    if ((size.size() == 0) == scales.isEmpty()) {
      throw error(
          "size " + size + " and scale factors " + scales + ", expected the one or the other");
    }
    int dims = Math.max(size.size(), scales.size());
    if (dims > MOST_DIMENSIONS || (mode == InterpolationMode.CUBIC && dims != 2)) {
      throw error(
          "mode "
              + mode.spelling()
              + " in "
              + dims
              + " dimensions, expected "
              + (mode == InterpolationMode.CUBIC ? "2" : "1 to 3"));
    }
    for (int i = 0; i < size.size(); i++) {
      if (size.get(i) < 1) {
        throw error("size " + size.get(i) + " in " + size + ", expected 1 or more");
      }
    }
    for (double scale : scales) {
      if (!(scale > 0) || Double.isInfinite(scale)) {
        throw error(
            "scale factor " + scale + " in " + scales + ", expected a finite number above 0");
      }
    }
    if (alignCorners && mode != InterpolationMode.LINEAR && mode != InterpolationMode.CUBIC) {
      throw error("aligned corners with mode " + mode.spelling() + ", expected linear or cubic");
    }
  }

  private static IllegalArgumentException error(String problem) {
    return new IllegalArgumentException("interpolate: " + problem);
  }

  /** Returns the operator that gives a result of this size. */
  public static Interpolate toSize(InterpolationMode mode, long... size) {
    return new Interpolate(mode, Longs.of(size), List.of(), false);
  }

  /** Returns the operator that multiplies each dimension, and uses these very numbers. */
  public static Interpolate byScale(InterpolationMode mode, double... scales) {
    return new Interpolate(mode, Longs.of(), Arrays.stream(scales).boxed().toList(), false);
  }

  /** Returns this operator with the corners of input and result upon each other. */
  public Interpolate withAlignedCorners() {
    return new Interpolate(mode, size, scales, true);
  }

  @Override
  public String name() {
    return "interpolate";
  }

  /** Returns the scale that was given for a spatial dimension, 0 where a size was. */
  public double scale(int dimension) {
    if (scales.isEmpty()) {
      return 0;
    }
    if (dimension < 0 || dimension >= scales.size()) {
      throw new IndexOutOfBoundsException(
          "interpolate: dimension " + dimension + " out of range for scales " + scales);
    }
    return scales.get(dimension);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    DType dtype = input.dtype();
    Checks.check(
        dtype.isFloating() || (dtype == DType.U8 && mode.isNearest()),
        this,
        "input has dtype "
            + dtype.spelling()
            + ", expected a floating-point one"
            + (mode.isNearest() ? " or u8" : ""));
    int dims = Math.max(size.size(), scales.size());
    Shape shape = input.shape();
    Checks.check(
        shape.rank() == dims + 2 && shape.range(1, shape.rank()).size() > 0,
        this,
        "input has shape "
            + shape
            + ", expected (N, C, and "
            + dims
            + " more dimensions), of which none but the batch is 0");
    Shape result = shape;
    for (int i = 0; i < dims; i++) {
      double scaled = scales.isEmpty() ? size.get(i) : shape.dim(2 + i) * scales.get(i);
      Checks.check(
          scaled >= 1 && scaled < 0x1p62,
          this,
          "scale factor "
              + scale(i)
              + " for dimension "
              + (2 + i)
              + " of shape "
              + shape
              + ", expected a result of 1 element or more");
      result = result.with(2 + i, scales.isEmpty() ? size.get(i) : (long) scaled);
    }
    return List.of(Layout.like(input, dtype, result));
  }
}
