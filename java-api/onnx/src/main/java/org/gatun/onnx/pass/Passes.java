package org.gatun.onnx.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.gatun.OutOfNativeMemoryException;
import org.gatun.Precision;
import org.gatun.onnx.OnnxException;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;

/**
 * All passes, in the order in which they run: first those that make the graph smaller, until there
 * is nothing left for them to do, then those that put several nodes into one, larger patterns
 * before the smaller ones that they are made of.
 */
public final class Passes {
  private static final int MOST_ROUNDS = 4;

  /** Models of language have some ten thousand. */
  private static final int MOST_NODES = 100_000;

  private static final int MOST_INPUTS = 10_000;

  private static final List<Pass> CLEANING =
      List.of(
          new RemoveDeadCode(),
          new FoldConstants(),
          new SimplifyShapes(),
          new RemoveIdentities(),
          new MergeDuplicates(),
          new FuseLayerNorm(), // Behind a transpose that is moved it is over other dimensions.
          new FuseRmsNorm(),
          new EliminateTransposes());

  private static final List<Pass> FUSING =
      List.of(
          new FuseQuantized(),
          new FuseDynamicQuantization(),
          new FoldBatchNorm(),
          new FuseGelu(),
          new FuseHardSwish(),
          new FuseSilu(),
          new FuseMish(),
          new FuseGroupNorm(),
          new FuseChannelShuffle(),
          new FuseRotary(),
          new SimplifyPowers(),
          new FuseAttention(),
          new FuseConvolution(),
          new FuseMatMul(),
          new FuseIntegerMatMul(),
          new MergeIntegerProducts(),
          new FuseSkipLayerNorm(),
          new ChannelsLast());

  private static final List<Pass> ROUNDING = List.of(new ComputeInBf16());

  private Passes() {}

  /** Returns all passes. */
  public static List<Pass> all() {
    List<Pass> all = new ArrayList<>(CLEANING);
    all.addAll(FUSING);
    all.addAll(ROUNDING);
    return all;
  }

  /** Returns the names of all passes, by which they are turned off. */
  public static List<String> names() {
    return all().stream().map(Pass::name).toList();
  }

  /**
   * Returns the versions of operators by domain that a graph after the passes uses: those of the
   * model, and those of the domains from which the passes take operators of their own.
   */
  public static Map<String, Long> opsets(Map<String, Long> opsets) {
    Map<String, Long> all = new HashMap<>(opsets);
    all.putIfAbsent("com.microsoft", 1L);
    all.putIfAbsent("org.gatun", 1L);
    return all;
  }

  /**
   * Returns the graph, and those in its nodes, after all passes but those turned off, in the
   * precision that it has.
   */
  public static Graph optimize(Graph graph, Map<String, Long> opsets, Set<String> disabled) {
    return optimize(graph, opsets, disabled, Precision.F32);
  }

  /**
   * Returns the graph, and those in its nodes, after all passes but those turned off.
   *
   * @param precision what products are computed in: the pass for bf16 runs for that alone
   */
  public static Graph optimize(
      Graph graph, Map<String, Long> opsets, Set<String> disabled, Precision precision) {
    Objects.requireNonNull(opsets, "passes: opsets is null");
    Objects.requireNonNull(disabled, "passes: disabled is null");
    Objects.requireNonNull(precision, "passes: precision is null");
    if (!isSound(graph)) {
      return graph; // What is wrong with it is said where it is made ready to run.
    }
    if (isVast(graph)) {
      return graph; // Every pass looks at every node, and most at the users of its values.
    }
    Graph result = graph;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Graph before = result;
      result = run(CLEANING, result, opsets, disabled);
      if (result == before) {
        break;
      }
    }
    result = run(FUSING, result, opsets, disabled);
    if (precision == Precision.BF16) {
      result = run(ROUNDING, result, opsets, disabled);
    }
    return withBodies(result, opsets, disabled, precision);
  }

  private static Graph run(
      List<Pass> passes, Graph graph, Map<String, Long> opsets, Set<String> disabled) {
    Graph result = graph;
    for (Pass pass : passes) {
      if (!disabled.contains(pass.name())) {
        result = apply(pass, result, opsets);
      }
    }
    return result;
  }

  /**
   * Returns what the pass makes of the graph, or the graph as it is where a node is not as its
   * operator has it: without an input, or with an attribute of another kind or out of range. Passes
   * take that for granted, and the run says of such a node what is wrong with it.
   */
  private static Graph apply(Pass pass, Graph graph, Map<String, Long> opsets) {
    checkInterrupted();
    try {
      return pass.apply(graph, opsets);
    } catch (OnnxException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NoSuchElementException
        | ArithmeticException
        | NegativeArraySizeException
        | OutOfNativeMemoryException _) {
      return graph;
    }
  }

  /** Large graphs take passes long: who makes a session of them may interrupt the thread. */
  static void checkInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new OnnxException("session: the thread was interrupted");
    }
  }

  private static Graph withBodies(
      Graph graph, Map<String, Long> opsets, Set<String> disabled, Precision precision) {
    List<Node> nodes = new ArrayList<>();
    boolean changed = false;
    for (Node node : graph.nodes()) {
      Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
      attributes.replaceAll(
          (_, attribute) ->
              attribute instanceof Attribute.OfGraph(Graph body)
                  ? new Attribute.OfGraph(optimize(body, opsets, disabled, precision))
                  : attribute);
      boolean has = attributes.values().stream().anyMatch(Attribute.OfGraph.class::isInstance);
      nodes.add(has ? node.withAttributes(attributes) : node);
      changed |= has;
    }
    return changed ? graph.with(nodes, graph.initializers()) : graph;
  }

  /** Returns whether the graph is larger than any that people wrote. */
  private static boolean isVast(Graph graph) {
    return graph.nodes().size() > MOST_NODES
        || graph.nodes().stream().anyMatch(node -> node.inputs().size() > MOST_INPUTS);
  }

  /** Returns whether every value has one name, and is made before it is used. */
  private static boolean isSound(Graph graph) {
    Set<String> made = new HashSet<>();
    Set<String> later = new HashSet<>();
    graph.nodes().forEach(node -> later.addAll(node.outputs()));
    graph.inputs().forEach(input -> made.add(input.name()));
    graph.initializers().forEach(data -> made.add(data.name()));
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        // What no node here makes may come from a graph around this one.
        if (!input.isEmpty() && !made.contains(input) && later.contains(input)) {
          return false;
        }
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !made.add(output)) {
          return false;
        }
      }
    }
    return true;
  }
}
