package org.gatun.testkit.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.op.Concat;

/** PyTorch's views and movements of elements. */
final class TorchShape {
  private TorchShape() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one(
            "broadcast_to", a -> a.input().expand(TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one("cat", a -> cat(a.tensors(0, "tensors"), a.integer(1, "dim", 0))),
        TorchOperators.all(
            "chunk", a -> chunk(a.input(), a.whole(1, "chunks", 1), a.integer(2, "dim", 0))),
        TorchOperators.one("contiguous", a -> a.input().contiguous()),
        TorchOperators.one("expand", a -> a.input().expand(TorchOperators.dims(a, 1, "size"))),
        TorchOperators.one(
            "flatten",
            a -> a.input().flatten(a.integer(1, "start_dim", 0), a.integer(2, "end_dim", -1))),
        TorchOperators.one("movedim", TorchShape::movedim),
        TorchOperators.one("narrow", TorchShape::narrow),
        TorchOperators.one("permute", a -> a.input().permute(a.axes(1, "dims"))),
        TorchOperators.one("ravel", a -> a.input().flatten()),
        TorchOperators.one("reshape", a -> a.input().reshape(TorchOperators.dims(a, 1, "shape"))),
        TorchOperators.one(
            "select", a -> a.input().select(a.integer(1, "dim", 0), a.whole(2, "index", 0))),
        TorchOperators.all("split", TorchShape::split),
        TorchOperators.all("split_with_sizes", TorchShape::split),
        TorchOperators.one("squeeze", TorchShape::squeeze),
        TorchOperators.one("stack", a -> stack(a.tensors(0, "tensors"), a.integer(1, "dim", 0))),
        TorchOperators.one("t", a -> a.input().rank() < 2 ? a.input() : a.input().transpose(0, 1)),
        TorchOperators.one(
            "transpose",
            a -> a.input().transpose(a.integer(1, "dim0", 0), a.integer(2, "dim1", 0))),
        TorchOperators.all("unbind", a -> unbind(a.input(), a.integer(1, "dim", 0))),
        TorchOperators.one("unflatten", TorchShape::unflatten),
        TorchOperators.one("unsqueeze", a -> a.input().unsqueeze(a.integer(1, "dim", 0))),
        TorchOperators.one("view", a -> a.input().view(TorchOperators.dims(a, 1, "size"))));
  }

  private static Tensor cat(List<Tensor> tensors, int dim) {
    return TorchOperators.run(new Concat(dim), tensors.toArray(Tensor[]::new));
  }

  private static Tensor stack(List<Tensor> tensors, int dim) {
    return cat(tensors.stream().map(x -> x.unsqueeze(dim)).toList(), dim);
  }

  private static List<Tensor> chunk(Tensor x, long chunks, int dim) {
    return x.split(Math.max(1, Math.ceilDiv(x.dim(dim), chunks)), dim);
  }

  private static List<Tensor> split(TorchArguments a) {
    int dim = a.integer(2, "dim", 0);
    long[] sizes = TorchOperators.dims(a, 1, "split_size_or_sections");
    return a.isList(1, "split_size_or_sections")
        ? a.input().split(sizes, dim)
        : a.input().split(sizes[0], dim);
  }

  private static List<Tensor> unbind(Tensor x, int dim) {
    List<Tensor> parts = new ArrayList<>();
    for (long i = 0; i < x.dim(dim); i++) {
      parts.add(x.select(dim, i));
    }
    return parts;
  }

  private static Tensor narrow(TorchArguments a) {
    int dim = a.integer(1, "dim", 0);
    long start = a.whole(2, "start", 0);
    long from = start < 0 ? start + a.input().dim(dim) : start;
    return a.input().slice(dim, from, from + a.whole(3, "length", 0));
  }

  private static Tensor squeeze(TorchArguments a) {
    Tensor result = a.input();
    if (!a.isGiven(1, "dim")) {
      return result.squeeze();
    }
    int rank = Math.max(1, result.rank());
    int[] axes =
        Arrays.stream(a.axes(1, "dim")).map(axis -> Math.floorMod(axis, rank)).sorted().toArray();
    for (int i = axes.length - 1; i >= 0; i--) {
      result = result.squeeze(axes[i]);
    }
    return result;
  }

  private static Tensor movedim(TorchArguments a) {
    int rank = a.input().rank();
    int[] from = a.axes(1, "source");
    int[] to = a.axes(2, "destination");
    int[] axes = new int[rank];
    Arrays.fill(axes, -1);
    List<Integer> rest = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      rest.add(axis);
    }
    for (int i = 0; i < from.length; i++) {
      int source = Math.floorMod(from[i], rank);
      axes[Math.floorMod(to[i], rank)] = source;
      rest.remove(Integer.valueOf(source));
    }
    for (int i = 0; i < rank; i++) {
      axes[i] = axes[i] < 0 ? rest.removeFirst() : axes[i];
    }
    return a.input().permute(axes);
  }

  private static Tensor unflatten(TorchArguments a) {
    Tensor x = a.input();
    int dim = Math.floorMod(a.integer(1, "dim", 0), x.rank());
    long[] sizes = TorchOperators.dims(a, 2, "sizes");
    long[] dims = x.shape().dims();
    long[] all = new long[dims.length - 1 + sizes.length];
    System.arraycopy(dims, 0, all, 0, dim);
    System.arraycopy(sizes, 0, all, dim, sizes.length);
    System.arraycopy(dims, dim + 1, all, dim + sizes.length, dims.length - dim - 1);
    return x.view(all);
  }
}
