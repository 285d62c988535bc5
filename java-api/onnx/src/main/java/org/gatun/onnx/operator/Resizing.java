package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.operator.ResizeAxis.Coordinates;
import org.gatun.onnx.operator.ResizeAxis.Mode;
import org.gatun.onnx.operator.ResizeAxis.Nearest;
import org.gatun.op.Longs;
import org.gatun.op.Resample;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/**
 * Resize and Upsample: the dimensions and their weights as the node tells them, and core's {@link
 * Resample} for them.
 *
 * <p>Source: <a href="https://onnx.ai/onnx/operators/onnx__Resize.html">ONNX, Resize</a>.
 */
final class Resizing {
  private Resizing() {}

  /** Resize from version 11 on. */
  static List<Value> resize(Call call) {
    Shape x = call.shape(0);
    int[] axes = axes(call, x.rank());
    ResizeAxis[] dimensions =
        hasNumbers(call, 3) ? bySizes(call, x, axes) : byScales(call, x, axes, scales(call, 2));
    Coordinates coordinates =
        constant(call, Coordinates.class, "coordinate_transformation_mode", "half_pixel");
    if (coordinates == Coordinates.TF_CROP_AND_RESIZE) {
      addRegion(call, dimensions, axes);
    }
    ResizeAxis.Rule rule =
        new ResizeAxis.Rule(
            mode(call),
            coordinates,
            constant(call, Nearest.class, "nearest_mode", "round_prefer_floor"),
            call.number("cubic_coeff_a", -0.75f),
            call.flag("exclude_outside", false),
            call.flag("antialias", false));
    return List.of(resized(call, dimensions, rule));
  }

  /** Resize 10 and Upsample: the first elements of input and result lie upon each other. */
  static List<Value> upsample(Call call) {
    double[] scales;
    float[] attribute = call.numbers("scales");
    if (attribute != null) {
      scales = IntStream.range(0, attribute.length).mapToDouble(i -> attribute[i]).toArray();
    } else {
      scales = scales(call, 1);
    }
    Shape x = call.shape(0);
    int[] axes = IntStream.range(0, x.rank()).toArray();
    ResizeAxis.Rule rule =
        new ResizeAxis.Rule(mode(call), Coordinates.ASYMMETRIC, Nearest.SIMPLE, 0, false, false);
    return List.of(resized(call, byScales(call, x, axes, scales), rule));
  }

  // What the node says.

  private static Mode mode(Call call) {
    return switch (call.text("mode", "nearest")) {
      case "bilinear" -> Mode.LINEAR;
      default -> constant(call, Mode.class, "mode", "nearest");
    };
  }

