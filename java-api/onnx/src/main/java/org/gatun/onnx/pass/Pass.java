package org.gatun.onnx.pass;

import java.util.Map;
import org.gatun.onnx.model.Graph;

/** A rewrite of a graph that keeps what it computes. */
public interface Pass {
  /** Returns the name by which it is turned off, such as {@code fold-constants}. */
  String name();

  /** Returns what it does, in a line. */
  String description();

  /**
   * Returns the rewritten graph, or the same one where there is nothing to do.
   *
   * @param opsets versions of the operators by domain
   */
  Graph apply(Graph graph, Map<String, Long> opsets);
}
