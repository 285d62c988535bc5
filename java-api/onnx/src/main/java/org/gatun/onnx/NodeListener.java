package org.gatun.onnx;

import java.util.List;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** Is told of each node that ran; see {@link OnnxSession#trace}. */
@FunctionalInterface
public interface NodeListener {
  /**
   * A node ran.
   *
   * @param node one of the graph as it is run, after its rewrites
   * @param outputs what it gave, null for what is not wanted; they are open until this returns
   * @param nanoseconds how long it took
   */
  void ran(Node node, List<? extends @Nullable Value> outputs, long nanoseconds);
}
