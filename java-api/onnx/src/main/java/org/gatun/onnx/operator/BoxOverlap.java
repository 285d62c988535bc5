package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which boxes of an image overlap: their intersection is more than a part of their union.
 *
 * <p>In {@code float}, as models are tuned that decide by it.
 */
final class BoxOverlap {
  private final float[] boxes;
  private final int first;
  private final boolean centered;
  private final float threshold;

  /**
   * Makes the test.
   *
   * @param boxes four numbers each: two corners (y, x), or center (x, y), width and height
   * @param first the number of the image's first box
   * @param centered whether they are given by their centers
   * @param threshold the part of the union that is too much
   */
  BoxOverlap(float[] boxes, int first, boolean centered, float threshold) {
    this.boxes = boxes;
    this.first = first;
    this.centered = centered;
    this.threshold = threshold;
  }

  /**
   * Returns the boxes with the best scores of which no two overlap, best first; of equal scores the
   * first.
   *
   * @param from where the scores of the boxes begin
   * @param least what a score must be more than
   * @param most how many boxes
   */
  List<Integer> best(float[] scores, int from, int count, float least, long most) {
    List<Integer> ordered =
        IntStream.range(0, count)
            .filter(i -> scores[from + i] > least)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[from + i]))
            .toList();
    List<Integer> chosen = new ArrayList<>();
    for (int index : ordered) {
      if (chosen.size() >= most) {
        break;
      }
      if (chosen.stream().noneMatch(other -> overlap(index, other))) {
        chosen.add(index);
      }
    }
    return chosen;
  }

  private boolean overlap(int a, int b) {
    float height = Math.min(end(a, 0), end(b, 0)) - Math.max(start(a, 0), start(b, 0));
    float width = Math.min(end(a, 1), end(b, 1)) - Math.max(start(a, 1), start(b, 1));
    if (!(height > 0 && width > 0)) {
      return false;
    }
    float intersection = height * width;
    float union = area(a) + area(b) - intersection;
    return area(a) > 0 && area(b) > 0 && union > 0 && intersection / union > threshold;
  }

  private float area(int box) {
    return (end(box, 0) - start(box, 0)) * (end(box, 1) - start(box, 1));
  }

  private float start(int box, int axis) {
    int at = 4 * (first + box);
    return centered
        ? boxes[at + axis] - boxes[at + 2 + axis] / 2
        : Math.min(boxes[at + axis], boxes[at + 2 + axis]);
  }

  private float end(int box, int axis) {
    int at = 4 * (first + box);
    return centered
        ? boxes[at + axis] + boxes[at + 2 + axis] / 2
        : Math.max(boxes[at + axis], boxes[at + 2 + axis]);
  }
}
