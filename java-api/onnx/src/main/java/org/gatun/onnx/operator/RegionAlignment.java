package org.gatun.onnx.operator;

import org.gatun.Shape;

/**
 * RoiAlign: of each part of a region the mean, or the maximum, of samples between the pixels.
 *
 * @param samples along each side of a part; 0 for about one a pixel
 * @param scale of the regions' coordinates to pixels
 * @param halfPixel whether a pixel's center is at half its size
 * @param isMax whether the maximum is wanted
 */
record RegionAlignment(
    int height, int width, int samples, double scale, boolean halfPixel, boolean isMax) {
  /**
   * Computes the result.
   *
   * @param images the shape of {@code pixels}: N, C, H, W
   * @param regions x1, y1, x2, y2 of each
   * @param batch in which image each region is
   * @param result (regions, C, height, width)
   */
  void pool(double[] pixels, Shape images, double[] regions, long[] batch, double[] result) {
    int channels = (int) images.dim(1);
    for (int region = 0; region < batch.length; region++) {
      if (batch[region] < 0 || batch[region] >= images.dim(0)) {
        throw new IllegalArgumentException(
            "roi align: region " + region + " in image " + batch[region] + " of " + images.dim(0));
      }
      for (int channel = 0; channel < channels; channel++) {
        int plane = ((int) batch[region] * channels + channel);
        Plane source =
            new Plane(
                pixels,
                plane * (int) (images.dim(2) * images.dim(3)),
                (int) images.dim(2),
                (int) images.dim(3));
        pool(source, regions, 4 * region, result, (region * channels + channel) * height * width);
      }
    }
  }

  private void pool(Plane source, double[] regions, int at, double[] result, int to) {
    double offset = halfPixel ? 0.5 : 0;
    double left = regions[at] * scale - offset;
    double top = regions[at + 1] * scale - offset;
    double regionWidth = regions[at + 2] * scale - offset - left;
    double regionHeight = regions[at + 3] * scale - offset - top;
    if (!halfPixel) {
      regionWidth = Math.max(regionWidth, 1);
      regionHeight = Math.max(regionHeight, 1);
    }
    double partHeight = regionHeight / height;
    double partWidth = regionWidth / width;
    int down = samples > 0 ? samples : (int) Math.ceil(partHeight);
    int across = samples > 0 ? samples : (int) Math.ceil(partWidth);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sum = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < down; i++) {
          double sampleY = top + (y + (i + 0.5) / down) * partHeight;
          for (int j = 0; j < across; j++) {
            double sampleX = left + (x + (j + 0.5) / across) * partWidth;
            if (isMax) {
              largest = Math.max(largest, source.sample(sampleY, sampleX, true));
            } else {
              sum += source.sample(sampleY, sampleX, false);
            }
          }
        }
        boolean isEmpty = down < 1 || across < 1;
        result[to + y * width + x] = isEmpty ? 0 : isMax ? largest : sum / ((double) down * across);
      }
    }
  }

  /** One channel of an image. */
  private record Plane(double[] pixels, int first, int height, int width) {
    /**
     * Returns the value between four pixels: their weighted sum or, as ONNX has it, the largest of
     * the weighted four.
     */
    double sample(double givenY, double givenX, boolean isMax) {
      if (!(givenY >= -1 && givenY <= height && givenX >= -1 && givenX <= width)) {
        return 0;
      }
      double y = Math.clamp(givenY, 0, height - 1.0);
      double x = Math.clamp(givenX, 0, width - 1.0);
      int top = (int) y;
      int left = (int) x;
      int bottom = Math.min(top + 1, height - 1);
      int right = Math.min(left + 1, width - 1);
      double a = (1 - y + top) * (1 - x + left) * at(top, left);
      double b = (1 - y + top) * (x - left) * at(top, right);
      double c = (y - top) * (1 - x + left) * at(bottom, left);
      double d = (y - top) * (x - left) * at(bottom, right);
      return isMax ? Math.max(Math.max(a, b), Math.max(c, d)) : a + b + c + d;
    }

    private double at(int y, int x) {
      return pixels[first + y * width + x];
    }
  }
}
