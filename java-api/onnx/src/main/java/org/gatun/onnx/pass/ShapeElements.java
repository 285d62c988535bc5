package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Dimension.Known;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** Follows the elements of small integer tensors that are computed of shapes. */
final class ShapeElements {
  private final GraphEdit graph;
  private final Shapes shapes;

  ShapeElements(GraphEdit graph, Shapes shapes) {
    this.graph = graph;
    this.shapes = shapes;
  }

  void infer(Node node) {
    if (!node.domain().isEmpty()) {
      return;
    }
    List<Dimension> elements = elements(node);
    if (elements != null) {
      shapes.elements(node.outputs().getFirst(), elements);
    }
  }

  private @Nullable List<Dimension> elements(Node node) {
    String first = node.inputs().getFirst();
    return switch (node.operator()) {
      case "Shape" -> shape(node, shapes.of(first));
      case "Identity" -> shapes.elements(first);
      case "Cast" -> {
        long to = Attributes.integer(node, "to", 0);
        boolean integers = to == ElementType.INT64.code() || to == ElementType.INT32.code();
        yield integers ? shapes.elements(first) : null;
      }
      case "Unsqueeze", "Squeeze", "Reshape" -> {
        List<Dimension> found = shapes.elements(first);
        yield found != null && found.size() == 1 ? found : null;
      }
      case "Concat" -> {
        List<Dimension> all = new ArrayList<>();
        for (String input : node.inputs()) {
          List<Dimension> part = shapes.elements(input);
          if (part == null) {
            yield null;
          }
          all.addAll(part);
        }
        yield all;
      }
      case "Gather" -> gather(node);
      case "Slice" -> slice(node);
      case "Add" -> binary(node, Math::addExact);
      case "Sub" -> binary(node, Math::subtractExact);
      case "Mul" -> binary(node, Math::multiplyExact);
      default -> null;
    };
  }

  private @Nullable List<Dimension> shape(Node node, @Nullable List<Dimension> of) {
    if (of == null) {
      return null;
    }
    int start = index(Attributes.integer(node, "start", 0), of.size());
    int end = index(Attributes.integer(node, "end", of.size()), of.size());
    return start <= end ? of.subList(start, end) : List.of();
  }

  private static int index(long at, int size) {
    return (int) Math.clamp(at < 0 ? at + size : at, 0, size);
  }

  private @Nullable List<Dimension> gather(Node node) {
    List<Dimension> from = shapes.elements(node.inputs().getFirst());
    long[] indices = graph.integers(node.inputs().get(1));
    if (from == null || indices == null || Attributes.integer(node, "axis", 0) > 0) {
      return null;
    }
    List<Dimension> taken = new ArrayList<>();
    for (long index : indices) {
      long at = index < 0 ? index + from.size() : index;
      if (at < 0 || at >= from.size()) {
        return null;
      }
      taken.add(from.get((int) at));
    }
    return taken;
  }

  private @Nullable List<Dimension> slice(Node node) {
    List<Dimension> from = shapes.elements(node.inputs().getFirst());
    Map<Integer, SliceRange> ranges = SliceRange.of(graph, node, 1);
    SliceRange range = ranges == null ? null : ranges.get(0);
    if (from == null || range == null) {
      return null;
    }
    List<Dimension> taken = new ArrayList<>();
    long first = range.first(from.size());
    long count = range.count(from.size());
    for (long i = 0; i < count; i++) {
      taken.add(from.get((int) (first + i * range.step())));
    }
    return taken;
  }

  private @Nullable List<Dimension> binary(Node node, LongBinaryOperator function) {
    List<Dimension> a = shapes.elements(node.inputs().getFirst());
    List<Dimension> b = shapes.elements(node.inputs().get(1));
    if (a == null || b == null || (a.size() != b.size() && a.size() != 1 && b.size() != 1)) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      if (a.get(a.size() == 1 ? 0 : i) instanceof Known(long x)
          && b.get(b.size() == 1 ? 0 : i) instanceof Known(long y)) {
        try {
          result.add(Dims.known(function.applyAsLong(x, y)));
        } catch (ArithmeticException _) {
          return null; // It wraps around when the model runs.
        }
      } else {
        return null;
      }
    }
    return result;
  }
}
