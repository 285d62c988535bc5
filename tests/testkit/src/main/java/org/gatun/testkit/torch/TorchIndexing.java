package org.gatun.testkit.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Index;
import org.gatun.Tensor;
import org.gatun.op.Combination;

/** PyTorch's indexing, gathers and scatters. */
final class TorchIndexing {
  private TorchIndexing() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one("__getitem__", a -> a.input().index(indices(a, a.raw(1, "index")))),
        TorchOperators.one("argwhere", a -> a.input().nonzero()),
        TorchOperators.one("gather", TorchIndexing::gather),
        TorchOperators.one("index_add", TorchIndexing::indexAdd),
        TorchOperators.one(
            "index_copy",
            a ->
                a.input()
                    .indexCopy(
                        a.integer(1, "dim", 0), a.tensor(2, "index"), a.tensor(3, "source"))),
        TorchOperators.one("index_fill", TorchIndexing::indexFill),
        TorchOperators.one("index_put", TorchIndexing::indexPut),
        TorchOperators.one(
            "index_select",
            a -> a.input().indexSelect(a.integer(1, "dim", 0), a.tensor(2, "index"))),
        TorchOperators.one(
            "masked_scatter",
            a -> a.input().maskedScatter(a.tensor(1, "mask"), a.tensor(2, "source"))),
        TorchOperators.one("masked_select", a -> a.input().maskedSelect(a.tensor(1, "mask"))),
        TorchOperators.all("nonzero", TorchIndexing::nonzero),
        TorchOperators.one(
            "put",
            a ->
                a.input()
                    .put(
                        a.tensor(1, "index"),
                        a.tensor(2, "source"),
                        a.flag(3, "accumulate", false))),
        TorchOperators.one("scatter", TorchIndexing::scatter),
        TorchOperators.one(
            "scatter_add",
            a ->
                a.input()
                    .scatterAdd(a.integer(1, "dim", 0), a.tensor(2, "index"), a.tensor(3, "src"))),
        TorchOperators.one("take", a -> a.input().take(a.tensor(1, "index"))),
        TorchOperators.one("take_along_dim", TorchIndexing::takeAlongDim));
  }

  private static Tensor gather(TorchArguments a) {
    boolean _ = a.flag(-1, "sparse_grad", false); // Of the gradient alone.
    return a.input().gather(a.integer(1, "dim", 0), a.tensor(2, "index"));
  }

  private static Tensor indexAdd(TorchArguments a) {
    return a.input()
        .indexAdd(
            a.integer(1, "dim", 0),
            a.tensor(2, "index"),
            a.tensor(3, "source"),
            a.number(-1, "alpha", 1));
  }

  private static Tensor indexFill(TorchArguments a) {
    int dim = a.integer(1, "dim", 0);
    Tensor index = a.tensor(2, "index");
    return a.isTensor(3, "value")
        ? a.input().indexFill(dim, index, a.tensor(3, "value"))
        : a.input().indexFill(dim, index, a.number(3, "value", 0));
  }

  private static Tensor indexPut(TorchArguments a) {
    return a.input()
        .indexPut(
            a.tensor(2, "values"), a.flag(3, "accumulate", false), indices(a, a.raw(1, "indices")));
  }

  private static List<Tensor> nonzero(TorchArguments a) {
    if (!a.flag(-1, "as_tuple", false)) {
      return List.of(a.input().nonzero());
    }
    Tensor x = a.input();
    return (x.rank() == 0 ? x.unsqueeze(0) : x).nonzero().unbind(1);
  }

  private static Tensor scatter(TorchArguments a) {
    int dim = a.integer(1, "dim", 0);
    Tensor index = a.tensor(2, "index");
    Combination how =
        switch (a.text(-1, "reduce", "none")) {
          case "none" -> Combination.REPLACE;
          case "add" -> Combination.ADD;
          case "multiply" -> Combination.MULTIPLY;
          case String other -> throw new TorchArguments.Unmapped("no reduction " + other);
        };
    String source = a.isGiven(3, "value") ? "value" : "src";
    return a.isTensor(3, source)
        ? a.input().scatter(dim, index, a.tensor(3, source), how)
        : a.input().scatter(dim, index, a.number(3, source, 0), how);
  }

  private static Tensor takeAlongDim(TorchArguments a) {
    Tensor indices = a.tensor(1, "indices");
    return a.isGiven(2, "dim")
        ? a.input().takeAlongDim(indices, a.integer(2, "dim", 0))
        : a.input().takeAlongDim(indices);
  }

  // What stands between brackets.

  private static Index[] indices(TorchArguments a, TorchValue index) {
    if (index instanceof TorchValue.Sequence(List<TorchValue> values) && !isNumbers(values)) {
      return values.stream().map(value -> part(a, value)).toArray(Index[]::new);
    }
    return new Index[] {part(a, index)};
  }

  /** A list of numbers alone picks each of them along the first axis; any other is a tuple. */
  private static boolean isNumbers(List<TorchValue> values) {
    return values.stream().allMatch(TorchValue.Whole.class::isInstance)
        || (!values.isEmpty() && values.stream().allMatch(TorchValue.Flag.class::isInstance));
  }

  private static Index part(TorchArguments a, TorchValue part) {
    return switch (part) {
      case TorchValue.Whole(long number) -> Index.at(number);
      case TorchValue.Slice(Long start, Long stop, Long step) ->
          Index.range(
              start == null ? 0 : start,
              stop == null ? Long.MAX_VALUE : stop,
              step == null ? 1 : step);
      case TorchValue.None() -> Index.newAxis();
      case TorchValue.Text(String text) when text.equals("...") -> Index.ellipsis();
      case TorchValue.Array array -> Index.of(a.tensor(array));
      case TorchValue.Sequence(List<TorchValue> values) -> Index.of(listed(values));
      case TorchValue.Flag(boolean flag) -> Index.of(Tensor.of(new boolean[] {flag}, new long[0]));
      case TorchValue.Foreign _, TorchValue.Real _, TorchValue.Text _, TorchValue.Type _ ->
          throw new TorchArguments.Unmapped("no index " + part);
    };
  }

  /** Returns the tensor that a list of lists of numbers, or of truth values, stands for. */
  private static Tensor listed(List<TorchValue> values) {
    List<Tensor> parts = new ArrayList<>();
    for (TorchValue value : values) {
      parts.add(
          switch (value) {
            case TorchValue.Whole(long number) -> Tensor.of(new long[] {number}, new long[0]);
            case TorchValue.Flag(boolean flag) -> Tensor.of(new boolean[] {flag}, new long[0]);
            case TorchValue.Sequence(List<TorchValue> inner) -> listed(inner);
            case TorchValue other -> throw new TorchArguments.Unmapped("no index " + other);
          });
    }
    return parts.isEmpty() ? Tensor.of(new long[0]) : Tensor.stack(0, parts);
  }
}
