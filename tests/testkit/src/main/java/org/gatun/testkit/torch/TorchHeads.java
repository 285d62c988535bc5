package org.gatun.testkit.torch;

import java.util.List;
import java.util.stream.Stream;
import org.gatun.Tensor;
import org.gatun.nn.Functional;
import org.gatun.op.PadMode;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's attention of several heads as one function, made of Gatun's operators: {@code
 * multi_head_attention_forward(query, key, value, embed_dim_to_check, num_heads, in_proj_weight,
 * in_proj_bias, bias_k, bias_v, add_zero_attn, dropout_p, out_proj_weight, out_proj_bias,
 * training)}, for sequences of shape (length, batch, size).
 */
final class TorchHeads {
  private TorchHeads() {}

  /** Returns the result and the weights, the mean over the heads. */
  static List<Tensor> forward(TorchArguments a) {
    a.ignore(3, "embed_dim_to_check");
    if (a.flag(-1, "use_separate_proj_weight", false)) {
      throw new TorchArguments.Unmapped("separate projections");
    }
    Stream.of("q_proj_weight", "k_proj_weight", "v_proj_weight")
        .forEach(name -> a.ignore(-1, name));
    Tensor query = a.input();
    List<Tensor> weights = a.tensor(5, "in_proj_weight").chunk(3, 0);
    List<Tensor> biases = a.tensor(6, "in_proj_bias").chunk(3, 0);
    int heads = a.integer(4, "num_heads", 1);
    boolean zeros = a.flag(9, "add_zero_attn", false);
    Tensor q = heads(Functional.linear(query, weights.get(0), biases.get(0)), heads);
    Tensor k = Functional.linear(a.tensor(1, "key"), weights.get(1), biases.get(1));
    Tensor v = Functional.linear(a.tensor(2, "value"), weights.get(2), biases.get(2));
    Tensor key = heads(longer(k, a.optionalTensor(7, "bias_k"), zeros), heads);
    Tensor value = heads(longer(v, a.optionalTensor(8, "bias_v"), zeros), heads);
    Tensor found = weights(a, q, key);
    double dropout = a.number(10, "dropout_p", 0);
    if (a.flag(13, "training", true) && dropout != 0) {
      found = found.mul(TorchGenerator.kept(found, dropout)).mul(1 / (1 - dropout));
    }
    long length = query.dim(0);
    long batch = query.dim(1);
    Tensor together = found.matmul(value).transpose(0, 1).reshape(length, batch, query.dim(2));
    Tensor result =
        Functional.linear(
            together, a.tensor(11, "out_proj_weight"), a.optionalTensor(12, "out_proj_bias"));
    return List.of(result, found.reshape(batch, heads, length, key.dim(1)).mean(1));
  }

  /** Returns the weights of the keys for each query, (batch * heads, queries, keys). */
  private static Tensor weights(TorchArguments a, Tensor query, Tensor key) {
    Tensor scores = query.matmul(key.transpose(1, 2)).mul(1 / Math.sqrt(query.dim(2)));
    Tensor mask = a.optionalTensor(-1, "attn_mask");
    if (mask != null) {
      // What is appended to the keys is always seen.
      long[] padding = {0, scores.dim(2) - mask.dim(-1)};
      scores = scores.add(Functional.pad(mask, padding, PadMode.CONSTANT, 0));
    }
    return scores.softmax(-1);
  }

  /** Returns a sequence with a vector, the same for the whole batch, and zeros appended. */
  private static Tensor longer(Tensor x, @Nullable Tensor appended, boolean zeros) {
    long[] one = {1, x.dim(1), x.dim(2)};
    Tensor result = appended == null ? x : Tensor.concat(0, x, appended.expand(one));
    return zeros ? Tensor.concat(0, result, Tensor.zeros(x.dtype(), one)) : result;
  }

  /** Returns (length, batch, size) as (batch * heads, length, size / heads). */
  private static Tensor heads(Tensor x, int heads) {
    return x.reshape(x.dim(0), x.dim(1) * heads, x.dim(2) / heads).transpose(0, 1);
  }
}
