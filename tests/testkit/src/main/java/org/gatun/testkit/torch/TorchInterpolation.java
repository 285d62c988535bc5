package org.gatun.testkit.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.InterpolationMode;
import org.jspecify.annotations.Nullable;

/** PyTorch's interpolation and its older names, and the functions on patches of images. */
final class TorchInterpolation {
  private TorchInterpolation() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("nn.functional.fold", TorchInterpolation::fold),
        TorchOperators.one("nn.functional.interpolate", TorchInterpolation::interpolate),
        TorchOperators.one("nn.functional.unfold", TorchInterpolation::unfold),
        TorchOperators.one(
            "nn.functional.upsample",
            a -> resized(a, mode(a.text(3, "mode", "nearest")), a.flag(4, "align_corners", false))),
        TorchOperators.one(
            "nn.functional.upsample_bilinear", a -> resized(a, InterpolationMode.LINEAR, true)),
        TorchOperators.one(
            "nn.functional.upsample_nearest", a -> resized(a, InterpolationMode.NEAREST, false)));
  }

  /**
   * {@code interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor,
   * antialias)}.
   */
  private static Tensor interpolate(TorchArguments a) {
    InterpolationMode mode = mode(a.text(3, "mode", "nearest"));
    boolean aligned = a.flag(4, "align_corners", false);
    boolean recompute = a.flag(5, "recompute_scale_factor", false);
    if (a.flag(6, "antialias", false)) {
      throw new TorchArguments.Unmapped("no antialias");
    }
    double[] scales = scales(a);
    return recompute && scales != null && !a.isGiven(1, "size")
        ? Functional.interpolateToScaledSize(a.input(), mode, aligned, scales)
        : resized(a, mode, aligned);
  }

  private static Tensor resized(TorchArguments a, InterpolationMode mode, boolean aligned) {
    double[] scales = scales(a);
    int[] size = a.integers(1, "size", a.input().rank() - 2, 0);
    if (scales != null) {
      return Functional.interpolateByScale(a.input(), mode, aligned, scales);
    }
    return Functional.interpolate(
        a.input(), mode, aligned, Arrays.stream(size).mapToLong(i -> i).toArray());
  }

  private static double @Nullable [] scales(TorchArguments a) {
    if (!a.isGiven(2, "scale_factor")) {
      return null;
    }
    double[] scales = new double[a.input().rank() - 2];
    if (a.raw(2, "scale_factor") instanceof TorchValue.Sequence(List<TorchValue> values)) {
      for (int i = 0; i < scales.length; i++) {
        scales[i] =
            switch (values.get(i)) {
              case TorchValue.Real(double number) -> number;
              case TorchValue.Whole(long number) -> number;
              case TorchValue other ->
                  throw new IllegalStateException("argument scale_factor is " + other);
            };
      }
    } else {
      Arrays.fill(scales, a.number(2, "scale_factor", 1));
    }
    return scales;
  }

  private static InterpolationMode mode(String name) {
    return switch (name) {
      case "nearest" -> InterpolationMode.NEAREST;
      case "nearest-exact" -> InterpolationMode.NEAREST_EXACT;
      case "linear", "bilinear", "trilinear" -> InterpolationMode.LINEAR;
      case "bicubic" -> InterpolationMode.CUBIC;
      case "area" -> InterpolationMode.AREA;
      default -> throw new TorchArguments.Unmapped("mode " + name);
    };
  }

  /** {@code unfold(input, kernel_size, dilation, padding, stride)}. */
  private static Tensor unfold(TorchArguments a) {
    return Functional.unfold(
        a.input(),
        a.integers(1, "kernel_size", 2, 1),
        a.integers(2, "dilation", 2, 1),
        a.integers(3, "padding", 2, 0),
        a.integers(4, "stride", 2, 1));
  }

  /** {@code fold(input, output_size, kernel_size, dilation, padding, stride)}. */
  private static Tensor fold(TorchArguments a) {
    return Functional.fold(
        a.input(),
        a.integers(1, "output_size", 2, 1),
        a.integers(2, "kernel_size", 2, 1),
        a.integers(3, "dilation", 2, 1),
        a.integers(4, "padding", 2, 0),
        a.integers(5, "stride", 2, 1));
  }
}
