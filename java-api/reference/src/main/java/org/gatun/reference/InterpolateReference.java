package org.gatun.reference;

import java.util.ArrayList;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.op.Interpolate;
import org.gatun.op.InterpolationMode;

/** Interpolation: each element of the result by the formula, dimension by dimension. */
final class InterpolateReference {
  private InterpolateReference() {}

  /** An element of the input in one dimension, and its weight. */
  private record Tap(int index, double weight) {}

  static List<NdArray> evaluate(Interpolate op, List<NdArray> inputs, List<Layout> outputs) {
    NdArray x = inputs.getFirst();
    NdArray y = NdArray.sums(outputs.getFirst().dtype(), outputs.getFirst().shape());
    for (int position = 0; position < y.size(); position++) {
      int[] index = y.index(position);
      List<Tap> taps = List.of(new Tap(index[0] * x.dim(1) + index[1], 1));
      for (int axis = 2; axis < index.length; axis++) {
        List<Tap> finer = new ArrayList<>();
        for (Tap outer : taps) {
          for (Tap tap : taps(op, x, axis, index[axis], y.dim(axis))) {
            finer.add(new Tap(outer.index * x.dim(axis) + tap.index, outer.weight * tap.weight));
          }
        }
        taps = finer;
      }
      double sum = 0;
      double absolute = 0;
      for (Tap tap : taps) {
        double term = tap.weight * x.values()[tap.index];
        sum += term;
        absolute += Math.abs(term);
      }
      y.store(position, sum, taps.size(), absolute);
    }
    return List.of(y);
  }

  private static List<Tap> taps(Interpolate op, NdArray x, int axis, int i, int output) {
    int input = x.dim(axis);
    double scale = op.scale(axis - 2);
    boolean aligned = op.alignCorners();
    return switch (op.mode()) {
      case NEAREST, NEAREST_EXACT -> {
        // The position decides which element is taken: its rounding is part of the definition.
        boolean exact = op.mode() == InterpolationMode.NEAREST_EXACT;
        double position = position(x.dtype(), i, input, output, scale, false, exact ? 0.5 : 0);
        double from = exact ? Math.max(0, position) + 0.5 : position;
        yield List.of(new Tap(floor(from, input), 1));
      }
      case LINEAR -> {
        double position = Math.max(0, position(x.dtype(), i, input, output, scale, aligned, 0.5));
        if (input == output) {
          yield List.of(new Tap(i, 1), new Tap(i, 0));
        }
        int first = floor(position, input);
        double part = Math.clamp(position - first, 0.0, 1.0);
        yield List.of(new Tap(first, 1 - part), new Tap(Math.min(first + 1, input - 1), part));
      }
      case CUBIC -> {
        double position = position(x.dtype(), i, input, output, scale, aligned, 0.5);
        int first = floor(position, input);
        double part = Math.clamp(position - first, 0.0, 1.0);
        List<Tap> taps = new ArrayList<>();
        for (int k = -1; k <= 2; k++) {
          taps.add(new Tap(Math.clamp(first + k, 0, input - 1), cubic(part, k)));
        }
        yield taps;
      }
      case AREA -> {
        int start = (int) Math.floor((double) i * input / output);
        int end = (int) Math.ceil((i + 1.0) * input / output);
        List<Tap> taps = new ArrayList<>();
        for (int k = start; k < end; k++) {
          taps.add(new Tap(k, 1.0 / (end - start)));
        }
        yield taps;
      }
    };
  }

  /** Rounds down to an index, as PyTorch does also for f64 after rounding to f32. */
  private static int floor(double position, int input) {
    return Math.min((int) Math.floor((float) position), input - 1);
  }

  /** Returns the position in the input, computed in f64 for f64 and in f32 for all others. */
  private static double position(
      DType dtype, int i, int input, int output, double scale, boolean aligned, double centre) {
    if (aligned) {
      double step = output > 1 ? (input - 1.0) / (output - 1) : 0;
      return dtype == DType.F64 ? step * i : (float) step * i;
    }
    double step = scale > 0 ? 1 / scale : (double) input / output;
    if (dtype == DType.F64) {
      return step * (i + centre) - centre;
    }
    return (float) step * (i + (float) centre) - (float) centre;
  }

  /**
   * The cubic convolution of Keys with A = -0.75 at {@code |t - k|}: {@code (A + 2) x^3 - (A + 3)
   * x^2 + 1} up to a distance of 1, {@code A (x^3 - 5 x^2 + 8 x - 4)} beyond; both taken apart into
   * factors that are small where the function is.
   */
  private static double cubic(double t, int k) {
    double a = -0.75;
    double u = 1 - t;
    return switch (k) {
      case -1 -> a * t * u * u;
      case 0 -> u * (1 + t - (a + 2) * t * t);
      case 1 -> t * (1 + u - (a + 2) * u * u);
      case 2 -> a * u * t * t;
      default -> 0;
    };
  }
}
