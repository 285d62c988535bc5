package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of an operator, and what PyTorch made of it.
 *
 * @param op PyTorch's name of the operator
 * @param variant one of several ways to call it, or empty
 * @param input the first argument
 * @param args the other positional arguments
 * @param kwargs the arguments by name
 * @param outputs the results
 * @param runningAfter the running statistics of a normalization after the call
 * @param gradient what PyTorch's backward pass made of it, or null where it has none
 */
public record TorchSample(
    String op,
    String variant,
    TorchValue input,
    List<TorchValue> args,
    Map<String, TorchValue> kwargs,
    List<TorchValue> outputs,
    List<TorchValue> runningAfter,
    @Nullable Gradient gradient) {
  /**
   * The gradients of the results' sum, each weighted by a cotangent.
   *
   * @param cotangents one for each result that has a gradient, in order
   * @param inputs the gradient in the input, then in those positional arguments that have one
   */
  public record Gradient(List<TorchValue> cotangents, List<TorchValue> inputs) {}

  /** Returns the operator with its variant, such as {@code div.no_rounding_mode}. */
  public String name() {
    return variant.isEmpty() ? op : op + "." + variant;
  }

  /** Returns the call as Python would show it. */
  public String call() {
    StringBuilder text = new StringBuilder(op).append('(').append(show(input));
    args.forEach(arg -> text.append(", ").append(show(arg)));
    kwargs.forEach((name, arg) -> text.append(", ").append(name).append('=').append(show(arg)));
    return text.append(')').toString();
  }

  private static String show(TorchValue value) {
    return switch (value) {
      case TorchValue.Array(String _, var dtype, var shape) -> dtype.spelling() + shape;
      case TorchValue.Sequence(var values) ->
          values.stream().map(TorchSample::show).toList().toString();
      case TorchValue.Slice(Long start, Long stop, Long step) -> start + ":" + stop + ":" + step;
      case TorchValue.Whole(long number) -> Long.toString(number);
      case TorchValue.Real(double number) -> Double.toString(number);
      case TorchValue.Flag(boolean flag) -> Boolean.toString(flag);
      case TorchValue.Text(String text) -> "'" + text + "'";
      case TorchValue.Type(var dtype) -> dtype.spelling();
      case TorchValue.Foreign(String text) -> text;
      case TorchValue.None() -> "None";
    };
  }
}
