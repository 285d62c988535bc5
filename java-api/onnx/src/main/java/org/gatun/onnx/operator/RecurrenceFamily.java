package org.gatun.onnx.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gatun.DType;
import org.gatun.Scope;
import org.gatun.Tensor;
import org.gatun.nn.Activations;
import org.gatun.nn.ConvOptions;
import org.gatun.nn.Functional;
import org.jspecify.annotations.Nullable;

/**
 * Attention without a softmax, which carries a state from token to token, and the convolution that
 * comes before it: Mamba, Gated DeltaNet, RetNet and their likes.
 */
final class RecurrenceFamily {
  private RecurrenceFamily() {}

  static void register(Registry onnx, Registry microsoft) {
    onnx.addAll("CausalConvWithState", 27, RecurrenceFamily::causalConvolution);
    onnx.addAll("LinearAttention", 27, RecurrenceFamily::linearAttention);
    microsoft.addAll("CausalConvWithState", 1, RecurrenceFamily::causalConvolution);
    microsoft.addAll("EngramGate", 1, RecurrenceFamily::engramGate);
    microsoft.add("GatedRMSNorm", 1, RecurrenceFamily::gatedRmsNorm);
    microsoft.addAll("LinearAttention", 1, RecurrenceFamily::linearAttention);
    microsoft.addAll("LinearAttentionGate", 1, RecurrenceFamily::linearAttentionGate);
  }

  // LinearAttention.

  /**
   * What the state is made of at each token: {@code S = exp(g) S + k (b (v - exp(g) S^T k))^T},
   * without the decay {@code g} or without the correction by {@code b}.
   */
  private record Rule(boolean decays, boolean corrects) {
    static Rule of(Call call) {
      String name = call.text("update_rule", "gated_delta");
      return switch (name) {
        case "linear" -> new Rule(false, false);
        case "gated" -> new Rule(true, false);
        case "delta" -> new Rule(false, true);
        case "gated_delta" -> new Rule(true, true);
        default ->
            throw call.failure(
                "update_rule '" + name + "', expected linear, gated, delta or gated_delta");
      };
    }
  }

  /** Operands of shape (batch, shared heads, length, ...), in f32. */
  private record Tokens(
      Tensor query, Tensor key, Tensor value, @Nullable Tensor decay, @Nullable Tensor beta) {
    long count() {
      return key.dim(2);
    }
  }

  private static List<@Nullable Tensor> linearAttention(Call call) {
    Rule rule = Rule.of(call);
    if (rule.decays != call.has(4)) {
      throw call.failure(
          "decay, expected " + (rule.decays ? "an input" : "none") + " with this update_rule");
    }
    if (rule.corrects != call.has(5)) {
      throw call.failure(
          "beta, expected " + (rule.corrects ? "an input" : "none") + " with this update_rule");
    }
    long shared = call.integer("kv_num_heads");
    long heads = call.integer("q_num_heads");
    boolean inverse = shared > heads; // Keys and values have more heads: com.microsoft alone.
    if (heads < 1 || shared < 1 || Math.max(heads, shared) % Math.min(heads, shared) != 0) {
      throw call.failure(
          "q_num_heads " + heads + ", expected a multiple of kv_num_heads " + shared);
    }
    DType dtype = call.tensor(0).dtype();
    Tensor query = HeadAttention.split(call.tensor(0), heads).to(DType.F32);
    Tensor key = HeadAttention.split(call.tensor(1), inverse ? heads : shared).to(DType.F32);
    Tensor value = HeadAttention.split(call.tensor(2), shared).to(DType.F32);
    if (inverse) {
      query = query.repeatInterleave(shared / heads, 1);
      key = key.repeatInterleave(shared / heads, 1);
    }
    long size = query.dim(3);
    float given = call.number("scale", 0);
    double scale = given == 0 ? 1 / Math.sqrt(size) : given;
    // The heads that share a state lie in a dimension of their own: (batch, shared, length, group,
    // size).
    long group = inverse ? 1 : heads / shared;
    Tensor grouped = query.unflatten(1, shared, group).permute(0, 1, 3, 2, 4).mul(scale);
    Tokens tokens =
        new Tokens(
            grouped,
            key,
            value,
            rule.decays ? decay(call, shared, size) : null,
            rule.corrects ? beta(call, shared) : null);
    int window = call.smallInteger("state_window", 0);
    Tensor past = call.optional(3);
    DType stateType = past == null ? dtype : past.dtype();
    Tensor state =
        past == null
            ? Tensor.zeros(DType.F32, key.dim(0), shared, size, value.dim(3))
            : (window == 0 ? past : past.select(0, window - 1)).to(DType.F32);
    return run(tokens, state, window, dtype, stateType);
  }

