package org.gatun.testkit.torch;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.gatun.Generator;
import org.gatun.Tensor;
import org.gatun.nn.AttentionOptions;
import org.gatun.nn.Functional;
import org.gatun.op.Unary;
import org.gatun.op.UnaryFunction;

/** PyTorch's attention. */
final class TorchAttention {
  private TorchAttention() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.one(
            "nn.functional.scaled_dot_product_attention", TorchAttention::scaledDotProduct));
  }

  private static Tensor scaledDotProduct(TorchArguments a) {
    double dropout = a.number(4, "dropout_p", 0);
    if (dropout != 0 && dropout != 1) {
      throw new TorchArguments.Unmapped("the random numbers are PyTorch's own");
    }
    AttentionOptions options = options(a);
    return Functional.scaledDotProductAttention(
        a.input(),
        a.tensor(1, "key"),
        a.tensor(2, "value"),
        dropout == 0 ? options : options.withDropout(dropout, new Generator(0)));
  }

  private static AttentionOptions options(TorchArguments a) {
    return AttentionOptions.DEFAULT
        .withMask(a.optionalTensor(3, "attn_mask"))
        .withCausal(a.flag(5, "is_causal", false))
        .withScale(a.number(-1, "scale", Double.NaN))
        .withGrouped(a.flag(-1, "enable_gqa", false));
  }

  /**
   * Returns how much a result changes at most where each sum of products of a query and a key
   * changes by the sum of their absolute values: the sum over the keys of the weight, that change
   * and the distance of the value from the result.
   */
  static Tensor magnitude(TorchArguments a) {
    Tensor query = a.input();
    Tensor key = a.tensor(1, "key");
    Tensor value = a.tensor(2, "value");
    AttentionOptions options = options(a);
    long keys = key.dim(-2);
    // Attention to the rows of the identity are the weights.
    long[] square = options.grouped() ? new long[] {1, keys, keys} : new long[] {keys, keys};
    Tensor identity = Tensor.eye(query.dtype(), keys);
    Tensor weights =
        Functional.scaledDotProductAttention(query, key, identity.reshape(square), options);
    double scale = Double.isNaN(options.scale()) ? 1 / Math.sqrt(query.dim(-1)) : options.scale();
    Tensor changes =
        absolute(query).matmul(absolute(repeated(key, query, options)).transpose(-2, -1));
    Tensor weighed = weights.mul(changes.mul(Math.abs(scale)));
    Tensor result = Functional.scaledDotProductAttention(query, key, value, options);
    return weighed
        .matmul(absolute(repeated(value, query, options)))
        .add(weighed.sum(new int[] {-1}, true).mul(absolute(result)));
  }

  private static Tensor absolute(Tensor x) {
    return TorchOperators.run(new Unary(UnaryFunction.ABS), x);
  }

  /** Returns the heads of an operand as often as those of the queries share them. */
  private static Tensor repeated(Tensor shared, Tensor query, AttentionOptions options) {
    if (!options.grouped() || shared.dim(-3) == query.dim(-3)) {
      return shared;
    }
    long[] dims = shared.shape().dims();
    int heads = dims.length - 3;
    long[] grouped = Arrays.copyOf(dims, dims.length + 1);
    System.arraycopy(dims, heads + 1, grouped, heads + 2, 2);
    grouped[heads + 1] = query.dim(-3) / dims[heads];
    dims[heads] = query.dim(-3);
    return shared.unsqueeze(heads + 1).expand(grouped).reshape(dims);
  }
}
