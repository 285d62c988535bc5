package org.gatun.testkit.torch;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.runtime.Engine;
import org.jspecify.annotations.Nullable;

/** What Gatun has for PyTorch's operators, by PyTorch's names and with its arguments. */
final class TorchOperators {
  /** A call of Gatun for a call of PyTorch. */
  @FunctionalInterface
  interface Call {
    List<Tensor> of(TorchArguments a);
  }

  /** The same with one result. */
  @FunctionalInterface
  interface Single {
    Tensor of(TorchArguments a);
  }

  private static final Map<String, Call> CALLS =
      Stream.of(
              TorchActivation.calls(),
              TorchAttention.calls(),
              TorchContraction.calls(),
              TorchConvolution.calls(),
              TorchCreation.calls(),
              TorchEmbedding.calls(),
              TorchIndexing.calls(),
              TorchInterpolation.calls(),
              TorchLoss.calls(),
              TorchMovement.calls(),
              TorchNormalization.calls(),
              TorchOrdering.calls(),
              TorchPointwise.calls(),
              TorchPooling.calls(),
              TorchRandom.calls(),
              TorchReduction.calls(),
              TorchShape.calls())
          .flatMap(calls -> calls)
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  /** Those whose results are sums of many terms, linear in each input. */
  private static final Set<String> SUMS =
      Set.of(
          "__rmatmul__",
          "addbmm",
          "addmm",
          "addmv",
          "addr",
          "baddbmm",
          "bmm",
          "chain_matmul",
          "cumsum",
          "dot",
          "einsum",
          "index_add",
          "inner",
          "linalg.multi_dot",
          "linalg.vecdot",
          "matmul",
          "mean",
          "mm",
          "mv",
          "nansum",
          "nn.functional.bilinear",
          "nn.functional.conv1d",
          "nn.functional.conv2d",
          "nn.functional.conv3d",
          "nn.functional.conv_transpose1d",
          "nn.functional.conv_transpose2d",
          "nn.functional.conv_transpose3d",
          "nn.functional.embedding_bag",
          "nn.functional.linear",
          "scatter_add",
          "sum",
          "tensordot",
          "vdot");

  private TorchOperators() {}

  /** Returns whether the results are sums of products of the inputs. */
  static boolean isSum(String op) {
    return SUMS.contains(op);
  }

  /**
   * Returns what an epsilon of the sums inside an operator makes of its results, in epsilons; null
   * where there are none.
   */
  static @Nullable List<Tensor> magnitudes(String op, TorchArguments arguments) {
    return op.equals("nn.functional.scaled_dot_product_attention")
        ? List.of(TorchAttention.magnitude(arguments))
        : null;
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

  static Map.Entry<String, Call> one(String name, Single call) {
    return entry(name, a -> List.of(call.of(a)));
  }

  static Map.Entry<String, Call> all(String name, Call call) {
    return entry(name, call);
  }

  static long[] dims(TorchArguments a, int position, String name) {
    long[] dims = a.wholes(position, name);
    if (dims == null) {
      throw new TorchArguments.Unmapped("no " + name);
    }
    return dims;
  }

  static Tensor run(org.gatun.op.Op op, Tensor... inputs) {
    return Engine.current().run(op, inputs);
  }
}
