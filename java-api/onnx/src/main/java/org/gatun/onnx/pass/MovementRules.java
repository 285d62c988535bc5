package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** What operators that give elements other places say of the shapes of their results. */
final class MovementRules {
  private final GraphEdit graph;
  private final Shapes shapes;
  private final Dims dims;

  MovementRules(GraphEdit graph, Shapes shapes, Dims dims) {
    this.graph = graph;
    this.shapes = shapes;
    this.dims = dims;
  }

  /** Returns the shape, or null where it is another operator or cannot be told. */
  @Nullable List<Dimension> shape(Node node, List<Dimension> from) {
    return switch (node.operator()) {
      case "Transpose" -> transpose(node, from);
      case "Reshape" -> reshape(node, from);
      case "Flatten" -> flatten(node, from);
      case "Expand" -> expand(node, from);
      case "Unsqueeze" -> unsqueeze(node, from);
      case "Squeeze" -> squeeze(node, from);
      case "Concat" -> concat(node);
      case "Gather" -> gather(node, from);
      case "Slice" -> slice(node, from);
      default -> null;
    };
  }

  /** Returns the axes that a node has as an attribute or as its second input, or null. */
  static long @Nullable [] axes(GraphEdit graph, Node node) {
    List<Long> attribute = Attributes.integers(node, "axes");
    if (attribute != null) {
      return attribute.stream().mapToLong(Long::longValue).toArray();
    }
    return node.inputs().size() > 1 ? graph.integers(node.inputs().get(1)) : null;
  }

  /** Marks the axes, which may count from the end; false if one is out of range. */
  static boolean mark(long[] axes, boolean[] marks) {
    for (long axis : axes) {
      long index = axis < 0 ? axis + marks.length : axis;
      if (index < 0 || index >= marks.length) {
        return false;
      }
      marks[(int) index] = true;
    }
    return true;
  }

