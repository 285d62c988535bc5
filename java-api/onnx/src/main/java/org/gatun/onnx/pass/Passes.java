package org.gatun.onnx.pass;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Graph;

/** All passes, in the order in which they run. */
public final class Passes {
  private static final List<Pass> ALL = List.of();

  private Passes() {}

  /** Returns all passes. */
  public static List<Pass> all() {
    return ALL;
  }

  /** Returns the graph after all passes but those turned off. */
  public static Graph optimize(Graph graph, Map<String, Long> opsets, Set<String> disabled) {
    Graph result = graph;
    for (Pass pass : ALL) {
      if (!disabled.contains(pass.name())) {
        result = pass.apply(result, opsets);
      }
    }
    return result;
  }
}
