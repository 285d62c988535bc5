package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;

/** PyTorch's sorting, what it chooses by order, and its scans. */
final class TorchOrdering {
  private TorchOrdering() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one(
            "argsort",
            a -> {
              a.flag(3, "stable", false);
              return a.input().argsort(a.integer(1, "dim", -1), a.flag(2, "descending", false));
            }),
        TorchOperators.all("cummax", a -> both(a.input().cummax(a.integer(1, "dim", 0)))),
        TorchOperators.all("cummin", a -> both(a.input().cummin(a.integer(1, "dim", 0)))),
        TorchOperators.one("cumprod", a -> scan(a, Tensor::cumprod)),
        TorchOperators.one("cumsum", a -> scan(a, Tensor::cumsum)),
        TorchOperators.one(
            "diff",
            a ->
                a.input()
                    .diff(
                        a.integer(1, "n", 1),
                        a.integer(2, "dim", -1),
                        a.optionalTensor(3, "prepend"),
                        a.optionalTensor(4, "append"))),
        TorchOperators.all(
            "kthvalue",
            a ->
                both(
                    a.input()
                        .kthvalue(
                            a.whole(1, "k", 1),
                            a.integer(2, "dim", -1),
                            a.flag(3, "keepdim", false)))),
        TorchOperators.one("logcumsumexp", a -> a.input().logcumsumexp(a.integer(1, "dim", 0))),
        TorchOperators.all("median", a -> median(a, false)),
        TorchOperators.all(
            "mode",
            a -> both(a.input().mode(a.integer(1, "dim", -1), a.flag(2, "keepdim", false)))),
        TorchOperators.one("msort", a -> a.input().msort()),
        TorchOperators.all("nanmedian", a -> median(a, true)),
        TorchOperators.all("sort", TorchOrdering::sort),
        TorchOperators.all("topk", TorchOrdering::topk));
  }

  private static List<Tensor> both(ValuesAndIndices both) {
    return List.of(both.values(), both.indices());
  }

  /** A running sum or product along an axis. */
  @FunctionalInterface
  private interface AlongAxis {
    Tensor of(Tensor x, int axis);
  }

  /** {@code cumsum(input, dim, dtype)}, of elements converted to the dtype, as is the result. */
  private static Tensor scan(TorchArguments a, AlongAxis scan) {
    int axis = a.integer(1, "dim", 0);
    DType dtype = a.dtype(2, "dtype");
    return dtype == null ? scan.of(a.input(), axis) : scan.of(a.input().to(dtype), axis).to(dtype);
  }

  private static List<Tensor> median(TorchArguments a, boolean ignoreNan) {
    Tensor x = a.input();
    if (!a.isGiven(1, "dim")) {
      return List.of(ignoreNan ? x.nanmedian() : x.median());
    }
    int axis = a.integer(1, "dim", 0);
    boolean keepDims = a.flag(2, "keepdim", false);
    return both(ignoreNan ? x.nanmedian(axis, keepDims) : x.median(axis, keepDims));
  }

  private static List<Tensor> sort(TorchArguments a) {
    // Gatun's sort is always stable.
    a.flag(-1, "stable", false);
    return both(a.input().sort(a.integer(1, "dim", -1), a.flag(2, "descending", false)));
  }

  private static List<Tensor> topk(TorchArguments a) {
    // Gatun's result is always in order.
    a.flag(4, "sorted", true);
    return both(
        a.input().topk(a.whole(1, "k", 1), a.integer(2, "dim", -1), a.flag(3, "largest", true)));
  }
}
