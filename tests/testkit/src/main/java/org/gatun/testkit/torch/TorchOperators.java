package org.gatun.testkit.torch;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gatun.DType;
import org.gatun.Tensor;
import org.gatun.op.Concat;
import org.gatun.op.Dropout;
import org.gatun.op.Embedding;
import org.gatun.op.Ints;
import org.gatun.op.Linear;
import org.gatun.op.MaxWithIndices;
import org.gatun.op.Reduce;
import org.gatun.op.ReduceFunction;
import org.gatun.op.Softmax;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;
import org.gatun.op.Variance;
import org.gatun.runtime.Engine;

/** What Gatun has for PyTorch's operators, by PyTorch's names and with its arguments. */
final class TorchOperators {
  /** A call of Gatun for a call of PyTorch. */
  private interface Call {
    List<Tensor> of(TorchArguments a);
  }

  /** The same with one result. */
  private interface Single {
    Tensor of(TorchArguments a);
  }

  private static final Map<String, Call> CALLS =
      Map.ofEntries(
          one("add", a -> a.input().add(scaled(a))),
          one("broadcast_to", a -> a.input().expand(dims(a, 1, "size"))),
          one("cat", a -> cat(a.tensors(0, "tensors"), a.integer(1, "dim", 0))),
          all("chunk", a -> chunk(a.input(), a.whole(1, "chunks", 1), a.integer(2, "dim", 0))),
          one("contiguous", a -> a.input().contiguous()),
          one("div", TorchOperators::div),
          one("dot", a -> a.input().matmul(a.tensor(1, "other"))),
          one("bmm", a -> a.input().matmul(a.tensor(1, "mat2"))),
          one("expand", a -> a.input().expand(dims(a, 1, "size"))),
          one(
              "flatten",
              a -> a.input().flatten(a.integer(1, "start_dim", 0), a.integer(2, "end_dim", -1))),
          one("__getitem__", a -> TorchIndexing.get(a.input(), a.raw(1, "index"))),
          one("matmul", a -> a.input().matmul(a.tensor(1, "other"))),
          all("max", TorchOperators::max),
          one("mean", a -> reduce(ReduceFunction.MEAN, a)),
          one("mm", a -> a.input().matmul(a.tensor(1, "mat2"))),
          one("movedim", TorchOperators::movedim),
          one("mul", a -> a.input().mul(a.tensor(1, "other"))),
          one("mv", a -> a.input().matmul(a.tensor(1, "vec"))),
          one("narrow", TorchOperators::narrow),
          one("nn.functional.adaptive_avg_pool1d", a -> TorchPooling.adaptiveAverage(a, 1)),
          one("nn.functional.adaptive_avg_pool2d", a -> TorchPooling.adaptiveAverage(a, 2)),
          one("nn.functional.adaptive_avg_pool3d", a -> TorchPooling.adaptiveAverage(a, 3)),
          one("nn.functional.avg_pool1d", a -> TorchPooling.average(a, 1)),
          one("nn.functional.avg_pool2d", a -> TorchPooling.average(a, 2)),
          one("nn.functional.avg_pool3d", a -> TorchPooling.average(a, 3)),
          one("nn.functional.batch_norm", TorchNormalization::batch),
          one("nn.functional.conv1d", a -> TorchConvolution.conv(a, 1)),
          one("nn.functional.conv2d", a -> TorchConvolution.conv(a, 2)),
          one("nn.functional.conv3d", a -> TorchConvolution.conv(a, 3)),
          one("nn.functional.conv_transpose1d", a -> TorchConvolution.transposed(a, 1)),
          one("nn.functional.conv_transpose2d", a -> TorchConvolution.transposed(a, 2)),
          one("nn.functional.conv_transpose3d", a -> TorchConvolution.transposed(a, 3)),
          one("nn.functional.dropout", TorchOperators::dropout),
          one("nn.functional.embedding", TorchOperators::embedding),
          one("nn.functional.gelu", TorchOperators::gelu),
          one("nn.functional.group_norm", TorchNormalization::group),
          one("nn.functional.instance_norm", TorchNormalization::instance),
          one("nn.functional.layer_norm", TorchNormalization::layer),
          one("nn.functional.linear", TorchOperators::linear),
          all("nn.functional.max_pool1d", a -> TorchPooling.max(a, 1)),
          all("nn.functional.max_pool2d", a -> TorchPooling.max(a, 2)),
          all("nn.functional.max_pool3d", a -> TorchPooling.max(a, 3)),
          one("nn.functional.relu", a -> a.input().relu()),
          one("nn.functional.silu", a -> a.input().silu()),
          one("permute", a -> a.input().permute(a.axes(1, "dims"))),
          one("ravel", a -> a.input().flatten()),
          one("reshape", a -> a.input().reshape(dims(a, 1, "shape"))),
          one("rsub", TorchOperators::rsub),
          one("select", a -> a.input().select(a.integer(1, "dim", 0), a.whole(2, "index", 0))),
          one("sigmoid", a -> a.input().sigmoid()),
          one("softmax", TorchOperators::softmax),
          all("split", TorchOperators::split),
          all("split_with_sizes", TorchOperators::split),
          one("squeeze", TorchOperators::squeeze),
          one("stack", a -> stack(a.tensors(0, "tensors"), a.integer(1, "dim", 0))),
          one("sub", a -> a.input().sub(scaled(a))),
          one("sum", a -> reduce(ReduceFunction.SUM, a)),
          one("t", a -> a.input().rank() < 2 ? a.input() : a.input().transpose(0, 1)),
          one("tanh", a -> a.input().tanh()),
          one(
              "transpose",
              a -> a.input().transpose(a.integer(1, "dim0", 0), a.integer(2, "dim1", 0))),
          all("unbind", a -> unbind(a.input(), a.integer(1, "dim", 0))),
          one("unflatten", TorchOperators::unflatten),
          one("unsqueeze", a -> a.input().unsqueeze(a.integer(1, "dim", 0))),
          one("var", TorchOperators::variance),
          all("var_mean", TorchOperators::varianceAndMean),
          one("view", a -> a.input().view(dims(a, 1, "size"))));

