package org.gatun.cli.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Places the boxes of a graph in layers, each below those that it depends on, so that few lines
 * cross and most are straight.
 *
 * <p>After Sugiyama: boxes get layers by the longest way to them; a line that passes layers gets a
 * waypoint in each, which all lines from one box share; the order within layers is that of the mean
 * place of the neighbours, swept down and up; and each layer is placed as near to its neighbours as
 * the distances allow, which is an isotonic regression, solved by pooling adjacent violators.
 *
 * <p>Source: K. Sugiyama, S. Tagawa and M. Toda, Methods for visual understanding of hierarchical
 * system structures, 1981.
 */
final class LayeredLayout {
  static final double LAYER_GAP = 38;
  private static final double BOX_GAP = 26;
  private static final double LINE_GAP = 12;
  private static final int ORDER_SWEEPS = 10;
  private static final int PLACE_SWEEPS = 16;

  /**
   * A box.
   *
   * @param width of the box
   * @param height of the box
   */
  record Box(double width, double height) {}

  /**
   * A line from one box down to another.
   *
   * @param from the number of the upper box
   * @param to the number of the lower one, which is larger
   */
  record Edge(int from, int to) {}

  /**
   * A piece of a line between one layer and the next.
   *
   * @param from the box that the whole line comes from
   * @param x1 where it begins
   * @param y1 where it begins
   * @param x2 where it ends
   * @param y2 where it ends
   * @param through how far it goes straight down from there: the height of the layer that it passes
   */
  record Piece(int from, double x1, double y1, double x2, double y2, double through) {}

  private final List<Box> boxes;
  private final int[] layerOf;
  private final int[] follower;

  /** Boxes first, then waypoints. */
  private final List<int[]> upper = new ArrayList<>();

  private final List<int[]> lower = new ArrayList<>();
  private final List<Integer> origin = new ArrayList<>();
  private final List<int[]> links = new ArrayList<>();
  private int[] layer = {};
  private int[][] layers = {};
  private double[] x = {};
  private double[] top = {};
  private double[] thickness = {};

  /**
   * Lays a graph out.
   *
   * @param edges each from a box to one with a larger number
   */
  LayeredLayout(List<Box> boxes, List<Edge> edges) {
    this.boxes = List.copyOf(boxes);
    this.layerOf = layers(boxes.size(), edges);
    this.follower = followers(layerOf, edges);
    addWaypoints(edges);
    fillLayers();
    order();
    place();
    stack();
  }

  // Results.

  /** Returns the left side of a box. */
  double left(int box) {
    return x[box] - boxes.get(box).width() / 2;
  }

  /** Returns the upper side of a box. */
  double top(int box) {
    return top[layer[box]];
  }

  double width() {
    double right = 0;
    for (int i = 0; i < boxes.size(); i++) {
      right = Math.max(right, left(i) + boxes.get(i).width());
    }
    return right;
  }

  double height() {
    return top.length == 0 ? 0 : top[top.length - 1] + thickness[thickness.length - 1];
  }

