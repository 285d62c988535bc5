package org.gatun.onnx.pass;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.TensorData;

/** Computes once what several nodes compute of the same values: masks, shapes, casts. */
final class MergeDuplicates extends Rewrite {
  private static final long SMALL_BYTES = 64;

  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomUniform",
          "RandomNormalLike",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial",
          "Dropout");

  private record Computation(
      String domain,
      String operator,
      String overload,
      long opset,
      List<String> inputs,
      Map<String, Attribute> attributes) {}

  private record Content(Object type, List<Long> shape, ByteBuffer bytes) {}

  MergeDuplicates() {
    super("merge-duplicates", "computes once what several nodes compute of the same values");
  }

  @Override
  void rewrite(GraphEdit graph) {
    Map<String, String> same = constants(graph);
    Map<Computation, String> seen = new HashMap<>();
    Map<String, String> merged = new LinkedHashMap<>();
    graph.forEach(
        node -> {
          if (node.outputs().size() != 1
              || node.inputs().isEmpty()
              || RANDOM.contains(node.operator())
              || node.attributes().values().stream().anyMatch(MergeDuplicates::isGraph)) {
            return;
          }
          List<String> inputs = new ArrayList<>(node.inputs());
          inputs.replaceAll(name -> same.getOrDefault(name, name));
          String before =
              seen.putIfAbsent(
                  new Computation(
                      node.domain(),
                      node.operator(),
                      node.overload(),
                      node.opset(),
                      inputs,
                      node.attributes()),
                  node.outputs().getFirst());
          if (before != null && !graph.isPinned(node.outputs().getFirst())) {
            same.put(node.outputs().getFirst(), before);
            merged.put(node.outputs().getFirst(), before);
          }
        });
    graph.redirectAll(merged);
  }

  private static boolean isGraph(Attribute attribute) {
    return attribute instanceof Attribute.OfGraph || attribute instanceof Attribute.OfGraphs;
  }

  /** Returns for each small constant the first one of the same elements. */
  private static Map<String, String> constants(GraphEdit graph) {
    Map<Content, String> seen = new HashMap<>();
    Map<String, String> same = new HashMap<>();
    for (TensorData data : graph.constants()) {
      if (data.strings().isEmpty() && data.elements().byteSize() <= SMALL_BYTES) {
        ByteBuffer bytes = ByteBuffer.wrap(data.elements().toArray(ValueLayout.JAVA_BYTE));
        String first = seen.putIfAbsent(new Content(data.type(), data.shape(), bytes), data.name());
        if (first != null) {
          same.put(data.name(), first);
        }
      }
    }
    return same;
  }
}
