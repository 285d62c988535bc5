package org.gatun.testkit.torch;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.PadMode;

/** PyTorch's copies, joins and repetitions. */
final class TorchMovement {
  private TorchMovement() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(joins(), orders(), others()).flatMap(calls -> calls);
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> joins() {
    return Stream.of(
        TorchOperators.one("cat", TorchMovement::cat),
        TorchOperators.one("column_stack", a -> join(a, Tensor::columnStack)),
        TorchOperators.one("concat", TorchMovement::cat),
        TorchOperators.one("concatenate", TorchMovement::cat),
        TorchOperators.one("dstack", a -> join(a, Tensor::dstack)),
        TorchOperators.one("hstack", a -> join(a, Tensor::hstack)),
        TorchOperators.all("meshgrid", TorchMovement::meshgrid),
        TorchOperators.one("row_stack", a -> join(a, Tensor::vstack)),
        TorchOperators.one(
            "stack", a -> join(a, tensors -> Tensor.stack(a.integer(1, "dim", 0), tensors))),
        TorchOperators.one("vstack", a -> join(a, Tensor::vstack)));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> orders() {
    return Stream.of(
        TorchOperators.one("flip", a -> a.input().flip(a.axes(1, "dims"))),
        TorchOperators.one("fliplr", a -> a.input().fliplr()),
        TorchOperators.one("flipud", a -> a.input().flipud()),
        TorchOperators.one(
            "nn.functional.channel_shuffle",
            a -> Functional.channelShuffle(a.input(), a.whole(1, "groups", 1))),
        TorchOperators.one(
            "nn.functional.pixel_shuffle",
            a -> Functional.pixelShuffle(a.input(), a.whole(1, "upscale_factor", 1))),
        TorchOperators.one(
            "nn.functional.pixel_unshuffle",
            a -> Functional.pixelUnshuffle(a.input(), a.whole(1, "downscale_factor", 1))),
        TorchOperators.one("roll", TorchMovement::roll),
        TorchOperators.one("rot90", TorchMovement::rot90));
  }

  private static Stream<Map.Entry<String, TorchOperators.Call>> others() {
    return Stream.of(
        TorchOperators.one("clone", a -> a.input().copy()),
        TorchOperators.one("constant_pad_nd", a -> pad(a, PadMode.CONSTANT, 2)),
        TorchOperators.one("contiguous", a -> a.input().contiguous()),
        TorchOperators.one("diag", a -> a.input().diag(a.whole(1, "diagonal", 0))),
        TorchOperators.one("diag_embed", TorchMovement::diagEmbed),
        TorchOperators.one("diagflat", a -> a.input().diagflat(a.whole(1, "offset", 0))),
        TorchOperators.one(
            "nn.functional.one_hot",
            a -> Functional.oneHot(a.input(), a.whole(1, "num_classes", -1))),
        TorchOperators.one("nn.functional.pad", TorchMovement::pad),
        TorchOperators.one("repeat", a -> a.input().repeat(TorchOperators.dims(a, 1, "repeats"))),
        TorchOperators.one("repeat_interleave", TorchMovement::repeatInterleave),
        TorchOperators.one("tile", a -> a.input().tile(TorchOperators.dims(a, 1, "dims"))),
        TorchOperators.one("tril", a -> a.input().tril(a.whole(1, "diagonal", 0))),
        TorchOperators.one("triu", a -> a.input().triu(a.whole(1, "diagonal", 0))));
  }

  private static Tensor join(TorchArguments a, Function<Tensor[], Tensor> join) {
    return join.apply(a.tensors(0, "tensors").toArray(Tensor[]::new));
  }

  private static Tensor cat(TorchArguments a) {
    return join(a, tensors -> Tensor.concat(a.integer(1, "dim", 0), tensors));
  }

  private static List<Tensor> meshgrid(TorchArguments a) {
    List<Tensor> grids = Tensor.meshgrid(a.allTensors().toArray(Tensor[]::new));
    boolean columnsFirst = a.text(-1, "indexing", "ij").equals("xy") && grids.size() > 1;
    return columnsFirst ? grids.stream().map(grid -> grid.transpose(0, 1)).toList() : grids;
  }

  private static Tensor roll(TorchArguments a) {
    long[] shifts = TorchOperators.dims(a, 1, "shifts");
    int[] axes = a.axes(2, "dims");
    return axes.length == 0 ? a.input().roll(shifts[0]) : a.input().roll(shifts, axes);
  }

  private static Tensor rot90(TorchArguments a) {
    int[] axes = a.isGiven(2, "dims") ? a.axes(2, "dims") : new int[] {0, 1};
    return a.input().rot90(a.integer(1, "k", 1), axes[0], axes[1]);
  }

  private static Tensor diagEmbed(TorchArguments a) {
    return a.input()
        .diagEmbed(a.whole(1, "offset", 0), a.integer(2, "dim1", -2), a.integer(3, "dim2", -1));
  }

  private static Tensor pad(TorchArguments a) {
    PadMode mode =
        switch (a.text(2, "mode", "constant")) {
          case "constant" -> PadMode.CONSTANT;
          case "reflect" -> PadMode.REFLECT;
          case "replicate" -> PadMode.REPLICATE;
          case "circular" -> PadMode.CIRCULAR;
          case String other -> throw new TorchArguments.Unmapped("no mode " + other);
        };
    return pad(a, mode, 3);
  }

  private static Tensor pad(TorchArguments a, PadMode mode, int valueAt) {
    return Functional.pad(
        a.input(), TorchOperators.dims(a, 1, "pad"), mode, a.number(valueAt, "value", 0));
  }

  private static Tensor repeatInterleave(TorchArguments a) {
    Tensor x = a.input();
    long _ = a.whole(3, "output_size", 0); // Says to PyTorch what it need not compute.
    boolean flat = !a.isGiven(2, "dim");
    int dim = a.integer(2, "dim", 0);
    if (a.isTensor(1, "repeats")) {
      return (flat ? x.flatten() : x).repeatInterleave(a.tensor(1, "repeats"), dim);
    }
    long repeats = a.whole(1, "repeats", 1);
    return flat ? x.repeatInterleave(repeats) : x.repeatInterleave(repeats, dim);
  }
}
