package org.gatun.cli.model;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.gatun.Tensor;
import org.gatun.onnx.Value;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Images as inputs: pixels from 0 to 1, less a mean, by a deviation; bytes where the model takes
 * bytes. Red, green, blue, or grey where it takes one channel. Images are not scaled.
 */
final class Images {
  private static final List<String> SUFFIXES = List.of(".png", ".jpg", ".jpeg", ".bmp", ".gif");

  private Images() {}

  /** Returns whether a file of this name in small letters is an image. */
  static boolean reads(String name) {
    return SUFFIXES.stream().anyMatch(name::endsWith);
  }

  /**
   * Returns an image as the input declares it: channels before rows, or last.
   *
   * @param shape what is known of the input's shape, -1 where nothing is
   */
  static Value read(
      Path file, ValueInfo input, @Nullable List<Long> shape, List<Float> mean, List<Float> std)
      throws IOException {
    String name = "--input " + input.name() + "=" + file;
    BufferedImage image = ImageIO.read(file.toFile());
    if (image == null) {
      throw new InputException(name + ": no image that Java reads");
    }
    int rank = shape == null ? 0 : shape.size();
    if (shape == null
        || rank < 3
        || rank > 4
        || !(input.type() instanceof ValueType.OfTensor(ElementType type, _))
        || !type.isNative()) {
      throw new InputException(
          name + ": an image, expected an input of 3 or 4 dimensions, which this is not");
    }
    List<Long> sizes = shape.subList(rank - 3, rank);
    boolean last = isChannels(sizes.get(2)) && !isChannels(sizes.getFirst());
    long declared = sizes.get(last ? 2 : 0);
    int channels = declared < 0 ? 3 : Math.toIntExact(declared);
    if (channels != 1 && channels != 3) {
      throw new InputException(
          name + ": an image, expected an input of 1 or 3 channels, not " + channels);
    }
    check(name, "rows", sizes.get(last ? 0 : 1), image.getHeight());
    check(name, "columns", sizes.get(last ? 1 : 2), image.getWidth());
    float[] pixels = pixels(image, channels, last, type == ElementType.UINT8, mean, std);
    long height = image.getHeight();
    long width = image.getWidth();
    long[] dims =
        last ? new long[] {1, height, width, channels} : new long[] {1, channels, height, width};
    Tensor tensor = Tensor.of(pixels, dims).to(type.carrier());
    return new Value.Dense(type, rank == 4 ? tensor : tensor.squeeze(0));
  }

  private static boolean isChannels(long size) {
    return size == 1 || size == 3;
  }

  private static void check(String name, String what, long declared, int actual) {
    if (declared >= 0 && declared != actual) {
      throw new InputException(
          name + ": an image of " + actual + " " + what + ", expected " + declared);
    }
  }

  private static float[] pixels(
      BufferedImage image,
      int channels,
      boolean last,
      boolean bytes,
      List<Float> mean,
      List<Float> std) {
    int width = image.getWidth();
    int area = width * image.getHeight();
    int[] colours = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
    float[] pixels = new float[Math.multiplyExact(channels, area)];
    for (int i = 0; i < area; i++) {
      for (int c = 0; c < channels; c++) {
        float value = channels == 1 ? grey(colours[i]) : (colours[i] >> (16 - 8 * c)) & 0xFF;
        if (!bytes) {
          value = (value / 255 - of(mean, c)) / of(std, c);
        }
        pixels[last ? i * channels + c : c * area + i] = value;
      }
    }
    return pixels;
  }

  private static float of(List<Float> values, int channel) {
    return values.get(Math.min(channel, values.size() - 1));
  }

  /** The luminance of ITU-R BT.601. */
  private static float grey(int colour) {
    return 0.299f * ((colour >> 16) & 0xFF)
        + 0.587f * ((colour >> 8) & 0xFF)
        + 0.114f * (colour & 0xFF);
  }
}
