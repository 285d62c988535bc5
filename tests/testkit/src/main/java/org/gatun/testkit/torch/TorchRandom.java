package org.gatun.testkit.torch;

import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/**
 * PyTorch's operators with a random part. The random numbers are not PyTorch's, but each element
 * has two values that it may have: Gatun's result is held against both, and of the two the nearer
 * one to PyTorch's element is held against that.
 */
final class TorchRandom {
  private static final double CLOSE = 1e-6;

  private TorchRandom() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("bernoulli", TorchRandom::bernoulli),
        TorchOperators.one("exponential", TorchRandom::exponential),
        TorchOperators.one(
            "nn.functional.alpha_dropout", a -> alphaDropout(a, Functional::alphaDropout)),
        TorchOperators.one("nn.functional.dropout", a -> dropout(a, Functional::dropout)),
        TorchOperators.one("nn.functional.dropout1d", a -> dropout(a, Functional::dropout1d)),
        TorchOperators.one("nn.functional.dropout2d", a -> dropout(a, Functional::dropout2d)),
        TorchOperators.one("nn.functional.dropout3d", a -> dropout(a, Functional::dropout3d)),
        TorchOperators.one(
            "nn.functional.feature_alpha_dropout",
            a -> alphaDropout(a, Functional::featureAlphaDropout)),
        TorchOperators.one("normal", TorchRandom::normal),
        TorchOperators.one("rand_like", a -> uniform(a, 0, 1)),
        TorchOperators.one("randint", TorchRandom::integers),
        TorchOperators.one("randint_like", TorchRandom::integers),
        TorchOperators.one(
            "randn",
            a ->
                drawn(
                    a,
                    normal(a, 0, 1, TorchCreation.size(a)),
                    -Double.MAX_VALUE,
                    Double.MAX_VALUE)),
        TorchOperators.one(
            "randn_like",
            a -> drawn(a, normal(a, 0, 1, dims(a)), -Double.MAX_VALUE, Double.MAX_VALUE)),
        TorchOperators.one(
            "uniform", a -> uniform(a, a.number(1, "from", 0), a.number(2, "to", 1))));
  }

  @FunctionalInterface
  private interface Dropout {
    Tensor of(Tensor x, double p, Generator generator);
  }

  /** {@code dropout(input, p, training, inplace)}. */
  private static Tensor dropout(TorchArguments a, Dropout dropout) {
    double p = a.number(1, "p", 0.5);
    double scale = p == 1 ? 0 : 1 / (1 - p);
    return dropout(a, p, true, dropout, 0, scale, 0);
  }

  /** {@code alpha_dropout(input, p, training, inplace)}. */
  private static Tensor alphaDropout(TorchArguments a, Dropout dropout) {
    double p = a.number(1, "p", 0.5);
    if (p == 1) {
      return dropout(a, p, false, dropout, 0, 0, 0);
    }
    double limit = -1.0507009873554805 * 1.6732632423543772;
    double scale = Math.pow((1 - p) * (1 + p * limit * limit), -0.5);
    double shift = -scale * limit * p;
    return dropout(a, p, false, dropout, scale * limit + shift, scale, shift);
  }

  private static Tensor dropout(
      TorchArguments a,
      double p,
      boolean trainingByDefault,
      Dropout dropout,
      double dropped,
      double kept,
      double keptShift) {
    Tensor x = a.input();
    boolean training = a.flag(2, "training", a.flag(2, "train", trainingByDefault));
    boolean unused = a.flag(3, "inplace", false);
    if (!training) {
      return x;
    }
    NdArray in = Elements.read(x);
    NdArray one = in.copy();
    NdArray other = in.copy();
    for (int i = 0; i < in.size(); i++) {
      one.values()[i] = p == 0 ? in.values()[i] : in.values()[i] * 0 + dropped;
      other.values()[i] = p == 1 ? one.values()[i] : in.values()[i] * kept + keptShift;
    }
    if (p == 0) {
      other = one;
    }
    return nearer(a, dropout.of(x, p, new Generator(0)), one, other);
  }

  private static long[] dims(TorchArguments a) {
    return TorchCreation.dims(a.input());
  }

  private static Tensor uniform(TorchArguments a, double low, double high) {
    Tensor result = new Generator(0).uniform(low, high, TorchCreation.type(a), dims(a));
    return drawn(a, result, low, Math.nextDown(high));
  }

  /** {@code exponential(input, lambd)}. */
  private static Tensor exponential(TorchArguments a) {
    Tensor result =
        new Generator(0).exponential(a.number(1, "lambd", 1), TorchCreation.type(a), dims(a));
    return drawn(a, result, 0, Double.MAX_VALUE);
  }

  /** {@code randint(high, size)} or {@code randint(low, high, size)}. */
  private static Tensor integers(TorchArguments a) {
    boolean like = a.isTensor(0, "input");
    int first = like ? 1 : 0;
    boolean withLow = a.raw(first + 1, "high") instanceof TorchValue.Whole;
    long low = withLow ? a.whole(first, "low", 0) : 0;
    long high = a.whole(withLow ? first + 1 : first, "high", 0);
    long[] shape = like ? dims(a) : TorchOperators.dims(a, withLow ? 2 : 1, "size");
    DType dtype = TorchCreation.type(a, like ? a.input().dtype() : DType.I64);
    return drawn(a, new Generator(0).randint(low, high, dtype, shape), low, high - 1);
  }

  /**
   * {@code normal(mean, std)}, each a number or a tensor, {@code normal(mean, std, size)} or, in
   * place, {@code normal(input, mean, std)}.
   */
  private static Tensor normal(TorchArguments a) {
    Tensor result;
    if (a.variant().equals("in_place")) {
      result = normal(a, a.number(1, "mean", 0), a.number(2, "std", 1), dims(a));
    } else if (a.isGiven(2, "size")) {
      result =
          normal(
              a, a.number(0, "mean", 0), a.number(1, "std", 1), TorchOperators.dims(a, 2, "size"));
    } else {
      Tensor mean = numbers(a, 0, "mean");
      Tensor std = numbers(a, 1, "std");
      Tensor shape = mean.add(std);
      result = normal(a, 0, 1, shape.shape().dims()).mul(std).add(mean);
    }
    return drawn(a, result, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  private static Tensor normal(TorchArguments a, double mean, double std, long[] shape) {
    return new Generator(0).normal(mean, std, TorchCreation.type(a), shape);
  }

  private static Tensor numbers(TorchArguments a, int position, String name) {
    return a.isTensor(position, name)
        ? a.tensor(position, name)
        : Tensor.full(DType.F32, a.number(position, name, 0));
  }

  /**
   * Returns PyTorch's random numbers in the place of Gatun's.
   *
   * @throws IllegalStateException if one of Gatun's is out of range
   */
  private static Tensor drawn(TorchArguments a, Tensor result, double low, double high) {
    for (double number : Elements.read(result).values()) {
      if (!(number >= low && number <= high)) {
        throw new IllegalStateException(number + ", expected from " + low + " to " + high);
      }
    }
    return a.expectedOr(result);
  }

  /** {@code bernoulli(input, p)}. */
  private static Tensor bernoulli(TorchArguments a) {
    Tensor p =
        a.isGiven(1, "p")
            ? Tensor.full(a.input().dtype(), a.number(1, "p", 0)).expand(a.input().shape().dims())
            : a.input();
    NdArray one = Elements.read(p);
    NdArray other = one.copy();
    for (int i = 0; i < one.size(); i++) {
      double probability = one.values()[i];
      one.values()[i] = Math.ceil(probability);
      other.values()[i] = Math.floor(probability);
    }
    return nearer(a, new Generator(0).bernoulli(p), one, other);
  }

  /**
   * Returns of two values for each element the one that PyTorch's is nearer to.
   *
   * @throws IllegalStateException if an element of Gatun's result is neither
   */
  private static Tensor nearer(TorchArguments a, Tensor result, NdArray one, NdArray other) {
    NdArray actual = Elements.read(result);
    NdArray expected = a.expected();
    NdArray nearer = expected.copy();
    for (int i = 0; i < actual.size(); i++) {
      double value = actual.values()[i];
      if (!isClose(value, one.values()[i]) && !isClose(value, other.values()[i])) {
        throw new IllegalStateException(
            value + " at " + i + " is neither " + one.values()[i] + " nor " + other.values()[i]);
      }
      if (actual.shape().equals(expected.shape())) {
        double toOne = Math.abs(expected.values()[i] - one.values()[i]);
        double toOther = Math.abs(expected.values()[i] - other.values()[i]);
        nearer.values()[i] = toOne < toOther ? one.values()[i] : other.values()[i];
      }
    }
    boolean same = actual.shape().equals(expected.shape()) && actual.dtype() == expected.dtype();
    return same ? Elements.tensor(Elements.rounded(nearer)) : result;
  }

  private static boolean isClose(double actual, double expected) {
    return Double.compare(actual, expected) == 0
        || Math.abs(actual - expected) <= CLOSE * (1 + Math.abs(expected));
  }
}
