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
import org.gatun.reference.Elements;
import org.gatun.reference.NdArray;

/** PyTorch's attention. */
final class TorchAttention {
  private static final double CLOSE = 1e-5;

  private TorchAttention() {}

  /** Returns the calls by PyTorch's names. */
  static Stream<Map.Entry<String, TorchOperators.Call>> calls() {
    return Stream.of(
        TorchOperators.all("nn.functional.multi_head_attention_forward", TorchHeads::forward),
        TorchOperators.one(
            "nn.functional.scaled_dot_product_attention", TorchAttention::scaledDotProduct));
  }

  private static Tensor scaledDotProduct(TorchArguments a) {
    double dropout = a.number(4, "dropout_p", 0);
    AttentionOptions options = options(a);
    Tensor result =
        attention(
            a,
            a.tensor(2, "value"),
            dropout == 0 ? options : options.withDropout(dropout, new Generator(0)));
    if (dropout == 0 || dropout == 1) {
      return result;
    }
    checkDropped(a, options, dropout, result);
    return withDropsOfPyTorch(a, options, dropout);
  }

  /**
   * Checks a result with weights that Gatun dropped: it lies between what all terms below zero make
   * together and what all above zero make.
   *
   * @throws IllegalStateException if an element does not
   */
  private static void checkDropped(
      TorchArguments a, AttentionOptions options, double dropout, Tensor result) {
    Tensor value = a.tensor(2, "value");
    double scale = 1 / (1 - dropout);
    NdArray low = Elements.read(attention(a, value.clampMax(0), options).mul(scale));
    NdArray high = Elements.read(attention(a, value.clampMin(0), options).mul(scale));
    NdArray dropped = Elements.read(result);
    for (int i = 0; i < dropped.size(); i++) {
      double slack = CLOSE * (1 + high.values()[i] - low.values()[i]);
      double element = dropped.values()[i];
      if (!(element >= low.values()[i] - slack && element <= high.values()[i] + slack)) {
        throw new IllegalStateException(
            element
                + " at "
                + i
                + " with dropout, expected from "
                + low.values()[i]
                + " to "
                + high.values()[i]);
      }
    }
  }

  private static Tensor attention(TorchArguments a, Tensor value, AttentionOptions options) {
    return Functional.scaledDotProductAttention(a.input(), a.tensor(1, "key"), value, options);
  }

  /** Returns the result with those weights dropped that PyTorch drops. */
  private static Tensor withDropsOfPyTorch(
      TorchArguments a, AttentionOptions options, double dropout) {
    Tensor weights = weights(a, options);
    Tensor kept = weights.mul(TorchGenerator.kept(weights, dropout)).mul(1 / (1 - dropout));
    return kept.matmul(repeated(a.tensor(2, "value"), a.input(), options));
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
    Tensor weights = weights(a, options);
    double scale = Double.isNaN(options.scale()) ? 1 / Math.sqrt(query.dim(-1)) : options.scale();
    Tensor changes =
        absolute(query).matmul(absolute(repeated(key, query, options)).transpose(-2, -1));
    Tensor weighed = weights.mul(changes.mul(Math.abs(scale)));
    Tensor result = attention(a, value, options);
    return weighed
        .matmul(absolute(repeated(value, query, options)))
        .add(weighed.sum(new int[] {-1}, true).mul(absolute(result)));
  }

  /** Returns the weights: what attention makes of the rows of the identity. */
  private static Tensor weights(TorchArguments a, AttentionOptions options) {
    long keys = a.tensor(1, "key").dim(-2);
    long[] square = options.grouped() ? new long[] {1, keys, keys} : new long[] {keys, keys};
    return attention(a, Tensor.eye(a.input().dtype(), keys).reshape(square), options);
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