  /** Returns all lines, piece by piece. */
  List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    List<List<int[]>> arriving = new ArrayList<>();
    for (int i = 0; i < origin.size(); i++) {
      arriving.add(new ArrayList<>());
    }
    links.forEach(link -> arriving.get(link[1]).add(link));
    for (List<int[]> all : arriving) {
      all.sort(Comparator.comparingDouble(link -> x[link[0]]));
      for (int i = 0; i < all.size(); i++) {
        int from = all.get(i)[0];
        int to = all.get(i)[1];
        boolean waypoint = to >= boxes.size();
        double spread = waypoint ? 0 : Math.min(14, boxes.get(to).width() * 0.6 / all.size());
        double end = x[to] + (i - (all.size() - 1) / 2.0) * spread;
        double start =
            top[layer[from]]
                + (from < boxes.size() ? boxes.get(from).height() : thickness[layer[from]]);
        pieces.add(
            new Piece(
                origin.get(from),
                x[from],
                start,
                end,
                top[layer[to]],
                waypoint ? thickness[layer[to]] : 0));
      }
    }
    return pieces;
  }

  // Layers.

  private static int[] layers(int count, List<Edge> edges) {
    int[] layer = new int[count];
    List<List<Edge>> out = new ArrayList<>();
    int[] inputs = new int[count];
    for (int i = 0; i < count; i++) {
      out.add(new ArrayList<>());
    }
    for (Edge edge : edges) {
      if (edge.from() >= edge.to()) {
        throw new IllegalArgumentException(
            "graph: a line from " + edge.from() + " to " + edge.to());
      }
      out.get(edge.from()).add(edge);
      inputs[edge.to()]++;
    }
    int[] source = new int[count];
    for (int box = 0; box < count; box++) {
      for (Edge edge : out.get(box)) {
        layer[edge.to()] = Math.max(layer[edge.to()], layer[box] + 1);
        source[edge.to()] = box;
      }
    }
    // What hangs on nothing, or on a line that goes on anyway, moves down to where it is used.
    for (int box = count - 1; box >= 0; box--) {
      int nearest = out.get(box).stream().mapToInt(edge -> layer[edge.to()]).min().orElse(0) - 1;
      if (nearest > layer[box]) {
        int self = box;
        int others =
            inputs[box] == 0
                ? nearest
                : out.get(source[box]).stream()
                    .filter(edge -> edge.to() != self)
                    .mapToInt(edge -> layer[edge.to()])
                    .max()
                    .orElse(0);
        if (inputs[box] <= 1) {
          layer[box] = Math.max(layer[box], Math.min(nearest, others));
        }
      }
    }
    return layer;
  }

  private void addWaypoints(List<Edge> edges) {
    int count = boxes.size();
    for (int box = 0; box < count; box++) {
      origin.add(box);
    }
    List<Integer> levels = new ArrayList<>(Arrays.stream(layerOf).boxed().toList());
    List<List<Integer>> chains = new ArrayList<>();
    for (int box = 0; box < count; box++) {
      chains.add(new ArrayList<>(List.of(box)));
    }
    for (Edge edge : edges.stream().distinct().toList()) {
      List<Integer> chain = chains.get(edge.from());
      int length = layerOf[edge.to()] - layerOf[edge.from()];
      while (chain.size() < length) {
        int waypoint = origin.size();
        origin.add(edge.from());
        levels.add(layerOf[edge.from()] + chain.size());
        links.add(new int[] {chain.getLast(), waypoint});
        chain.add(waypoint);
      }
      links.add(new int[] {chain.get(length - 1), edge.to()});
    }
    layer = levels.stream().mapToInt(Integer::intValue).toArray();
    List<List<Integer>> above = new ArrayList<>();
    List<List<Integer>> below = new ArrayList<>();
    for (int i = 0; i < layer.length; i++) {
      above.add(new ArrayList<>());
      below.add(new ArrayList<>());
    }
    for (int[] link : links) {
      above.get(link[1]).add(link[0]);
      below.get(link[0]).add(link[1]);
    }
    above.forEach(all -> upper.add(all.stream().mapToInt(Integer::intValue).toArray()));
    below.forEach(all -> lower.add(all.stream().mapToInt(Integer::intValue).toArray()));
  }

  private void fillLayers() {
    int deepest = Arrays.stream(layer).max().orElse(-1);
    List<List<Integer>> members = new ArrayList<>();
    for (int i = 0; i <= deepest; i++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < layer.length; i++) {
      members.get(layer[i]).add(i);
    }
    layers =
        members.stream()
            .map(all -> all.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
  }

  // Order.

  private void order() {
    double[] position = new double[layer.length];
    for (int[] members : layers) {
      number(members, position);
    }
    for (int sweep = 0; sweep < ORDER_SWEEPS; sweep++) {
      for (int i = 1; i < layers.length; i++) {
        sort(i, upper, position);
      }
      for (int i = layers.length - 2; i >= 0; i--) {
        sort(i, lower, position);
      }
    }
  }

  private void sort(int index, List<int[]> neighbours, double[] position) {
    double[] key = new double[layer.length];
    for (int member : layers[index]) {
      key[member] =
          Arrays.stream(neighbours.get(member))
              .mapToDouble(other -> position[other])
              .average()
              .orElse(position[member]);
    }
    layers[index] =
        Arrays.stream(layers[index])
            .boxed()
            .sorted(Comparator.comparingDouble(member -> key[member]))
            .mapToInt(Integer::intValue)
            .toArray();
    number(layers[index], position);
  }

  /** Positions from 0 to 1, so that layers of different length compare. */
  private static void number(int[] members, double[] position) {
    for (int i = 0; i < members.length; i++) {
      position[members[i]] = (i + 0.5) / members.length;
    }
  }

  // Places.

  private void place() {
    x = new double[layer.length];
    for (int[] members : layers) {
      double at = 0;
      for (int i = 1; i < members.length; i++) {
        at += distance(members[i - 1], members[i]);
        x[members[i]] = at;
      }
      for (int member : members) {
        x[member] -= at / 2;
      }
    }
    for (int sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
      for (int i = 1; i < layers.length; i++) {
        settle(layers[i], true, sweep == PLACE_SWEEPS - 1);
      }
      for (int i = layers.length - 2; i >= 0; i--) {
        settle(layers[i], sweep == PLACE_SWEEPS - 1, true);
      }
    }
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < boxes.size(); i++) {
      least = Math.min(least, left(i));
    }
    for (int i = 0; i < x.length; i++) {
      x[i] -= least;
    }
  }

  private double breadth(int member) {
    return member < boxes.size() ? boxes.get(member).width() : 0;
  }

  private double distance(int a, int b) {
    boolean lines = a >= boxes.size() || b >= boxes.size();
    return (breadth(a) + breadth(b)) / 2 + (lines ? LINE_GAP : BOX_GAP);
  }

  /** Places a layer as near as may be to the means of the neighbours, in its order. */
  private void settle(int[] members, boolean above, boolean below) {
    int count = members.length;
    double[] wish = new double[count];
    double[] weight = new double[count];
    double[] shift = new double[count];
    for (int i = 0; i < count; i++) {
      shift[i] = i == 0 ? 0 : shift[i - 1] + distance(members[i - 1], members[i]);
      double sum = 0;
      double all = 0;
      for (boolean up : new boolean[] {true, false}) {
        if (up ? above : below) {
          for (int other : (up ? upper : lower).get(members[i])) {
            double pull = pull(members[i], other);
            sum += pull * x[other];
            all += pull;
          }
        }
      }
      // What has no neighbour there gives way to what has.
      wish[i] = (all == 0 ? x[members[i]] : sum / all) - shift[i];
      weight[i] = all == 0 ? 0.01 : all;
    }
    double[] places = isotonic(wish, weight);
    for (int i = 0; i < count; i++) {
      x[members[i]] = places[i] + shift[i];
    }
  }

  /** Long lines are to be straight before all else, and so is the main line of the graph. */
  private double pull(int a, int b) {
    boolean first = a >= boxes.size();
    boolean second = b >= boxes.size();
    if (first || second) {
      return first && second ? 8 : 1;
    }
    return follower[Math.min(a, b)] == Math.max(a, b) ? 12 : 1;
  }

  /** For each box the one below it on the longest way through both, or -1. */
  private static int[] followers(int[] layer, List<Edge> edges) {
    int[] follower = new int[layer.length];
    int[] leader = new int[layer.length];
    int[] below = new int[layer.length];
    Arrays.fill(follower, -1);
    Arrays.fill(leader, -1);
    List<Edge> upwards =
        edges.stream().sorted(Comparator.comparingInt(Edge::from).reversed()).toList();
    for (Edge edge : upwards) {
      below[edge.from()] = Math.max(below[edge.from()], below[edge.to()] + 1);
    }
    for (Edge edge : edges) {
      int from = edge.from();
      int to = edge.to();
      boolean near = layer[to] == layer[from] + 1;
      if (near && (leader[to] < 0 || below[from] > below[leader[to]])) {
        leader[to] = from;
      }
    }
    for (int to = 0; to < layer.length; to++) {
      int from = leader[to];
      if (from >= 0 && (follower[from] < 0 || below[to] > below[follower[from]])) {
        follower[from] = to;
      }
    }
    return follower;
  }

  /** Returns the values that do not decrease and are nearest to the wishes, by weighted squares. */
  static double[] isotonic(double[] wish, double[] weight) {
    int count = wish.length;
    double[] mean = new double[count];
    double[] mass = new double[count];
    int[] size = new int[count];
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      mean[blocks] = wish[i];
      mass[blocks] = weight[i];
      size[blocks] = 1;
      blocks++;
      while (blocks > 1 && mean[blocks - 2] > mean[blocks - 1]) {
        double both = mass[blocks - 2] + mass[blocks - 1];
        mean[blocks - 2] =
            (mean[blocks - 2] * mass[blocks - 2] + mean[blocks - 1] * mass[blocks - 1]) / both;
        mass[blocks - 2] = both;
        size[blocks - 2] += size[blocks - 1];
        blocks--;
      }
    }
    double[] result = new double[count];
    int at = 0;
    for (int block = 0; block < blocks; block++) {
      Arrays.fill(result, at, at + size[block], mean[block]);
      at += size[block];
    }
    return result;
  }

  private void stack() {
    top = new double[layers.length];
    thickness = new double[layers.length];
    double y = 0;
    for (int i = 0; i < layers.length; i++) {
      for (int member : layers[i]) {
        if (member < boxes.size()) {
          thickness[i] = Math.max(thickness[i], boxes.get(member).height());
        }
      }
      top[i] = y;
      y += thickness[i] + LAYER_GAP;
    }
  }
}
