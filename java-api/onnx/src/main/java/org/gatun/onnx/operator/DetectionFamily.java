package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Layout;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.runtime.Engine;
import org.gatun.runtime.HostFunction;

/** Operators of object detection: choosing boxes, and pooling what lies in them. */
final class DetectionFamily {
  private DetectionFamily() {}

  static void register(Registry onnx) {
    onnx.add("MaxRoiPool", 1, DetectionFamily::maxRoiPool);
    onnx.add("NonMaxSuppression", 10, Typing.NATIVE, DetectionFamily::nonMaxSuppression);
    onnx.add("RoiAlign", 10, c -> roiAlign(c, "output_half_pixel"));
    onnx.add("RoiAlign", 16, c -> roiAlign(c, "half_pixel"));
  }

  // Boxes.

  /** Of boxes that overlap too much, those with the best score: (batch, class, box) of each. */
  private static List<Value> nonMaxSuppression(Call call) {
    Shape boxes = call.shape(0);
    Shape scores = call.shape(1);
    if (boxes.rank() != 3
        || boxes.dim(2) != 4
        || scores.rank() != 3
        || scores.dim(0) != boxes.dim(0)
        || scores.dim(2) != boxes.dim(1)) {
      throw call.failure(
          "boxes of shape "
              + boxes
              + " and scores of "
              + scores
              + ", expected (batch, boxes, 4) and (batch, classes, boxes)");
    }
    long most = call.has(2) ? call.scalarLong(2) : 0;
    float overlap = call.has(3) ? (float) call.scalar(3) : 0;
    if (!(overlap >= 0 && overlap <= 1)) {
      throw call.failure("a threshold of overlap of " + overlap + ", expected 0 to 1");
    }
    float least = call.has(4) ? (float) call.scalar(4) : Float.NEGATIVE_INFINITY;
    List<long[]> chosen = new ArrayList<>();
    if (most > 0) {
      float[] score = call.tensor(1).to(DType.F32).toFloatArray();
      float[] box = call.tensor(0).to(DType.F32).toFloatArray();
      int count = (int) boxes.dim(1);
      boolean centered = call.flag("center_point_box", false);
      for (int batch = 0; batch < scores.dim(0); batch++) {
        BoxOverlap overlaps = new BoxOverlap(box, batch * count, centered, overlap);
        for (int kind = 0; kind < scores.dim(1); kind++) {
          int first = (batch * (int) scores.dim(1) + kind) * count;
          for (int index : overlaps.best(score, first, count, least, most)) {
            chosen.add(new long[] {batch, kind, index});
          }
        }
      }
    }
    long[] flat = chosen.stream().flatMapToLong(Arrays::stream).toArray();
    return List.of(Value.of(Tensor.of(flat, chosen.size(), 3)));
  }

  // Pooling.

  /** The size of the results, and what reads the image. */
  private static Tensor pooled(
      Call call, String name, int height, int width, int columns, RegionPooling pooling) {
    Tensor x = call.tensor(0);
    Tensor regions = call.tensor(1);
    if (x.rank() != 4 || regions.rank() != 2 || regions.dim(1) != columns) {
      throw call.failure(
          "shapes "
              + x.shape()
              + " and "
              + regions.shape()
              + ", expected (N, C, H, W) and (regions, "
              + columns
              + ")");
    }
    if (height < 1 || width < 1) {
      throw call.failure("results of " + height + " x " + width + ", expected 1 x 1 or more");
    }
    Layout layout = Layout.of(DType.F64, Shape.of(regions.dim(0), x.dim(1), height, width));
    HostFunction function =
        HostFunction.of(
            name,
            (inputs, outputs) -> {
              Tensor image = inputs.getFirst();
              double[] pixels = image.toDoubleArray();
              double[] rois = inputs.get(1).toDoubleArray();
              double[] result = new double[Math.toIntExact(outputs.getFirst().size())];
              pooling.pool(pixels, image.shape(), rois, inputs.subList(2, inputs.size()), result);
              outputs.getFirst().copyFrom(Tensor.of(result, outputs.getFirst().shape().dims()));
            });
    Tensor image = x.to(DType.F64);
    Tensor boxes = regions.to(DType.F64);
    Engine engine = Engine.current();
    List<Tensor> results =
        call.has(2)
            ? engine.call(function, List.of(layout), image, boxes, call.tensor(2).to(DType.I64))
            : engine.call(function, List.of(layout), image, boxes);
    return results.getFirst().to(x.dtype());
  }

  /** Pools regions of images into a result (regions, C, height, width). */
  @FunctionalInterface
  private interface RegionPooling {
    void pool(
        double[] pixels, Shape images, double[] regions, List<Tensor> others, double[] result);
  }

  private static Tensor roiAlign(Call call, String defaultMode) {
    String mode = call.text("mode", "avg");
    String coordinates = call.text("coordinate_transformation_mode", defaultMode);
    if ((!mode.equals("avg") && !mode.equals("max"))
        || (!coordinates.equals("half_pixel") && !coordinates.equals("output_half_pixel"))) {
      throw call.failure(
          "mode "
              + mode
              + " and coordinates "
              + coordinates
              + ", expected avg or max, and half_pixel or output_half_pixel");
    }
    if (call.shape(2).rank() != 1 || call.shape(2).dim(0) != call.shape(1).dim(0)) {
      throw call.failure("batch indices of " + call.shape(2) + " for regions " + call.shape(1));
    }
    int height = call.smallInteger("output_height", 1);
    int width = call.smallInteger("output_width", 1);
    RegionAlignment alignment =
        new RegionAlignment(
            height,
            width,
            call.smallInteger("sampling_ratio", 0),
            call.number("spatial_scale", 1),
            coordinates.equals("half_pixel"),
            mode.equals("max"));
    return pooled(
        call,
        "roi align",
        height,
        width,
        4,
        (pixels, images, regions, others, result) ->
            alignment.pool(pixels, images, regions, others.getFirst().toLongArray(), result));
  }

  private static Tensor maxRoiPool(Call call) {
    long[] size = call.integers("pooled_shape");
    if (size == null || size.length != 2) {
      throw call.failure("attribute pooled_shape, expected two numbers");
    }
    int height = Math.toIntExact(size[0]);
    int width = Math.toIntExact(size[1]);
    double scale = call.number("spatial_scale", 1);
    return pooled(
        call,
        "max roi pool",
        height,
        width,
        5,
        (pixels, images, regions, _, result) ->
            RegionMaximum.pool(pixels, images, regions, height, width, scale, result));
  }
}
