package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Ints;
import org.gatun.op.MaxWithIndices;
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
        TorchOperators.all("max", TorchReduction::max),
        TorchOperators.one("mean", a -> reduce(ReduceFunction.MEAN, a)),
        TorchOperators.one("sum", a -> reduce(ReduceFunction.SUM, a)),
        TorchOperators.one("var", TorchReduction::variance),
        TorchOperators.all("var_mean", TorchReduction::varianceAndMean));
  }

  private static Tensor reduce(ReduceFunction function, TorchArguments a) {
    DType dtype = a.dtype(-1, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    boolean keepDims = a.flag(2, "keepdim", false);
    return TorchOperators.run(new Reduce(function, Ints.of(a.axes(1, "dim")), keepDims), input);
  }

  private static List<Tensor> max(TorchArguments a) {
    if (a.isTensor(1, "other")) {
      throw new TorchArguments.Unmapped("the maximum of two tensors is not there yet");
    }
    return a.isGiven(1, "dim")
        ? Engine.current()
            .runAll(
                new MaxWithIndices(a.integer(1, "dim", 0), a.flag(2, "keepdim", false)), a.input())
        : List.of(TorchOperators.run(new Reduce(ReduceFunction.MAX, Ints.of(), false), a.input()));
  }

  /** {@code var(input, unbiased)} or {@code var(input, dim, unbiased or correction, keepdim)}. */
  private static Tensor variance(TorchArguments a) {
    boolean unbiased = isFlag(a, 1, "dim") ? a.flag(1, "dim", true) : a.flag(-1, "unbiased", true);
    double correction = a.number(-1, "correction", unbiased ? 1 : 0);
    return TorchOperators.run(
        new Variance(varianceAxes(a), correction, a.flag(-1, "keepdim", false)), a.input());
  }

  private static List<Tensor> varianceAndMean(TorchArguments a) {
    boolean keepDims = a.flag(-1, "keepdim", false);
    return List.of(
        variance(a),
        TorchOperators.run(new Reduce(ReduceFunction.MEAN, varianceAxes(a), keepDims), a.input()));
  }

  private static Ints varianceAxes(TorchArguments a) {
    return isFlag(a, 1, "dim") ? Ints.of() : Ints.of(a.axes(1, "dim"));
  }

  private static boolean isFlag(TorchArguments a, int position, String name) {
    return a.raw(position, name) instanceof TorchValue.Flag;
  }
}
