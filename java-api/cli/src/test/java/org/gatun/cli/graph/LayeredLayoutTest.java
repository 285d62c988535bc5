package org.gatun.cli.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.gatun.cli.graph.LayeredLayout.Box;
import org.gatun.cli.graph.LayeredLayout.Edge;
import org.gatun.cli.graph.LayeredLayout.Piece;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boxes in layers, below what they depend on. */
class LayeredLayoutTest {
  private static final Box BOX = new Box(100, 40);

  @Test
  void aChainIsStraight() {
    LayeredLayout layout =
        new LayeredLayout(List.of(BOX, BOX, BOX), List.of(new Edge(0, 1), new Edge(1, 2)));

    assertEquals(layout.left(0), layout.left(1), 1e-6);
    assertEquals(layout.left(1), layout.left(2), 1e-6);
    assertEquals(40 + LayeredLayout.LAYER_GAP, layout.top(1));
    assertEquals(100, layout.width(), 1e-6);
    assertEquals(3 * 40 + 2 * LayeredLayout.LAYER_GAP, layout.height());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 60, 400})
  void boxesLieApartAndLinesGoDown(int count) {
    SplittableRandom random = new SplittableRandom(count);
    List<Box> boxes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boxes.add(new Box(60 + random.nextInt(200), 20 + random.nextInt(60)));
      for (int j = 0; j < Math.min(i, 2); j++) {
        edges.add(new Edge(Math.max(0, i - 1 - random.nextInt(9)), i));
      }
    }

    LayeredLayout layout = new LayeredLayout(boxes, edges);

    for (int a = 0; a < count; a++) {
      assertTrue(layout.left(a) >= -1e-6, "a box left of all");
      for (int b = a + 1; b < count; b++) {
        assertTrue(apart(layout, boxes, a, b), "boxes " + a + " and " + b);
      }
    }
    for (Edge edge : edges) {
      double bottom = layout.top(edge.from()) + boxes.get(edge.from()).height();
      assertTrue(layout.top(edge.to()) > bottom, edge.toString());
    }
    for (Piece piece : layout.pieces()) {
      assertTrue(piece.y2() > piece.y1(), piece.toString());
    }
  }

  private static boolean apart(LayeredLayout layout, List<Box> boxes, int a, int b) {
    return layout.left(a) + boxes.get(a).width() < layout.left(b)
        || layout.left(b) + boxes.get(b).width() < layout.left(a)
        || layout.top(a) + boxes.get(a).height() < layout.top(b)
        || layout.top(b) + boxes.get(b).height() < layout.top(a);
  }

  @Test
  void aLineThatPassesLayersIsOneOfPieces() {
    LayeredLayout layout =
        new LayeredLayout(
            List.of(BOX, BOX, BOX), List.of(new Edge(0, 1), new Edge(1, 2), new Edge(0, 2)));

    assertEquals(4, layout.pieces().size());
    assertEquals(1, layout.pieces().stream().filter(piece -> piece.through() > 0).count());
  }

  @Test
  void whatHangsOnNothingLiesAboveItsReader() {
    // 0 -> 1 -> 2 -> 4, and 3 -> 4.
    LayeredLayout layout =
        new LayeredLayout(
            List.of(BOX, BOX, BOX, BOX, BOX),
            List.of(new Edge(0, 1), new Edge(1, 2), new Edge(2, 4), new Edge(3, 4)));

    assertEquals(layout.top(2), layout.top(3));
  }

  @Test
  void valuesOutOfOrderArePooled() {
    assertArrayEquals(
        new double[] {1, 3, 3, 5},
        LayeredLayout.isotonic(new double[] {1, 4, 2, 5}, new double[] {1, 1, 1, 1}));
    assertArrayEquals(
        new double[] {3.5, 3.5}, LayeredLayout.isotonic(new double[] {4, 2}, new double[] {3, 1}));
  }

  @Test
  void linesUpwardsAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new LayeredLayout(List.of(BOX, BOX), List.of(new Edge(1, 0))));
  }
}
