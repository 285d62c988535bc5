package org.gatun.nn;

import java.util.stream.IntStream;
import org.gatun.Shape;
import org.gatun.Tensor;

/** Elements moved between channels and positions: one copy of a view each. */
final class ChannelMoves {
  private ChannelMoves() {}

  static Tensor shuffle(Tensor x, long groups) {
    Shape shape = x.shape();
    if (shape.rank() < 2 || groups < 1 || shape.dim(1) % groups != 0) {
      throw new IllegalArgumentException(
          "channel_shuffle: groups "
              + groups
              + " for shape "
              + shape
              + ", expected (N, C, ...) and a divisor of C");
    }
    Shape front = shape.range(0, 1);
    Shape rest = shape.range(2, shape.rank());
    Shape apart = front.concat(Shape.of(groups, shape.dim(1) / groups)).concat(rest);
    try (Tensor grouped = x.reshape(apart.dims());
        Tensor turned = grouped.transpose(1, 2);
        Tensor copy = turned.copy()) {
      return copy.view(shape.dims());
    }
  }

  static Tensor pixelShuffle(Tensor x, long factor) {
    check("pixel_shuffle", x, factor);
    Shape shape = x.shape();
    int rank = shape.rank();
    long channels = shape.dim(-3) / factor / factor;
    if (channels * factor * factor != shape.dim(-3)) {
      throw new IllegalArgumentException(
          "pixel_shuffle: "
              + shape.dim(-3)
              + " channels of shape "
              + shape
              + ", expected a multiple of "
              + factor
              + " squared");
    }
    long height = shape.dim(-2);
    long width = shape.dim(-1);
    Shape front = shape.range(0, rank - 3);
    Shape apart = front.concat(Shape.of(channels, factor, factor, height, width));
    Shape joined = front.concat(Shape.of(channels, height * factor, width * factor));
    return moved(x, apart, new int[] {0, 3, 1, 4, 2}, joined);
  }

  static Tensor pixelUnshuffle(Tensor x, long factor) {
    check("pixel_unshuffle", x, factor);
    Shape shape = x.shape();
    int rank = shape.rank();
    long height = shape.dim(-2) / factor;
    long width = shape.dim(-1) / factor;
    if (height * factor != shape.dim(-2) || width * factor != shape.dim(-1)) {
      throw new IllegalArgumentException(
          "pixel_unshuffle: shape "
              + shape
              + ", expected a height and a width that are multiples of "
              + factor);
    }
    long channels = shape.dim(-3);
    Shape front = shape.range(0, rank - 3);
    Shape apart = front.concat(Shape.of(channels, height, factor, width, factor));
    Shape joined = front.concat(Shape.of(channels * factor * factor, height, width));
    return moved(x, apart, new int[] {0, 2, 4, 1, 3}, joined);
  }

  /** The last dimensions taken apart, put in another order and together again. */
  private static Tensor moved(Tensor x, Shape apart, int[] order, Shape joined) {
    int front = apart.rank() - order.length;
    int[] axes =
        IntStream.range(0, apart.rank())
            .map(i -> i < front ? i : front + order[i - front])
            .toArray();
    try (Tensor parts = x.reshape(apart.dims());
        Tensor turned = parts.permute(axes);
        Tensor copy = turned.copy()) {
      return copy.view(joined.dims());
    }
  }

  private static void check(String name, Tensor x, long factor) {
    if (x.rank() < 3 || factor < 1 || factor > 1 << 20) {
      throw new IllegalArgumentException(
          name
              + ": factor "
              + factor
              + " for shape "
              + x.shape()
              + ", expected 1 or more for (..., C, H, W)");
    }
  }
}
