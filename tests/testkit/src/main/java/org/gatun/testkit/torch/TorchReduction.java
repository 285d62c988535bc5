package org.gatun.testkit.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.MinAndMax;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.nn.Functional;
import org.gatun.op.Binary;
import org.gatun.op.BinaryFunction;
import org.gatun.op.Ints;
import org.gatun.op.Norm;
import org.gatun.op.NuclearNorm;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Variance;
import org.gatun.runtime.Engine;

/** PyTorch's reductions. */
final class TorchReduction {
  private TorchReduction() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("all", a -> reduce(ReduceFunction.ALL, a)),
        TorchOperators.one("amax", a -> reduce(ReduceFunction.MAX, a)),
        TorchOperators.one("amin", a -> reduce(ReduceFunction.MIN, a)),
        TorchOperators.all("aminmax", TorchReduction::aminmax),
        TorchOperators.one("any", a -> reduce(ReduceFunction.ANY, a)),
        TorchOperators.one("argmax", a -> index(a, Tensor::argmax, Tensor::argmax)),
        TorchOperators.one("argmin", a -> index(a, Tensor::argmin, Tensor::argmin)),
        TorchOperators.one("count_nonzero", a -> a.input().countNonzero(a.axes(1, "dim"))),
        TorchOperators.one("dist", a -> a.input().dist(a.tensor(1, "other"), a.number(2, "p", 2))),
        TorchOperators.one("linalg.vector_norm", a -> norm(a, "ord")),
        TorchOperators.one(
            "logsumexp", a -> a.input().logsumexp(a.axes(1, "dim"), a.flag(2, "keepdim", false))),
        TorchOperators.all(
            "max", a -> extremum(a, Tensor::max, Tensor::max, BinaryFunction.MAXIMUM)),
        TorchOperators.one("mean", a -> reduce(ReduceFunction.MEAN, a)),
        TorchOperators.all(
            "min", a -> extremum(a, Tensor::min, Tensor::min, BinaryFunction.MINIMUM)),
        TorchOperators.one("nanmean", TorchReduction::nanmean),
        TorchOperators.one("nansum", a -> reduce(ReduceFunction.NAN_SUM, a)),
        TorchOperators.one(
            "nn.functional.cosine_similarity",
            a ->
                Functional.cosineSimilarity(
                    a.input(),
                    a.tensor(1, "x2"),
                    a.integer(2, "dim", 1),
                    a.number(3, "eps", 1e-8))),
        TorchOperators.one(
            "nn.functional.normalize",
            a ->
                Functional.normalize(
                    a.input(),
                    a.number(1, "p", 2),
                    a.integer(2, "dim", 1),
                    a.number(3, "eps", 1e-12))),
        TorchOperators.one(
            "nn.functional.pairwise_distance",
            a ->
                Functional.pairwiseDistance(
                    a.input(),
                    a.tensor(1, "x2"),
                    a.number(2, "p", 2),
                    a.number(3, "eps", 1e-6),
                    a.flag(4, "keepdim", false))),
        TorchOperators.one("norm", a -> norm(a, "p")),
        TorchOperators.one("prod", a -> reduce(ReduceFunction.PROD, a)),
        TorchOperators.one("std", a -> spread(a, true, false).getFirst()),
        TorchOperators.all("std_mean", a -> spread(a, true, true)),
        TorchOperators.one("sum", a -> reduce(ReduceFunction.SUM, a)),
        TorchOperators.one("trace", a -> a.input().trace()),
        TorchOperators.one("var", a -> spread(a, false, false).getFirst()),
        TorchOperators.all("var_mean", a -> spread(a, false, true)));
  }

  private static Tensor reduce(ReduceFunction function, TorchArguments a) {
    DType dtype = a.dtype(3, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    boolean keepDims = a.flag(2, "keepdim", false);
    Tensor result =
        TorchOperators.run(new Reduce(function, Ints.of(a.axes(1, "dim")), keepDims), input);
    return dtype == null ? result : result.to(dtype);
  }

  private static Tensor nanmean(TorchArguments a) {
    DType dtype = a.dtype(3, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    return input.nanmean(a.axes(1, "dim"), a.flag(2, "keepdim", false));
  }

  private static List<Tensor> aminmax(TorchArguments a) {
    MinAndMax both = a.input().aminmax(a.axes(-1, "dim"), a.flag(-1, "keepdim", false));
    return List.of(both.min(), both.max());
  }

  @FunctionalInterface
  private interface AlongAxis<T> {
    T of(Tensor x, int axis, boolean keepDims);
  }

  @FunctionalInterface
  private interface OfAll {
    Tensor of(Tensor x);
  }

  private static Tensor index(TorchArguments a, OfAll all, AlongAxis<Tensor> along) {
    boolean keepDims = a.flag(2, "keepdim", false);
    if (a.isGiven(1, "dim")) {
      return along.of(a.input(), a.integer(1, "dim", 0), keepDims);
    }
    Tensor result = all.of(a.input());
    return keepDims ? result.reshape(ones(a.input().rank())) : result;
  }

  private static long[] ones(int rank) {
    long[] dims = new long[rank];
    Arrays.fill(dims, 1);
    return dims;
  }

  private static List<Tensor> extremum(
      TorchArguments a, OfAll all, AlongAxis<ValuesAndIndices> along, BinaryFunction ofTwo) {
    if (a.isTensor(1, "other")) {
      return List.of(TorchOperators.run(new Binary(ofTwo), a.input(), a.tensor(1, "other")));
    }
    if (!a.isGiven(1, "dim")) {
      return List.of(all.of(a.input()));
    }
    ValuesAndIndices both =
        along.of(a.input(), a.integer(1, "dim", 0), a.flag(2, "keepdim", false));
    return List.of(both.values(), both.indices());
  }

  /** {@code norm(input, p, dim, keepdim, dtype)}, p a number or a name. */
  private static Tensor norm(TorchArguments a, String name) {
    DType dtype = a.dtype(4, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    boolean keepDims = a.flag(3, "keepdim", false);
    int[] axes = a.axes(2, "dim");
    if (a.raw(1, name) instanceof TorchValue.Text(String text) && text.equals("nuc")) {
      NuclearNorm op =
          axes.length == 0
              ? new NuclearNorm(0, 1, keepDims)
              : new NuclearNorm(axes[0], axes[1], keepDims);
      return TorchOperators.run(op, input);
    }
    double order =
        switch (a.raw(1, name)) {
          case TorchValue.Text(String text) ->
              switch (text) {
                case "fro" -> 2;
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> throw new TorchArguments.Unmapped("norm of order " + text);
              };
          default -> a.number(1, name, 2);
        };
    return TorchOperators.run(new Norm(order, Ints.of(axes), keepDims), input);
  }

  /** {@code var(input, unbiased)} or {@code var(input, dim, unbiased or correction, keepdim)}. */
  private static List<Tensor> spread(TorchArguments a, boolean root, boolean withMean) {
    boolean flagAlone = a.raw(1, "dim") instanceof TorchValue.Flag;
    boolean unbiased = flagAlone ? a.flag(1, "dim", true) : a.flag(2, "unbiased", true);
    double correction = a.number(-1, "correction", unbiased ? 1 : 0);
    Ints axes = flagAlone ? Ints.of() : Ints.of(a.axes(1, "dim"));
    return Engine.current()
        .runAll(
            new Variance(axes, correction, root, withMean, a.flag(3, "keepdim", false)), a.input());
  }
}