  /** Those whose results are sums of many terms, linear in each input. */
  private static final Set<String> SUMS =
      Set.of(
          "bmm",
          "dot",
          "matmul",
          "mean",
          "mm",
          "mv",
          "nn.functional.conv1d",
          "nn.functional.conv2d",
          "nn.functional.conv3d",
          "nn.functional.conv_transpose1d",
          "nn.functional.conv_transpose2d",
          "nn.functional.conv_transpose3d",
          "nn.functional.linear",
          "sum");

  private TorchOperators() {}

  /** Returns whether the results are sums of products of the inputs. */
  static boolean isSum(String op) {
    return SUMS.contains(op);
  }

  /**
   * Returns the results of a call.
   *
   * @throws TorchArguments.Unmapped if Gatun does not have it
   */
  static List<Tensor> call(String op, TorchArguments arguments) {
    Call call = CALLS.get(op);
    if (call == null) {
      throw new TorchArguments.Unmapped("the operator is not there yet");
    }
    return call.of(arguments);
  }

  private static Map.Entry<String, Call> one(String name, Single call) {
    return entry(name, a -> List.of(call.of(a)));
  }

  private static Map.Entry<String, Call> all(String name, Call call) {
    return entry(name, call);
  }

  private static Tensor scaled(TorchArguments a) {
    Tensor other = a.tensor(1, "other");
    return a.isGiven(-1, "alpha") ? other.mul(a.number(-1, "alpha", 1)) : other;
  }

  private static Tensor rsub(TorchArguments a) {
    Tensor scaled = a.input().mul(a.number(-1, "alpha", 1));
    return a.isTensor(1, "other")
        ? a.tensor(1, "other").sub(scaled)
        : scaled.mul(-1).add(a.number(1, "other", 0));
  }

  private static Tensor div(TorchArguments a) {
    if (a.isGiven(-1, "rounding_mode")) {
      throw new TorchArguments.Unmapped("division that rounds is not there yet");
    }
    return a.input().div(a.tensor(1, "other"));
  }

  private static Tensor gelu(TorchArguments a) {
    boolean tanh = a.text(1, "approximate", "none").equals("tanh");
    return run(new Unary(tanh ? UnaryFunction.GELU_TANH : UnaryFunction.GELU), a.input());
  }

  private static Tensor linear(TorchArguments a) {
    Tensor bias = a.optionalTensor(2, "bias");
    Tensor weights = a.tensor(1, "weight");
    return bias == null
        ? run(new Linear(false), a.input(), weights)
        : run(new Linear(true), a.input(), weights, bias);
  }

