package org.gatun.onnx.operator;

import org.gatun.Tensor;
import org.gatun.ValuesAndIndices;
import org.gatun.nn.Functional;
import org.jspecify.annotations.Nullable;

/**
 * Mixtures of experts: of several feed-forward layers each token goes through those few that a
 * router chose.
 *
 * <p>Every expert computes every token, and what was not chosen is weighed by 0: so that what is
 * computed does not depend on the values, and a session can plan it. It takes as many times longer
 * as there are experts for each one that is chosen.
 */
final class ExpertFamily {
  private ExpertFamily() {}

  static void register(Registry microsoft) {
    microsoft.add("MoE", 1, ExpertFamily::mixture);
  }

  private static Tensor mixture(Call call) {
    Tensor x = call.tensor(0);
    Tensor first = call.tensor(2);
    if ((x.rank() != 2 && x.rank() != 3) || first.rank() != 3 || call.tensor(4).rank() != 3) {
      throw call.failure(
          "input of shape "
              + x.shape()
              + " and weights of shapes "
              + first.shape()
              + " and "
              + call.shape(4)
              + ", expected (tokens, size) and (experts, out, in)");
    }
    if (call.flag("use_sparse_mixer", false)) {
      throw call.failure("use_sparse_mixer 1, expected 0");
    }
    Tensor tokens = x.rank() == 2 ? x : x.flatten(0, 1);
    Tensor shares = shares(call);
    Tensor sum = null;
    for (long expert = 0; expert < first.dim(0); expert++) {
      Tensor hidden = hidden(call, tokens, expert);
      Tensor result =
          Functional.linear(hidden, call.tensor(4).select(0, expert), bias(call, 5, expert));
      Tensor share = shares.slice(1, expert, expert + 1);
      sum = sum == null ? result.mul(share) : sum.addcmul(result, share, 1);
    }
    if (sum == null) {
      throw call.failure("weights of shape " + first.shape() + ", expected one expert or more");
    }
    return x.rank() == 2 ? sum : sum.reshape(x.shape().with(-1, sum.dim(1)).dims());
  }

  /** Returns what each expert counts for each token, of shape (tokens, experts). */
  private static Tensor shares(Call call) {
    Tensor shares = call.tensor(1).softmax(-1);
    ValuesAndIndices chosen = shares.topk(call.integer("k", 1), 1);
    Tensor values = chosen.values();
    if (call.flag("normalize_routing_weights", false)) {
      values = values.div(values.sum(new int[] {1}, true));
    }
    return Tensor.zeros(shares.dtype(), shares.shape().dims()).scatter(1, chosen.indices(), values);
  }

  private static Tensor hidden(Call call, Tensor tokens, long expert) {
    Tensor projected =
        Functional.linear(tokens, call.tensor(2).select(0, expert), bias(call, 3, expert));
    Tensor gated =
        call.has(6)
            ? Functional.linear(tokens, call.tensor(6).select(0, expert), bias(call, 7, expert))
            : null;
    String activation = call.text("activation_type", "relu");
    if (activation.equals("swiglu")) {
      return swiglu(call, projected, gated);
    }
    Tensor active =
        switch (activation) {
          case "relu" -> projected.relu();
          case "gelu" -> Functional.geluTanh(projected); // As ONNX Runtime has it.
          case "silu" -> projected.silu();
          case "identity" -> projected;
          default ->
              throw call.failure(
                  "activation_type '"
                      + activation
                      + "', expected relu, gelu, silu, swiglu or identity");
        };
    return gated == null ? active : active.mul(gated);
  }

  /** {@code g sigmoid(alpha g) (l + beta)}, both within limits. */
  private static Tensor swiglu(Call call, Tensor projected, @Nullable Tensor separate) {
    long half = projected.dim(1) / 2;
    Tensor gate;
    Tensor linear;
    switch (call.smallInteger("swiglu_fusion", 0)) {
      case 0 -> {
        gate = projected;
        if (separate == null) {
          throw call.failure("swiglu_fusion 0 without fc3_experts_weights, expected them");
        }
        linear = separate;
      }
      case 1 -> {
        Tensor pairs = projected.unflatten(1, half, 2);
        gate = pairs.select(2, 0);
        linear = pairs.select(2, 1);
      }
      default -> {
        gate = projected.slice(1, 0, half);
        linear = projected.slice(1, half, 2 * half);
      }
    }
    if (call.hasAttribute("swiglu_limit")) {
      double limit = call.number("swiglu_limit", 0);
      gate = gate.clampMax(limit);
      linear = linear.clamp(-limit, limit);
    }
    Tensor active = gate.mul(gate.mul(call.number("activation_alpha", 1)).sigmoid());
    return active.mul(linear.add(call.number("activation_beta", 0)));
  }

  private static @Nullable Tensor bias(Call call, int input, long expert) {
    return call.has(input) ? call.tensor(input).select(0, expert) : null;
  }
}
