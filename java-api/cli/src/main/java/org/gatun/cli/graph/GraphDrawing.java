package org.gatun.cli.graph;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.gatun.cli.graph.LayeredLayout.Box;
import org.gatun.cli.graph.LayeredLayout.Edge;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;
import org.gatun.onnx.model.ValueInfo;
import org.jspecify.annotations.Nullable;

/** One graph: its boxes and lines as SVG, and what is to be told of each box as JSON. */
final class GraphDrawing {
  private static final double MARGIN = 24;
  private static final double NARROWEST = 104;
  private static final double WIDEST = 264;
  private static final double LINE = 15;
  private static final int MOST_LETTERS = 38;

  /** A box: an input, a node or an output. */
  private record Vertex(String kind, String title, List<String> lines, @Nullable Node node) {}

  private final String id;
  private final String title;
  private final Graph graph;
  private final GraphFacts facts;
  private final Parameters parameters;
  private final @Nullable Origins origins;

  /** The drawings of the graphs inside nodes, by node and attribute. */
  private final Map<String, String> bodies = new HashMap<>();

  private final List<Vertex> vertices = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<String, Integer> makers = new HashMap<>();

  /**
   * Makes a drawing.
   *
   * @param id by which the page knows it
   * @param title for people
   * @param origins which nodes its nodes were, or null
   */
  GraphDrawing(String id, String title, Graph graph, GraphFacts facts, @Nullable Origins origins) {
    this.id = id;
    this.title = title;
    this.graph = graph;
    this.facts = facts;
    this.parameters = new Parameters(graph);
    this.origins = origins;
    addVertices();
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  /** Returns the number of nodes that have a box. */
  long nodes() {
    return vertices.stream().filter(vertex -> vertex.node != null).count();
  }

  /** Returns the graphs that nodes have, drawn on their own. */
  List<GraphDrawing> bodies() {
    List<GraphDrawing> all = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
        if (attribute.getValue() instanceof Attribute.OfGraph(Graph body)) {
          String bodyId = id + "-" + all.size();
          bodies.put(key(node, attribute.getKey()), bodyId);
          all.add(
              new GraphDrawing(
                  bodyId,
                  node.label() + ": " + attribute.getKey(),
                  body,
                  new GraphFacts(body),
                  null));
        }
      }
    }
    List<GraphDrawing> deeper = new ArrayList<>(all);
    all.forEach(body -> deeper.addAll(body.bodies()));
    return deeper;
  }

  private static String key(Node node, String attribute) {
    return String.join(" ", node.outputs()) + "|" + attribute;
  }

  // Boxes and lines.

  private void addVertices() {
    for (ValueInfo input : graph.inputs()) {
      if (parameters.get(input.name()) == null) {
        makers.put(input.name(), vertices.size());
        vertices.add(end("input", input.name()));
      }
    }
    for (Node node : graph.nodes()) {
      if (parameters.get(node.outputs().isEmpty() ? "" : node.outputs().getFirst()) != null
          && Parameters.isConstant(node)) {
        continue;
      }
      int self = vertices.size();
      vertices.add(vertex(node));
      for (String input : used(node)) {
        connect(input, self);
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          makers.put(output, self);
        }
      }
    }
    for (ValueInfo output : graph.outputs()) {
      int self = vertices.size();
      vertices.add(end("output", output.name()));
      connect(output.name(), self);
    }
  }

  private void connect(String value, int to) {
    Integer from = makers.get(value);
    if (from != null) {
      edges.add(new Edge(from, to));
    }
  }

  /** The inputs, and what the graphs inside use from outside. */
  private static Set<String> used(Node node) {
    Set<String> used = new LinkedHashSet<>(node.inputs());
    for (Attribute attribute : node.attributes().values()) {
      if (attribute instanceof Attribute.OfGraph(Graph body)) {
        for (Node inner : body.nodes()) {
          used.addAll(used(inner));
        }
        body.outputs().forEach(output -> used.add(output.name()));
      }
    }
    return used;
  }

  private Vertex end(String kind, String name) {
    return new Vertex(kind, name, List.of(facts.type(name)), null);
  }

  private Vertex vertex(Node node) {
    List<String> lines = new ArrayList<>();
    if (origins != null && origins.isNew(node)) {
      lines.add(summary(origins.of(node)));
    }
    lines.add(Digest.line(node, parameters));
    lines.add(node.outputs().isEmpty() ? "" : facts.type(node.outputs().getFirst()));
    return new Vertex(Digest.kind(node), node.operator(), lines, node);
  }

  /** What a node was made of, equal neighbours counted. */
  private static String summary(List<Node> nodes) {
    List<String> names = new ArrayList<>();
    for (Node node : nodes) {
      if (names.isEmpty() || !names.getLast().equals(node.operator())) {
        names.add(node.operator());
      }
    }
    return nodes.isEmpty()
        ? "added"
        : nodes.size() > 6 ? "= " + nodes.size() + " nodes" : "= " + String.join(" + ", names);
  }

  private static List<String> shown(Vertex vertex) {
    return vertex.lines.stream().filter(line -> !line.isEmpty()).map(GraphDrawing::cut).toList();
  }

  private static String cut(String text) {
    return text.length() <= MOST_LETTERS ? text : text.substring(0, MOST_LETTERS - 1) + "\u2026";
  }

  private static Box box(Vertex vertex) {
    double letters = cut(vertex.title).length() * 7.6;
    for (String line : shown(vertex)) {
      letters = Math.max(letters, line.length() * 6.1);
    }
    return new Box(Math.clamp(letters + 24, NARROWEST, WIDEST), 28 + LINE * shown(vertex).size());
  }

  // SVG.

  /** Appends the drawing as a group of SVG, with its size. */
  void writeSvg(StringBuilder out) {
    List<Box> boxes = vertices.stream().map(GraphDrawing::box).toList();
    LayeredLayout layout = new LayeredLayout(boxes, edges);
    out.append(
        "<g class=\"graph\" id=\"%s\" data-width=\"%s\" data-height=\"%s\">\n"
            .formatted(
                id, number(layout.width() + 2 * MARGIN), number(layout.height() + 2 * MARGIN)));
    Map<Integer, StringBuilder> lines = new HashMap<>();
    for (LayeredLayout.Piece piece : layout.pieces()) {
      write(piece, lines.computeIfAbsent(piece.from(), _ -> new StringBuilder()));
    }
    lines.forEach(
        (from, path) ->
            out.append("<path class=\"e\" data-f=\"%d\" d=\"%s\"/>\n".formatted(from, path)));
    for (int i = 0; i < vertices.size(); i++) {
      write(
          i,
          layout.left(i) + MARGIN,
          layout.top(i) + MARGIN,
          boxes.get(i).width(),
          boxes.get(i).height(),
          out);
    }
    out.append("</g>\n");
  }

  private static void write(LayeredLayout.Piece piece, StringBuilder path) {
    double y1 = piece.y1() + MARGIN;
    double y2 = piece.y2() + MARGIN;
    double bend = Math.min(LayeredLayout.LAYER_GAP, y2 - y1) / 2;
    path.append(
        "M%s %sV%sC%s %s %s %s %s %s"
            .formatted(
                number(piece.x1() + MARGIN),
                number(y1),
                number(y2 - 2 * bend),
                number(piece.x1() + MARGIN),
                number(y2 - bend),
                number(piece.x2() + MARGIN),
                number(y2 - bend),
                number(piece.x2() + MARGIN),
                number(y2)));
    if (piece.through() > 0) {
      path.append("V").append(number(y2 + piece.through()));
    }
  }

  private void write(
      int index, double left, double top, double width, double height, StringBuilder out) {
    Vertex vertex = vertices.get(index);
    boolean isNew = vertex.node != null && origins != null && origins.isNew(vertex.node);
    out.append(
        "<g class=\"n %s%s\" data-i=\"%d\" transform=\"translate(%s %s)\"><rect width=\"%s\" height=\"%s\" rx=\"7\"/>"
            .formatted(
                vertex.kind,
                isNew ? " new" : "",
                index,
                number(left),
                number(top),
                number(width),
                number(height)));
    String middle = number(width / 2);
    out.append(
        "<text class=\"t\" x=\"%s\" y=\"18\">%s</text>"
            .formatted(middle, escape(cut(vertex.title))));
    double y = 18;
    for (String line : shown(vertex)) {
      y += LINE;
      boolean made = isNew && y < 18 + 1.5 * LINE;
      out.append(
          "<text%s x=\"%s\" y=\"%s\">%s</text>"
              .formatted(made ? " class=\"m\"" : "", middle, number(y), escape(line)));
    }
    out.append("</g>\n");
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  // What the page tells of each box.

  void writeJson(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("title", title);
    json.writeNumberField("nodes", nodes());
    json.writeArrayFieldStart("boxes");
    for (Vertex vertex : vertices) {
      json.writeStartObject();
      Node node = vertex.node;
      if (node == null) {
        json.writeStringField("op", vertex.kind);
        json.writeStringField("name", vertex.title);
        json.writeStringField("type", vertex.lines.getFirst());
      } else {
        write(node, json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(Node node, JsonGenerator json) throws IOException {
    json.writeStringField("op", node.operator());
    json.writeStringField("name", node.name());
    if (!node.domain().isEmpty()) {
      json.writeStringField("domain", node.domain());
    }
    if (facts.nanoseconds(node) > 0) {
      json.writeNumberField("ms", facts.nanoseconds(node) / 1e6);
    }
    json.writeObjectFieldStart("attributes");
    for (Map.Entry<String, String> attribute : Digest.attributes(node).entrySet()) {
      json.writeStringField(attribute.getKey(), attribute.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("inputs");
    for (String input : node.inputs()) {
      Parameters.Parameter parameter = parameters.get(input);
      String type = parameter == null ? facts.type(input) : parameter.type();
      String values = parameter == null ? "" : parameter.values();
      Integer maker = makers.get(input);
      json.writeStartArray();
      json.writeString(input);
      json.writeString(type);
      json.writeString(values);
      json.writeNumber(parameter != null ? -2 : maker == null ? -1 : maker);
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("outputs");
    for (String output : node.outputs()) {
      json.writeStartArray();
      json.writeString(output);
      json.writeString(facts.type(output));
      json.writeEndArray();
    }
    json.writeEndArray();
    if (origins != null && origins.isNew(node)) {
      json.writeArrayFieldStart("from");
      for (Node origin : origins.of(node)) {
        json.writeString(origin.label());
      }
      json.writeEndArray();
    }
    json.writeObjectFieldStart("bodies");
    for (String attribute : node.attributes().keySet()) {
      String body = bodies.get(key(node, attribute));
      if (body != null) {
        json.writeStringField(attribute, body);
      }
    }
    json.writeEndObject();
  }
}
