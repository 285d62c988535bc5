package org.gatun.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Doubles;
import org.gatun.op.Fused;
import org.gatun.op.Pointwise;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.reference.NdArray;
import org.gatun.reference.Reference;
import org.jspecify.annotations.Nullable;

/**
 * What a case's operands hold and what the reference makes of them: computed once and held against
 * every backend, arrangement and mode.
 *
 * @param test the case
 * @param dtype the dtype it runs with
 * @param values the class of the values
 * @param repeated whether operands repeat a dimension, as {@link Arrangement#BROADCAST} asks for
 * @param inputs the operands
 * @param outputs the reference's outputs, not rounded
 * @param otherwise a second result that is right too, or null: {@link Fused} says what a fused ReLU
 *     may give for NaN, and a fused GELU for infinity
 */
public record Expectation(
    Case test,
    DType dtype,
    ValueClass values,
    boolean repeated,
    List<NdArray> inputs,
    List<NdArray> outputs,
    @Nullable NdArray otherwise) {
  private static final Fused.Step GELU = new Fused.Step.Activate(UnaryFunction.GELU);

  /** Returns what a case's operands hold in a setting. */
  public static List<NdArray> inputs(Case test, Setting setting) {
    return IntStream.range(0, test.operands().size())
        .mapToObj(
            i ->
                Generator.values(
                    test,
                    i,
                    setting.dtype(),
                    setting.values(),
                    Placement.repeatedAxis(test.operands().get(i), setting.arrangement(), i)))
        .toList();
  }

  /** Computes the reference of a case. */
  public static Expectation of(Case test, Setting setting) {
    boolean repeated = setting.arrangement() == Arrangement.BROADCAST;
    List<NdArray> inputs = inputs(test, setting);
    List<NdArray> outputs = Reference.evaluate(test.op(), inputs);
    NdArray otherwise =
        test.op() instanceof Fused fused ? asOneDnn(fused, inputs, outputs.getFirst()) : null;
    return new Expectation(
        test, setting.dtype(), setting.values(), repeated, inputs, outputs, otherwise);
  }

  /** The result with the lower bound for the clamp of NaN, and NaN for the GELU of infinity. */
  private static @Nullable NdArray asOneDnn(Fused fused, List<NdArray> inputs, NdArray exact) {
    if (fused.steps().stream().allMatch(step -> lowerBound(step).isEmpty() && !step.equals(GELU))) {
      return null;
    }
    int next = inputs.size() - fused.extraInputs();
    // Of what was NaN and is a number then, and of what is added to it: NaN has no scale.
    double[] scale = new double[exact.size()];
    NdArray result = Reference.evaluate(fused.base(), inputs.subList(0, next)).getFirst();
    for (Fused.Step step : fused.steps()) {
      NdArray before = result;
      result =
          switch (step) {
            case Fused.Step.Add _ -> {
              NdArray added = inputs.get(next++);
              Arrays.setAll(scale, i -> scale[i] + Math.abs(added.values()[i]));
              yield Reference.evaluate(new Binary(BinaryFunction.ADD), List.of(before, added))
                  .getFirst();
            }
            case Fused.Step.Activate(Pointwise function) ->
                Reference.evaluate(function, List.of(before)).getFirst();
          };
      double[] values = result.values();
      OptionalDouble bound = lowerBound(step);
      if (bound.isPresent()) {
        double least = bound.getAsDouble();
        Arrays.setAll(scale, i -> Double.isNaN(values[i]) ? Math.abs(least) : scale[i]);
        Arrays.setAll(values, i -> Double.isNaN(values[i]) ? least : values[i]);
      } else if (step.equals(GELU)) {
        Arrays.setAll(values, i -> Double.isInfinite(before.values()[i]) ? Double.NaN : values[i]);
      }
    }
    double[] known = exact.scale();
    if (known == null) {
      return NdArray.of(result.dtype(), result.shape(), result.values());
    }
    Arrays.setAll(scale, i -> Double.isFinite(known[i]) ? known[i] : scale[i]);
    return new NdArray(result.dtype(), result.shape(), result.values(), scale);
  }

  /** Returns what the step makes of the lowest numbers, where it clamps. */
  private static OptionalDouble lowerBound(Fused.Step step) {
    return switch (step) {
      case Fused.Step.Activate(Unary(UnaryFunction function, Doubles numbers)) ->
          switch (function) {
            case RELU -> OptionalDouble.of(0);
            case CLAMP -> OptionalDouble.of(numbers.get(0));
            default -> OptionalDouble.empty();
          };
      case Fused.Step.Activate(Activation(ActivationFunction function, Doubles numbers)) ->
          switch (function) {
            case RELU6 -> OptionalDouble.of(0);
            case HARDTANH -> OptionalDouble.of(numbers.get(0));
            default -> OptionalDouble.empty();
          };
      default -> OptionalDouble.empty();
    };
  }

  /** Returns what is wrong with the outputs, or nothing where they are right. */
  public Optional<String> complaint(List<NdArray> results) {
    if (results.size() != outputs.size()) {
      return Optional.of(results.size() + " outputs, expected " + outputs.size());
    }
    return IntStream.range(0, results.size())
        .mapToObj(i -> compare(i, results.get(i)))
        .filter(comparison -> !comparison.passed())
        .map(Comparison::message)
        .findFirst();
  }

  /** Returns how a result compares with the output of this index. */
  public Comparison compare(int output, NdArray actual) {
    boolean moves =
        switch (test.op()) {
          case org.gatun.op.Movement _, org.gatun.op.View _ -> true;
          case org.gatun.op.Gather _,
              org.gatun.op.GatherElements _,
              org.gatun.op.MaskedSelect _,
              org.gatun.op.NonZero _ ->
              true;
          default -> false;
        };
    Comparison comparison = Comparison.of(outputs.get(output), actual, test.tolerance(), moves);
    if (comparison.passed() || otherwise == null) {
      return comparison;
    }
    // Element by element: some may be the one, some the other.
    NdArray nearer = otherwise.copy();
    for (int i = 0; i < actual.size(); i++) {
      double value = outputs.get(output).values()[i];
      double given = actual.values()[i];
      if (distance(value, given) <= distance(nearer.values()[i], given)) {
        nearer.values()[i] = value;
      }
    }
    return Comparison.of(nearer, actual, test.tolerance(), moves);
  }

  /** Returns how far numbers are from each other: NaN, and an infinity, are near themselves. */
  private static double distance(double a, double b) {
    if (Double.compare(a, b) == 0) {
      return 0;
    }
    double distance = Math.abs(a - b);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }
}