  private static Tensor decay(Call call, long heads, long size) {
    Tensor decay = call.tensor(4);
    if (decay.rank() != 3 || (decay.dim(2) != heads && decay.dim(2) != heads * size)) {
      throw call.failure(
          "decay of shape "
              + decay.shape()
              + ", expected (batch, length, "
              + heads
              + ") or (batch, length, "
              + heads * size
              + ")");
    }
    // A factor for each row of the state: (batch, heads, length, size or 1).
    return HeadAttention.split(decay, heads).to(DType.F32).exp();
  }

  private static Tensor beta(Call call, long heads) {
    Tensor beta = call.tensor(5);
    if (beta.rank() != 3 || (beta.dim(2) != heads && beta.dim(2) != 1)) {
      throw call.failure(
          "beta of shape " + beta.shape() + ", expected (batch, length, " + heads + " or 1)");
    }
    return HeadAttention.split(beta, beta.dim(2)).to(DType.F32);
  }

  private static List<@Nullable Tensor> run(
      Tokens tokens, Tensor first, int window, DType dtype, DType stateType) {
    Tensor state = first;
    List<Tensor> outputs = new ArrayList<>();
    List<Tensor> states = new ArrayList<>();
    for (long i = 0; i < tokens.count(); i++) {
      Tensor before = state;
      try (Scope scope = Scope.open()) {
        state = scope.keep(next(tokens, i, before));
        outputs.add(scope.keep(tokens.query.select(2, i).matmul(state)));
      }
      if (before != first && !states.contains(before)) {
        before.close();
      }
      if (tokens.count() - i <= window) {
        states.add(state);
      }
    }
    while (states.size() < window) {
      states.addFirst(Tensor.zeros(DType.F32, first.shape().dims()));
    }
    // (batch, shared, group, length, value size) to (batch, length, heads * value size).
    Tensor output = Tensor.stack(3, outputs).flatten(1, 2);
    return Arrays.asList(
        HeadAttention.join(output).to(dtype),
        (window > 0 ? Tensor.stack(0, states) : state).to(stateType));
  }

  /** Returns the state after a token, of shape (batch, shared heads, size, value size). */
  private static Tensor next(Tokens tokens, long token, Tensor state) {
    Tensor key = tokens.key.select(2, token);
    Tensor value = tokens.value.select(2, token).unsqueeze(2);
    Tensor decay = tokens.decay;
    Tensor kept = decay == null ? state : state.mul(decay.select(2, token).unsqueeze(3));
    Tensor beta = tokens.beta;
    if (beta != null) {
      Tensor found = key.unsqueeze(2).matmul(kept);
      value = value.sub(found).mul(beta.select(2, token).unsqueeze(3));
    }
    return kept.addcmul(key.unsqueeze(3), value, 1);
  }

  private static List<@Nullable Tensor> linearAttentionGate(Call call) {
    DType dtype = call.tensor(0).dtype();
    Tensor gate = call.tensor(0).to(DType.F32).add(call.tensor(1).to(DType.F32));
    Tensor decay = Activations.softplus(gate).mul(call.tensor(2).to(DType.F32));
    Tensor beta = call.has(3) ? call.tensor(3).sigmoid() : null;
    return Arrays.asList(decay.to(dtype), beta);
  }

  private static Tensor gatedRmsNorm(Call call) {
    Tensor x = call.tensor(0);
    Tensor scale = call.tensor(1);
    long size = scale.size();
    if (size == 0 || x.rank() == 0 || x.dim(-1) % size != 0) {
      throw call.failure("scale of shape " + scale.shape() + " for X of shape " + x.shape());
    }
    Tensor rows = x.to(DType.F32).unflatten(-1, x.dim(-1) / size, size);
    Tensor normalized =
        LayerNormFamily.rms(rows, scale.to(DType.F32), call.number("epsilon", 1e-5f)).reshapeAs(x);
    return normalized.mul(call.tensor(2).to(DType.F32).silu()).to(x.dtype());
  }

