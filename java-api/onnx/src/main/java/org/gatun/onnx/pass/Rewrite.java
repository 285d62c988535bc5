package org.gatun.onnx.pass;

import java.util.Map;
import java.util.Objects;
import org.gatun.onnx.model.Graph;

/** A pass that edits the graph. */
abstract class Rewrite implements Pass {
  private final String name;
  private final String description;

  Rewrite(String name, String description) {
    this.name = name;
    this.description = description;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final Graph apply(Graph graph, Map<String, Long> opsets) {
    Objects.requireNonNull(graph, "pass: graph is null");
    Objects.requireNonNull(opsets, "pass: opsets is null");
    GraphEdit edit = new GraphEdit(graph, opsets);
    rewrite(edit);
    return edit.graph();
  }

  /** Edits the graph. */
  abstract void rewrite(GraphEdit graph);
}
