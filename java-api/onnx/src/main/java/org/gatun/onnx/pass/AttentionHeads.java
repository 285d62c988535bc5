package org.gatun.onnx.pass;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Dimension;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/**
 * How the heads of an attention are split off, repeated and joined again: what of that the
 * attention does itself.
 */
final class AttentionHeads {
  private static final int[] HEADS_FIRST = {0, 2, 1, 3};

  private final GraphEdit graph;
  private final int rank;
  private final Side query;
  private final Side key;
  private final Side value;
  private final Node last;
  private final boolean packedOutput;
  private final long heads;
  private final long keyHeads;

  /**
   * Queries, keys or values.
   *
   * @param source what they are made of
   * @param order how that is transposed, or null where it is not
   * @param given the value that is this already, or null where there is none
   */
  private record Side(String source, int @Nullable [] order, @Nullable String given) {}

  AttentionHeads(GraphEdit graph, Node root, String query, String transposedKey, int rank) {
    this.graph = graph;
    this.rank = rank;
    Side q = side(query);
    Side k = transposed(transposedKey);
    Side v = side(root.inputs().get(1));
    long count = rank == 4 ? graph.shapes().size(query, 1) : -1;
    Side sharedKey = shared(k, count);
    Side sharedValue = shared(v, count);
    long groups = sharedKey == null ? -1 : headsOf(sharedKey);
    boolean grouped = false;
    if (sharedKey != null && sharedValue != null && groups > 0) {
      grouped = groups == headsOf(sharedValue);
    }
    if (grouped && sharedKey != null && sharedValue != null) {
      k = sharedKey;
      v = sharedValue;
    }
    this.heads = count;
    this.keyHeads = grouped ? groups : count;
    this.query = packed(q, heads);
    this.key = packed(k, keyHeads);
    this.value = packed(v, keyHeads);
    Node joined = joined(root);
    this.packedOutput = joined != null;
    this.last = joined == null ? root : joined;
  }

  /** Returns the node whose result the attention gives. */
  Node last() {
    return last;
  }

