package org.gatun.onnx.operator;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operators that Gatun leaves out, each with its reason. */
public final class Exclusions {
  private static final String TEXT = "its elements are text, which no tensor holds";

  private static final Map<String, String> REASONS =
      Map.of(
          "ImageDecoder", "images are decoded by Java's ImageIO; give the model the pixels",
          "StringConcat", TEXT,
          "StringNormalizer", TEXT,
          "StringSplit", TEXT,
          "RegexFullMatch", TEXT);

  private static final String MACHINE_LEARNING =
      "classical machine learning (trees, encoders, scalers) is not what tensors are for";

  private static final String TRAINING =
      "models are run and not trained: graphs have no derivatives";

  private Exclusions() {}

  /**
   * Returns the names of what is left out, with the domain before all but ONNX's own and {@code *}
   * for a whole domain, and the reason of each.
   */
  public static SortedMap<String, String> all() {
    SortedMap<String, String> all = new TreeMap<>(REASONS);
    RuntimeExclusions.REASONS.forEach((name, reason) -> all.put("com.microsoft." + name, reason));
    all.put("ai.onnx.ml.*", MACHINE_LEARNING);
    all.put("ai.onnx.preview.training.Gradient", TRAINING);
    return all;
  }

  /** Returns why an operator is left out, or null where it is not. */
  public static @Nullable String reason(String domain, String operator) {
    Objects.requireNonNull(domain, "exclusions: domain is null");
    Objects.requireNonNull(operator, "exclusions: operator is null");
    if (domain.equals("ai.onnx.ml")) {
      return MACHINE_LEARNING;
    }
    if (domain.equals("ai.onnx.preview.training") && operator.equals("Gradient")) {
      return TRAINING;
    }
    if (domain.equals("com.microsoft")) {
      return RuntimeExclusions.REASONS.get(operator);
    }
    return domain.isEmpty() ? REASONS.get(operator) : null;
  }
}
