package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;

/** PyTorch's views. */
final class TorchShape {
  private TorchShape() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(shapes(), orders(), parts()).flatMap(calls -> calls);
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> shapes() {
    return Stream.of(
        TorchOperators.one("alias_copy", a -> a.input().copy()),
        TorchOperators.all("atleast_1d", a -> ofRank(a, 1)),
        TorchOperators.all("atleast_2d", a -> ofRank(a, 2)),
        TorchOperators.all("atleast_3d", a -> ofRank(a, 3)),
        TorchOperators.all("broadcast_tensors", a -> broadcast(a.allTensors())),
        TorchOperators.one(
            "broadcast_to", a -> a.input().broadcastTo(TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one("expand", a -> a.input().expand(TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one("expand_as", a -> a.input().expandAs(a.tensor(1, "other"))),
        TorchOperators.one("expand_copy", a -> a.input().expand(TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one(
            "flatten",
            a -> a.input().flatten(a.integer(1, "start_dim", 0), a.integer(2, "end_dim", -1))),
        TorchOperators.one("ravel", a -> a.input().ravel()),
        TorchOperators.one("reshape", a -> a.input().reshape(TorchOperators.dims(a, 1, "shape"))),
        TorchOperators.one("reshape_as", a -> a.input().reshapeAs(a.tensor(1, "other"))),
        TorchOperators.one("resolve_conj", TorchArguments::input),
        TorchOperators.one("resolve_neg", TorchArguments::input),
        TorchOperators.one("squeeze", TorchShape::squeeze),
        TorchOperators.one("squeeze_copy", TorchShape::squeeze),
        TorchOperators.one("unflatten", TorchShape::unflatten),
        TorchOperators.one("unsqueeze", a -> a.input().unsqueeze(a.integer(1, "dim", 0))),
        TorchOperators.one("unsqueeze_copy", a -> a.input().unsqueeze(a.integer(1, "dim", 0))),
        TorchOperators.one("view", a -> a.input().view(TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one("view_as", a -> a.input().viewAs(a.tensor(1, "other"))),
        TorchOperators.one("view_copy", a -> a.input().view(TorchOperators.dims(a, 1, "size"))));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> orders() {
    return Stream.of(
        TorchOperators.one("H", a -> a.input().t()),
        TorchOperators.one("T", a -> a.input().t()),
        TorchOperators.one("mH", a -> a.input().mT()),
        TorchOperators.one("mT", a -> a.input().mT()),
        TorchOperators.one("moveaxis", TorchShape::movedim),
        TorchOperators.one("movedim", TorchShape::movedim),
        TorchOperators.one("permute", a -> a.input().permute(a.axes(1, "dims"))),
        TorchOperators.one("permute_copy", a -> a.input().permute(a.axes(1, "dims"))),
        TorchOperators.one("swapaxes", a -> transpose(a, "axis0", "axis1")),
        TorchOperators.one("swapdims", a -> transpose(a, "dim0", "dim1")),
        TorchOperators.one("t", a -> a.input().t()),
        TorchOperators.one("t_copy", a -> a.input().t()),
        TorchOperators.one("transpose", a -> transpose(a, "dim0", "dim1")),
        TorchOperators.one("transpose_copy", a -> transpose(a, "dim0", "dim1")));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> parts() {
    return Stream.of(
        TorchOperators.all("chunk", TorchShape::chunk),
        TorchOperators.one("diagonal", a -> diagonal(a, 0, 1)),
        TorchOperators.one("diagonal_copy", a -> diagonal(a, 0, 1)),
        TorchOperators.all("dsplit", TorchShape::dsplit),
        TorchOperators.all("hsplit", TorchShape::hsplit),
        TorchOperators.one("linalg.diagonal", a -> diagonal(a, -2, -1)),
        TorchOperators.one("narrow", TorchShape::narrow),
        TorchOperators.one("narrow_copy", TorchShape::narrow),
        TorchOperators.one(
            "select", a -> a.input().select(a.integer(1, "dim", 0), a.whole(2, "index", 0))),
        TorchOperators.one("slice", TorchShape::slice),
        TorchOperators.all("split", a -> split(a, "split_size_or_sections")),
        TorchOperators.all("split_with_sizes", a -> split(a, "split_sizes")),
        TorchOperators.all("split_with_sizes_copy", a -> split(a, "split_sizes")),
        TorchOperators.all("tensor_split", TorchShape::tensorSplit),
        TorchOperators.all("unbind", a -> a.input().unbind(a.integer(1, "dim", 0))),
        TorchOperators.all("unbind_copy", a -> a.input().unbind(a.integer(1, "dim", 0))),
        TorchOperators.one("unfold", TorchShape::unfold),
        TorchOperators.one("unfold_copy", TorchShape::unfold),
        TorchOperators.all("unsafe_chunk", TorchShape::chunk),
        TorchOperators.all("unsafe_split", a -> split(a, "split_size_or_sections")),
        TorchOperators.all("vsplit", TorchShape::vsplit));
  }

  private static List<Tensor> broadcast(List<Tensor> tensors) {
    return Tensor.broadcastTensors(tensors.toArray(Tensor[]::new));
  }

  /** Returns the tensors with new dimensions of size 1: those that lack some. */
  private static List<Tensor> ofRank(TorchArguments a, int rank) {
    return a.allTensors().stream().map(x -> ofRank(x, rank)).toList();
  }

  private static Tensor ofRank(Tensor x, int rank) {
    if (x.rank() >= rank) {
      return x;
    }
    // A third dimension comes last, those before it first.
    return ofRank(x.rank() == 2 ? x.unsqueeze(2) : x.unsqueeze(0), rank);
  }

  private static Tensor squeeze(TorchArguments a) {
    return a.isGiven(1, "dim") ? a.input().squeeze(a.axes(1, "dim")) : a.input().squeeze();
  }

  private static Tensor unflatten(TorchArguments a) {
    return a.input().unflatten(a.integer(1, "dim", 0), TorchOperators.dims(a, 2, "sizes"));
  }

  private static Tensor movedim(TorchArguments a) {
    return a.input().movedim(a.axes(1, "source"), a.axes(2, "destination"));
  }

  private static Tensor transpose(TorchArguments a, String first, String second) {
    return a.input().transpose(a.integer(1, first, 0), a.integer(2, second, 1));
  }

  private static List<Tensor> chunk(TorchArguments a) {
    return a.input().chunk(a.integer(1, "chunks", 1), a.integer(2, "dim", 0));
  }

  private static Tensor diagonal(TorchArguments a, int first, int second) {
    return a.input()
        .diagonal(
            a.whole(1, "offset", 0), a.integer(2, "dim1", first), a.integer(3, "dim2", second));
  }

  private static Tensor narrow(TorchArguments a) {
    int dim = a.integer(1, "dim", 0);
    long length = a.whole(3, "length", 0);
    return a.isTensor(2, "start")
        ? a.input().narrow(dim, a.tensor(2, "start"), length)
        : a.input().narrow(dim, a.whole(2, "start", 0), length);
  }

  private static Tensor slice(TorchArguments a) {
    return a.input()
        .slice(
            a.integer(1, "dim", 0),
            a.whole(2, "start", 0),
            a.whole(3, "end", Long.MAX_VALUE),
            a.whole(4, "step", 1));
  }

  private static List<Tensor> split(TorchArguments a, String name) {
    int dim = a.integer(2, "dim", 0);
    long[] sizes = TorchOperators.dims(a, 1, name);
    return a.isList(1, name) ? a.input().split(sizes, dim) : a.input().split(sizes[0], dim);
  }

  private static final String PARTS = "indices_or_sections";

  private static List<Tensor> tensorSplit(TorchArguments a) {
    String name = a.isGiven(1, "indices") ? "indices" : a.isGiven(1, PARTS) ? PARTS : "sections";
    int dim = a.integer(2, "dim", 0);
    if (a.isTensor(1, name)) {
      return a.input().tensorSplit(a.tensor(1, name), dim);
    }
    return a.isList(1, name)
        ? a.input().tensorSplit(TorchOperators.dims(a, 1, name), dim)
        : a.input().tensorSplit(a.integer(1, name, 1), dim);
  }

  private static List<Tensor> hsplit(TorchArguments a) {
    return a.isList(1, PARTS)
        ? a.input().hsplit(TorchOperators.dims(a, 1, PARTS))
        : a.input().hsplit(a.integer(1, PARTS, 1));
  }

  private static List<Tensor> vsplit(TorchArguments a) {
    return a.isList(1, PARTS)
        ? a.input().vsplit(TorchOperators.dims(a, 1, PARTS))
        : a.input().vsplit(a.integer(1, PARTS, 1));
  }

  private static List<Tensor> dsplit(TorchArguments a) {
    return a.isList(1, PARTS)
        ? a.input().dsplit(TorchOperators.dims(a, 1, PARTS))
        : a.input().dsplit(a.integer(1, PARTS, 1));
  }

  private static Tensor unfold(TorchArguments a) {
    return a.input()
        .unfold(a.integer(1, "dimension", 0), a.whole(2, "size", 1), a.whole(3, "step", 1));
  }
}
