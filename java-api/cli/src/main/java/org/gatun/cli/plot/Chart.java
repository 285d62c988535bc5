package org.gatun.cli.plot;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** Draws a function and its derivative over the same x, as SVG. */
final class Chart {
  private static final double WIDTH = 320;
  private static final double HEIGHT = 220;
  private static final double LEFT = 30;
  private static final double BELOW = 22;
  private static final double MARGIN = 8;

  /** A curve is broken where it moves by more than this, and so many times as much as before. */
  private static final double BREAK = 0.15;

  private static final double SUDDEN = 4;

  /** Room above and below the curves, in parts of their height. */
  private static final double ROOM = 0.06;

  private final double leastX;
  private final double largestX;

  Chart(double leastX, double largestX) {
    this.leastX = leastX;
    this.largestX = largestX;
  }

  /** Appends the chart of values at points that are equally far apart. */
  void draw(double[] values, double[] slopes, StringBuilder page) {
    double low =
        DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(slopes)).min().orElseThrow();
    double high =
        DoubleStream.concat(DoubleStream.of(values), DoubleStream.of(slopes)).max().orElseThrow();
    double room = (high - low) * ROOM;
    Vertical y = new Vertical(low - room, high + room);
    page.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"chart\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" data-box=\"%.1f %.1f %.1f"
                + " %.1f\" data-range=\"%.6f %.6f %.6f %.6f\">\n",
            WIDTH,
            HEIGHT,
            LEFT,
            WIDTH - MARGIN,
            MARGIN,
            HEIGHT - BELOW,
            leastX,
            largestX,
            y.low,
            y.high));
    grid(y, page);
    page.append("<path class=\"d\" d=\"%s\"/>\n".formatted(path(slopes, y)));
    page.append("<path class=\"f\" d=\"%s\"/>\n".formatted(path(values, y)));
    page.append(
        String.format(
            Locale.ROOT,
            """
            <g class="cross"><path d="M0 %.1fV%.1f"/><circle class="d" r="4"/><circle class="f" r="4"/></g>
            </svg>
            <output>&#160;</output>
            """,
            MARGIN,
            HEIGHT - BELOW));
  }

  /** Where values are on the chart. */
  private record Vertical(double low, double high) {
    double at(double value) {
      return MARGIN + (high - value) / (high - low) * (HEIGHT - BELOW - MARGIN);
    }

    /** Returns the distance of grid lines: 1, 2 or 5 times a power of ten. */
    double step() {
      double rough = (high - low) / 5;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double times = rough / power;
      return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }
  }

  private double across(double x) {
    return LEFT + (x - leastX) / (largestX - leastX) * (WIDTH - LEFT - MARGIN);
  }

  private void grid(Vertical y, StringBuilder page) {
    double step = y.step();
    for (double line = Math.ceil(y.low / step); line * step <= y.high; line++) {
      double value = line * step;
      page.append(
          String.format(
              Locale.ROOT,
              "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/><text class=\"y\" x=\"%.1f\""
                  + " y=\"%.1f\">%s</text>\n",
              line == 0 ? "axis" : "line",
              LEFT,
              y.at(value),
              WIDTH - MARGIN,
              LEFT - 6,
              y.at(value) + 3.5,
              label(value)));
    }
    for (double x = Math.ceil(leastX / 2) * 2; x <= largestX; x += 2) {
      page.append(
          String.format(
              Locale.ROOT,
              "<path class=\"%s\" d=\"M%.1f %.1fV%.1f\"/><text class=\"x\" x=\"%.1f\""
                  + " y=\"%.1f\">%s</text>\n",
              x == 0 ? "axis" : "line",
              across(x),
              MARGIN,
              HEIGHT - BELOW,
              across(x),
              HEIGHT - 6,
              label(x)));
    }
  }

  private static String label(double value) {
    String text = value == Math.rint(value) ? "%.0f".formatted(value) : "" + (float) value;
    return text.equals("-0") ? "0" : text.replace('-', '\u2212');
  }

  private String path(double[] values, Vertical y) {
    StringBuilder path = new StringBuilder();
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      double x = leastX + (largestX - leastX) * i / (values.length - 1);
      double move = i == 0 ? 0 : Math.abs(values[i] - values[i - 1]);
      boolean broken = i == 0 || (move > BREAK && move > SUDDEN * before);
      before = i == 0 ? before : move;
      path.append(
          String.format(
              Locale.ROOT, "%s%.1f %.1f", broken ? "M" : "L", across(x), y.at(values[i])));
    }
    return path.toString();
  }
}
