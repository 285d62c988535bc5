package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.jspecify.annotations.Nullable;

/**
 * Values of signals, images or volumes at positions between their elements, which are inputs
 * themselves. Made of core's operators on whole tensors, so that it can be recorded.
 *
 * @param mode which elements make a value
 * @param outside what lies around the elements
 * @param alignCorners whether what is reflected is reflected at the centres of the outermost
 *     elements, and not at their borders
 */
record Sampling(Mode mode, Outside outside, boolean alignCorners) {
  /** Keys's parameter of the cubic convolution, as PyTorch and ONNX have it here. */
  private static final double CUBIC = -0.75;

  /** Which elements make a value. */
  enum Mode {
    /** The nearest, of two the one of even index. */
    NEAREST(1),
    /** The two around in each dimension. */
    LINEAR(2),
    /** The four around in each dimension. */
    CUBIC(4);

    private final int taps;

    Mode(int taps) {
      this.taps = taps;
    }
  }

  /** What lies around the elements. */
  enum Outside {
    /** Zeros. */
    ZEROS,
    /** The element at the border. */
    BORDER,
    /** The elements mirrored. */
    REFLECTION
  }

  /** One of the elements in a dimension, of each value: where it is, and by how much it counts. */
  private record Tap(Tensor index, @Nullable Tensor inside, @Nullable Tensor weight) {}

  /**
   * Returns the values, (N, C, Q).
   *
   * @param x the elements, (N, C, spatial...)
   * @param positions for each spatial dimension the positions, (N, Q), in elements from the first
   */
  Tensor at(Tensor x, List<Tensor> positions) {
    DType dtype = x.dtype();
    if (dtype.isFloating() || mode == Mode.NEAREST) {
      return switch (dtype) {
        case F16, BF16 -> values(x.to(DType.F32), positions).to(dtype);
        default -> values(x, positions);
      };
    }
    return values(x.to(DType.F64), positions).trunc().to(dtype);
  }

  private Tensor values(Tensor x, List<Tensor> positions) {
    long batch = x.dim(0);
    long channels = x.dim(1);
    long pixels = x.shape().range(2, x.rank()).size();
    Tensor flat = x.reshape(batch, channels, pixels);
    if (outside == Outside.ZEROS) {
      // One more element, which all positions outside are sent to: it stays 0 beside infinities.
      flat = Functional.pad(flat, 0, 1);
    }
    List<List<Tap>> taps = new ArrayList<>();
    for (int i = 0; i < positions.size(); i++) {
      taps.add(taps(positions.get(i), x.dim(2 + i), x.dtype()));
    }
    int combinations = (int) Math.pow(mode.taps, taps.size());
    Tensor sum = null;
    for (int combination = 0; combination < combinations; combination++) {
      Tensor index = null;
      Tensor inside = null;
      Tensor weight = null;
      int rest = combination;
      for (int i = 0; i < taps.size(); i++) {
        Tap tap = taps.get(i).get(rest % mode.taps);
        rest /= mode.taps;
        index = index == null ? tap.index : index.mul(x.dim(2 + i)).add(tap.index);
        inside = inside == null || tap.inside == null ? tap.inside : inside.logicalAnd(tap.inside);
        weight = weight == null || tap.weight == null ? tap.weight : weight.mul(tap.weight);
      }
      if (index == null) {
        throw new IllegalArgumentException("sampling: no spatial dimensions, expected one or more");
      }
      if (inside != null) {
        index = index.where(inside, pixels);
      }
      long count = index.dim(1);
      Tensor picked = flat.gather(2, index.unsqueeze(1).expand(batch, channels, count));
      Tensor term = weight == null ? picked : picked.mul(weight.unsqueeze(1));
      sum = sum == null ? term : sum.add(term);
    }
    if (sum == null) {
      throw new AssertionError("no combinations");
    }
    return sum;
  }

  private List<Tap> taps(Tensor given, long size, DType dtype) {
    double least = alignCorners ? 0 : -0.5;
    double most = alignCorners ? size - 1 : size - 0.5;
    Tensor position = mode == Mode.NEAREST ? given.round() : given;
    position =
        switch (outside) {
          case ZEROS -> position;
          // Linear weights are the same with the position or its neighbours clamped; cubic ones
          // are of the position where it is, as in PyTorch and ONNX Runtime.
          case BORDER -> mode == Mode.CUBIC ? position : position.clamp(0.0, size - 1.0);
          case REFLECTION -> reflected(position, least, most);
        };
    if (mode == Mode.NEAREST) {
      return List.of(tap(position, size, null));
    }
    Tensor first = position.floor();
    List<Tensor> weights = weights(position.sub(first));
    List<Tap> taps = new ArrayList<>();
    for (int k = 0; k < mode.taps; k++) {
      Tensor weight = weights.get(k);
      taps.add(
          tap(
              first.add((double) (k + 1 - mode.taps / 2)),
              size,
              weight.dtype() == dtype ? weight : weight.to(dtype)));
    }
    return taps;
  }

  private Tap tap(Tensor whole, long size, @Nullable Tensor weight) {
    Tensor inside =
        outside == Outside.ZEROS ? whole.ge(0.0).logicalAnd(whole.le((double) (size - 1))) : null;
    Tensor near =
        outside == Outside.REFLECTION
            ? reflected(whole, alignCorners ? 0 : -0.5, alignCorners ? size - 1 : size - 0.5)
                .round()
            : whole;
    // Clamped as integers: NaN and what is beyond all integers become some, which are not in range.
    return new Tap(near.to(DType.I64).clamp(0L, size - 1), inside, weight);
  }

  /** Mirrors positions at both ends until they lie between them. */
  private static Tensor reflected(Tensor position, double least, double most) {
    double span = most - least;
    if (span == 0) {
      return position.mul(0.0).add(least);
    }
    Tensor distance = position.sub(least).abs();
    Tensor times = distance.div(span).floor();
    Tensor rest = distance.sub(times.mul(span));
    Tensor isOdd = times.remainder(2.0);
    return rest.add(isOdd.mul(rest.mul(-2.0).add(span))).add(least);
  }

  private List<Tensor> weights(Tensor part) {
    Tensor other = part.rsub(1.0);
    if (mode == Mode.LINEAR) {
      return List.of(other, part);
    }
    return List.of(far(part, other), near(part, other), near(other, part), far(other, part));
  }

  /** The cubic convolution at a distance x up to 1, {@code (1-x) (1 + x - (A+2) x^2)}. */
  private static Tensor near(Tensor x, Tensor other) {
    return other.mul(x.add(1.0).sub(x.square().mul(CUBIC + 2)));
  }

  /** The same at distance 1 + x, {@code A x (1-x)^2}. */
  private static Tensor far(Tensor x, Tensor other) {
    return x.mul(other.square()).mul(CUBIC);
  }
}
