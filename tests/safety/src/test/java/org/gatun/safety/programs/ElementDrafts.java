package org.gatun.safety.programs;

import java.util.Map;
import java.util.SequencedMap;
import org.gatun.DType;
import org.gatun.Shape;
import org.gatun.op.Activation;
import org.gatun.op.ActivationFunction;
import org.gatun.op.ActivationGradient;
import org.gatun.op.AlphaDropout;
import org.gatun.op.Bernoulli;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Dropout;
import org.gatun.op.Exponential;
import org.gatun.op.GradientFunction;
import org.gatun.op.Normal;
import org.gatun.op.Op;
import org.gatun.op.PointwiseFunction;
import org.gatun.op.RandomIntegers;
import org.gatun.op.Ternary;
import org.gatun.op.TernaryFunction;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Uniform;
import org.gatun.op.Where;

/** Functions of single elements, and random numbers. */
final class ElementDrafts {
  private ElementDrafts() {}

  static void addTo(SequencedMap<Class<? extends Op>, Draft> drafts) {
    drafts.putAll(
        Map.of(
            Unary.class, ElementDrafts::unary,
            Binary.class, ElementDrafts::binary,
            Ternary.class, ElementDrafts::ternary,
            Where.class, ElementDrafts::where,
            Activation.class, ElementDrafts::activation,
            ActivationGradient.class, ElementDrafts::gradient));
    drafts.put(Bernoulli.class, d -> new Draft.Call(new Bernoulli(), probability(d), d.seed()));
    drafts.put(Dropout.class, d -> dropout(d, false));
    drafts.put(AlphaDropout.class, d -> dropout(d, true));
    drafts.put(
        Uniform.class,
        d -> new Draft.Call(new Uniform(-1, 3, d.floating(), d.shape(0, 4)), d.seed()));
    drafts.put(
        Exponential.class,
        d -> new Draft.Call(new Exponential(1.5, d.floating(), d.shape(0, 4)), d.seed()));
    drafts.put(Normal.class, ElementDrafts::normal);
    drafts.put(RandomIntegers.class, ElementDrafts::integers);
  }

  private static double[] numbers(Draw d, PointwiseFunction function) {
    double[] numbers = new double[function.numbers().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = d.number(0.5, 1, 2, 0.25, -1, 0, 3, -0.75);
    }
    return numbers;
  }

  private static Draft.Call unary(Draw d) {
    UnaryFunction function = d.of(UnaryFunction.values());
    double[] numbers = numbers(d, function);
    if (function == UnaryFunction.ROUND_DECIMALS) {
      // Powers of ten, one of which is 1.
      double power = d.number(1, 10, 100);
      numbers = d.coin() ? new double[] {power, 1} : new double[] {1, power};
    }
    int x = function.takesFloatingAlone() ? d.real(0, 5) : d.any(0, 5);
    return new Draft.Call(new Unary(function, numbers), x);
  }

  private static Draft.Call binary(Draw d) {
    BinaryFunction function = d.of(BinaryFunction.values());
    boolean shifts =
        function == BinaryFunction.SHIFT_LEFT || function == BinaryFunction.SHIFT_RIGHT;
    int a =
        function.takesFloatingAlone()
            ? d.real(0, 5)
            : shifts
                ? d.fitting(
                    x -> x.dtype().isInteger(),
                    d.of(DType.I64, DType.I32, DType.I8, DType.U8, DType.I16),
                    d.shape(0, 4))
                : d.any(0, 5);
    int b =
        shifts
            // PyTorch leaves open what a negative number of places gives.
            ? d.leaf(d.dtype(a), d.narrowed(d.shape(a)), new Values.Whole(0, 70))
            : d.broadcast(d.dtype(a), d.shape(a));
    return new Draft.Call(new Binary(function, numbers(d, function)), a, b);
  }

  private static Draft.Call ternary(Draw d) {
    TernaryFunction function = d.of(TernaryFunction.values());
    int a = function.takesFloatingAlone() ? d.real(0, 5) : d.any(0, 5);
    int b = d.broadcast(d.dtype(a), d.shape(a));
    int c = d.broadcast(d.dtype(a), d.shape(a));
    return new Draft.Call(new Ternary(function, numbers(d, function)), a, b, c);
  }

  private static Draft.Call where(Draw d) {
    int a = d.any(0, 5);
    int condition = d.broadcast(DType.BOOL, d.shape(a));
    return new Draft.Call(new Where(), condition, a, d.broadcast(d.dtype(a), d.shape(a)));
  }

  private static Draft.Call activation(Draw d) {
    ActivationFunction function = d.of(ActivationFunction.values());
    int x = d.real(0, 5);
    Activation op = new Activation(function, numbers(d, function));
    return function.operands() == 1
        ? new Draft.Call(op, x)
        : new Draft.Call(op, x, d.broadcast(d.dtype(x), d.shape(x)));
  }

  private static Draft.Call gradient(Draw d) {
    GradientFunction function = d.of(GradientFunction.values());
    int x = d.real(0, 5);
    int[] operands = new int[function.operands()];
    operands[0] = x;
    for (int i = 1; i < operands.length; i++) {
      operands[i] = d.broadcast(d.dtype(x), d.shape(x));
    }
    return new Draft.Call(new ActivationGradient(function, numbers(d, function)), operands);
  }

  private static int probability(Draw d) {
    return d.leaf(d.floating(), d.shape(0, 4), new Values.Between(0, d.chance(0.05) ? 1.5 : 1));
  }

  private static Draft.Call dropout(Draw d, boolean alpha) {
    int x = d.real(0, 5);
    double p = d.number(0, 0.3, 0.5, 1);
    int shared = d.between(0, d.layout(x).rank());
    Op op = alpha ? new AlphaDropout(p, shared) : new Dropout(p, shared);
    return new Draft.Call(op, x, d.seed());
  }

  private static Draft.Call normal(Draw d) {
    Shape shape = d.shape(0, 4);
    DType dtype = d.floating();
    Normal op =
        d.coin() ? new Normal(0.5, 2, dtype, shape) : new Normal(0, 1, -1.5, 2, dtype, shape);
    return new Draft.Call(op, d.seed());
  }

  private static Draft.Call integers(Draw d) {
    DType dtype = d.dtype();
    long low = dtype == DType.U8 || dtype == DType.BOOL ? 0 : d.between(-9, 0);
    long high = dtype == DType.BOOL ? 2 : d.between(1, 100);
    return new Draft.Call(new RandomIntegers(low, high, dtype, d.shape(0, 4)), d.seed());
  }
}