  /** Values gated by how well keys fit queries, for each of several streams. */
  private static List<@Nullable Tensor> engramGate(Call call) {
    DType dtype = call.tensor(0).dtype();
    float epsilon = call.number("epsilon", 1e-5f);
    Tensor key = normalized(call.tensor(0), call.tensor(3), epsilon);
    Tensor query = normalized(call.tensor(1), call.tensor(4), epsilon);
    int[] last = {-1};
    Tensor fit = key.mul(query).sum(last, true).div(Math.sqrt(key.dim(-1)));
    Tensor gate = fit.sign().mul(fit.abs().clampMin(1e-6).sqrt()).sigmoid();
    Tensor gated = gate.mul(call.tensor(2).to(DType.F32).unsqueeze(2));
    return Arrays.asList(
        gated.to(dtype),
        call.wants(1) ? normalized(gated, call.tensor(5), epsilon).to(dtype) : null);
  }

  private static Tensor normalized(Tensor x, Tensor scale, double epsilon) {
    return LayerNormFamily.rms(x.to(DType.F32), scale.to(DType.F32), epsilon);
  }

  // CausalConvWithState.

  private static List<@Nullable Tensor> causalConvolution(Call call) {
    if (call.integer("ndim", 1) != 1) {
      throw call.failure("ndim " + call.integer("ndim", 1) + ", expected 1");
    }
    boolean channelsLast = call.flag("channels_last", false);
    Tensor given = call.tensor(0);
    Tensor weights = call.tensor(1);
    Tensor x = channelsLast ? channelsFirst(given) : given;
    if (x.rank() != 3 || weights.rank() != 3 || weights.dim(0) != x.dim(1) || weights.dim(1) != 1) {
      throw call.failure(
          "input of shape "
              + given.shape()
              + " and weights of shape "
              + weights.shape()
              + ", expected (batch, channels, length) and (channels, 1, size)");
    }
    int dilation = call.smallInteger("dilation", 1);
    int window = call.smallInteger("state_window", 0);
    long before = (weights.dim(2) - 1) * dilation;
    Tensor past = past(call, x, before, channelsLast, window);
    Tensor all = Tensor.concat(2, past, x);
    ConvOptions options =
        ConvOptions.defaults().withGroups(Math.toIntExact(x.dim(1))).withDilation(dilation);
    Tensor result = Functional.conv1d(all, weights, call.optional(2), options);
    String activation = call.text("activation", "none");
    result =
        switch (activation) {
          case "none", "" -> result;
          case "silu", "swish" -> result.silu();
          default ->
              throw call.failure("activation '" + activation + "', expected none, silu or swish");
        };
    Tensor output = channelsLast ? channelsLast(result, given) : result;
    return Arrays.asList(output, state(all, before, window, channelsLast ? given : null));
  }

  private static Tensor past(Call call, Tensor x, long before, boolean channelsLast, int window) {
    if (!call.has(3)) {
      return Tensor.zeros(x.dtype(), x.dim(0), x.dim(1), before);
    }
    Tensor slot = window == 0 ? call.tensor(3) : call.tensor(3).select(0, window - 1);
    Tensor past = channelsLast ? channelsFirst(slot) : slot;
    if (past.rank() != 3 || past.dim(2) != before) {
      throw call.failure(
          "past_state of shape " + call.shape(3) + ", expected " + before + " positions");
    }
    return past;
  }

  /** Returns the last positions, after each of the last tokens where there is a window. */
  private static Tensor state(Tensor all, long before, int window, @Nullable Tensor like) {
    long end = all.dim(2);
    if (window == 0) {
      return shaped(all.slice(2, end - before, end), like);
    }
    List<Tensor> slots = new ArrayList<>();
    for (int slot = 0; slot < window; slot++) {
      long stop = end - (window - 1 - slot);
      Tensor part =
          stop > before
              ? all.slice(2, stop - before, stop)
              : Tensor.zeros(all.dtype(), all.dim(0), all.dim(1), before);
      slots.add(shaped(part, like));
    }
    return Tensor.stack(0, slots);
  }

  private static Tensor shaped(Tensor part, @Nullable Tensor like) {
    return like == null ? part : channelsLast(part, like);
  }

  /** Returns (batch, length, d1, ..., dn) as (batch, channels, length). */
  private static Tensor channelsFirst(Tensor x) {
    return x.reshape(x.dim(0), x.dim(1), x.size() / Math.max(1, x.dim(0) * x.dim(1)))
        .transpose(1, 2);
  }

  /** Returns (batch, channels, length) with the channels' dimensions of another tensor, last. */
  private static Tensor channelsLast(Tensor x, Tensor like) {
    long[] dims = like.shape().dims();
    dims[1] = x.dim(2);
    return x.transpose(1, 2).reshape(dims);
  }
}
