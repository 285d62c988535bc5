package org.gatun.onnx.operator;

import org.gatun.Shape;

/** MaxRoiPool: the maxima of the parts of regions, whose borders are whole pixels. */
final class RegionMaximum {
  private RegionMaximum() {}

  /**
   * Computes the result (regions, C, height, width).
   *
   * @param images the shape of {@code pixels}: N, C, H, W
   * @param regions image, x1, y1, x2, y2 of each
   * @param scale of the regions' coordinates to pixels
   */
  static void pool(
      double[] pixels,
      Shape images,
      double[] regions,
      int height,
      int width,
      double scale,
      double[] result) {
    int channels = (int) images.dim(1);
    int rows = (int) images.dim(2);
    int columns = (int) images.dim(3);
    int next = 0;
    for (int at = 0; at < regions.length; at += 5) {
      double image = regions[at];
      if (!(image >= 0 && image < images.dim(0))) {
        throw new IllegalArgumentException(
            "max roi pool: a region in image " + image + " of " + images.dim(0));
      }
      double left = rounded(regions[at + 1] * scale);
      double top = rounded(regions[at + 2] * scale);
      double regionWidth = Math.max(rounded(regions[at + 3] * scale) - left + 1, 1);
      double regionHeight = Math.max(rounded(regions[at + 4] * scale) - top + 1, 1);
      for (int channel = 0; channel < channels; channel++) {
        int plane = ((int) image * channels + channel) * rows * columns;
        for (int y = 0; y < height; y++) {
          int fromRow = border(top + Math.floor(y * regionHeight / height), rows);
          int toRow = border(top + Math.ceil((y + 1) * regionHeight / height), rows);
          for (int x = 0; x < width; x++) {
            int from = border(left + Math.floor(x * regionWidth / width), columns);
            int to = border(left + Math.ceil((x + 1) * regionWidth / width), columns);
            boolean isEmpty = fromRow >= toRow || from >= to;
            double largest = isEmpty ? 0 : Double.NEGATIVE_INFINITY;
            for (int row = fromRow; row < toRow; row++) {
              for (int column = from; column < to; column++) {
                largest = Math.max(largest, pixels[plane + row * columns + column]);
              }
            }
            result[next++] = largest;
          }
        }
      }
    }
  }

  /** Halves go away from zero. */
  private static double rounded(double value) {
    return Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
  }

  private static int border(double value, int size) {
    return (int) Math.clamp(value, 0.0, (double) size);
  }
}
