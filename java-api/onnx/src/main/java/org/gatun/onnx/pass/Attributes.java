package org.gatun.onnx.pass;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Node;
import org.jspecify.annotations.Nullable;

/** Attributes of nodes as passes ask for them: one of another kind counts as absent. */
final class Attributes {
  private Attributes() {}

  static long integer(Node node, String name, long otherwise) {
    return node.attributes().get(name) instanceof Attribute.OfInt(long value) ? value : otherwise;
  }

  static double number(Node node, String name, double otherwise) {
    return node.attributes().get(name) instanceof Attribute.OfFloat(float value)
        ? value
        : otherwise;
  }

  static String text(Node node, String name, String otherwise) {
    return node.attributes().get(name) instanceof Attribute.OfString(String value)
        ? value
        : otherwise;
  }

  static @Nullable List<Long> integers(Node node, String name) {
    return node.attributes().get(name) instanceof Attribute.OfInts(List<Long> values)
        ? values
        : null;
  }

  /** Returns the attributes of a node with some more. */
  static Map<String, Attribute> with(Node node, Map<String, Attribute> more) {
    Map<String, Attribute> all = new HashMap<>(node.attributes());
    all.putAll(more);
    return all;
  }

  static Attribute of(int value) {
    return new Attribute.OfInt(value);
  }

  static Attribute of(long value) {
    return new Attribute.OfInt(value);
  }

  static Attribute of(double value) {
    return new Attribute.OfFloat((float) value);
  }

  static Attribute of(String value) {
    return new Attribute.OfString(value);
  }

  static Attribute of(List<Long> values) {
    return new Attribute.OfInts(values);
  }
}
