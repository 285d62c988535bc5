package org.gatun.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.gatun.Tensor;
import org.jspecify.annotations.Nullable;

/** The parameters of a normalization, either of which may be missing. */
final class ScaleAndShift {
  private ScaleAndShift() {}

  /** Returns those that are there by PyTorch's names. */
  static Map<String, Tensor> byName(@Nullable Tensor weight, @Nullable Tensor bias) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    if (weight != null) {
      named.put("weight", weight);
    }
    if (bias != null) {
      named.put("bias", bias);
    }
    return named;
  }
}