  private static @Nullable List<Dimension> transpose(Node node, List<Dimension> shape) {
    int[] order = permutation(node, shape.size());
    if (order == null) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int axis : order) {
      result.add(shape.get(axis));
    }
    return result;
  }

  /** Returns the order of a Transpose of this rank, or null where it is not one. */
  static int @Nullable [] permutation(Node transpose, int rank) {
    List<Long> attribute = Attributes.integers(transpose, "perm");
    int[] order = new int[rank];
    boolean[] seen = new boolean[rank];
    if (attribute != null && attribute.size() != rank) {
      return null;
    }
    for (int i = 0; i < rank; i++) {
      long axis = attribute == null ? rank - 1 - i : attribute.get(i);
      if (axis < 0 || axis >= rank || seen[(int) axis]) {
        return null;
      }
      seen[(int) axis] = true;
      order[i] = (int) axis;
    }
    return order;
  }

  private @Nullable List<Dimension> reshape(Node node, List<Dimension> from) {
    List<Dimension> asked = node.inputs().size() > 1 ? shapes.elements(node.inputs().get(1)) : null;
    if (asked == null) {
      long count = node.inputs().size() > 1 ? shapes.size(node.inputs().get(1), 0) : -1;
      return count < 0 || count > 8 ? null : dims.unknowns((int) count);
    }
    boolean allowZero = Attributes.integer(node, "allowzero", 0) != 0;
    List<Dimension> result = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < asked.size(); i++) {
      long size = asked.get(i) instanceof Dimension.Known(long value) ? value : 1;
      if (size == -1) {
        open = i;
        result.add(Dims.known(1));
      } else if (size == 0 && !allowZero) {
        if (i >= from.size()) {
          return null;
        }
        result.add(from.get(i));
      } else {
        result.add(asked.get(i));
      }
    }
    if (open >= 0) {
      result.set(open, dims.rest(from, result));
    }
    return result;
  }

  private @Nullable List<Dimension> flatten(Node node, List<Dimension> shape) {
    long axis = Attributes.integer(node, "axis", 1);
    int at = (int) (axis < 0 ? axis + shape.size() : axis);
    if (at < 0 || at > shape.size()) {
      return null;
    }
    return List.of(
        dims.product(shape.subList(0, at)), dims.product(shape.subList(at, shape.size())));
  }

  private @Nullable List<Dimension> expand(Node node, List<Dimension> shape) {
    List<Dimension> asked = shapes.elements(node.inputs().get(1));
    return asked == null ? null : dims.broadcast(shape, asked);
  }

  private @Nullable List<Dimension> unsqueeze(Node node, List<Dimension> shape) {
    long[] axes = axes(graph, node);
    if (axes == null) {
      return null;
    }
    boolean[] fresh = new boolean[shape.size() + axes.length];
    if (!mark(axes, fresh)) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    int next = 0;
    for (boolean one : fresh) {
      if (one) {
        result.add(Dims.known(1));
      } else if (next < shape.size()) {
        result.add(shape.get(next++));
      }
    }
    return result;
  }

  private @Nullable List<Dimension> squeeze(Node node, List<Dimension> shape) {
    long[] axes = axes(graph, node);
    boolean[] gone = new boolean[shape.size()];
    if (axes == null || !mark(axes, gone)) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        result.add(shape.get(i));
      }
    }
    return result;
  }

  private @Nullable List<Dimension> concat(Node node) {
    List<Dimension> result = null;
    for (String input : node.inputs()) {
      List<Dimension> shape = shapes.of(input);
      if (shape == null) {
        return null;
      }
      long axis = Attributes.integer(node, "axis", 0);
      int at = (int) (axis < 0 ? axis + shape.size() : axis);
      if (at < 0 || at >= shape.size() || (result != null && result.size() != shape.size())) {
        return null;
      }
      if (result == null) {
        result = new ArrayList<>(shape);
      } else {
        result.set(at, dims.add(result.get(at), shape.get(at)));
      }
    }
    return result;
  }

  /** Tells the shapes what all outputs of a Split are like. */
  void split(Node node) {
    List<Dimension> shape = shapes.of(node.inputs().getFirst());
    if (shape == null) {
      return;
    }
    long axis = Attributes.integer(node, "axis", 0);
    int at = (int) (axis < 0 ? axis + shape.size() : axis);
    if (at < 0 || at >= shape.size()) {
      return;
    }
    int parts = node.outputs().size();
    List<Long> attribute = Attributes.integers(node, "split");
    long[] sizes =
        attribute != null || node.inputs().size() < 2 ? null : graph.integers(node.inputs().get(1));
    long whole = Dims.size(shape.get(at));
    for (int i = 0; i < parts; i++) {
      long size = -1;
      if (attribute != null) {
        size = i < attribute.size() ? attribute.get(i) : -1;
      } else if (sizes != null) {
        size = i < sizes.length ? sizes[i] : -1;
      } else if (node.inputs().size() < 2 && whole >= 0) {
        long each = (whole + parts - 1) / parts;
        size = Math.max(0, Math.min(each, whole - each * i));
      }
      List<Dimension> part = new ArrayList<>(shape);
      part.set(at, size < 0 ? dims.unknown() : Dims.known(size));
      shapes.shape(node.outputs().get(i), part);
      shapes.type(node.outputs().get(i), shapes.type(node.inputs().getFirst()));
    }
  }

  private @Nullable List<Dimension> gather(Node node, List<Dimension> shape) {
    List<Dimension> indices = shapes.of(node.inputs().get(1));
    long axis = Attributes.integer(node, "axis", 0);
    int at = (int) (axis < 0 ? axis + shape.size() : axis);
    if (indices == null || at < 0 || at >= shape.size()) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(shape.subList(0, at));
    result.addAll(indices);
    result.addAll(shape.subList(at + 1, shape.size()));
    return result;
  }

  private @Nullable List<Dimension> slice(Node node, List<Dimension> shape) {
    Map<Integer, SliceRange> ranges = SliceRange.of(graph, node, shape.size());
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      SliceRange range = ranges == null ? null : ranges.get(i);
      if (ranges != null && range == null) {
        result.add(shape.get(i));
      } else {
        long count = range == null ? -1 : range.count(Dims.size(shape.get(i)));
        result.add(count < 0 ? dims.unknown() : Dims.known(count));
      }
    }
    return result;
  }
}
