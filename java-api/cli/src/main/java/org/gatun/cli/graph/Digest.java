package org.gatun.cli.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.ElementType;
import org.gatun.onnx.model.Node;

/** A node in a few words: what kind it is, its weights, and the attributes that matter. */
final class Digest {
  private static final int LONGEST = 160;
  private static final int FEW_LETTERS = 18;

  private static final Map<String, Set<String>> KINDS =
      Map.of(
          "conv", Set.of("conv", "deform", "col2im"),
          "product", Set.of("matmul", "gemm", "einsum", "fusedmatmul"),
          "norm", Set.of("normalization", "lrn"),
          "attention", Set.of("attention", "rotary", "scaleddotproduct"),
          "pool", Set.of("pool", "resize", "upsample", "gridsample", "roialign"),
          "quantize", Set.of("quantize", "qlinear"),
          "control", Set.of("if", "loop", "scan", "sequence", "optional"),
          "activation",
              Set.of(
                  "relu",
                  "sigmoid",
                  "tanh",
                  "gelu",
                  "elu",
                  "silu",
                  "swish",
                  "mish",
                  "softmax",
                  "softplus",
                  "softsign",
                  "clip",
                  "erf",
                  "celu",
                  "hardmax",
                  "shrink"),
          "move",
              Set.of(
                  "reshape",
                  "transpose",
                  "concat",
                  "slice",
                  "split",
                  "gather",
                  "scatter",
                  "squeeze",
                  "flatten",
                  "expand",
                  "tile",
                  "pad",
                  "identity",
                  "cast",
                  "shape",
                  "constantofshape",
                  "range",
                  "where",
                  "depthtospace",
                  "spacetodepth",
                  "channelslast",
                  "size",
                  "nonzero",
                  "trilu",
                  "onehot"));

  /** From the particular to the general: MatMulInteger is a product, DequantizeLinear is not. */
  private static final List<String> ORDER =
      List.of(
          "attention",
          "quantize",
          "conv",
          "pool",
          "norm",
          "product",
          "activation",
          "move",
          "control");

  private Digest() {}

  /** Returns the name of the node's kind, by which it is coloured. */
  static String kind(Node node) {
    String name = node.operator().toLowerCase(Locale.ROOT);
    for (String kind : ORDER) {
      for (String part : KINDS.getOrDefault(kind, Set.of())) {
        boolean exact = part.length() < 5;
        if (exact ? name.equals(part) : name.contains(part)) {
          return kind;
        }
      }
    }
    return "other";
  }

  /** Returns the weights' shapes, the small constants, and attributes, as far as they tell much. */
  static String line(Node node, Parameters parameters) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Parameters.Parameter parameter = parameters.get(node.inputs().get(i));
      if (parameter != null) {
        boolean few = !parameter.values().isEmpty() && parameter.values().length() <= FEW_LETTERS;
        words.add(few ? parameter.values() : parameter.shape());
      }
    }
    Map<String, Attribute> attributes = node.attributes();
    add(words, attributes, "strides", "stride ");
    add(words, attributes, "pads", "pad ");
    add(words, attributes, "group", "groups ");
    add(words, attributes, "perm", "");
    add(words, attributes, "axis", "axis ");
    add(words, attributes, "axes", "axes ");
    add(words, attributes, "activation", "");
    if (attributes.get("to") instanceof Attribute.OfInt(long code)) {
      words.add("to " + type(code));
    }
    return String.join(" \u00b7 ", words);
  }

  private static void add(
      List<String> words, Map<String, Attribute> attributes, String name, String prefix) {
    Attribute attribute = attributes.get(name);
    if (attribute == null) {
      return;
    }
    String text =
        switch (attribute) {
          case Attribute.OfInts(List<Long> values) when values.stream().distinct().count() == 1 ->
              values.getFirst().toString();
          case Attribute.OfInts(List<Long> values) ->
              values.stream().map(String::valueOf).collect(Collectors.joining(" "));
          default -> text(attribute);
        };
    boolean usual =
        (name.equals("group") || name.equals("strides")) && text.equals("1")
            || name.equals("pads") && text.equals("0");
    if (!usual) {
      words.add(prefix + text);
    }
  }

  private static String type(long code) {
    try {
      return ElementType.ofCode(code).toString();
    } catch (IllegalArgumentException e) {
      return "type " + code; // Drawn as it stands; to run it is an error.
    }
  }

  /** Returns all attributes as text, by name. */
  static Map<String, String> attributes(Node node) {
    Map<String, String> texts = new TreeMap<>();
    node.attributes().forEach((name, attribute) -> texts.put(name, text(attribute)));
    return texts;
  }

  private static String text(Attribute attribute) {
    String text =
        switch (attribute) {
          case Attribute.OfInt(long value) -> Long.toString(value);
          case Attribute.OfFloat(float value) -> Float.toString(value);
          case Attribute.OfString(String value) -> value;
          case Attribute.OfInts(List<Long> values) -> values.toString();
          case Attribute.OfFloats(List<Float> values) -> values.toString();
          case Attribute.OfStrings(List<String> values) -> values.toString();
          case Attribute.OfTensor(var data) -> data.toString();
          case Attribute.OfGraph(var graph) -> "graph of " + graph.nodes().size() + " nodes";
          case Attribute.OfType(var type) -> GraphFacts.declared(type);
          case Attribute.Reference(String name) -> "the caller's " + name;
          case Attribute.OfSparseTensor(var data) -> "sparse " + data.values();
          case Attribute.OfTensors(var values) -> values.size() + " tensors";
          case Attribute.OfSparseTensors(var values) -> values.size() + " sparse tensors";
          case Attribute.OfGraphs(var values) -> values.size() + " graphs";
          case Attribute.OfTypes(var values) -> values.size() + " types";
        };
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "\u2026";
  }
}
