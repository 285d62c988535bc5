package org.gatun.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.gatun.DType;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Fused;
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
 * @param otherwise a second result that is right too, or null: {@link Fused} says that a fused ReLU
 *     may give 0 for NaN
 */
public record Expectation(
    Case test,
    DType dtype,
    ValueClass values,
    boolean repeated,
    List<NdArray> inputs,
    List<NdArray> outputs,
    @Nullable NdArray otherwise) {

  /** Computes the reference of a case. */
  public static Expectation of(Case test, Setting setting) {
    boolean repeated = setting.arrangement() == Arrangement.BROADCAST;
    List<NdArray> inputs =
        IntStream.range(0, test.operands().size())
            .mapToObj(
                i ->
                    Generator.values(
                        test,
                        i,
                        setting.dtype(),
                        setting.values(),
                        Placement.repeatedAxis(test.operands().get(i), setting.arrangement(), i)))
            .toList();
    List<NdArray> outputs = Reference.evaluate(test.op(), inputs);
    NdArray otherwise = test.op() instanceof Fused fused ? reluWithoutNaN(fused, inputs) : null;
    return new Expectation(
        test, setting.dtype(), setting.values(), repeated, inputs, outputs, otherwise);
  }

  private static @Nullable NdArray reluWithoutNaN(Fused fused, List<NdArray> inputs) {
    Fused.Step relu = new Fused.Step.Activate(UnaryFunction.RELU);
    if (!fused.steps().contains(relu)) {
      return null;
    }
    int next = inputs.size() - fused.extraInputs();
    NdArray result = Reference.evaluate(fused.base(), inputs.subList(0, next)).getFirst();
    NdArray unactivated = result;
    for (Fused.Step step : fused.steps()) {
      List<NdArray> operands = new ArrayList<>(List.of(result));
      if (step instanceof Fused.Step.Add) {
        operands.add(inputs.get(next++));
      }
      result =
          Reference.evaluate(
                  switch (step) {
                    case Fused.Step.Add _ -> new Binary(BinaryFunction.ADD);
                    case Fused.Step.Activate(UnaryFunction function) -> new Unary(function);
                  },
                  operands)
              .getFirst();
      if (step.equals(relu)) {
        double[] values = result.values();
        Arrays.setAll(values, i -> Double.isNaN(values[i]) ? 0 : values[i]);
      }
    }
    return result.scaledAs(unactivated);
  }

  /** Returns how a result compares with the output of this index. */
  public Comparison compare(int output, NdArray actual) {
    boolean moves =
        switch (test.op()) {
          case org.gatun.op.Movement _, org.gatun.op.View _ -> true;
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
      if (Double.isNaN(value) == Double.isNaN(actual.values()[i])) {
        nearer.values()[i] = value;
      }
    }
    return Comparison.of(nearer, actual, test.tolerance(), moves);
  }
}
