package org.gatun.safety.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.gatun.onnx.model.Attribute;
import org.gatun.onnx.model.Graph;
import org.gatun.onnx.model.Node;

/** Changes the attributes of a node: their values, their kinds, whether they are there. */
final class AttributeMutator {
  private final RandomGenerator random;
  private final TensorMutator tensors;

  AttributeMutator(RandomGenerator random) {
    this.random = random;
    this.tensors = new TensorMutator(random);
  }

  /**
   * Returns the node with one attribute changed, dropped or added.
   *
   * @param donor a node of another model, whose attributes it may get
   */
  Node mutated(Node node, Node donor) {
    Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
    Map<String, Attribute> theirs = new TreeMap<>(donor.attributes());
    int kind = random.nextInt(8);
    if (attributes.isEmpty() || kind == 0) {
      if (theirs.isEmpty()) {
        attributes.put(
            Hostile.one(random, List.of("axis", "axes", "mode", "alpha", "to", "value", "perm")),
            drawn());
      } else {
        String name = Hostile.one(random, List.copyOf(theirs.keySet()));
        attributes.put(name, theirs.get(name));
      }
      return node.withAttributes(attributes);
    }
    String name = Hostile.one(random, List.copyOf(attributes.keySet()));
    switch (kind) {
      case 1 -> attributes.remove(name);
      case 2 -> attributes.put(name, drawn());
      default -> attributes.computeIfPresent(name, (_, value) -> mutated(value));
    }
    return node.withAttributes(attributes);
  }

  private Attribute drawn() {
    return switch (random.nextInt(9)) {
      case 0 -> new Attribute.OfInt(Hostile.integer(random));
      case 1 -> new Attribute.OfFloat((float) Hostile.number(random));
      case 2 -> new Attribute.OfString(Hostile.text(random));
      case 3 -> new Attribute.OfTensor(tensors.of("", tensors.type(), tensors.smallShape()));
      case 4 -> new Attribute.OfInts(integers(random.nextInt(5)));
      case 5 -> new Attribute.OfFloats(numbers(random.nextInt(5)));
      case 6 -> new Attribute.OfStrings(List.of(Hostile.text(random), Hostile.text(random)));
      case 7 -> new Attribute.Reference(Hostile.text(random));
      default ->
          new Attribute.OfGraph(
              new Graph("", List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
    };
  }

  private Attribute mutated(Attribute attribute) {
    return switch (attribute) {
      case Attribute.OfInt _ -> new Attribute.OfInt(Hostile.integer(random));
      case Attribute.OfFloat _ -> new Attribute.OfFloat((float) Hostile.number(random));
      case Attribute.OfString(String text) ->
          new Attribute.OfString(
              text.isEmpty() || random.nextBoolean()
                  ? Hostile.text(random)
                  : text.substring(random.nextInt(text.length())));
      case Attribute.OfTensor(var value) -> new Attribute.OfTensor(tensors.mutated(value));
      case Attribute.OfInts(List<Long> values) ->
          new Attribute.OfInts(changed(values, Hostile.integer(random)));
      case Attribute.OfFloats(List<Float> values) ->
          new Attribute.OfFloats(changed(values, (float) Hostile.number(random)));
      case Attribute.OfStrings(List<String> values) ->
          new Attribute.OfStrings(changed(values, Hostile.text(random)));
      default -> drawn();
    };
  }

  private <T> List<T> changed(List<T> values, T other) {
    List<T> list = new ArrayList<>(values);
    int at = list.isEmpty() ? 0 : random.nextInt(list.size());
    switch (random.nextInt(list.isEmpty() ? 1 : 6)) {
      case 0 -> list.add(at, other);
      case 1 -> list.remove(at);
      case 2 -> Collections.swap(list, at, random.nextInt(list.size()));
      case 3 -> {
        return Collections.nCopies(Hostile.once(random, 20) ? 100_000 : list.size(), other);
      }
      default -> list.set(at, other);
    }
    return list;
  }

  private List<Long> integers(int count) {
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(Hostile.integer(random));
    }
    return drawn;
  }

  private List<Float> numbers(int count) {
    List<Float> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add((float) Hostile.number(random));
    }
    return drawn;
  }
}
