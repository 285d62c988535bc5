package org.gatun.op;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;

/**
 * Signals, images or volumes resampled by weights: each element of the result is a sum of weighted
 * elements of the input, dimension by dimension. What {@link Interpolate} does by a formula, and
 * any other separable resampling, such as filters that smooth before the size is reduced.
 *
 * <p>Input: (N, C, spatial...) with one to three spatial dimensions, floating-point; of any dtype
 * if each element of the result is one of the input. Output: the same dtype, channels-last if the
 * input is. {@code y[n, c, i, j] = sum over k, l of wh[i,k] ww[j,l] x[n, c, ih[i,k], iw[j,l]]}.
 *
 * <p>Source: ONNX Resize, whose modes are weights of such a kind.
 *
 * @param dimensions one for each spatial dimension
 */
public record Resample(List<Taps> dimensions) implements Op {
  private static final int MOST_DIMENSIONS = 3;

  /**
   * Which elements of a dimension of the input make an element of the result, and by how much.
   *
   * @param count how many elements make one
   * @param indices those of the first element of the result, then those of the second, and so on
   * @param weights one for each index
   */
  public record Taps(int count, Ints indices, Doubles weights) {
    /** Checks that there are as many weights as indices, and so many for each element. */
    public Taps {
      if (count < 1 || indices.size() < 1 || indices.size() % count != 0) {
        throw new IllegalArgumentException(
            "resample: "
                + indices.size()
                + " indices, "
                + count
                + " for an element, expected a multiple of 1 or more");
      }
      if (weights.size() != indices.size()) {
        throw new IllegalArgumentException(
            "resample: "
                + weights.size()
                + " weights for "
                + indices.size()
                + " indices, expected as many");
      }
    }

    /** Returns the size of the result. */
    public int size() {
      return indices.size() / count;
    }

    /** Returns whether elements are moved, and none is weighted. */
    public boolean moves() {
      if (count != 1) {
        return false;
      }
      for (int i = 0; i < weights.size(); i++) {
        if (weights.get(i) != 1) {
          return false;
        }
      }
      return true;
    }
  }

  /** Checks the number of dimensions. */
  public Resample {
    dimensions = List.copyOf(dimensions);
    if (dimensions.isEmpty() || dimensions.size() > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "resample: " + dimensions.size() + " dimensions, expected 1 to " + MOST_DIMENSIONS);
    }
  }

  @Override
  public String name() {
    return "resample";
  }

  /** Returns whether each element of the result is one of the input. */
  public boolean moves() {
    return dimensions.stream().allMatch(Taps::moves);
  }

  @Override
  public List<Layout> infer(List<Layout> inputs) {
    Checks.inputs(this, inputs, 1);
    Layout input = inputs.getFirst();
    DType dtype = input.dtype();
    Checks.check(
        dtype.isFloating() || moves(),
        this,
        "input has dtype " + dtype.spelling() + ", expected a floating-point one for weights");
    Shape shape = input.shape();
    int spatial = dimensions.size();
    Checks.check(
        shape.rank() == spatial + 2 && shape.range(1, shape.rank()).size() > 0,
        this,
        "input has shape "
            + shape
            + ", expected (N, C, and "
            + spatial
            + " more dimensions), of which none but the batch is 0");
    List<Long> dims = new ArrayList<>(List.of(shape.dim(0), shape.dim(1)));
    for (int i = 0; i < spatial; i++) {
      Taps taps = dimensions.get(i);
      for (int k = 0; k < taps.indices().size(); k++) {
        int index = taps.indices().get(k);
        Checks.check(
            index >= 0 && index < shape.dim(2 + i),
            this,
            "index "
                + index
                + " for dimension "
                + (2 + i)
                + " of shape "
                + shape
                + ", expected 0 to "
                + (shape.dim(2 + i) - 1));
      }
      dims.add((long) taps.size());
    }
    Shape result = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    return List.of(Layout.like(input, dtype, result));
  }
}
