package org.gatun.cli.graph;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.gatun.onnx.model.Function;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Model;
import org.gatun.onnx.model.ValueInfo;
import org.gatun.onnx.model.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * A model's graph as one web page that needs nothing else: to pan, to zoom, to search, and to ask
 * each box what it is. With the graph after its rewrites beside it there is a switch between them.
 */
public final class GraphPage {
  private GraphPage() {}

  /**
   * A graph with what is known of it.
   *
   * @param graph the graph
   * @param facts of its values
   */
  public record Known(Graph graph, GraphFacts facts) {}

  /**
   * Returns the page.
   *
   * @param name of the model
   * @param before the graph as the file has it
   * @param after the graph as it runs, or null
   */
  public static String of(String name, Model model, Known before, @Nullable Known after) {
    List<GraphDrawing> drawings = new ArrayList<>();
    add(drawings, new GraphDrawing("g0", "As in the file", before.graph, before.facts, null));
    if (after != null) {
      Origins origins = new Origins(before.graph, after.graph);
      add(drawings, new GraphDrawing("g1", "As it runs", after.graph, after.facts, origins));
    }
    for (Function function : model.functions()) {
      add(
          drawings,
          new GraphDrawing(
              "f" + drawings.size(),
              "Function " + function.name(),
              graph(function),
              new GraphFacts(graph(function)),
              null));
    }
    StringBuilder svg = new StringBuilder();
    drawings.forEach(drawing -> drawing.writeSvg(svg));
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>%1$s, drawn by Gatun</title>
    <style>
    %2$s</style>
    </head>
    <body>
    <header>
    <svg class="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="8"/>
    <path d="M5 18h7v-5h7V8h8"/><path class="wave" d="M5 24c2.8 0 2.8 2 5.5 2s2.7-2 5.5-2 2.8 2 5.5 2 2.7-2 5.5-2"/>
    </svg>
    <h1>%1$s <small id="count"></small></h1>
    <nav id="tabs" aria-label="Graphs"></nav>
    <label class="find"><input id="find" type="search" placeholder="Search operators, names, shapes" aria-label="Search"/><output id="hits"></output></label>
    <div class="tools">
    <button type="button" id="heat" aria-pressed="false" title="Colour by time">time</button>
    <button type="button" id="out" aria-label="Zoom out">\u2212</button>
    <button type="button" id="in" aria-label="Zoom in">+</button>
    <button type="button" id="fit">fit</button>
    <button type="button" id="theme" aria-label="Switch between light and dark">\u25d0</button>
    </div>
    </header>
    <main>
    <svg id="canvas" tabindex="0" aria-label="The graph">
    <g id="view">
    %3$s</g>
    </svg>
    <canvas id="map" aria-hidden="true"></canvas>
    <aside id="panel" hidden="hidden"></aside>
    </main>
    <script type="application/json" id="data">%4$s</script>
    <script>
    %5$s</script>
    </body>
    </html>
    """
        .formatted(
            GraphDrawing.escape(name),
            resource("graph.css"),
            svg,
            json(drawings),
            resource("graph.js"));
  }

  private static void add(List<GraphDrawing> drawings, GraphDrawing drawing) {
    drawings.add(drawing);
    drawings.addAll(drawing.bodies());
  }

  private static Graph graph(Function function) {
    return new Graph(
        function.name(),
        function.nodes(),
        List.of(),
        List.of(),
        function.inputs().stream().map(GraphPage::untyped).toList(),
        function.outputs().stream().map(GraphPage::untyped).toList(),
        List.of());
  }

  private static ValueInfo untyped(String name) {
    return new ValueInfo(name, new ValueType.Unknown());
  }

  private static String json(List<GraphDrawing> drawings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (GraphDrawing drawing : drawings) {
        drawing.writeJson(json);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer throws nothing", e);
    }
    // The end of the script element must not stand in the text of an attribute.
    return text.toString().replace("</", "<\\/");
  }

  private static String resource(String name) {
    try (InputStream file = GraphPage.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("page: " + name + " is not beside its class");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("page: " + name + " cannot be read", e);
    }
  }
}