  private static Tensor reduce(ReduceFunction function, TorchArguments a) {
    DType dtype = a.dtype(-1, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    boolean keepDims = a.flag(2, "keepdim", false);
    return run(new Reduce(function, Ints.of(a.axes(1, "dim")), keepDims), input);
  }

  private static Tensor softmax(TorchArguments a) {
    DType dtype = a.dtype(-1, "dtype");
    Tensor input = dtype == null ? a.input() : a.input().to(dtype);
    return run(new Softmax(a.integer(1, "dim", -1)), input);
  }

  private static List<Tensor> max(TorchArguments a) {
    if (a.isTensor(1, "other")) {
      throw new TorchArguments.Unmapped("the maximum of two tensors is not there yet");
    }
    return a.isGiven(1, "dim")
        ? Engine.current()
            .runAll(
                new MaxWithIndices(a.integer(1, "dim", 0), a.flag(2, "keepdim", false)), a.input())
        : List.of(run(new Reduce(ReduceFunction.MAX, Ints.of(), false), a.input()));
  }

  /** {@code var(input, unbiased)} or {@code var(input, dim, unbiased or correction, keepdim)}. */
  private static Tensor variance(TorchArguments a) {
    boolean unbiased = isFlag(a, 1, "dim") ? a.flag(1, "dim", true) : a.flag(-1, "unbiased", true);
    double correction = a.number(-1, "correction", unbiased ? 1 : 0);
    return run(new Variance(varianceAxes(a), correction, a.flag(-1, "keepdim", false)), a.input());
  }

  private static List<Tensor> varianceAndMean(TorchArguments a) {
    boolean keepDims = a.flag(-1, "keepdim", false);
    return List.of(
        variance(a), run(new Reduce(ReduceFunction.MEAN, varianceAxes(a), keepDims), a.input()));
  }

  private static Ints varianceAxes(TorchArguments a) {
    return isFlag(a, 1, "dim") ? Ints.of() : Ints.of(a.axes(1, "dim"));
  }

  private static boolean isFlag(TorchArguments a, int position, String name) {
    return a.raw(position, name) instanceof TorchValue.Flag;
  }

  private static Tensor embedding(TorchArguments a) {
    return run(new Embedding(), a.input(), a.tensor(1, "indices"));
  }

  /** Dropout that does not depend on random numbers, which are not PyTorch's. */
  private static Tensor dropout(TorchArguments a) {
    double p = a.number(1, "p", 0.5);
    boolean training = a.flag(2, "training", true);
    if (!training || a.input().size() == 0) {
      return a.input();
    }
    if (p != 0 && p != 1) {
      throw new TorchArguments.Unmapped("the random numbers are PyTorch's own");
    }
    return run(new Dropout(p), a.input(), Tensor.of(new long[] {0, 0}));
  }

  private static Tensor cat(List<Tensor> tensors, int dim) {
    return run(new Concat(dim), tensors.toArray(Tensor[]::new));
  }

  private static Tensor stack(List<Tensor> tensors, int dim) {
    return cat(tensors.stream().map(x -> x.unsqueeze(dim)).toList(), dim);
  }

  static long[] dims(TorchArguments a, int position, String name) {
    long[] dims = a.wholes(position, name);
    if (dims == null) {
      throw new TorchArguments.Unmapped("no " + name);
    }
    return dims;
  }

  private static List<Tensor> chunk(Tensor x, long chunks, int dim) {
    return x.split(Math.max(1, Math.ceilDiv(x.dim(dim), chunks)), dim);
  }

  private static List<Tensor> split(TorchArguments a) {
    int dim = a.integer(2, "dim", 0);
    long[] sizes = dims(a, 1, "split_size_or_sections");
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
    long[] sizes = dims(a, 2, "sizes");
    long[] dims = x.shape().dims();
    long[] all = new long[dims.length - 1 + sizes.length];
    System.arraycopy(dims, 0, all, 0, dim);
    System.arraycopy(sizes, 0, all, dim, sizes.length);
    System.arraycopy(dims, dim + 1, all, dim + sizes.length, dims.length - dim - 1);
    return x.view(all);
  }

  static Tensor run(org.gatun.op.Op op, Tensor... inputs) {
    return Engine.current().run(op, inputs);
  }
}
