package org.gatun.conformance;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.gatun.Tensor;

/** Pictures of text: drawn, cut and scaled, and what the networks make of them. */
final class TextImage {
  private TextImage() {}

  /** Returns whether there is a font to draw with, which a machine without a screen may lack. */
  static boolean canDraw() {
    try {
      return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length
          > 0;
    } catch (RuntimeException | Error e) {
      return false; // Without fontconfig Java throws one or the other, by its version.
    }
  }

  /** Returns a picture with each text on a line of its own, in dark letters on light ground. */
  static BufferedImage draw(int width, int height, List<String> lines) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(new Color(245, 243, 236));
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(new Color(25, 30, 60));
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 36));
    int pitch = height / lines.size();
    for (int i = 0; i < lines.size(); i++) {
      graphics.drawString(lines.get(i), 40 + 30 * i, i * pitch + pitch / 2 + 12);
    }
    graphics.dispose();
    return image;
  }

  /** Returns a part of the picture, scaled to a height, on the left of a dark strip. */
  static BufferedImage strip(BufferedImage image, Rectangle part, int width, int height) {
    BufferedImage strip = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int scaled = Math.min(width, part.width * height / part.height);
    Graphics2D graphics = strip.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(
        image,
        0,
        0,
        scaled,
        height,
        part.x,
        part.y,
        part.x + part.width,
        part.y + part.height,
        null);
    graphics.dispose();
    return strip;
  }

  /** Returns the picture upside down. */
  static BufferedImage turned(BufferedImage image) {
    BufferedImage turned =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = turned.createGraphics();
    graphics.rotate(Math.PI, image.getWidth() / 2.0, image.getHeight() / 2.0);
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return turned;
  }

  /** Returns the pixels as (1, 3, height, width), from 0 to 1, less a mean, by a deviation. */
  static Tensor pixels(BufferedImage image, float[] mean, float[] std) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] colours = image.getRGB(0, 0, width, height, null, 0, width);
    float[] pixels = new float[3 * colours.length];
    for (int i = 0; i < colours.length; i++) {
      for (int c = 0; c < 3; c++) {
        float value = ((colours[i] >> (8 * c)) & 0xFF) / 255f; // Blue first, as they were trained.
        pixels[c * colours.length + i] = (value - mean[c]) / std[c];
      }
    }
    return Tensor.of(pixels, 1, 3, height, width);
  }

  /**
   * Returns the boxes around what belongs together where the map of probabilities is high, from top
   * to bottom. The network marks the core of a line of text, so they are widened.
   */
  static List<Rectangle> boxes(float[] map, int width, int height) {
    boolean[] seen = new boolean[map.length];
    List<Rectangle> boxes = new ArrayList<>();
    for (int start = 0; start < map.length; start++) {
      if (!seen[start] && map[start] > 0.3) {
        Rectangle box = fill(map, seen, start, width, height);
        if (box.width * box.height > 200) {
          int by = box.width * box.height * 8 / 5 / (2 * (box.width + box.height));
          box.grow(by, by);
          boxes.add(box.intersection(new Rectangle(width, height)));
        }
      }
    }
    return boxes;
  }

  private static Rectangle fill(float[] map, boolean[] seen, int start, int width, int height) {
    Rectangle box = new Rectangle(start % width, start / width, 1, 1);
    ArrayDeque<Integer> edge = new ArrayDeque<>();
    edge.add(start);
    seen[start] = true;
    while (!edge.isEmpty()) {
      int at = edge.remove();
      box.add(new Rectangle(at % width, at / width, 1, 1));
      for (int[] step : new int[][] {{-1, 0}, {1, 0}, {0, -1}, {0, 1}}) {
        int x = at % width + step[0];
        int y = at / width + step[1];
        if (x >= 0 && x < width && y >= 0 && y < height) {
          int next = y * width + x;
          if (!seen[next] && map[next] > 0.3) {
            seen[next] = true;
            edge.add(next);
          }
        }
      }
    }
    return box;
  }
}