  /** Returns the names of queries, keys and values; adds nodes that are needed to make them. */
  List<String> inputs(List<Node> nodes) {
    return List.of(name(query, nodes), name(key, nodes), name(value, nodes));
  }

  Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = new HashMap<>();
    boolean packs = packedOutput || isPacked(query) || isPacked(key) || isPacked(value);
    if (packs || keyHeads != heads) {
      attributes.put("q_num_heads", Attributes.of(heads));
      attributes.put("kv_num_heads", Attributes.of(keyHeads));
    }
    if (packedOutput) {
      attributes.put("packed_output", Attributes.of(1));
    }
    return attributes;
  }

  private boolean isPacked(Side side) {
    return side.order() == null && graph.shapes().rank(side.source()) == 3 && rank == 4;
  }

  private String name(Side side, List<Node> nodes) {
    if (side.given() != null) {
      return side.given();
    }
    if (side.order() == null) {
      return side.source();
    }
    String name = graph.fresh(side.source());
    nodes.add(EliminateTransposes.transpose(side.source(), name, side.order()));
    return name;
  }

  // Transposes.

  private Side side(String value) {
    Node transpose = graph.producer(value, "Transpose");
    int[] order = transpose == null ? null : EliminateTransposes.order(transpose);
    return transpose == null || order == null
        ? new Side(value, null, value)
        : new Side(transpose.inputs().getFirst(), order, value);
  }

  /** Returns what is transposed once more in the last two dimensions. */
  private Side transposed(String value) {
    Side side = splitTranspose(value);
    if (side == null) {
      side = side(value);
    }
    int[] order = side.order();
    int[] swapped = new int[rank];
    for (int i = 0; i < rank; i++) {
      int at = i == rank - 1 ? rank - 2 : i == rank - 2 ? rank - 1 : i;
      swapped[i] = order == null ? at : order[at];
    }
    boolean inOrder = true;
    for (int i = 0; i < rank; i++) {
      inOrder &= swapped[i] == i;
    }
    return inOrder
        ? new Side(side.source(), null, side.source())
        : new Side(side.source(), swapped, null);
  }

  /**
   * A Reshape of what is transposed in its last two dimensions, which splits those in front: the
   * Reshape may as well come first.
   */
  private @Nullable Side splitTranspose(String value) {
    Node reshape = graph.producer(value, "Reshape");
    Node transpose =
        reshape == null ? null : graph.producer(reshape.inputs().getFirst(), "Transpose");
    int[] order = transpose == null ? null : EliminateTransposes.order(transpose);
    List<Dimension> before =
        transpose == null ? null : graph.shapes().of(transpose.outputs().getFirst());
    List<Dimension> after = graph.shapes().of(value);
    long[] asked = reshape == null ? null : graph.integers(reshape.inputs().get(1));
    if (reshape == null
        || transpose == null
        || order == null
        || before == null
        || after == null
        || asked == null
        || !FuseMatMul.swapsLast(order)
        || before.size() < 2
        || after.size() != rank
        || Dims.size(Dims.at(after, -1)) < 0
        || Dims.size(Dims.at(after, -2)) < 0
        || !before.subList(before.size() - 2, before.size()).equals(after.subList(rank - 2, rank))
        || Arrays.stream(asked).anyMatch(size -> size == 0)) {
      return null;
    }
    long[] shape = asked.clone();
    shape[rank - 1] = Dims.size(Dims.at(after, -2));
    shape[rank - 2] = Dims.size(Dims.at(after, -1));
    String constant = graph.fresh(reshape.inputs().get(1));
    graph.addConstant(ConstantData.integers(constant, List.of((long) rank), shape));
    String name = graph.fresh(value);
    graph.insertBefore(
        reshape,
        new Node(
            name,
            "",
            "Reshape",
            "",
            List.of(transpose.inputs().getFirst(), constant),
            List.of(name),
            reshape.attributes()));
    int[] swap = new int[rank];
    Arrays.setAll(swap, i -> i);
    swap[rank - 1] = rank - 2;
    swap[rank - 2] = rank - 1;
    return new Side(name, swap, null);
  }

  // Groups.

  private long headsOf(Side side) {
    int axis = side.order() == null ? 1 : side.order()[1];
    return graph.shapes().size(side.source(), axis);
  }

  /** Returns the heads before they are repeated for groups of queries, or null if they are not. */
  private @Nullable Side shared(Side side, long count) {
    String repeated = side.order() == null ? side.source() : null;
    Node join = repeated == null ? null : graph.producer(repeated, "Reshape");
    Node expand = join == null ? null : graph.producer(join.inputs().getFirst(), "Expand");
    Node split = expand == null ? null : graph.producer(expand.inputs().getFirst(), "Unsqueeze");
    if (join == null || expand == null || split == null) {
      return null;
    }
    List<Dimension> joined = graph.shapes().of(join.outputs().getFirst());
    List<Dimension> wide = graph.shapes().of(expand.outputs().getFirst());
    List<Dimension> few = graph.shapes().of(split.inputs().getFirst());
    List<Dimension> lone = graph.shapes().of(split.outputs().getFirst());
    if (joined == null || wide == null || few == null || lone == null) {
      return null;
    }
    boolean repeats =
        rank == 4
            && few.size() == 4
            && lone.size() == 5
            && wide.size() == 5
            && joined.size() == 4
            && Dims.isOne(lone.get(2))
            && few.get(0).equals(wide.get(0))
            && few.get(1).equals(wide.get(1))
            && few.get(1).equals(lone.get(1))
            && few.subList(2, 4).equals(wide.subList(3, 5))
            && few.get(0).equals(joined.get(0))
            && few.subList(2, 4).equals(joined.subList(2, 4))
            && Dims.size(joined.get(1)) == count
            && Dims.size(few.get(1)) * Dims.size(wide.get(2)) == count;
    return repeats ? side(split.inputs().getFirst()) : null;
  }

  // Splitting and joining.

  /** Returns what the heads are split off, where that is all that is done. */
  private Side packed(Side side, long count) {
    int[] order = side.order();
    Node split = graph.producer(side.source(), "Reshape");
    if (rank != 4
        || count < 1
        || split == null
        || order == null
        || !Arrays.equals(order, HEADS_FIRST)) {
      return side;
    }
    String source = split.inputs().getFirst();
    List<Dimension> rows = graph.shapes().of(source);
    List<Dimension> parts = graph.shapes().of(side.source());
    boolean splits =
        rows != null
            && parts != null
            && rows.size() == 3
            && parts.size() == 4
            && rows.subList(0, 2).equals(parts.subList(0, 2))
            && Dims.size(parts.get(2)) == count;
    return splits ? new Side(source, null, source) : side;
  }

  /** Returns the Reshape that puts the heads of each query side by side, or null. */
  private @Nullable Node joined(Node root) {
    Node transpose = graph.soleUser(root.outputs().getFirst());
    Node join =
        transpose == null || !GraphEdit.is(transpose, "Transpose")
            ? null
            : graph.soleUser(transpose.outputs().getFirst());
    int[] order = transpose == null ? null : EliminateTransposes.order(transpose);
    if (rank != 4
        || heads < 1
        || order == null
        || join == null
        || !GraphEdit.is(join, "Reshape")
        || !Arrays.equals(order, HEADS_FIRST)) {
      return null;
    }
    List<Dimension> parts = graph.shapes().of(join.inputs().getFirst());
    List<Dimension> rows = graph.shapes().of(join.outputs().getFirst());
    boolean joins =
        rows != null
            && parts != null
            && rows.size() == 3
            && parts.size() == 4
            && rows.subList(0, 2).equals(parts.subList(0, 2));
    return joins ? join : null;
  }
}
