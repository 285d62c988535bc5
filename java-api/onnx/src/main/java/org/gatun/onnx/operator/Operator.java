package org.gatun.onnx.operator;

import java.util.List;
import java.util.Objects;
import org.gatun.onnx.Value;
import org.jspecify.annotations.Nullable;

/**
 * An operator from one version on.
 *
 * @param domain empty for ONNX's own
 * @param name as ONNX spells it
 * @param since the first version of the domain that it is for
 * @param typing which elements it takes
 * @param function what it computes
 */
public record Operator(String domain, String name, long since, Typing typing, Function function) {
  /** Checks that nothing is null. */
  public Operator {
    Objects.requireNonNull(domain, "operator: domain is null");
    Objects.requireNonNull(name, "operator: name is null");
    Objects.requireNonNull(typing, "operator: typing is null");
    Objects.requireNonNull(function, "operator: function is null");
  }

  /** What an operator does with elements of a type that Gatun carries in another. */
  public enum Typing {
    /** It takes none. */
    NATIVE,
    /** It moves elements: all outputs that are tensors have the type of the first input. */
    MOVES,
    /** It looks at the types itself. */
    ANY
  }

  /** What an operator computes. */
  @FunctionalInterface
  public interface Function {
    /**
     * Returns the outputs in order, null or nothing for those that the node does not want. An input
     * may be returned itself.
     */
    List<? extends @Nullable Value> run(Call call);
  }
}
