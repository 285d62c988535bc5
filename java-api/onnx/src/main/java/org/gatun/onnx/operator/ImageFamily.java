package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.Tensor;
import org.gatun.onnx.operator.Operator.Typing;
import org.gatun.op.Longs;

/** Operators that resize images and look at them at positions in between. */
final class ImageFamily {
  private static final int CORNERS = 4;

  private ImageFamily() {}

  static void register(Registry onnx, Registry microsoft, Registry own) {
    onnx.add("AffineGrid", 20, ImageFamily::affineGrid);
    onnx.move("GridSample", 16, ImageFamily::gridSample);
    onnx.add("Resize", 10, Typing.ANY, Resizing::upsample);
    onnx.add("Resize", 11, Typing.ANY, Resizing::resize);
    onnx.add("Upsample", 7, Typing.ANY, Resizing::upsample);
    microsoft.add("CropAndResize", 1, ImageFamily::cropAndResize);
    microsoft.move("GridSample", 1, ImageFamily::gridSample);
    own.add(
        "ChannelsLast", 1, c -> c.tensor(0).rank() < 3 ? c.tensor(0) : c.tensor(0).channelsLast());
  }

  /** Returns the positions of an image's elements under an affine map, from -1 to 1. */
  private static Tensor affineGrid(Call call) {
    Tensor theta = call.tensor(0);
    long[] size = call.longs(1);
    int rank = size.length - 2;
    if (rank < 1 || !theta.shape().equals(Shape.of(size[0], rank, rank + 1))) {
      throw call.failure(
          "theta of shape "
              + theta.shape()
              + " for size "
              + Longs.of(size)
              + ", expected (N, 2, 3) for four numbers and (N, 3, 4) for five");
    }
    boolean aligned = call.flag("align_corners", false);
    Shape spatial = Shape.of(Arrays.copyOfRange(size, 2, size.length));
    int count = Math.toIntExact(spatial.size());
    // A position and a 1 for each element: x first, which counts fastest.
    double[] regular = new double[count * (rank + 1)];
    for (int at = 0; at < count; at++) {
      long rest = at;
      for (int i = rank - 1; i >= 0; i--) {
        long dim = spatial.dim(i);
        regular[at * (rank + 1) + rank - 1 - i] = normalized(rest % dim, dim, aligned);
        rest /= dim;
      }
      regular[at * (rank + 1) + rank] = 1;
    }
    Tensor positions = Tensor.of(regular, count, rank + 1).to(theta.dtype());
    Tensor grid = positions.matmul(theta.transpose(1, 2));
    return grid.reshape(Shape.of(size[0]).concat(spatial).concat(Shape.of(rank)).dims());
  }

  private static double normalized(long index, long size, boolean aligned) {
    if (aligned) {
      return size == 1 ? 0 : 2.0 * index / (size - 1) - 1;
    }
    return (2.0 * index + 1) / size - 1;
  }

  /** Returns the values of the first input at the positions of the second. */
  private static Tensor gridSample(Call call) {
    Tensor x = call.tensor(0);
    Tensor grid = call.tensor(1);
    int rank = x.rank() - 2;
    if (rank < 1 || grid.rank() != rank + 2 || grid.dim(-1) != rank || grid.dim(0) != x.dim(0)) {
      throw call.failure(
          "input of shape "
              + x.shape()
              + " and grid of shape "
              + grid.shape()
              + ", expected (N, C, spatial...) and (N, spatial..., "
              + rank
              + ")");
    }
    boolean aligned = call.flag("align_corners", false);
    Sampling sampling =
        new Sampling(
            sampleMode(call, call.text("mode", "linear")),
            switch (call.text("padding_mode", "zeros")) {
              case "zeros" -> Sampling.Outside.ZEROS;
              case "border" -> Sampling.Outside.BORDER;
              case "reflection" -> Sampling.Outside.REFLECTION;
              default ->
                  throw call.failure(
                      "attribute padding_mode is '"
                          + call.text("padding_mode", "")
                          + "', expected zeros, border or reflection");
            },
            aligned);
    Shape places = grid.shape().range(1, rank + 1);
    Tensor exact = grid.dtype() == DType.F64 ? grid : grid.to(DType.F32);
    Tensor flat = exact.reshape(x.dim(0), places.size(), rank);
    List<Tensor> positions = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      long size = x.dim(2 + i);
      Tensor normalized = flat.select(2, rank - 1 - i).add(1.0);
      positions.add(
          aligned
              ? normalized.mul((size - 1) / 2.0)
              : normalized.mul((double) size).sub(1.0).mul(0.5));
    }
    Shape result = x.shape().range(0, 2).concat(places);
    return sampling.at(x, positions).reshape(result.dims());
  }

  private static Sampling.Mode sampleMode(Call call, String mode) {
    return switch (mode) {
      case "nearest" -> Sampling.Mode.NEAREST;
      case "linear", "bilinear" -> Sampling.Mode.LINEAR;
      case "cubic", "bicubic" -> Sampling.Mode.CUBIC;
      default ->
          throw call.failure("attribute mode is '" + mode + "', expected nearest, linear or cubic");
    };
  }

  /** Returns boxes (y1, x1, y2, x2) cut out of images, each brought to one size. */
  private static Tensor cropAndResize(Call call) {
    Tensor x = call.tensor(0);
    Tensor boxes = call.tensor(1);
    long[] size = call.longs(3);
    if (x.rank() != CORNERS || boxes.rank() != 2 || boxes.dim(1) != CORNERS || size.length != 2) {
      throw call.failure(
          "input of shape "
              + x.shape()
              + ", rois of shape "
              + boxes.shape()
              + " and crop_size "
              + Longs.of(size)
              + ", expected (N, C, H, W), (count, 4) and two numbers");
    }
    Tensor images = x.indexSelect(0, call.tensor(2).to(DType.I64));
    List<Tensor> positions = new ArrayList<>();
    Tensor inside = null;
    for (int i = 0; i < 2; i++) {
      double last = x.dim(2 + i) - 1;
      Tensor start = boxes.narrow(1, i, 1);
      Tensor end = boxes.narrow(1, i + 2, 1);
      double[] parts = new double[Math.toIntExact(size[i])];
      for (int k = 0; k < parts.length; k++) {
        parts[k] = parts.length > 1 ? (double) k / (parts.length - 1) : 0.5;
      }
      Tensor part = Tensor.of(parts).to(boxes.dtype());
      Tensor position = start.add(end.sub(start).mul(part)).mul(last);
      long[] lined = {boxes.dim(0), i == 0 ? size[0] : 1, i == 0 ? 1 : size[1]};
      long[] whole = {boxes.dim(0), size[0], size[1]};
      Tensor spread =
          position.reshape(lined).expand(whole).reshape(boxes.dim(0), size[0] * size[1]);
      Tensor within = spread.ge(0.0).logicalAnd(spread.le(last));
      inside = inside == null ? within : inside.logicalAnd(within);
      positions.add(spread);
    }
    if (inside == null) {
      throw new AssertionError("no dimensions");
    }
    Sampling sampling =
        new Sampling(
            sampleMode(call, call.text("mode", "bilinear")), Sampling.Outside.BORDER, true);
    return sampling
        .at(images, positions)
        .where(inside.unsqueeze(1), (double) call.number("extrapolation_value", 0))
        .reshape(boxes.dim(0), x.dim(1), size[0], size[1]);
  }
}
