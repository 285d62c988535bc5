package org.gatun.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.gatun.Tensor;

/** The named tensors of layers: how those of children are named, and how values get into them. */
final class LayerState {
  private LayerState() {}

  /** Returns the tensors of the layer's children, each under the child's name and its own. */
  static Map<String, Tensor> ofChildren(
      Layer layer, Function<? super Layer, Map<String, Tensor>> tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    layer
        .children()
        .forEach(
            (name, child) ->
                tensors.apply(child).forEach((own, tensor) -> named.put(name + "." + own, tensor)));
    return Collections.unmodifiableMap(named);
  }

  /** Copies values into a layer's own tensors, and has the children load theirs. */
  static void load(Layer layer, Map<String, Tensor> state) {
    Map<String, Tensor> own = new LinkedHashMap<>(layer.state());
    check(own, state);
    layer
        .children()
        .forEach(
            (name, child) -> {
              Map<String, Tensor> share = new LinkedHashMap<>();
              for (String key : child.state().keySet()) {
                share.put(key, given(state, name + "." + key));
                own.remove(name + "." + key);
              }
              child.load(share);
            });
    copy(own, state);
  }

  /**
   * Throws what {@link Layer#load} throws.
   *
   * @param own the layer's tensors
   * @param state what is to be copied into them
   */
  static void check(Map<String, Tensor> own, Map<String, Tensor> state) {
    List<String> missing = new ArrayList<>(own.keySet());
    missing.removeAll(state.keySet());
    List<String> unknown = new ArrayList<>(state.keySet());
    unknown.removeAll(own.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      List<String> problems = new ArrayList<>();
      if (!missing.isEmpty()) {
        problems.add("lacks " + String.join(", ", missing));
      }
      if (!unknown.isEmpty()) {
        problems.add("has " + String.join(", ", unknown));
      }
      throw new IllegalArgumentException(
          "load: state " + String.join(" and ", problems) + ", expected the layer's own names");
    }
    own.forEach((name, tensor) -> check(name, tensor, given(state, name)));
  }

  private static void check(String name, Tensor own, Tensor given) {
    if (!given.shape().equals(own.shape())) {
      throw new IllegalArgumentException(
          "load: " + name + " has shape " + given.shape() + ", expected " + own.shape());
    }
    if (given.dtype() != own.dtype()) {
      throw new IllegalArgumentException(
          "load: "
              + name
              + " has dtype "
              + given.dtype().spelling()
              + ", expected "
              + own.dtype().spelling());
    }
    if (own.isClosed() || given.isClosed()) {
      throw new IllegalStateException(
          "load: " + name + " of the " + (own.isClosed() ? "layer" : "state") + " is closed");
    }
    if (own.isReadOnly()) {
      throw new IllegalStateException("load: " + name + " of the layer is read-only");
    }
  }

  /** Copies values into a layer's tensors, which were checked. */
  static void copy(Map<String, Tensor> own, Map<String, Tensor> state) {
    own.forEach((name, tensor) -> tensor.copyFrom(given(state, name)));
  }

  private static Tensor given(Map<String, Tensor> state, String name) {
    Tensor tensor = state.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("load: " + name + " is null, expected a tensor");
    }
    return tensor;
  }
}