  /** Returns the constant whose name in lower case is the attribute. */
  private static <E extends Enum<E>> E constant(
      Call call, Class<E> type, String attribute, String otherwise) {
    String text = call.text(attribute, otherwise);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw call.failure(
        "attribute "
            + attribute
            + " is '"
            + text
            + "', expected one of "
            + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
  }

  private static int[] axes(Call call, int rank) {
    long[] given = call.integers("axes");
    return given == null
        ? IntStream.range(0, rank).toArray()
        : Arrays.stream(given).mapToInt(axis -> call.axis(axis, rank)).toArray();
  }

  private static boolean hasNumbers(Call call, int input) {
    Tensor numbers = call.optional(input);
    return numbers != null && numbers.size() > 0;
  }

  private static double[] scales(Call call, int input) {
    if (!hasNumbers(call, input)) {
      throw call.failure("neither scales nor sizes, expected the one or the other");
    }
    return call.tensor(input).to(DType.F64).toDoubleArray();
  }

  private static ResizeAxis[] byScales(Call call, Shape x, int[] axes, double[] scales) {
    expect(call, "scales", scales.length, axes);
    ResizeAxis[] dimensions = unchanged(x);
    for (int i = 0; i < axes.length; i++) {
      long size = x.dim(axes[i]);
      if (!(scales[i] > 0) || scales[i] > Integer.MAX_VALUE) {
        throw call.failure("scale " + scales[i] + ", expected a finite number above 0");
      }
      // As a product of floats, which is how the size was found when the model was written.
      long output = (long) Math.floor((float) size * (float) scales[i]);
      dimensions[axes[i]] = new ResizeAxis(size, output, scales[i], 0, 1);
    }
    return dimensions;
  }

  private static ResizeAxis[] bySizes(Call call, Shape x, int[] axes) {
    if (hasNumbers(call, 2)) {
      throw call.failure("scales and sizes, expected the one or the other");
    }
    long[] sizes = call.longs(3);
    expect(call, "sizes", sizes.length, axes);
    double[] scales = new double[axes.length];
    Arrays.setAll(scales, i -> (double) sizes[i] / x.dim(axes[i]));
    String policy = call.text("keep_aspect_ratio_policy", "stretch");
    switch (policy) {
      case "stretch" -> {}
      case "not_larger", "not_smaller" -> {
        var all = Arrays.stream(scales);
        double scale = (policy.equals("not_larger") ? all.min() : all.max()).orElse(1);
        for (int i = 0; i < axes.length; i++) {
          scales[i] = scale;
          sizes[i] = (long) Math.floor(scale * x.dim(axes[i]) + 0.5);
        }
      }
      default ->
          throw call.failure(
              "attribute keep_aspect_ratio_policy is '"
                  + policy
                  + "', expected stretch, not_larger or not_smaller");
    }
    ResizeAxis[] dimensions = unchanged(x);
    for (int i = 0; i < axes.length; i++) {
      if (sizes[i] < 0) {
        throw call.failure("sizes " + Longs.of(sizes) + ", expected 0 or more");
      }
      dimensions[axes[i]] = new ResizeAxis(x.dim(axes[i]), sizes[i], scales[i], 0, 1);
    }
    return dimensions;
  }

  private static void expect(Call call, String what, int count, int[] axes) {
    if (count != axes.length) {
      throw call.failure(count + " " + what + ", expected " + axes.length);
    }
  }

  private static ResizeAxis[] unchanged(Shape x) {
    ResizeAxis[] dimensions = new ResizeAxis[x.rank()];
    Arrays.setAll(dimensions, i -> new ResizeAxis(x.dim(i), x.dim(i), 1, 0, 1));
    return dimensions;
  }

  private static void addRegion(Call call, ResizeAxis[] dimensions, int[] axes) {
    if (!hasNumbers(call, 1)) {
      throw call.failure("roi is missing, expected it for tf_crop_and_resize");
    }
    double[] region = call.tensor(1).to(DType.F64).toDoubleArray();
    expect(call, "halves of numbers in roi", region.length / 2, axes);
    for (int i = 0; i < axes.length; i++) {
      ResizeAxis whole = dimensions[axes[i]];
      dimensions[axes[i]] =
          new ResizeAxis(
              whole.input(), whole.output(), whole.scale(), region[i], region[axes.length + i]);
    }
  }

  // What is computed.

  private static Value resized(Call call, ResizeAxis[] dimensions, ResizeAxis.Rule rule) {
    ElementType type = call.type(0);
    Tensor x = call.tensor(0);
    long[] shape = Arrays.stream(dimensions).mapToLong(ResizeAxis::output).toArray();
    if (Shape.of(shape).size() == 0) {
      return new Value.Dense(type, Tensor.zeros(x.dtype(), shape));
    }
    if (x.size() == 0) {
      throw call.failure(
          "input has shape "
              + x.shape()
              + ", expected elements for a result of "
              + Longs.of(shape));
    }
    TreeMap<Integer, Resample.Taps> taps = new TreeMap<>();
    for (int axis = 0; axis < dimensions.length; axis++) {
      if (!dimensions[axis].isIdentity()) {
        taps.put(axis, dimensions[axis].taps(rule));
      }
    }
    boolean moves = taps.values().stream().allMatch(Resample.Taps::moves);
    Tensor exact = moves || x.dtype().isFloating() ? x : x.to(DType.F64);
    Tensor result = outside(call, resampled(exact, taps), dimensions, rule.coordinates());
    return new Value.Dense(type, result.dtype() == x.dtype() ? result : rounded(result, type));
  }

  /**
   * Returns numbers as whole ones of a type of integers, the ends of its range for those beyond.
   */
  private static Tensor rounded(Tensor values, ElementType type) {
    Tensor whole = values.round();
    if (type == ElementType.BOOL) {
      return whole.ne(0.0);
    }
    double above = Math.scalb(1.0, type.isUnsigned() ? type.bits() : type.bits() - 1);
    // Of 64 bits the largest number is not a double; the conversion stops there by itself.
    double most = type.bits() == 64 ? above : above - 1;
    return whole.clamp(type.isUnsigned() ? 0 : -above, most).to(type.carrier());
  }

  /** Puts the value for what lies outside the input where elements of the result do. */
  private static Tensor outside(
      Call call, Tensor result, ResizeAxis[] dimensions, Coordinates coordinates) {
    Tensor inside = null;
    for (int axis = 0; axis < dimensions.length; axis++) {
      ResizeAxis dimension = dimensions[axis];
      boolean[] inAxis = new boolean[Math.toIntExact(dimension.output())];
      boolean all = true;
      for (int i = 0; i < inAxis.length; i++) {
        inAxis[i] = !dimension.isOutside(coordinates, i);
        all &= inAxis[i];
      }
      if (!all) {
        long[] shape = new long[dimensions.length];
        Arrays.fill(shape, 1);
        shape[axis] = inAxis.length;
        Tensor mask = Tensor.of(inAxis, shape);
        inside = inside == null ? mask : inside.logicalAnd(mask);
      }
    }
    return inside == null
        ? result
        : result.where(inside, (double) call.number("extrapolation_value", 0));
  }

  /** Resamples three dimensions at a time, which is what core does at once. */
  private static Tensor resampled(Tensor x, TreeMap<Integer, Resample.Taps> taps) {
    if (taps.isEmpty()) {
      return x;
    }
    int rank = x.rank();
    boolean images = rank >= 3 && rank <= 5;
    if (images && taps.firstKey() >= 2) {
      return resampledImages(x, taps, 2);
    }
    if (images && taps.firstKey() == 1 && taps.lastKey() < rank - 1) {
      Tensor result = resampledImages(ChannelsLast.channelsSecond(x), taps, 1);
      return ChannelsLast.channelsBehind(result);
    }
    Tensor result = x;
    List<Integer> axes = List.copyOf(taps.keySet());
    for (int from = 0; from < axes.size(); from += 3) {
      result = resampledAxes(result, axes.subList(from, Math.min(from + 3, axes.size())), taps);
    }
    return result;
  }

  /**
   * Resamples images of one layout or the other.
   *
   * @param first the axis that the first spatial dimension had
   */
  private static Tensor resampledImages(Tensor x, Map<Integer, Resample.Taps> taps, int first) {
    List<Resample.Taps> dimensions = new ArrayList<>();
    for (int i = 0; i < x.rank() - 2; i++) {
      Resample.@Nullable Taps given = taps.get(first + i);
      dimensions.add(given == null ? ResizeAxis.same(x.dim(2 + i)) : given);
    }
    return Engine.current().run(new Resample(dimensions), x);
  }

  /** Resamples up to three axes, which are brought behind the others. */
  private static Tensor resampledAxes(
      Tensor x, List<Integer> axes, Map<Integer, Resample.Taps> taps) {
    int rank = x.rank();
    int[] order =
        IntStream.concat(
                IntStream.range(0, rank).filter(axis -> !axes.contains(axis)),
                axes.stream().mapToInt(Integer::intValue))
            .toArray();
    Tensor behind = x.permute(order);
    Shape kept = behind.shape().range(0, rank - axes.size());
    Shape resized = behind.shape().range(kept.rank(), rank);
    List<Resample.Taps> dimensions = new ArrayList<>();
    for (int axis : axes) {
      Resample.@Nullable Taps given = taps.get(axis);
      dimensions.add(given == null ? ResizeAxis.same(x.dim(axis)) : given);
    }
    Tensor result =
        Engine.current()
            .run(
                new Resample(dimensions),
                behind.reshape(Shape.of(kept.size(), 1).concat(resized).dims()));
    int[] back = new int[rank];
    for (int i = 0; i < rank; i++) {
      back[order[i]] = i;
    }
    return result
        .reshape(kept.concat(result.shape().range(2, result.rank())).dims())
        .permute(back)
        .contiguous();
  }
}
